"""Processing a batch of messages: decide, send and await all, write state, and only then call it done."""

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Final

from streams import heartbeat
from streams.heartbeat import Heartbeat
from streams.kafka import dead_letters, heartbeats
from streams.kafka.delivery import Delivery, DeliveryError, Record, outgoing, too_large
from streams.kafka.local import merged
from streams.kafka.metrics import (
    ARTICLES_IN,
    ARTICLES_OUT,
    BATCH_SECONDS,
    DEAD_LETTERS,
    LAST_PROCESSED,
    STAGE_SECONDS,
    Metrics,
)
from streams.kafka.service import RecordTooLargeError, StoreClosedError
from streams.kafka.store import PartitionStore
from streams.kafka.together import all_of
from streams.settings import Settings
from streams.stage import Core, Message, PoisonError, Send
from streams.vocabulary import DeadReason

_log = logging.getLogger(__name__)

Observe = Callable[[Message, Sequence[Send], Metrics], None]
"""What a stage counts of a finished message and what it led to; called after all is durable."""

Limit = AbstractContextManager[None]
"""Bounds the work on one message, again and again; raises in its block."""

_YIELD_SECONDS: Final = 0.05
"""Work without letting health checks and commits run, at most, besides one message."""

_MOST_CUTS: Final = 12


class Draft:
    """The state as one message sees it; its writes are kept only if the message is processed to the end."""

    def __init__(self, store: PartitionStore) -> None:
        self._store = store
        self.writes: dict[bytes, bytes | None] = {}

    def get(self, key: bytes) -> bytes | None:
        """The value last written under `key`, or None."""
        return self.writes[key] if key in self.writes else self._store.get(key)

    def put(self, key: bytes, value: bytes | None) -> None:
        """Write `value` under `key`; None deletes it."""
        self.writes[key] = value

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Every key that begins with `prefix`, with its value, in the order of the keys."""
        return merged(self._store.scan(prefix), self.writes, prefix)


@dataclass(slots=True)
class _Plan:
    message: Message
    sends: list[Send]
    dead: DeadReason | None = None
    why: str = ""
    records: list[Record] = field(default_factory=list)
    beat: Heartbeat | None = None


class BatchProcessor:
    """Runs a core over batches.

    Args:
        core: the stage's verb.
        settings: limits and the topic prefix.
        delivery: sends, awaiting every answer.
        metrics: where counts go.
        make_core: makes a core for one heartbeat alone; called for each.
        limit: bounds the work on one message; what it raises is a dead letter of reason `timed_out`.
        observe: see `Observe`.
    """

    def __init__(
        self,
        core: Core,
        settings: Settings,
        delivery: Delivery,
        metrics: Metrics,
        *,
        make_core: Callable[[], Core],
        limit: Limit,
        slow: type[Exception],
        observe: Observe | None = None,
    ) -> None:
        self._core = core
        self._stage = core.stage
        self._settings = settings
        self._delivery = delivery
        self._metrics = metrics
        self._make_core = make_core
        self._limit = limit
        self._slow = slow
        self._observe = observe
        self._share = dead_letters.DeadShare(settings.dead_letter_share, settings.dead_letter_window)

    async def process(self, messages: Sequence[Message], stores: Mapping[int, PartitionStore]) -> None:
        """Process messages, of each partition in order; all effects are durable when this returns.

        Heartbeats need no store: `stores` may be empty if nothing else is among the messages.

        Raises:
            StoreClosedError: a partition was lost; nothing may be called done.
            DeliveryError: the brokers refuse for good.
            TooManyDeadLettersError: most of the last messages are dead letters; none of these was sent.
        """
        began = time.monotonic()
        used = {message.partition: stores[message.partition] for message in messages} if stores else {}
        plans = await self._send(messages, used)
        # At once: one after another, a batch would wait for the brokers as many times as it has partitions.
        await all_of(store.flush() for store in used.values())
        self._share.done(_deaths(plans))
        self._count(plans)
        self._metrics.observe(BATCH_SECONDS, time.monotonic() - began, stage=self._stage)

    async def _send(self, messages: Sequence[Message], stores: Mapping[int, PartitionStore]) -> list[_Plan]:
        # A record that only the brokers find too large turns its message into a dead letter, and what later messages
        # of the batch saw of its state never was: so the batch is planned again from the start. Sent copies are equal.
        doomed: dict[int, int] = {}
        while True:
            plans = await self._plan_all(messages, stores, doomed)
            dead = [plan.why for plan in plans if plan.dead]
            self._share.check(_deaths(plans), dead[-1] if dead else "")
            refused = await self._deliver(plans)
            if not refused:
                return plans
            for at in refused:
                doomed[at] = doomed.get(at, 0) + 1
                if doomed[at] > _MOST_CUTS:
                    raise DeliveryError(f"Kafka takes no dead letter, however small; check {dead_letters.TOPIC}")

    async def _deliver(self, plans: Sequence[_Plan]) -> set[int]:
        records = [record for plan in plans for record in plan.records]
        if not records:
            return set()
        owners = [at for at, plan in enumerate(plans) for _ in plan.records]
        answers = await self._delivery.send(records)
        return {at for at, answer in zip(owners, answers, strict=True) if too_large(answer)}

    async def _plan_all(
        self, messages: Sequence[Message], stores: Mapping[int, PartitionStore], doomed: Mapping[int, int]
    ) -> list[_Plan]:
        for store in stores.values():
            store.discard()
        plans, yielded = [], time.monotonic()
        for at, message in enumerate(messages):
            if at in doomed:
                plans.append(self._dead(message, DeadReason.TOO_LARGE, "the brokers refuse its output", doomed[at] - 1))
            else:
                plans.append(self._plan(message, stores))
            if time.monotonic() - yielded > _YIELD_SECONDS:
                await asyncio.sleep(0)
                yielded = time.monotonic()
        return plans

    def _plan(self, message: Message, stores: Mapping[int, PartitionStore]) -> _Plan:
        began = time.perf_counter()
        try:
            if message.headers and (beat := heartbeat.read(message)):
                return self._beat(message, beat)
            store = stores[message.partition]
            draft = Draft(store)
            with self._limit:
                sends = self._core.process(message, draft)
            plan = self._live(message, sends)
            store.stage(draft.writes, message.offset)
        except PoisonError as error:
            return self._dead(message, error.reason, str(error))
        except RecordTooLargeError as error:
            return self._dead(message, DeadReason.TOO_LARGE, str(error))
        except self._slow as error:
            return self._dead(message, DeadReason.TIMED_OUT, str(error))
        except (StoreClosedError, sqlite3.Error):
            raise  # the store's trouble, not the message's
        except Exception as error:
            return self._failed(message, error)
        finally:
            self._metrics.observe(STAGE_SECONDS, time.perf_counter() - began, stage=self._stage)
        return plan

    def _beat(self, message: Message, beat: Heartbeat) -> _Plan:
        # It must never stop the line: whatever is wrong with it is told and counted, and it is over.
        if heartbeats.is_late(beat):
            return _Plan(message, [], beat=beat)
        try:
            with self._limit:
                sends = heartbeats.run_core(self._make_core, beat, message)
            return replace(self._live(message, sends), beat=beat)
        except Exception as error:
            _log.error("%s failed on a heartbeat, %s.", self._stage, _coordinates(message), exc_info=error)
            return _Plan(message, [], beat=beat)

    def _failed(self, message: Message, error: Exception) -> _Plan:
        _log.error("%s failed on %s.", self._stage, _coordinates(message), exc_info=error)
        return self._dead(message, DeadReason.STAGE_ERROR, f"{type(error).__name__}: {error}")

    def _live(self, message: Message, sends: list[Send]) -> _Plan:
        records = [outgoing(send, self._settings, message.timestamp_ms) for send in sends]
        return _Plan(message, sends, records=records)

    def _dead(self, message: Message, reason: DeadReason, text: str, cuts: int = 0) -> _Plan:
        limit = self._settings.max_message_bytes >> cuts
        send = dead_letters.dead_letter(self._stage, message, reason, text, limit=limit)
        _log.warning("Dead letter: %s, %s, %s: %.200s", self._stage, reason, _coordinates(message), text)
        why = f"{reason}: {text[:200]}"
        return _Plan(message, [send], reason, why, [outgoing(send, self._settings, message.timestamp_ms)])

    def _count(self, plans: Sequence[_Plan]) -> None:
        metrics, stage = self._metrics, self._stage
        for plan in plans:
            if plan.beat:
                heartbeats.count(metrics, stage, plan.beat, passed=bool(plan.sends))
        articles = [plan for plan in plans if not plan.beat]
        metrics.add(ARTICLES_IN, len(articles), stage=stage)
        for topic, number in Counter(send.topic for plan in articles for send in plan.sends).items():
            metrics.add(ARTICLES_OUT, number, stage=stage, topic=topic)
        for plan in articles:
            if plan.dead:
                metrics.add(DEAD_LETTERS, stage=stage, reason=plan.dead)
            else:
                self._observed(plan)
        if articles:
            metrics.set(LAST_PROCESSED, time.time(), stage=stage)

    def _observed(self, plan: _Plan) -> None:
        try:
            if self._observe:
                self._observe(plan.message, plan.sends, self._metrics)
        except Exception:
            _log.exception("Counting %s failed.", _coordinates(plan.message))


def _deaths(plans: Sequence[_Plan]) -> list[bool]:
    return [plan.dead is not None for plan in plans if not plan.beat]


def _coordinates(message: Message) -> str:
    return f"{message.topic}:{message.partition}:{message.offset}"
