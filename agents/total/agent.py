"""The shell of the stage: the core, run over the one partition of extracted articles, and how fresh its stories are."""

import gc
from collections.abc import Sequence
from typing import Final

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

_BETWEEN_FULL: Final = 100
"""Collections of younger objects before one of all, at least. With Python's own 10 each 10,000 articles or so lead to a
walk over a window of 50,000, 0.9 seconds each time, that finds nothing of the window: what leaves it leaves no cycles.
What the shell and its libraries leave in cycles waits ten times as long now."""


def run(settings: Settings) -> int:
    """Run the worker until it is told to stop; the exit code."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _BETWEEN_FULL)
    return run_worker(lambda: Totals(settings.story_window), settings, observe=observe)


def observe(message: Message, sends: Sequence[Send], metrics: Metrics) -> None:
    """Enter how long the article has taken from its feed to its story and totals."""
    if sends:
        times = _TIMES.decode(message.value or b"")
        observe_age(metrics, FETCHED_TO_TOLD, times.fetched)
        observe_age(metrics, PUBLISHED_TO_TOLD, times.published)
