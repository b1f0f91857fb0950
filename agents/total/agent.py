"""The shell of the stage: the core, run over the one partition of extracted articles."""

from agents.total.core import Totals
from streams.kafka.runner import run_worker
from streams.settings import Settings


def run(settings: Settings) -> int:
    """Run the worker until it is told to stop; the exit code."""
    return run_worker(lambda: Totals(settings.story_window), settings)
