"""The shell of the stage: the core with its settings, and what it counts."""

from collections.abc import Sequence
from typing import Final

from agents.deduplicate.core import Deduplicator
from streams import codec
from streams.kafka.metrics import DUPLICATES, Metrics
from streams.kafka.runner import run_worker
from streams.records import Duplicate
from streams.settings import Settings
from streams.stage import Message, Send

_REPEATS: Final = "articles.duplicates"


def run(settings: Settings) -> int:
    """Run the worker until it is told to stop; the exit code."""
    return run_worker(lambda: Deduplicator(settings.duplicate_window, settings.batch_size), settings, observe=observe)


def observe(message: Message, sends: Sequence[Send], metrics: Metrics) -> None:
    """Count the duplicates of a message by kind."""
    for send in sends:
        if send.topic == _REPEATS:
            metrics.add(DUPLICATES, kind=codec.decode(send.value, Duplicate).kind)
