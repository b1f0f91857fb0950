"""Two limits on time: a worker that stood still must not send, and one message must not take for ever."""

import logging
import os
import selectors
import signal
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Final, NoReturn

_log = logging.getLogger(__name__)

EXIT_STOOD_STILL: Final = 4
EXIT_FATAL: Final = 5
EXIT_STALLED: Final = 6
EXIT_DEAD_LETTERS: Final = 7


def exit_now(code: int, sentence: str) -> NoReturn:
    """End the process at once: nothing more is sent or committed, so nothing is lost. Callable from any thread."""
    _log.critical("%s", sentence)
    logging.shutdown()
    os._exit(code)


class StallGuard:
    """Knows when the thread that keeps our membership alive last ran.

    A worker that stood still (stopped, swapped out, its machine asleep) for longer than the session timeout has lost
    its partitions without knowing, and must not send for them. Group generations fence commits, not produces.

    Args:
        limit: seconds; the session timeout less the time that may lie between the last heartbeat and the standstill.
        leave: what ends the process, told how long it stood still.
    """

    def __init__(self, limit: float, leave: Callable[[float], NoReturn] | None = None) -> None:
        self._limit = limit
        self._leave = leave or _leave
        self._ticked: float | None = None

    def tick(self) -> None:
        """Called all the time, by the thread of the heartbeats."""
        self.check()
        self._ticked = now()

    def check(self) -> None:
        """Called before every send and at every turn of the event loop: ends the process if it stood still."""
        if self._ticked is not None and (stood := now() - self._ticked) > self._limit:
            self._leave(stood)


def now() -> float:
    """Seconds that go on while the machine sleeps, where the system counts them."""
    return time.clock_gettime(_CLOCK)


_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class GuardedSelector(selectors.DefaultSelector):
    """Lets a guard look whenever an event loop wakes up, before it writes what still waits to be written.

    What a worker had queued when it was stopped would else be the first thing that it sends when it goes on.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        super().__init__()
        self._check = check

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As the base class."""
        found = super().select(timeout)
        self._check()
        return found


def _leave(seconds: float) -> NoReturn:
    exit_now(
        EXIT_STOOD_STILL,
        f"This process stood still for {seconds:.1f} s; others may have its partitions by now. "
        "It ends without sending or committing.",
    )


class TooSlowError(Exception):
    """One message took more processor time than a message may."""


class ProcessorTimeLimit:
    """Raises TooSlowError in a `with` block once the block has used this much processor time; may be used again.

    Processor time, so that a busy machine dead-letters nothing. The signal reaches Python code and regular
    expressions; other C code is told when it returns. Main thread only (signals go there), and made once: it takes the
    signal for good.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        signal.signal(signal.SIGVTALRM, _too_slow)

    def __enter__(self) -> None:
        # The repeat is for an exception swallowed by a finaliser that happened to run.
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds, 0.5)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _too_slow(number: int, frame: FrameType | None) -> NoReturn:
    raise TooSlowError("it took more processor time than one message may (FRONTWIRE_MESSAGE_TIMEOUT)")
