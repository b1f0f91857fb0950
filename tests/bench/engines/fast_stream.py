"""The same stage in FastStream: `python -m tests.bench.engines.fast_stream CORE`.

As its documentation writes a subscriber that publishes: one message at a time, each published record awaited, the
message acked after them.
"""

import asyncio
import os
import sys

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage

from streams.kafka.topics import full_name
from streams.settings import Settings, load
from streams.stage import Message
from tests.bench.engines.cores import CORES, SOURCE, Memory


async def _as_is(message: KafkaMessage) -> bytes:
    return bytes(message.body)


async def _run(name: str, settings: Settings) -> None:
    core, state = CORES[name](), Memory()
    broker = KafkaBroker(
        settings.bootstrap_servers,
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        linger_ms=0,
        logger=None,
    )

    async def run(body: bytes, told: KafkaMessage) -> None:
        raw = told.raw_message
        message = Message(topic=SOURCE, partition=0, offset=0, timestamp_ms=raw.timestamp, key=raw.key, value=raw.value)
        for send in core.process(message, state):
            topic = full_name(settings, send.topic)
            await broker.publish(send.value, topic, key=send.key, headers=dict(send.headers))

    source = broker.subscriber(
        full_name(settings, SOURCE),
        group_id="bench-faststream",
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=_as_is,
    )
    source(run)
    await FastStream(broker, logger=None).run()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], load(os.environ)))
