"""Keeps the claims that stand in a SQLite table, for ever. It may be killed at any point, and started twice.

python follow.py BOOTSTRAP_SERVERS GROUP FILE.db [TOPIC_PREFIX]        # needs aiokafka
"""

import asyncio
import sqlite3
import sys
from typing import Any

from aiokafka import AIOKafkaConsumer

TABLE = """CREATE TABLE IF NOT EXISTS claim (
    id TEXT PRIMARY KEY, topic TEXT NOT NULL, sequence TEXT NOT NULL, record TEXT  -- NULL: withdrawn
)"""
UPSERT = """INSERT INTO claim VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
    SET sequence = excluded.sequence, record = excluded.record WHERE excluded.sequence >= sequence"""


async def follow(servers: str, group: str, path: str, prefix: str = "") -> None:
    database = sqlite3.connect(path)
    database.execute(TABLE)
    async with AIOKafkaConsumer(
        prefix + "conflict.events",
        prefix + "evacuation.counts",
        bootstrap_servers=servers,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    ) as consumer:
        while True:
            batches = await consumer.getmany(timeout_ms=1000)
            with database:  # one transaction
                for partition, records in batches.items():
                    database.executemany(UPSERT, (row(partition.topic, record) for record in records))
            if batches:  # only now: after a crash in between, the same rows are written again
                await consumer.commit()


def row(topic: str, record: Any) -> tuple[str, str, str, str | None]:
    headers = {name: value.decode() for name, value in record.headers}
    sequence = headers.get("ce_sequence", "")  # the first releases wrote none
    return record.key.decode(), topic, sequence, record.value and record.value.decode()


if __name__ == "__main__":
    asyncio.run(follow(*sys.argv[1:]))
