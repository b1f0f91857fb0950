"""Reading what comes out of Kafka while the line runs."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from aiokafka.errors import KafkaError

from streams.codec import DecodeError, decode
from streams.kafka.topics import read_topic
from streams.records import ConflictEvent, EvacuationCount, ExtractedArticle
from streams.settings import Settings

Claim = TypeVar("Claim", ConflictEvent, EvacuationCount)
Ended = Callable[[], str | None]
"""A sentence on what no longer runs, None while all does."""

_LOOK_SECONDS: Final = 0.5


class LineError(RuntimeError):
    """The line stands still; the message says what ended or did not come."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the output topics hold."""

    events: list[ConflictEvent]
    counts: list[EvacuationCount]


async def seed_records(settings: Settings, ended: Ended, within: float) -> Found:
    """What the topics of events and counts hold once the first article has been extracted.

    Raises:
        LineError: a process ended, or the records did not come in `within` seconds.
    """
    try:
        async with asyncio.timeout(within):
            return await unless_ended(_seed_records(settings), ended)
    except TimeoutError:
        raise LineError(f"The records of the bundled article did not come within {within:g} s.") from None


async def _seed_records(settings: Settings) -> Found:
    article = await _first_extracted(settings)
    while True:
        events = await _claims(settings, "conflict.events", ConflictEvent)
        counts = await _claims(settings, "evacuation.counts", EvacuationCount)
        if len(events) >= len(article.events) and len(counts) >= len(article.counts):
            return Found(events, counts)
        await asyncio.sleep(_LOOK_SECONDS)


async def _first_extracted(settings: Settings) -> ExtractedArticle:
    async for message in read_topic(settings, "articles.extracted", follow=True):
        return decode(message.value, ExtractedArticle)
    raise AssertionError("a followed topic has no end")


async def _claims(settings: Settings, topic: str, kind: type[Claim]) -> list[Claim]:
    latest: dict[bytes | None, bytes | None] = {}
    async for message in read_topic(settings, topic):
        latest[message.key] = message.value
    return sorted((decode(value, kind) for value in latest.values() if value), key=lambda claim: claim.start)


async def follow(settings: Settings, topic: str, kind: type[Claim], tell: Callable[[Claim], None]) -> None:
    """Tell every new record of a topic, for ever; what is no such record is left to the dead letters' reader.

    While Kafka is away it waits, as the workers do; what came out meanwhile is not told.
    """
    while True:
        try:
            async for message in read_topic(settings, topic, from_beginning=False, follow=True):
                with suppress(DecodeError):
                    if message.value is not None:
                        tell(decode(message.value, kind))
        except (KafkaError, OSError):
            await asyncio.sleep(_LOOK_SECONDS)


async def unless_ended(work: Coroutine[Any, Any, Found], ended: Ended) -> Found:
    """The result of `work`.

    Raises:
        LineError: a process ended before.
    """
    task = asyncio.create_task(work)
    try:
        while not task.done():
            if (what := ended()) is not None:
                raise LineError(what)
            await asyncio.wait([task], timeout=_LOOK_SECONDS)
        return task.result()
    finally:
        task.cancel()
