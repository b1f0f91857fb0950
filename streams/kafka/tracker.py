"""Faust's Kafka driver with safe commits: the consumer asks `Offsets` what may be committed, the producer waits for all
replicas.

Stock Faust commits past messages that were never processed: it acks in `finally`, when it skips a message of an old
generation, and is off by one at the head of a partition. Here only `TrackedConsumer.offsets.done`, called by the
runner, moves a commit on. This leans on private names of faust-streaming 0.15.3, which is why that version is pinned
and tests/unit/streams/kafka/test_faust_canary.py checks them.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from aiokafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
    UnknownTopicOrPartitionError,
)
from aiokafka.protocol.group import HeartbeatRequest, SyncGroupRequest
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode.utils.futures import notify

from streams.kafka.delivery import Record
from streams.kafka.membership import Membership
from streams.kafka.offsets import Offsets

_log = logging.getLogger(__name__)
_faust_log = logging.getLogger("faust")


_YIELD_EVERY: Final = 100
"""Messages handed on without letting others run."""


_DENIED: Final = frozenset({UnknownMemberIdError.errno, IllegalGenerationError.errno})


def watch_membership(coordinator: Any, membership: Membership) -> None:
    """Let a `Membership` hear what aiokafka's coordinator of the group is answered."""
    send = coordinator._send_req

    async def send_and_hear(request: Any) -> Any:
        asked = membership.clock()
        response = await send(request)
        heard(request, getattr(response, "error_code", 0), asked, membership)
        return response

    coordinator._send_req = send_and_hear


def heard(request: object, code: int, asked: float, membership: Membership) -> None:
    """Tell what an answer with this error code means for membership; a rebalance does not end it."""
    confirming = isinstance(request, (HeartbeatRequest, SyncGroupRequest)) and code == 0
    if confirming or (isinstance(request, HeartbeatRequest) and code == RebalanceInProgressError.errno):
        membership.confirmed(asked)
    elif code in _DENIED:
        membership.denied()


_FETCHES: Final = 2
"""The largest records that all partitions of one fetch have room for together: each gets its turn."""


class TrackedThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]  # faust ships no types we follow
    """The thread that talks to the group coordinator: commits and seeks, without crashing on a rebalance."""

    logger = _faust_log
    consumer: "TrackedConsumer"

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        # A fetch is unpacked as a whole, to several times its size; aiokafka's default of 50 MiB fills hundreds of MB.
        consumer._fetch_max_bytes = _FETCHES * self.consumer.app.conf.consumer_max_fetch_size
        return consumer

    async def on_start(self) -> None:
        await super().on_start()
        watch_membership(self._ensure_consumer()._coordinator, self.consumer.membership)
        self.add_future(self._tick())

    async def _tick(self) -> None:
        # Runs beside the heartbeats, so it stands still when they do.
        while not self.should_stop:
            self.consumer.on_tick()
            await asyncio.sleep(0.25)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        consumer, owned = self._ensure_consumer(), self.assignment()
        ours = {driver.ensure_aiokafka_TP(tp): OffsetAndMetadata(at, "") for tp, at in offsets.items() if tp in owned}
        if not ours:
            return False
        try:
            await consumer.commit(ours)
        except CommitFailedError:
            _log.info("The partitions were given out anew before a commit; the messages will be processed again.")
            return False
        except (KafkaError, IllegalStateError) as error:
            _log.warning("A commit failed and will be tried again: %s", error)
            return False
        return True

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go to the committed offset of every owned partition, or to its beginning if none is or none shall be used.

        The stock method leaves partitions without a commit where they are, past messages that were fetched and
        dropped during a rebalance.
        """
        return dict(await self.call_thread(self._seek_owned))

    async def _seek_owned(self) -> dict[TP, int]:
        consumer = self._ensure_consumer()
        tps = consumer.assignment()
        found = {TP(tp.topic, tp.partition): at for tp in tps if (at := await self._committed(tp)) is not None}
        begins = await consumer.beginning_offsets([tp for tp in tps if TP(tp.topic, tp.partition) not in found])
        self.consumer.begins = {TP(tp.topic, tp.partition): at for tp, at in begins.items()}
        for tp, at in (self.consumer.begins | found).items():
            consumer.seek(driver.ensure_aiokafka_TP(tp), at)
        return found

    async def _committed(self, tp: Any) -> int | None:
        at = await self._ensure_consumer().committed(tp) if self.consumer.commits else None
        return at if at is not None and at >= 0 else None

    async def seek_back(self, offsets: Mapping[TP, int]) -> None:
        """Read partitions again from these offsets, as far as they are still ours."""
        await self.call_thread(self._seek_back, offsets)

    async def _seek_back(self, offsets: Mapping[TP, int]) -> None:
        consumer, owned = self._ensure_consumer(), self.assignment()
        for tp, at in offsets.items():
            if tp in owned:
                consumer.seek(driver.ensure_aiokafka_TP(tp), at)


class TrackedConsumer(driver.Consumer):  # type: ignore[misc]  # faust ships no types we follow
    """Remembers every message handed on, and commits only what `offsets` says is done.

    `commits` False (services) makes every assignment start from the beginning of the partitions and commits nothing.
    """

    logger = _faust_log

    def __init__(self, transport: Any, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self.offsets = Offsets()
        self.commits: bool = transport.app.commits
        self.on_tick: Callable[[], None] = transport.app.on_tick
        self.on_committed: Callable[[float], None] = transport.app.on_committed
        self.membership: Membership = transport.app.membership
        self.begins: Mapping[TP, int] = {}

        async def track(message: Any) -> None:
            known = self.offsets.has_hole(message.tp)
            if self.offsets.delivered(message.tp, message.offset):
                await callback(message)
            elif not known:  # the others of the same fetch are behind the same hole
                await self.read_again({message.tp})

        super().__init__(transport, track, *args, **kwargs)

    def _new_consumer_thread(self) -> TrackedThread:
        return TrackedThread(self, loop=self.loop, beacon=self.beacon)

    def ack(self, message: Any) -> bool:
        """Note that a message left the streams (finished or skipped). It moves no commit."""
        if message.acked:
            return False
        message.acked = True
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)
        return True

    async def force_commit(self, topics: object = None, start_new_transaction: bool = True) -> bool:
        """Commit what is done."""
        offsets = self.offsets.committable() if self.commits else {}
        began = time.monotonic()
        if not offsets or not await self._commit(offsets):
            return False
        self.offsets.committed(offsets)
        self.on_committed(time.monotonic() - began)
        return True

    async def perform_seek(self) -> None:
        """Go to where unfinished work begins; what was in flight will be delivered again."""
        committed = await self._seek_until_answered()
        for tp in self.assignment():
            self.offsets.start(tp, committed.get(tp), committed.get(tp, self.begins.get(tp)))

    async def _seek_until_answered(self) -> Mapping[TP, int]:
        while True:
            try:
                found: Mapping[TP, int] = await self.seek_to_committed()
            except KafkaError as error:
                _log.warning("Kafka does not tell where unfinished work begins (%s).", type(error).__name__)
                await asyncio.sleep(1)
            else:
                return found

    async def read_again(self, tps: set[TP]) -> None:
        """Read partitions from the next offset that is to be delivered, after messages went missing on the way."""
        back = {tp: at for tp in tps if (at := self.offsets.expected(tp)) is not None}
        _log.info("Reading again: %s", ", ".join(f"{tp.topic}/{tp.partition} from {at}" for tp, at in back.items()))
        await self._thread.seek_back(back)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish and commit what is under way (the base class waits for it), then forget the partitions."""
        self.membership.interrupted()
        self.app.on_losing(revoked)
        await super().on_partitions_revoked(revoked)
        for tp in revoked:
            self.offsets.forget(tp)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Restoring begins before the first message can flow."""
        self.app.on_gaining(assigned)
        await super().on_partitions_assigned(assigned, generation_id)

    def lag(self, ends: Mapping[TP, int]) -> dict[TP, int]:
        """Unfinished messages of each partition, given their end offsets."""
        return {tp: max(0, end - (self.offsets.position(tp) or 0)) for tp, end in ends.items()}

    async def _drain_messages(self, fetcher: Any) -> None:
        """Fetch and hand on, until this or the fetcher is to stop.

        Faust makes four tasks of each message, so that a rebalance can break off one that waits for room; here they are
        made of each fetch. What is broken off comes again: a rebalance seeks back to what is committed. Faust also
        drops what is below the last offset it read; after a rebalance that can be a message that was never processed.
        """
        try:
            while not (self._stopped.is_set() or fetcher._stopped.is_set()):
                fetched = [message async for _, message in self.getmany(timeout=1.0)]
                await self.sleep(0)
                if fetched and not self.should_stop:
                    await self.wait_first(self._hand_on(fetched), self.suspend_flow.wait())
        except (asyncio.CancelledError, *self.consumer_stopped_errors):
            if not self.transport.app.should_stop:
                raise

    async def _hand_on(self, fetched: Iterable[Any]) -> None:
        for number, message in enumerate(fetched, 1):
            if not self.flow_active or message.generation_id != self.app.consumer_generation_id:
                return
            await self.callback(message)
            if number % _YIELD_EVERY == 0:
                await asyncio.sleep(0)

    async def verify_all_partitions_active(self) -> None:
        """Nothing: Faust's own detector of stuck fetches compares two different clocks; `health` watches instead."""


class TrackedProducer(driver.Producer):  # type: ignore[misc]  # faust ships no types we follow
    """A producer that counts a record as sent when all in-sync replicas have it, once and in order."""

    logger = _faust_log

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}

    async def post(self, record: Record) -> Awaitable[Any]:
        """Queue a record; the awaitable is the brokers' answer."""
        producer: Any = self._ensure_producer()
        partition = record.partition
        if partition is not None:
            await know_partition(producer.client, record.topic, partition)
        elif record.route is not None:
            partition = record.route(record.key or b"", len(await producer.partitions_for(record.topic)))
        answer: Awaitable[Any] = await producer.send(
            record.topic,
            record.value,
            key=record.key,
            partition=partition,
            timestamp_ms=record.timestamp_ms,
            headers=list(record.headers),
        )
        return answer

    async def renew(self) -> None:
        """Go on with a fresh producer id; what the old one still holds is sent first."""
        fresh = self._new_producer()
        try:
            await fresh.start()
        except BaseException:
            await fresh.stop()
            raise
        old: Any = self._ensure_producer()
        self._producer = fresh
        await old.stop()


async def know_partition(client: Any, topic: str, partition: int) -> None:
    """Ask for a partition that the topic got since: a consumer may own its like before the producer looks again.

    Raises:
        UnknownTopicOrPartitionError: the brokers do not tell of it yet; it passes.
    """
    known = client.cluster.partitions_for_topic(topic)
    if known is None or partition in known:  # of a topic that it never sent to, `send` asks itself
        return
    await client.force_metadata_update()
    if partition in (client.cluster.partitions_for_topic(topic) or ()):
        return
    raise UnknownTopicOrPartitionError(f"{topic} has no partition {partition}")


class TrackedTransport(driver.Transport):  # type: ignore[misc]  # faust ships no types we follow
    """The driver made of the classes above."""

    Consumer = TrackedConsumer
    Producer = TrackedProducer


def partitions_of(tps: Iterable[TP], topic: str) -> set[int]:
    """The partition numbers of one topic among `tps`."""
    return {tp.partition for tp in tps if tp.topic == topic}
