"""More partitions for the topic that a role reads and for its state, and moving what then belongs elsewhere.

State lies beside the messages that it is of, on the partition of the same number. With more partitions some keys lead
to others. How their state follows them:

- `deduplicate`: keys of its state are offsets, so articles of the window are put again on the partition where their
  language now leads, marked as known. `deduplicate` remembers them there and says nothing.
- `extract` and `poll`: state moves row by row to where the source's key now leads; feeds move themselves.

What was half done when it was broken off is done by doing it again.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.admin import NewPartitions

from streams.codec import DecodeError, decode
from streams.heartbeat import is_marked
from streams.kafka.delivery import Delivery, Record
from streams.kafka.groups import has_members
from streams.kafka.metrics import Metrics
from streams.kafka.rewind import plan
from streams.kafka.rights import group_name
from streams.kafka.roles import ROLES, Role
from streams.kafka.store import PartitionStore
from streams.kafka.stores import Stores
from streams.kafka.topics import (
    TopicError,
    admin_client,
    full_name,
    key_partition,
    latest_by_key,
    partition_counts,
    read_topic,
    writer,
)
from streams.records import RawArticle
from streams.settings import Settings
from streams.stage import KNOWN_HEADER, Message, is_known
from streams.topics import ROUTES
from streams.vocabulary import Stage

ROLES_THAT_GROW: Final = (Stage.POLL, Stage.DEDUPLICATE, Stage.EXTRACT)
"""`total` has one partition, as stories have one writer."""

_AT_REST: Final[Mapping[Stage, tuple[Stage, ...]]] = MappingProxyType(
    {
        Stage.POLL: (Stage.POLL,),
        Stage.DEDUPLICATE: (Stage.POLL,),
        Stage.EXTRACT: (Stage.DEDUPLICATE, Stage.EXTRACT),
    }
)
"""Whose workers must be stopped: those who write the source, and those who own state that is moved row by row."""

_SOURCE_KEY: Final[Mapping[Stage, Callable[[bytes], bytes]]] = MappingProxyType(
    {
        Stage.POLL: lambda key: key.split(b" ", 1)[0],
        Stage.EXTRACT: lambda key: key.partition(b"/")[2],
    }
)
"""From a key of the state to the key on the source topic that it belongs to."""

_ROWS: Final = 1000
_MADE_SECONDS: Final = 30.0
_ASK_SECONDS: Final = 0.2


class RepartitionError(Exception):
    """The partitions stay as they are; the message says why and what to do."""


async def repartition(role: Role, settings: Settings, count: int) -> int:
    """Give a role's source and state `count` partitions, and move what now belongs elsewhere; how many records moved.

    The state's topic comes first: a worker never gets a partition that it cannot keep state of.

    Raises:
        RepartitionError: workers run that must not, messages wait that must not, or there would be fewer partitions.
        TopicError: a topic is missing.
    """
    await _check_at_rest(role, settings)
    for topic in (role.state, role.source):
        await _grow(settings, topic, count)
    if role.stage is Stage.DEDUPLICATE:
        return await _put_again(role, settings, count)
    moved = await _move_rows(role, settings, count)
    return moved + (await _move_feeds(settings, count) if role.stage is Stage.POLL else 0)


async def _check_at_rest(role: Role, settings: Settings) -> None:
    async with admin_client(settings) as admin:
        groups = [group_name(stage, settings.topic_prefix) for stage in _AT_REST[role.stage]]
        if running := [group for group in groups if await has_members(admin, group)]:
            raise RepartitionError(f"workers of the group {' and '.join(running)} run; stop them all before")
    if role.stage is Stage.EXTRACT:
        steps = await plan(role, settings, 0)
        if waiting := sum(step.end - (step.beginning if step.committed is None else step.committed) for step in steps):
            raise RepartitionError(
                f"{waiting} messages on {full_name(settings, role.source)} wait for {role.stage}, which would not "
                f"find their state; stop deduplicate, let {role.stage} finish, then stop it, too"
            )


async def _grow(settings: Settings, topic: str, count: int) -> None:
    name = full_name(settings, topic)
    async with admin_client(settings) as admin:
        has = (await partition_counts(admin)).get(name)
        if has is None:
            raise TopicError(f"There is no topic {name}; `frontwire topics create` makes ours.")
        if has > count:
            raise RepartitionError(f"{name} has {has} partitions, and Kafka takes none away")
        if has < count:
            await admin.create_partitions({name: NewPartitions(total_count=count)})
            async with asyncio.timeout(_MADE_SECONDS):
                while (await partition_counts(admin))[name] < count:  # noqa: ASYNC110 - only asking tells
                    await asyncio.sleep(_ASK_SECONDS)


# --- messages put again


async def _put_again(role: Role, settings: Settings, count: int) -> int:
    route, moved = ROUTES[role.source], 0
    since = (time.time() - settings.duplicate_window) * 1000
    async with writer(settings, linger_ms=5) as producer:
        async for message in read_topic(settings, role.source):
            to = route(message.key or b"", count)
            if to != message.partition and (message.timestamp_ms or 0) >= since and _is_news(message):
                await producer.send(
                    full_name(settings, role.source),
                    message.value,
                    key=message.key,
                    partition=to,
                    timestamp_ms=message.timestamp_ms,
                    headers=[*message.headers, (KNOWN_HEADER, b"1")],
                )
                moved += 1
        await producer.flush()
    return moved


def _is_news(message: Message) -> bool:
    """Whether it is an article as the poller sends them: heartbeats and what was put again lie there on purpose."""
    if is_known(message) or is_marked(message.headers):
        return False
    try:
        article = decode(message.value, RawArticle)
    except DecodeError:
        return False
    return message.key == article.language.encode()


# --- state moved row by row


async def _move_rows(role: Role, settings: Settings, count: int) -> int:
    source_key = _SOURCE_KEY[role.stage]
    with tempfile.TemporaryDirectory(prefix="frontwire-") as folder:
        apart = replace(settings, state_folder=Path(folder))
        async with _owned(role, apart, count) as stores:
            moved = 0
            for number, store in stores.items():
                places = ((key, key_partition(source_key(key), count)) for key, _ in store.scan(b""))
                away = iter([(key, to) for key, to in places if to != number])
                while some := list(islice(away, _ROWS)):
                    await _move(store, stores, some)
                    moved += len(some)
            return moved


async def _move(store: PartitionStore, stores: Mapping[int, PartitionStore], rows: Sequence[tuple[bytes, int]]) -> None:
    for key, to in rows:
        if (value := store.get(key)) is not None:
            stores[to].put(key, value)
    for to in {to for _, to in rows}:
        await stores[to].flush()
    for key, _ in rows:
        store.put(key, None)
    await store.flush()


@asynccontextmanager
async def _owned(role: Role, settings: Settings, count: int) -> AsyncIterator[Mapping[int, PartitionStore]]:
    """All of a role's state, ours as it is a worker's after a rebalance."""
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(error: Exception) -> None:
        if not failed.done():
            failed.set_exception(error)

    async with writer(settings, linger_ms=5) as producer:
        stores = Stores(role, settings, Delivery(PlainProducer(producer), Metrics(), lambda: None), Metrics(), fail)
        try:
            stores.assign(set(range(count)), _Nobody())
            jobs: list[asyncio.Future[Any]] = [asyncio.ensure_future(stores.ready(0)), failed]
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
            yield stores.owned
        finally:
            await stores.close()


class _Nobody:
    """An owner who needs not be told."""

    async def gained(self, stores: dict[int, PartitionStore]) -> None:
        """Nothing to do."""

    async def lost(self, partitions: Set[int]) -> None:
        """Nothing to do."""


class PlainProducer:
    """aiokafka's producer as a delivery needs it."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def post(self, record: Record) -> Awaitable[Any]:
        """Queue a record."""
        answer: Awaitable[Any] = await self._producer.send(
            record.topic, record.value, key=record.key, partition=record.partition, headers=list(record.headers)
        )
        return answer

    async def renew(self) -> None:
        """Nobody goes on after a refused record: it ends the command, which may be given again."""
        raise RepartitionError("Kafka refused a record of state; see the log, and give the command again")


# --- feeds


async def _move_feeds(settings: Settings, count: int) -> int:
    """Send each feed to where its key leads now; the poller passes over what it left behind elsewhere."""
    topic = ROLES[Stage.POLL].source
    latest = await latest_by_key(settings, topic)
    moved = [one for one in latest.values() if one.value and one.partition != key_partition(one.key or b"", count)]
    async with writer(settings, linger_ms=5) as producer:
        for one in moved:
            to = key_partition(one.key or b"", count)
            await producer.send(
                full_name(settings, topic), one.value, key=one.key, partition=to, headers=list(one.headers)
            )
        await producer.flush()
    return len(moved)
