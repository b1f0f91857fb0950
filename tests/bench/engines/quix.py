"""The same stage in Quix Streams: `python -m tests.bench.engines.quix CORE`.

Records go out through its own producer with all acks, under its checkpoints: a flush and a commit every second.
"""

import os
import sys
from typing import Any

from quixstreams import Application
from quixstreams.models.serializers import SerializationContext, Serializer

from streams.kafka.roles import ROLES
from streams.kafka.topics import full_name
from streams.settings import Settings, load
from streams.stage import Message, Send
from tests.bench.engines.cores import CORES, SOURCE, Memory


class _Value(Serializer):  # type: ignore[misc]  # it ships no types
    def __call__(self, value: Send, ctx: SerializationContext) -> bytes | None:
        return value.value


def _run(name: str, settings: Settings) -> None:
    core, state = CORES[name](), Memory()
    application = Application(
        broker_address=settings.bootstrap_servers,
        consumer_group="bench-quix",
        auto_offset_reset="earliest",
        commit_interval=1.0,
        loglevel="WARNING",
        producer_extra_config={"acks": "all", "enable.idempotence": True, "compression.type": "zstd"},
    )
    source = application.topic(full_name(settings, SOURCE), key_deserializer="bytes", value_deserializer="bytes")
    sinks = {
        topic: application.topic(full_name(settings, topic), key_serializer="bytes", value_serializer=_Value())
        for topic in ROLES[core.stage].sends
    }

    def run(value: bytes, key: bytes, timestamp: int, headers: Any) -> list[Send]:
        message = Message(topic=SOURCE, partition=0, offset=0, timestamp_ms=timestamp, key=key, value=value)
        return core.process(message, state)

    sent = application.dataframe(source).apply(run, expand=True, metadata=True)
    sent.to_topic(lambda send, *_: sinks[send.topic], key=lambda send: send.key)
    application.run()


if __name__ == "__main__":
    _run(sys.argv[1], load(os.environ))
