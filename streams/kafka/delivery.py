"""Sending records so that they are known to have arrived."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerClosed,
    RecordListTooLargeError,
    UnknownTopicOrPartitionError,
)

from streams.kafka.metrics import SEND_RETRIES, SEND_SECONDS, Metrics
from streams.kafka.service import RecordTooLargeError
from streams.settings import Settings
from streams.stage import Send
from streams.topics import ROUTES, Route

_log = logging.getLogger(__name__)

_TOO_LARGE: Final = (MessageSizeTooLargeError, RecordListTooLargeError)
_TRANSIENT: Final = (KafkaConnectionError, KafkaTimeoutError, ProducerClosed, UnknownTopicOrPartitionError)
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0


class DeliveryError(Exception):
    """The brokers refuse a record for good; the message names its topic and the brokers' reason."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record to produce. `topic` is the full name; `timestamp_ms` None means now.

    Without `partition`, `route` decides; without that, the hash of the key.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None
    timestamp_ms: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    route: Route | None = None

    @property
    def size(self) -> int:
        """Bytes that count against the brokers' limit, rounded up for what the format adds."""
        headers = sum(len(name) + len(value) + 10 for name, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers + 120


def outgoing(send: Send, settings: Settings, timestamp_ms: int | None = None) -> Record:
    """The record of what a stage sends: the one place where all of them get their name, time and headers.

    `timestamp_ms` is that of the source message, so that a replay writes the same record; None means now.

    Raises:
        RecordTooLargeError: it is larger than a record may be.
    """
    name, route = settings.topic_prefix + send.topic, ROUTES.get(send.topic)
    record = Record(name, send.key, send.value, send.partition, timestamp_ms, send.headers, route)
    if record.size > settings.max_message_bytes:
        raise RecordTooLargeError(
            f"a record of {record.size} bytes for {send.topic}; it takes {settings.max_message_bytes} "
            "(FRONTWIRE_MAX_MESSAGE_BYTES)"
        )
    return record


class Producer(Protocol):
    """What a delivery needs of the producer (`streams.kafka.tracker.TrackedProducer`)."""

    async def post(self, record: Record) -> Awaitable[Any]:
        """Queue a record; the awaitable is the brokers' answer with `partition` and `offset`."""

    async def renew(self) -> None:
        """Go on with a fresh producer id: after a refused batch the old one's sequence numbers have a hole."""


class Delivery:
    """Sends batches; transient failures are retried in place, with pauses, for as long as they last."""

    def __init__(self, producer: Producer, metrics: Metrics, check: Callable[[], None]) -> None:
        self._producer = producer
        self._metrics = metrics
        self._check = check

    async def send(self, records: Sequence[Record]) -> list[Any]:
        """Send and wait for all answers, in the order of `records`: metadata, or a too-large error as a value.

        Raises:
            DeliveryError: a record was refused for another reason that will not pass.
        """
        began = time.monotonic()
        answers = await self._send_once(records)
        pause = _FIRST_PAUSE
        while failed := [at for at, answer in enumerate(answers) if _again(records[at], answer)]:
            await self._recover(answers, failed, pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            for at, answer in zip(failed, await self._send_again(records, failed, answers), strict=True):
                answers[at] = answer
        if records:
            self._metrics.observe(SEND_SECONDS, time.monotonic() - began)
        return [answer.error if isinstance(answer, _Refused) else answer for answer in answers]

    async def _send_once(self, records: Sequence[Record]) -> list[Any]:
        self._check()
        post = self._producer.post
        try:
            waiting = [await post(record) for record in records]
        except _TOO_LARGE as error:  # a record over the producer's own limit
            return await self._send_apart(records, error)
        except KafkaError as error:
            return [error] * len(records)
        return await asyncio.gather(*waiting, return_exceptions=True)

    async def _send_apart(self, records: Sequence[Record], error: KafkaError) -> list[Any]:
        if len(records) == 1:
            return [_Refused(error)]
        return [(await self._send_once([record]))[0] for record in records]

    async def _recover(self, answers: list[Any], failed: list[int], pause: float) -> None:
        errors = {type(answers[at]).__name__ for at in failed}
        lost_place = any(isinstance(answers[at], (*_TOO_LARGE, OutOfOrderSequenceNumber)) for at in failed)
        if not (lost_place and await self._renewed() and pause == _FIRST_PAUSE):
            _log.warning("%d records wait for Kafka (%s); trying again.", len(failed), ", ".join(sorted(errors)))
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter, no secret
        self._metrics.add(SEND_RETRIES, len(failed))

    async def _renewed(self) -> bool:
        try:
            await self._producer.renew()
        except KafkaError as error:
            _log.warning("A new producer waits for Kafka (%s).", type(error).__name__)
            return False
        return True

    async def _send_again(self, records: Sequence[Record], failed: list[int], answers: list[Any]) -> list[Any]:
        if not any(isinstance(answers[at], _TOO_LARGE) for at in failed):
            return await self._send_once([records[at] for at in failed])
        # A refused batch took its neighbours with it: one at a time tells which record is the one.
        found = []
        for at in failed:
            answer = (await self._send_once([records[at]]))[0]
            if isinstance(answer, _TOO_LARGE):
                answer = _Refused(answer)
                await self._renewed()
            found.append(answer)
        return found


@dataclass(frozen=True, slots=True)
class _Refused:
    """A record that is too large also when sent alone."""

    error: KafkaError


def _again(record: Record, answer: object) -> bool:
    if not isinstance(answer, BaseException):
        return False
    if isinstance(answer, KafkaError) and (
        answer.retriable or isinstance(answer, (*_TRANSIENT, *_TOO_LARGE, OutOfOrderSequenceNumber))
    ):
        return True
    raise DeliveryError(f"Kafka refuses a record for {record.topic}: {answer!r}") from answer


def too_large(answer: object) -> bool:
    """Whether an answer of `Delivery.send` says that the record is too large for the brokers."""
    return isinstance(answer, _TOO_LARGE)
