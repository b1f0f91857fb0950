"""The limits on time."""

import asyncio
import re
import time
from typing import NoReturn

import pytest

from streams.kafka.guard import GuardedSelector, ProcessorTimeLimit, StallGuard, TooSlowError


class LeftError(Exception):
    pass


def leave(seconds: float) -> NoReturn:
    raise LeftError(f"{seconds:.2f}")


def test_a_guard_that_never_ticked_lets_all_pass() -> None:
    StallGuard(0.0, leave).check()


def test_a_standstill_is_noticed_by_whoever_runs_first() -> None:
    for notice in (StallGuard.check, StallGuard.tick):
        guard = StallGuard(0.05, leave)
        guard.tick()
        guard.check()
        time.sleep(0.1)
        with pytest.raises(LeftError):
            notice(guard)


def test_an_event_loop_that_wakes_up_runs_nothing_before_the_guard_has_looked() -> None:
    guard, sent = StallGuard(0.05, leave), list[str]()
    loop = asyncio.SelectorEventLoop(GuardedSelector(guard.check))
    loop.call_later(0.1, sent.append, "what was queued before the standstill")
    loop.call_soon(guard.tick)
    loop.call_soon(time.sleep, 0.2)
    with pytest.raises(LeftError):
        loop.run_forever()
    assert not sent
    loop.close()


def test_python_code_that_burns_is_stopped() -> None:
    began = time.process_time()
    with pytest.raises(TooSlowError), ProcessorTimeLimit(0.1):
        while True:
            pass
    assert time.process_time() - began < 2


def test_a_regular_expression_that_burns_is_stopped() -> None:
    with pytest.raises(TooSlowError), ProcessorTimeLimit(0.1):
        re.match(r"(a+)+$", "a" * 60 + "b")


def test_waiting_is_not_counted() -> None:
    with ProcessorTimeLimit(0.05):
        time.sleep(0.15)


def test_what_is_quick_leaves_no_alarm_behind() -> None:
    with ProcessorTimeLimit(0.05):
        pass
    began = time.process_time()
    while time.process_time() - began < 0.1:
        pass
