"""The same stage in as little code as aiokafka allows with the same care: `python -m tests.bench.engines.plain CORE`.

A batch is fetched, run, sent with one gather (acks=all, idempotent) and then committed once a second, never past what
is acknowledged. It keeps no state, buries no dead letters, bounds no message and tells nobody how it is.
"""

import asyncio
import os
import sys
import time
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams.kafka.topics import full_name, to_message
from streams.settings import Settings, load
from tests.bench.engines.cores import CORES, SOURCE, Memory

_COMMIT_SECONDS: Final = 1.0


async def _run(name: str, settings: Settings) -> None:
    core, state = CORES[name](), Memory()
    servers = settings.bootstrap_servers
    consumer = AIOKafkaConsumer(
        full_name(settings, SOURCE),
        bootstrap_servers=servers,
        group_id="bench-plain",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=servers, acks="all", enable_idempotence=True, linger_ms=5, compression_type="zstd"
    )
    async with consumer, producer:
        done: dict[TopicPartition, int] = {}
        committed = time.monotonic()
        while True:
            fetched = await consumer.getmany(timeout_ms=1000, max_records=settings.batch_size)
            records = [record for each in fetched.values() for record in each]
            sends = [send for record in records for send in core.process(to_message(settings, record), state)]
            topics = [full_name(settings, send.topic) for send in sends]
            answers = [
                await producer.send(topic, send.value, key=send.key, headers=list(send.headers))
                for topic, send in zip(topics, sends, strict=True)
            ]
            await asyncio.gather(*answers)
            done |= {tp: each[-1].offset + 1 for tp, each in fetched.items()}
            if done and time.monotonic() - committed > _COMMIT_SECONDS:
                await consumer.commit(done)
                done, committed = {}, time.monotonic()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], load(os.environ)))
