"""Waiting for what becomes true by itself: no test sleeps for a guessed time."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

Value = TypeVar("Value")

_PAUSE = 0.05
_LONGEST_PAUSE = 0.5


def _pause(began: float) -> float:
    """Seconds to the next look: as long as the last one took, so that looking leaves the processor to others."""
    return min(max(_PAUSE, time.monotonic() - began), _LONGEST_PAUSE)


def eventually(condition: Callable[[], Value], *, within: float = 30, what: str = "the condition") -> Value:
    """The first true value of `condition`; a failure that names `what` after `within` seconds."""
    deadline = time.monotonic() + within
    began = time.monotonic()
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: still {value!r} after {within:g} s")
        time.sleep(_pause(began))
        began = time.monotonic()
    return value


async def eventually_async(
    condition: Callable[[], Awaitable[Value]], *, within: float = 30, what: str = "the condition"
) -> Value:
    """The same for a condition that is awaited."""
    deadline = time.monotonic() + within
    began = time.monotonic()
    while not (value := await condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: still {value!r} after {within:g} s")
        await asyncio.sleep(_pause(began))
        began = time.monotonic()
    return value


@asynccontextmanager
async def beside(*jobs: Any) -> AsyncIterator[None]:
    """Runs jobs while the block does, and cancels them at its end; raises what one of them ended with before."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
