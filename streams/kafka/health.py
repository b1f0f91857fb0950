"""Whether the worker lives and whether it is ready: facts put in by the shell, answers for probes and the watchdog."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from streams.kafka.guard import EXIT_STALLED, exit_now

_WATCH_SECONDS: Final = 1.0
_TURNS: Final = 5
"""Stall timeouts that one partition may wait while others go on: with a backlog, each waits for its turn."""

Place = tuple[str, int]
"""Topic and partition."""


@dataclass(slots=True)
class _Progress:
    finished: int
    since: float


class Health:
    """What is known of the worker's state. Times are seconds of `clock` (monotonic).

    Args:
        stall_timeout: seconds that the worker may make no progress though a partition has lag, and that the loop may
            not turn. One partition may stand `_TURNS` times as long while others go on.
    """

    def __init__(self, stall_timeout: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = stall_timeout
        self._clock = clock
        self._turned = self._moved = clock()
        self._progress: dict[Place, _Progress] = {}
        self.connected = False
        self.settled = False
        self.draining = False

    def turned(self) -> None:
        """The event loop turned."""
        self._turned = self._clock()

    def progress(self, lag: Mapping[Place, int], finished: Mapping[Place, int]) -> None:
        """How far each owned partition is behind, and how many of its messages were ever finished."""
        now = self._clock()
        if any(finished.get(place, 0) != known.finished for place, known in self._progress.items() if place in lag):
            self._moved = now
        self._progress = {place: self._step(place, lag[place], finished.get(place, 0), now) for place in lag}

    def _step(self, place: Place, lag: int, finished: int, now: float) -> _Progress:
        known = self._progress.get(place)
        if known is None or lag == 0 or finished != known.finished:
            return _Progress(finished, now)
        return known

    def idle_seconds(self, place: Place) -> float:
        """How long a place has had lag and no progress; 0 for one that is not known."""
        known = self._progress.get(place)
        return self._clock() - known.since if known else 0.0

    def is_idle(self, seconds: float) -> bool:
        """Whether a place has had lag and no progress for longer than this."""
        return any(self.idle_seconds(place) > seconds for place in self._progress)

    def excuse(self) -> None:
        """Kafka is away for everyone: nothing can go on, and a new start would change nothing."""
        self.connected = False
        now = self._clock()
        self._progress = {place: _Progress(known.finished, now) for place, known in self._progress.items()}

    def stalled(self) -> str | None:
        """What stands still, in words; None while all goes on."""
        now = self._clock()
        if now - self._turned > self._limit:
            return f"the event loop has not turned for {now - self._turned:.0f} s"
        for (topic, partition), known in list(self._progress.items()):
            if self._is_stuck(known, now):
                why = "has lag and no progress" if self.connected else "is out of sight, as Kafka does not answer,"
                return f"{topic}/{partition} {why} for {now - known.since:.0f} s"
        return None

    def _is_stuck(self, known: _Progress, now: float) -> bool:
        stood = now - known.since
        return stood > self._limit and (now - self._moved > self._limit or stood > self._limit * _TURNS)

    def unready(self) -> str | None:
        """Why no work is done now, in words; None if it is."""
        if self.draining:
            return "draining"
        if not self.connected:
            return "waiting for Kafka"
        if not self.settled:
            return "waiting for partitions and their state"
        return self.stalled()


def watch(health: Health) -> threading.Thread:
    """Start the watchdog: a thread that ends the process when it stalls, so that a supervisor starts it again."""

    def run() -> None:
        while True:
            time.sleep(_WATCH_SECONDS)
            if (reason := health.stalled()) is not None:
                exit_now(EXIT_STALLED, f"The worker is stuck: {reason}. It ends, uncommitted, to be started again.")

    thread = threading.Thread(target=run, name="watchdog", daemon=True)
    thread.start()
    return thread
