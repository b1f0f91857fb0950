"""Batches of messages: the order of effects, dead letters, state kept or not, over a written broker."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from streams.codec import decode
from streams.kafka.batch import BatchProcessor, Observe
from streams.kafka.delivery import Delivery, Record
from streams.kafka.guard import TooSlowError
from streams.kafka.local import LocalCopy, Row
from streams.kafka.metrics import DUPLICATES, Metrics
from streams.kafka.service import StoreClosedError
from streams.kafka.store import PartitionStore
from streams.records import DeadLetter
from streams.settings import load
from streams.stage import Message, PoisonError, Send, State
from streams.vocabulary import DeadReason, Stage

SETTINGS = replace(load({}), topic_prefix="p.", max_message_bytes=100_000)


class Broker:
    """Takes all records under `largest` bytes, and notes every effect in `seen`."""

    def __init__(self, largest: int = 10**9) -> None:
        self.seen: list[str] = []
        self.records: list[Record] = []
        self._largest = largest

    async def post(self, record: Record) -> Awaitable[Any]:
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        if len(record.value or b"") > self._largest:
            answer.set_exception(MessageSizeTooLargeError())
        else:
            self.records.append(record)
            self.seen.append("sent")
            answer.set_result(len(self.records))
        return answer

    async def renew(self) -> None:
        self.seen.append("renewed")

    async def write_state(self, partition: int, rows: Sequence[Row]) -> list[int]:
        self.seen.append("state " + ",".join(sorted(row[0].decode() for row in rows)))
        return [-1] * len(rows)

    def letters(self) -> list[DeadLetter]:
        return [decode(record.value, DeadLetter) for record in self.records if record.topic == "p.dead-letters"]

    def out(self) -> list[bytes | None]:
        return [record.value for record in self.records if record.topic == "p.conflict.events"]


Act = Callable[[bytes, State], bytes]


class ActingCore:
    """Counts in its state, does what the test says, and sends what came of it."""

    stage = Stage.EXTRACT

    def __init__(self, act: Act) -> None:
        self._act = act

    def process(self, message: Message, state: State) -> list[Send]:
        value = message.value or b""
        state.put(value[:10], b"seen")
        state.put(b"count", b"%d" % (int(state.get(b"count") or 0) + 1))
        answer = self._act(value, state)
        return [
            Send(topic="conflict.events", key=b"k", value=b"small"),
            Send(topic="conflict.events", key=b"k", value=answer),
        ]


def processor(
    broker: Broker, act: Act, observe: Observe | None = None, metrics: Metrics | None = None
) -> BatchProcessor:
    metrics = metrics or Metrics()
    delivery = Delivery(broker, metrics, lambda: None)
    return BatchProcessor(
        ActingCore(act),
        SETTINGS,
        delivery,
        metrics,
        make_core=lambda: ActingCore(act),
        limit=nullcontext(),
        slow=TooSlowError,
        observe=observe,
    )


def messages(*values: bytes) -> list[Message]:
    return [
        Message(topic="articles.unique", partition=0, offset=at, timestamp_ms=1000 + at, key=b"k", value=value)
        for at, value in enumerate(values)
    ]


def store(broker: Broker) -> PartitionStore:
    return PartitionStore(0, LocalCopy(None), broker.write_state, SETTINGS.max_message_bytes)


def count(value: bytes, state: State) -> bytes:
    return value + b" " + (state.get(b"count") or b"")


async def test_all_is_sent_before_state_is_written() -> None:
    broker = Broker()
    held = store(broker)
    await processor(broker, count).process(messages(b"a", b"b"), {0: held})
    assert broker.seen == ["sent"] * 4 + ["state a,b,count"]
    assert broker.out() == [b"small", b"a 1", b"small", b"b 2"], "a message sees the state of those before it"
    assert [record.timestamp_ms for record in broker.records] == [1000, 1000, 1001, 1001]
    assert held.get(b"count") == b"2"
    held.close()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PoisonError(DeadReason.UNDECODABLE, "no JSON"), DeadReason.UNDECODABLE),
        (KeyError("bug"), DeadReason.STAGE_ERROR),
        (RecursionError(), DeadReason.STAGE_ERROR),
        (TooSlowError("slow"), DeadReason.TIMED_OUT),
    ],
)
async def test_a_failing_message_is_a_dead_letter_without_effects(error: Exception, reason: DeadReason) -> None:
    def act(value: bytes, state: State) -> bytes:
        if value == b"bad":
            raise error
        return count(value, state)

    broker, metrics = Broker(), Metrics()
    held = store(broker)
    await processor(broker, act, metrics=metrics).process(messages(b"a", b"bad", b"c"), {0: held})
    assert broker.out() == [b"small", b"a 1", b"small", b"c 2"]
    assert [(letter.reason, letter.source_offset) for letter in broker.letters()] == [(reason, 1)]
    assert held.get(b"bad") is None
    assert metrics.value("frontwire_dead_letters_total", {"stage": "extract", "reason": reason.value}) == 1
    assert metrics.value("frontwire_articles_in_total", {"stage": "extract"}) == 3
    held.close()


async def test_an_output_over_the_limit_sends_none_of_its_siblings() -> None:
    broker = Broker()
    held = store(broker)
    act: Act = lambda value, state: b"x" * 200_000 if value == b"bad" else value  # noqa: E731 - one line
    await processor(broker, act).process(messages(b"bad", b"c"), {0: held})
    assert broker.out() == [b"small", b"c"]
    assert [letter.reason for letter in broker.letters()] == [DeadReason.TOO_LARGE]
    assert held.get(b"bad") is None
    held.close()


async def test_a_state_over_the_limit_is_a_dead_letter() -> None:
    def act(value: bytes, state: State) -> bytes:
        state.put(b"large", b"x" * 200_000)
        return value

    broker = Broker()
    held = store(broker)
    await processor(broker, act).process(messages(b"a"), {0: held})
    assert [letter.reason for letter in broker.letters()] == [DeadReason.TOO_LARGE]
    assert broker.out() == []
    assert held.get(b"a") is None
    held.close()


async def test_what_only_the_broker_refuses_is_planned_again_as_a_dead_letter() -> None:
    broker = Broker(largest=20_000)
    held = store(broker)
    act: Act = lambda value, state: b"x" * 50_000 if value == b"bad" else count(value, state)  # noqa: E731 - one line
    await processor(broker, act).process(messages(b"a", b"bad", b"c"), {0: held})
    assert broker.out()[-4:] == [b"small", b"a 1", b"small", b"c 2"], (
        "later messages never saw the state of the bad one"
    )
    assert {letter.source_offset for letter in broker.letters()} == {1}
    assert held.get(b"bad") is None
    held.close()


async def test_a_dead_letter_is_cut_until_the_broker_takes_it() -> None:
    broker = Broker(largest=3000)
    held = store(broker)

    def act(value: bytes, state: State) -> bytes:
        raise KeyError("bug")

    await processor(broker, act).process(messages(b"v" * 90_000), {0: held})
    (letter,) = broker.letters()
    assert letter.truncated
    assert letter.payload_size == 90_000
    held.close()


async def test_a_lost_partition_is_no_dead_letter() -> None:
    broker = Broker()
    held = store(broker)
    held.close()
    with pytest.raises(StoreClosedError):
        await processor(broker, count).process(messages(b"a"), {0: held})
    assert broker.letters() == []


async def test_observing_is_told_what_came_of_each_message_and_cannot_do_harm() -> None:
    seen: list[tuple[int, int]] = []

    def observe(message: Message, sends: Sequence[Send], metrics: Metrics) -> None:
        seen.append((message.offset, len(sends)))
        metrics.add(DUPLICATES, kind="no such kind")

    broker = Broker()
    held = store(broker)
    await processor(broker, count, observe).process(messages(b"a", b"b"), {0: held})
    assert seen == [(0, 2), (1, 2)]
    held.close()
