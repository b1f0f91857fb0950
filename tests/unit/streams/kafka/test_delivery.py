"""Deliveries are retried until they arrive, told too large, or refused for good: over a written producer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka import errors

from streams.kafka.delivery import Delivery, DeliveryError, Record, too_large
from streams.kafka.metrics import Metrics

Answer = Callable[[Record, int], BaseException | int]
"""What the brokers say to a record at its n-th sending (from 1): an error or an offset."""


class WrittenProducer:
    """Answers as it is told, and remembers."""

    def __init__(self, answer: Answer) -> None:
        self.sent: list[Record] = []
        self.renewed = 0
        self._answer = answer
        self._times: dict[bytes | None, int] = {}

    async def post(self, record: Record) -> Awaitable[Any]:
        self.sent.append(record)
        times = self._times[record.key] = self._times.get(record.key, 0) + 1
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        found = self._answer(record, times)
        if isinstance(found, BaseException):
            future.set_exception(found)
        else:
            future.set_result(found)
        return future

    async def renew(self) -> None:
        self.renewed += 1


AWAY: BaseException = errors.KafkaConnectionError()
FEW: BaseException = errors.NotEnoughReplicasError()
LARGE: BaseException = errors.MessageSizeTooLargeError()
HOLE: BaseException = errors.OutOfOrderSequenceNumber()
FORBIDDEN: BaseException = errors.TopicAuthorizationFailedError()

RECORDS = [Record("topic", b"%d" % number, b"value") for number in range(4)]


def delivery(producer: WrittenProducer, check: Callable[[], None] = lambda: None) -> Delivery:
    return Delivery(producer, Metrics(), check)


async def test_answers_come_in_order() -> None:
    producer = WrittenProducer(lambda record, times: int(record.key or b"0") * 10)
    assert await delivery(producer).send(RECORDS) == [0, 10, 20, 30]
    assert await delivery(producer).send([]) == []


async def test_transient_failures_are_tried_again_alone() -> None:
    def answer(record: Record, times: int) -> BaseException | int:
        if record.key == b"2" and times < 3:
            return (AWAY, FEW)[times - 1]
        return 1

    producer = WrittenProducer(answer)
    assert await delivery(producer).send(RECORDS) == [1, 1, 1, 1]
    assert [record.key for record in producer.sent] == [b"0", b"1", b"2", b"3", b"2", b"2"]
    assert producer.renewed == 0


async def test_a_refused_batch_is_sent_one_by_one_with_a_fresh_producer() -> None:
    def answer(record: Record, times: int) -> BaseException | int:
        if record.key == b"1":
            return LARGE
        if record.key == b"2" and times == 1:
            return LARGE  # was in the same batch
        if record.key == b"3" and times == 1:
            return HOLE  # came after it
        return 1

    producer = WrittenProducer(answer)
    answers = await delivery(producer).send(RECORDS)
    assert [too_large(answer) for answer in answers] == [False, True, False, False]
    assert producer.renewed == 2, "after the refused batch, and after the one that was refused alone"
    assert [record.key for record in producer.sent] == [b"0", b"1", b"2", b"3", b"1", b"2", b"3"]


async def test_what_is_refused_for_good_is_an_error_that_names_the_topic() -> None:
    with pytest.raises(DeliveryError, match=r"topic.*TopicAuthorizationFailed"):
        await delivery(WrittenProducer(lambda record, times: FORBIDDEN)).send(RECORDS)


async def test_nothing_is_sent_when_the_check_fails() -> None:
    class GoneError(Exception):
        pass

    def check() -> None:
        raise GoneError

    producer = WrittenProducer(lambda record, times: 1)
    with pytest.raises(GoneError):
        await delivery(producer, check).send(RECORDS)
    assert producer.sent == []


def test_the_size_of_a_record_is_rounded_up() -> None:
    record = Record("topic", b"k" * 10, b"v" * 100, headers=(("name", b"v" * 5),))
    assert 119 < record.size < 300
    assert Record("topic", None, None).size < 200


async def test_a_fresh_producer_that_kafka_does_not_answer_is_waited_for() -> None:
    class Lonely(WrittenProducer):
        async def renew(self) -> None:
            await super().renew()
            if self.renewed == 1:
                raise errors.KafkaConnectionError

    producer = Lonely(lambda record, times: HOLE if times < 3 else 7)
    assert await delivery(producer).send(RECORDS[:1]) == [7]
    assert producer.renewed == 2


async def test_the_time_of_a_delivery_is_told_once_however_often_it_is_tried() -> None:
    metrics = Metrics()
    producer = WrittenProducer(lambda record, times: FEW if times < 2 else 1)
    sender = Delivery(producer, metrics, lambda: None)
    await sender.send(RECORDS)
    await sender.send([])
    assert metrics.value("frontwire_send_seconds_count") == 1
    assert (metrics.value("frontwire_send_seconds_sum") or 0) >= 0.1  # the pause before the second try
