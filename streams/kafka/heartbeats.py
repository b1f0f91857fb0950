"""Heartbeats in a worker: running a core over them, and taking those up that come beside the source."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams import heartbeat
from streams.heartbeat import Heartbeat, Waiting
from streams.kafka.metrics import HEARTBEAT_AT, HEARTBEAT_SECONDS, HEARTBEATS, Metrics
from streams.kafka.topics import TopicError, full_name, partitions, reader, to_message
from streams.settings import Settings
from streams.stage import Core, Message, PoisonError, Send
from streams.vocabulary import Stage

_log = logging.getLogger(__name__)

_POLL_MS: Final = 250
_WAIT_MS: Final = 2000
_PAUSE_SECONDS: Final = 5.0
_LATE_SECONDS: Final = 600.0


@dataclass(slots=True)
class _Nothing:
    """The state of a partition that nothing has happened on, forgotten after the one message that sees it."""

    entries: dict[bytes, bytes | None] = field(default_factory=dict)

    def get(self, key: bytes) -> bytes | None:
        """The value last written under `key`, or None."""
        return self.entries.get(key)

    def put(self, key: bytes, value: bytes | None) -> None:
        """Write `value` under `key`; None deletes it."""
        self.entries[key] = value

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Every key that begins with `prefix`, with its value, in the order of the keys."""
        there = ((key, value) for key, value in self.entries.items() if value is not None and key.startswith(prefix))
        return iter(sorted(there))


def run_core(make_core: Callable[[], Core], beat: Heartbeat, message: Message) -> list[Send]:
    """What a stage sends for a heartbeat. Its core is a new one with a state of its own, so that nothing of it is
    compared with an article, now or later. Raises what the core raises."""
    return heartbeat.passed_on(beat, make_core().process(message, _Nothing()))


def is_late(beat: Heartbeat) -> bool:
    """Whether a heartbeat is too old to be worth a core's time: after an outage, or read again after a rewind."""
    return time.time() - beat.sent_ms / 1000 > _LATE_SECONDS


def count(metrics: Metrics, stage: Stage, beat: Heartbeat, *, passed: bool) -> None:
    """Count a heartbeat that a stage is done with; `passed`: it led to something, and that is acknowledged."""
    outcome = "passed" if passed else "late" if is_late(beat) else "failed"
    metrics.add(HEARTBEATS, stage=stage, outcome=outcome)
    if passed:
        now = time.time()
        sent = min(beat.sent_ms / 1000, now)  # a clock ahead of ours, or a forged time, must not hide a standstill
        metrics.observe(HEARTBEAT_SECONDS, now - sent, stage=stage)
        metrics.set(HEARTBEAT_AT, sent, stage=stage, partition=str(beat.partition))


async def pulse(
    send_all: Callable[[Sequence[Send]], Awaitable[None]],
    make_round: Callable[[datetime], Sequence[tuple[Heartbeat, Send]]],
    metrics: Metrics,
    seconds: float,
) -> None:
    """Send heartbeats at every whole multiple of `seconds` since 1970, for ever. Raises what `send_all` does."""
    while True:
        await asyncio.sleep(seconds - time.time() % seconds)
        beats = make_round(datetime.now(UTC))
        if beats:
            await send_all([send for _, send in beats])
        for beat, _ in beats:
            count(metrics, Stage.POLL, beat, passed=True)


class Beside:
    """Takes up the heartbeats of a role that come on the topic `heartbeats` beside its source.

    Args:
        source: the role's source, a bare name.
        owned: the partitions of it that are ours now.
        finished: whether all messages of a partition below an offset are finished.
        handle: processes heartbeats as messages of the source.
    """

    def __init__(
        self,
        settings: Settings,
        source: str,
        owned: Callable[[], Collection[int]],
        finished: Callable[[int, int], bool],
        handle: Callable[[Sequence[Message]], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._source = source
        self._owned = owned
        self._finished = finished
        self._handle = handle
        self._waiting = Waiting()

    async def run(self) -> None:
        """Take heartbeats up, for ever. Those that come while Kafka is away or a partition changes hands are missed."""
        while True:
            try:
                await self._follow()
            except (KafkaError, TopicError, OSError) as error:
                _log.warning("No heartbeats come (%s); trying again.", type(error).__name__)
            except Exception:  # whatever it is: heartbeats must not stop the line
                _log.exception("Heartbeats failed; trying again.")
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _follow(self) -> None:
        places = await partitions(self._settings, full_name(self._settings, heartbeat.TOPIC))
        sources = await partitions(self._settings, full_name(self._settings, self._source))
        async with reader(self._settings, wait_ms=_WAIT_MS) as consumer:
            consumer.assign(places)
            await consumer.seek_to_end()
            while True:
                got = await consumer.getmany(timeout_ms=_POLL_MS)
                records = [record for some in got.values() for record in some]
                await self._note(consumer, sources, [to_message(self._settings, record) for record in records])
                if ready := self._waiting.take(self._owned(), self._finished):
                    await self._handle(ready)

    async def _note(
        self, consumer: AIOKafkaConsumer, sources: Sequence[TopicPartition], messages: Sequence[Message]
    ) -> None:
        beats = [(beat, message) for message in messages if (beat := self._ours(message))]
        ours = [tp for tp in sources if tp.partition in self._owned()]
        if beats and ours:
            ends = {tp.partition: end for tp, end in (await consumer.end_offsets(ours)).items()}
            for beat, message in beats:
                self._waiting.note(beat, message, self._source, ends, len(sources))

    def _ours(self, message: Message) -> Heartbeat | None:
        try:
            return heartbeat.read(message) if heartbeat.meant_for(message) == self._source else None
        except PoisonError as error:
            _log.warning("What lies on %s at %d is no heartbeat: %s.", heartbeat.TOPIC, message.offset, error)
            return None
