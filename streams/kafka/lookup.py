"""Reading records at known coordinates, with a reader of `streams.kafka.topics`."""

from collections.abc import AsyncIterator
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.kafka.topics import full_name
from streams.settings import Settings


async def record_at(consumer: AIOKafkaConsumer, settings: Settings, topic: str, partition: int, offset: int) -> Any:
    """The record of aiokafka at an offset of a topic (bare name); None if it is not there (any more)."""
    async for record in records(consumer, settings, topic, partition, offset, offset + 1):
        return record
    return None


async def records(
    consumer: AIOKafkaConsumer, settings: Settings, topic: str, partition: int, first: int, end: int | None = None
) -> AsyncIterator[Any]:
    """The records from `first` up to (not with) `end`, or to what is the end now; none if `first` is kept no more."""
    tp = TopicPartition(full_name(settings, topic), partition)
    consumer.assign([tp])
    begins, ends = await consumer.beginning_offsets([tp]), await consumer.end_offsets([tp])
    last = ends[tp] if end is None else min(end, ends[tp])
    if not begins[tp] <= first < last:
        return
    consumer.seek(tp, first)
    # Compaction may have removed records: the position tells when all were read.
    while await consumer.position(tp) < last:
        for record in (await consumer.getmany(tp, timeout_ms=500)).get(tp, []):
            if record.offset >= last:
                return
            yield record
