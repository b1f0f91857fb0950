"""The shell of the stage: the engine with its packs, run over unique articles, and what it counts."""

from collections.abc import Sequence
from typing import Final

import msgspec

from agents.extract.core import Extractor
from agents.extract.engine import shared_engine
from streams.kafka.metrics import (
    COUNTS,
    EVENTS,
    EVENTS_BY_COUNTRY,
    FETCHED_TO_EXTRACTED,
    PUBLISHED_TO_EXTRACTED,
    Metrics,
    observe_age,
)
from streams.kafka.runner import run_worker
from streams.settings import Settings
from streams.stage import Message, Send

_EXTRACTED: Final = "articles.extracted"


def run(settings: Settings) -> int:
    """Run the worker until it is told to stop; the exit code."""
    return run_worker(_core, settings, observe=observe)


def _core() -> Extractor:
    engine = shared_engine()
    return Extractor(engine.extract, engine.version)


def observe(message: Message, sends: Sequence[Send], metrics: Metrics) -> None:
    """Count events by type and mood, counts by term, and how long the article has taken so far."""
    for send in sends:
        if send.topic == _EXTRACTED:
            _count(_TOLD.decode(send.value or b""), metrics)


class _Event(msgspec.Struct):
    sub_event_type: str
    modality: str
    country: str | None


class _Figure(msgspec.Struct):
    term: str


class _Told(msgspec.Struct):
    """Of an ExtractedArticle what is counted: the rest, ten times as much, need not be read."""

    fetched: str
    published: str | None
    events: list[_Event]
    counts: list[_Figure]


_TOLD: Final = msgspec.json.Decoder(_Told)


def _count(found: _Told, metrics: Metrics) -> None:
    for event in found.events:
        metrics.add(EVENTS, sub_event_type=event.sub_event_type, modality=event.modality)
        metrics.add(EVENTS_BY_COUNTRY, country=event.country or "unknown")
    for count in found.counts:
        metrics.add(COUNTS, term=count.term)
    observe_age(metrics, FETCHED_TO_EXTRACTED, found.fetched)
    observe_age(metrics, PUBLISHED_TO_EXTRACTED, found.published)
