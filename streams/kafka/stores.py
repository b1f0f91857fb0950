"""The states of the partitions that a worker owns: restored when Kafka gives them, closed when it takes them.

A partition's messages are processed only after `ready` has answered, so never on half a state.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.kafka.changelog import Reader, write_revision
from streams.kafka.delivery import Delivery, DeliveryError, Record, too_large
from streams.kafka.local import LocalCopy, LockedError, Row, remove
from streams.kafka.metrics import RESTORE_SECONDS, RESTORED, STATE_ELSEWHERE, STATE_KEYS, STATE_REPAIRS, Metrics
from streams.kafka.roles import Role
from streams.kafka.service import StoreClosedError
from streams.kafka.store import LocalCopyError, PartitionStore
from streams.kafka.together import all_of
from streams.kafka.topic_id import topic_id
from streams.kafka.topics import full_name, reader
from streams.settings import Settings

_log = logging.getLogger(__name__)

_LOCK_PATIENCE: Final = 3.0
"""Seconds to wait for a former owner on this host to close the file, before doing without it."""

_CHUNK: Final = 2000
_RETRY_SECONDS: Final = 1.0
_AUDIT_TIMEOUT: Final = 30.0

_SETTLE_SECONDS: Final = 60.0
"""Between writes of all that waits. What the changelog deletes it forgets after a day: a file that was left behind for
longer would never hear of it."""


class Owner(Protocol):
    """Who is told which partitions came and went."""

    async def gained(self, stores: dict[int, PartitionStore]) -> None:
        """These are ours and restored. Nothing of them is processed before this returns."""

    async def lost(self, partitions: Set[int]) -> None:
        """These are no longer ours; their stores close right after."""


class Stores:
    """All open stores of one worker.

    Args:
        failed: told the exception that restoring ended with, if it is none that passes.
    """

    def __init__(
        self,
        role: Role,
        settings: Settings,
        delivery: Delivery,
        metrics: Metrics,
        failed: Callable[[Exception], object],
    ) -> None:
        self._settings = settings
        self._delivery = delivery
        self._metrics = metrics
        self._failed = failed
        self._role = role
        self._bare = role.state
        self._topic = full_name(settings, role.state)
        self._folder = folder_of(settings, role)
        self._open: dict[int, PartitionStore] = {}
        self._elsewhere: set[int] = set()
        self._ready: dict[int, PartitionStore] = {}
        self._told: set[int] = set()
        self._settled = asyncio.Event()
        self._restored = False
        self._replayed = 0
        self._task: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._auditing: asyncio.Task[None] | None = None
        self._last_ends: dict[int, int] = {}
        self._settled_at = time.monotonic()

    @property
    def restored(self) -> bool:
        """True while every partition that Kafka gave us is restored; also if it gave none."""
        return self._restored

    @property
    def activity(self) -> int:
        """Changes with all that restoring does: changelog records read, and rows that an owner who gains reads."""
        return self._replayed + sum(store.scanned for store in self._open.values())

    @property
    def owned(self) -> Mapping[int, PartitionStore]:
        """The restored stores, by partition."""
        return self._ready

    async def ready(self, partition: int) -> PartitionStore:
        """The restored store of a partition.

        Raises:
            StoreClosedError: the partition is not ours (any more).
        """
        if partition not in self._ready:
            await self._settled.wait()
        store = self._ready.get(partition)
        if store is None or store.closed:
            raise StoreClosedError(f"partition {partition} is no longer ours")
        return store

    def suspend(self) -> None:
        """A rebalance began: restoring stops, and nobody waits for it."""
        if self._task is not None:
            self._task.cancel()
        self._ready, self._restored = {}, False
        self._settled.set()

    def assign(self, partitions: Set[int], owner: Owner) -> None:
        """These are ours now: close all others, restore these, tell the owner. All that happens after this returned."""
        self.suspend()
        self._settled.clear()
        self._task = asyncio.get_running_loop().create_task(self._change(set(partitions), owner, self._task))

    async def close(self) -> None:
        """Close everything."""
        self.suspend()
        if self._auditing is not None:
            self._auditing.cancel()
        await _ended(self._task)
        await _ended(self._telling)
        for store in self._open.values():
            store.close()
        self._open = {}

    def settle(self) -> None:
        """Now and then, write what waits to the local copies' files; cheap to call often.

        Raises:
            LocalCopyError: one of them cannot be written.
        """
        if time.monotonic() - self._settled_at > _SETTLE_SECONDS:
            for store in self._ready.values():
                store.settle()
            self._settled_at = time.monotonic()

    def audit_beside(self, ends: Mapping[int, int]) -> None:
        """Start an audit that runs beside the caller, one at a time.

        A consumer that is slow to stop must not hold up who watches over progress. Only ends that were there at the
        last call count: what lies behind newer ones may be a write of ours that is not answered yet.
        """
        last, self._last_ends = self._last_ends, dict(ends)
        if self._behind(last) and (self._auditing is None or self._auditing.done()):
            self._auditing = asyncio.get_running_loop().create_task(self._audit_once(last))

    async def _audit_once(self, ends: Mapping[int, int]) -> None:
        try:
            async with asyncio.timeout(_AUDIT_TIMEOUT):
                await self.audit(ends)
        except (KafkaError, TimeoutError, OSError) as error:
            _log.warning("The changelog %s could not be looked at (%s); it is tried again.", self._bare, error)
        except Exception as error:
            self._failed(error)

    def _behind(self, ends: Mapping[int, int]) -> dict[int, PartitionStore]:
        return {number: store for number, store in self._ready.items() if store.next < ends.get(number, 0)}

    async def audit(self, ends: Mapping[int, int]) -> None:
        """Look at changelog records that others wrote since; `ends` are the changelog's end offsets.

        Former owners' writes are undone; a store that a later owner has claimed is closed.
        """
        if behind := self._behind(ends):
            async with reader(self._settings) as consumer:
                for number, store in behind.items():
                    await self._audit_one(consumer, number, store, ends[number])

    async def _audit_one(self, consumer: AIOKafkaConsumer, number: int, store: PartitionStore, end: int) -> None:
        try:
            repaired = await store.audit(partial(self._range, consumer, number), end)
            self._metrics.add(STATE_REPAIRS, repaired, topic=self._bare)
        except StoreClosedError as error:
            _log.warning("A partition of %s was lost without notice: %s.", self._bare, error)

    # --- restoring

    async def _change(self, partitions: set[int], owner: Owner, before: asyncio.Task[None] | None) -> None:
        try:
            await _ended(before)
            await _ended(self._telling)
            await self._lose(set(self._open) - partitions, owner)
            await self._gain(partitions, owner)
        except Exception as error:
            self._failed(error)

    async def _lose(self, lost: set[int], owner: Owner) -> None:
        if lost & self._told:
            await owner.lost(lost & self._told)
        self._told -= lost
        for number in lost:
            self._open.pop(number).close()
            self._elsewhere.discard(number)

    async def _gain(self, partitions: set[int], owner: Owner) -> None:
        began = time.monotonic()
        await self._restore_until_done(partitions, owner)
        new = {number: self._open[number] for number in partitions - self._told}
        self._told |= partitions
        self._telling = asyncio.get_running_loop().create_task(owner.gained(new))
        await asyncio.shield(self._telling)  # told whole, also if another rebalance comes
        self._ready, self._restored = dict(self._open), True
        self._metrics.observe(RESTORE_SECONDS, time.monotonic() - began)
        self._metrics.set(STATE_KEYS, sum(store.keys for store in self._ready.values()), topic=self._bare)
        self._metrics.set(STATE_ELSEWHERE, len(self._elsewhere), topic=self._bare)
        self._settled.set()

    async def _restore_until_done(self, partitions: set[int], owner: Owner) -> None:
        while partitions:
            try:
                async with reader(self._settings) as consumer:
                    ours = await self._reader(consumer)
                    for number in partitions - set(self._open):
                        self._open[number] = await self._store(number, ours)
                    await self._read_all(consumer)
            except (KafkaError, OSError) as error:
                _log.warning("Restoring %s waits for Kafka (%s).", self._bare, type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            except LocalCopyError as error:
                await self._move_elsewhere(error, owner)
            else:
                return

    async def _reader(self, consumer: AIOKafkaConsumer) -> Reader:
        role = self._role
        source = await topic_id(consumer, full_name(self._settings, role.source)) if role.by_offset else ""
        return Reader(self._topic, role.state_format, role.reads_format, source)

    async def _store(self, number: int, ours: Reader) -> PartitionStore:
        copy = LocalCopy(None) if number in self._elsewhere else await self._copy(number)
        return PartitionStore(number, copy, self._produce, self._settings.max_message_bytes, ours)

    async def _move_elsewhere(self, error: LocalCopyError, owner: Owner) -> None:
        """Begin a partition anew without its file. Raises the error where that was tried already."""
        number = error.partition
        if number in self._elsewhere:
            raise error
        _log.warning("%s; its state is kept in the system's folder for temporary files instead.", error)
        await self._lose({number}, owner)
        remove(self._path(number))
        self._elsewhere.add(number)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.sqlite"

    async def _copy(self, number: int) -> LocalCopy:
        path = self._path(number)
        patience, why = time.monotonic() + _LOCK_PATIENCE, "another worker uses it"
        while time.monotonic() < patience:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                return LocalCopy(path)
            except LockedError:
                await asyncio.sleep(0.1)
            except (sqlite3.Error, OSError) as error:  # a full or lost disk must not stop who can do without
                why = str(error)
                break
        _log.warning("%s cannot be used (%s); partition %d does without it.", path, why, number)
        self._elsewhere.add(number)
        return LocalCopy(None)

    async def _read_all(self, consumer: AIOKafkaConsumer) -> None:
        tps = {self._tp(number): store for number, store in self._open.items()}
        consumer.assign(list(tps))
        begins, ends = await consumer.beginning_offsets(list(tps)), await consumer.end_offsets(list(tps))
        await self._check_lives(consumer, tps, begins, ends)
        await self._read_to(consumer, tps, ends)
        await self._own_all(consumer, tps, ends)

    async def _check_lives(
        self,
        consumer: AIOKafkaConsumer,
        stores: Mapping[TopicPartition, PartitionStore],
        begins: Mapping[Any, int],
        ends: Mapping[Any, int],
    ) -> None:
        """Drop copies that are of another life of the changelog; all looked at together, as each look takes a while."""
        used = {tp: store for tp, store in stores.items() if store.mark.next > 0 or store.mark.claim >= 0}
        fits = {
            tp: max(store.mark.claim, begins[tp])
            for tp, store in used.items()
            if begins[tp] <= store.mark.next <= ends[tp] and store.mark.claim < ends[tp]
        }
        found = await self._firsts(consumer, fits, ends)
        for tp, store in used.items():
            if tp not in found or not store.is_same_life(found[tp]):
                _log.info(
                    "The local copy of %s/%d does not belong to the topic; reading it anew.", self._bare, tp.partition
                )
                store.reset()

    async def _firsts(
        self, consumer: AIOKafkaConsumer, offsets: Mapping[TopicPartition, int], ends: Mapping[Any, int]
    ) -> dict[TopicPartition, Any]:
        """The first record at or after each offset; none for a partition that holds no more."""
        found: dict[TopicPartition, Any] = {}
        left = set(offsets)
        if left:
            consumer.assign(list(left))
        for tp, offset in offsets.items():
            consumer.seek(tp, offset)
        while left:
            for tp, records in (await consumer.getmany(*left, timeout_ms=500)).items():
                found[tp] = records[0]
            left = {tp for tp in left if tp not in found and await consumer.position(tp) < ends[tp]}
        return found

    async def _read_to(
        self, consumer: AIOKafkaConsumer, stores: Mapping[TopicPartition, PartitionStore], ends: Mapping[Any, int]
    ) -> None:
        consumer.assign(list(stores))
        for tp, store in stores.items():
            consumer.seek(tp, store.next)
        left = {tp for tp in stores if stores[tp].next < ends[tp]}
        while left:
            for tp, records in (await consumer.getmany(*left, timeout_ms=500, max_records=_CHUNK)).items():
                self._metrics.add(RESTORED, len(records), topic=self._bare)
                self._replayed += len(records)
                if not stores[tp].replay(records):
                    stores[tp].reset()
                    await consumer.seek_to_beginning(tp)
            # Compaction may have removed the last records: the position tells, not the records.
            left = {tp for tp in left if await consumer.position(tp) < ends[tp]}

    async def _own_all(
        self, consumer: AIOKafkaConsumer, stores: Mapping[TopicPartition, PartitionStore], ends: Mapping[Any, int]
    ) -> None:
        for tp, store in stores.items():
            store.caught_up(ends[tp])
        # One whose term goes on stayed ours through a rebalance.
        new = {tp: store for tp, store in stores.items() if not store.term or store.mark.term != store.term}
        claiming = (store.claim(uuid4().hex) for store in new.values())
        claimed = await all_of(claiming)
        for (tp, store), done in zip(new.items(), claimed, strict=True):
            self._replayed += 1
            while not done:
                last = await consumer.end_offsets([tp])
                await self._read_to(consumer, {tp: store}, last)
                store.caught_up(last[tp])
                done = await store.claim(uuid4().hex)
            self._metrics.add(STATE_REPAIRS, await store.repair_suspects(), topic=self._bare)

    async def _range(self, consumer: AIOKafkaConsumer, number: int, first: int, end: int) -> list[Any]:
        tp, found = self._tp(number), list[Any]()
        consumer.assign([tp])
        consumer.seek(tp, first)
        while await consumer.position(tp) < end:
            records = (await consumer.getmany(tp, timeout_ms=500)).get(tp, [])
            found += [record for record in records if record.offset < end]
        return found

    def _tp(self, number: int) -> TopicPartition:
        return TopicPartition(self._topic, number)

    async def _produce(self, number: int, rows: Sequence[Row]) -> list[int]:
        records = [
            Record(self._topic, key, value, partition=number, headers=(write_revision(revision),))
            for key, revision, value in rows
        ]
        answers = await self._delivery.send(records)
        if any(too_large(answer) for answer in answers):
            raise DeliveryError(f"Kafka refuses a record for {self._topic} as too large; check its max.message.bytes")
        return [answer.offset for answer in answers]


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            raise error


def folder_of(settings: Settings, role: Role) -> Path:
    """Where a role's local copies lie."""
    return settings.state_folder / f"{settings.topic_prefix}{role.stage}"


def drop_local_copies(settings: Settings, role: Role) -> None:
    """Remove a role's local copies after one of them could not be used; the next start reads the topic anew."""
    for path in folder_of(settings, role).glob("*.sqlite*"):
        path.unlink(missing_ok=True)
