"""The shell of the stage: the core, run over the one partition of extracted articles, and how fresh its stories are."""

from collections.abc import Sequence

import msgspec

from agents.total.core import Totals
from streams.kafka.metrics import FETCHED_TO_TOLD, PUBLISHED_TO_TOLD, Metrics, observe_age
from streams.kafka.runner import run_worker
from streams.settings import Settings
from streams.stage import Message, Send


class _Times(msgspec.Struct):
    """Of an ExtractedArticle no more than this is read a second time."""

    fetched: str
    published: str | None = None


_TIMES = msgspec.json.Decoder(_Times)


def run(settings: Settings) -> int:
    """Run the worker until it is told to stop; the exit code."""
    return run_worker(lambda: Totals(settings.story_window), settings, observe=observe)


def observe(message: Message, sends: Sequence[Send], metrics: Metrics) -> None:
    """Enter how long the article has taken from its feed to its story and totals."""
    if sends:
        times = _TIMES.decode(message.value or b"")
        observe_age(metrics, FETCHED_TO_TOLD, times.fetched)
        observe_age(metrics, PUBLISHED_TO_TOLD, times.published)
