"""Heartbeats among the messages of a stage: they leave nothing behind, and stop nothing."""

import time
from dataclasses import replace

import pytest

from streams.heartbeat import Heartbeat
from streams.kafka import heartbeats
from streams.kafka.guard import TooSlowError
from streams.kafka.metrics import Metrics
from streams.stage import Message, PoisonError, State
from streams.vocabulary import DeadReason, Stage
from tests.unit.streams.kafka.test_batch import SETTINGS, Broker, count, messages, processor, store

NOW_MS = round(time.time() * 1000)


def marked(message: Message, beat: Heartbeat | None = None, value: bytes | None = None) -> Message:
    name, header = (beat or Heartbeat(4, NOW_MS)).header
    return replace(message, headers=(("ce_id", b"1"), (name, value or header)))


def outcomes(metrics: Metrics) -> dict[str, float]:
    found = {
        name: metrics.value("frontwire_heartbeats_total", {"stage": "extract", "outcome": name})
        for name in ("passed", "failed", "late")
    }
    return {name: number for name, number in found.items() if number}


async def test_it_sees_no_state_and_leaves_none() -> None:
    broker, metrics = Broker(), Metrics()
    held = store(broker)
    first, beat, last = messages(b"a", b"b", b"c")
    await processor(broker, count, metrics=metrics).process([first, marked(beat), last], {0: held})
    assert [value for value in broker.out() if value != b"small"] == [b"a 1", b"c 2"]
    assert [r.value for r in broker.records if r.topic == "p.heartbeats"] == [b"small", b"b 1"]
    assert held.get(b"b") is None
    assert held.get(b"count") == b"2"
    assert outcomes(metrics) == {"passed": 1}
    assert metrics.value("frontwire_articles_in_total", {"stage": "extract"}) == 2
    assert metrics.value("frontwire_articles_out_total", {"stage": "extract", "topic": "conflict.events"}) == 4
    at = metrics.value("frontwire_heartbeat_timestamp_seconds", {"stage": "extract", "partition": "4"})
    assert at == NOW_MS / 1000
    assert metrics.value("frontwire_heartbeat_seconds_count", {"stage": "extract"}) == 1
    held.close()


async def test_alone_it_needs_no_store_and_is_no_work_of_the_stage() -> None:
    broker, metrics = Broker(), Metrics()
    await processor(broker, count, metrics=metrics).process([marked(one) for one in messages(b"a", b"b")], {})
    assert {record.topic for record in broker.records} == {"p.heartbeats"}
    assert outcomes(metrics) == {"passed": 2}
    assert metrics.value("frontwire_last_processed_timestamp_seconds", {"stage": "extract"}) is None


@pytest.mark.parametrize(
    "error", [PoisonError(DeadReason.INVALID, "no"), KeyError("bug"), TooSlowError("slow"), RecursionError()]
)
async def test_one_that_fails_is_counted_and_over(error: Exception) -> None:
    def act(value: bytes, state: State) -> bytes:
        raise error

    broker, metrics = Broker(), Metrics()
    many = SETTINGS.dead_letter_window * 2  # as dead letters they would end the worker
    await processor(broker, act, metrics=metrics).process([marked(one) for one in messages(*[b"a"] * many)], {})
    assert not broker.records
    assert outcomes(metrics) == {"failed": many}
    assert metrics.value("frontwire_dead_letters_total", {"stage": "extract", "reason": "stage_error"}) is None
    assert metrics.value("frontwire_heartbeat_timestamp_seconds", {"stage": "extract", "partition": "4"}) is None


async def test_one_too_large_for_a_record_is_counted_and_over() -> None:
    broker, metrics = Broker(), Metrics()
    beats = processor(broker, lambda value, state: bytes(SETTINGS.max_message_bytes), metrics=metrics)
    await beats.process([marked(messages(b"a")[0])], {})
    assert not broker.records
    assert outcomes(metrics) == {"failed": 1}


async def test_an_old_one_ends_without_work() -> None:
    def act(value: bytes, state: State) -> bytes:
        raise AssertionError("not reached")

    broker, metrics = Broker(), Metrics()
    old = marked(messages(b"a")[0], Heartbeat(4, NOW_MS - 3_600_000))
    await processor(broker, act, metrics=metrics).process([old], {})
    assert not broker.records
    assert outcomes(metrics) == {"late": 1}


async def test_a_mark_that_is_none_makes_a_dead_letter() -> None:
    broker, metrics = Broker(), Metrics()
    held = store(broker)
    await processor(broker, count, metrics=metrics).process([marked(messages(b"a")[0], value=b"4 soon")], {0: held})
    assert [letter.reason for letter in broker.letters()] == [DeadReason.INVALID]
    assert outcomes(metrics) == {}
    held.close()


def test_the_clock_may_be_behind_that_of_the_sender() -> None:
    metrics = Metrics()
    heartbeats.count(metrics, Stage.TOTAL, Heartbeat(0, NOW_MS + 3_600_000), passed=True)
    assert metrics.value("frontwire_heartbeat_seconds_sum", {"stage": "total"}) == 0
    at = metrics.value("frontwire_heartbeat_timestamp_seconds", {"stage": "total", "partition": "0"})
    assert at is not None
    assert at <= time.time()
