"""Reading several topics without a group, from a moment in the past on, for ever."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.kafka.topics import full_name, partitions, reader, to_message
from streams.settings import Settings
from streams.stage import Message

_log = logging.getLogger(__name__)

_POLL_MS: Final = 200
_MOST_AT_ONCE: Final = 500
_PAUSE_SECONDS: Final = 1.0


async def follow(settings: Settings, since: Mapping[str, int | None]) -> AsyncIterator[tuple[Sequence[Message], bool]]:
    """Batches of messages, each partition in order, and whether all that was there at the beginning is behind us.

    Args:
        settings: where the brokers are.
        since: the topics (bare names), each with the time (ms since 1970) of the first message wanted; None for all.

    Raises:
        TopicError: one of the topics is not there.
    """
    moments = {tp: since[topic] for topic in since for tp in await partitions(settings, full_name(settings, topic))}
    async with reader(settings) as consumer:
        consumer.assign(list(moments))
        ends = await _seek(consumer, moments)
        while True:
            try:
                got = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_MOST_AT_ONCE)
            except KafkaError as error:
                _log.warning("Kafka does not give what is asked for (%s); asking again.", type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            for tp in [tp for tp in ends if await consumer.position(tp) >= ends[tp]]:
                del ends[tp]
            yield [to_message(settings, record) for records in got.values() for record in records], not ends


async def _seek(consumer: AIOKafkaConsumer, moments: Mapping[TopicPartition, int | None]) -> dict[TopicPartition, int]:
    """Go to the first messages wanted; gives the ends of the partitions that hold some."""
    ends: dict[TopicPartition, int] = await consumer.end_offsets(list(moments))
    timed = {tp: moment for tp, moment in moments.items() if moment is not None}
    found = await consumer.offsets_for_times(timed) if timed else {}
    for tp in moments:
        if tp not in timed:
            await consumer.seek_to_beginning(tp)
        else:
            consumer.seek(tp, found[tp].offset if found.get(tp) else ends[tp])
    return {tp: end for tp, end in ends.items() if end > 0}
