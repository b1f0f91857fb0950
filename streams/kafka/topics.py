"""Making the topics, checking them, and reading them without a group."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code
from aiokafka.partitioner import murmur2

from streams.kafka.ending import stop_consumer
from streams.kafka.roles import ROLES
from streams.kafka.security import client_options
from streams.settings import Settings
from streams.stage import Message
from streams.topics import TOPIC, TOPICS, Policy, Topic

_log = logging.getLogger(__name__)

_DAY_MS: Final = 24 * 3600 * 1000
_RETRY_SECONDS: Final = 1.0
_REPEAT_NOTICE_SECONDS: Final = 15.0
_ASK_SECONDS: Final = 10.0
_NEWS_TRIES: Final = 8
_NEWS_SECONDS: Final = 0.25


class TopicError(Exception):
    """A topic is missing or not as the table says; the message names it, what it has and needs, and what to do."""


def full_name(settings: Settings, topic: str) -> str:
    """The name of a topic in the cluster."""
    return settings.topic_prefix + topic


def bare_name(settings: Settings, topic: str) -> str:
    """The name in the topic table of a topic in the cluster."""
    return topic.removeprefix(settings.topic_prefix)


def config(topic: Topic, settings: Settings) -> dict[str, str]:
    """Kafka's topic configuration that the table's row means."""
    made = {"cleanup.policy": topic.policy.value, "max.message.bytes": str(settings.max_message_bytes)}
    if topic.retention_days is not None:
        made["retention.ms"] = str(topic.retention_days * _DAY_MS)
    elif topic.policy is Policy.DELETE:
        made["retention.ms"] = "-1"
    if settings.replication_factor >= 3:
        made["min.insync.replicas"] = "2"
    return made


@asynccontextmanager
async def admin_client(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connected admin client. Raises KafkaConnectionError if no broker answers."""
    client = AIOKafkaAdminClient(**client_options(settings), request_timeout_ms=15_000)
    try:
        await client.start()
        yield client
    finally:
        await client.close()


async def ensure_topics(settings: Settings, topics: Iterable[Topic] = TOPICS) -> list[str]:
    """Make what is missing; return the full names of what was made.

    Raises:
        TopicError: a topic has another partition count, or the brokers refuse to make one.
    """
    wanted = {full_name(settings, topic.name): topic for topic in topics}
    async with admin_client(settings) as admin:
        there = await partition_counts(admin)
        _check_counts(settings, wanted, there)
        missing = [name for name in wanted if name not in there]
        if missing:
            new = [_new_topic(name, wanted[name], settings, there) for name in missing]
            response = await admin.create_topics(new)
            _check_made(response)
            await _until_known(admin, set(wanted))
    return missing


async def delete_topics(settings: Settings, topics: Iterable[Topic] = TOPICS) -> list[str]:
    """Delete those of the topics that exist, with all that is on them; return their full names.

    Raises:
        TopicError: the brokers refuse.
    """
    async with admin_client(settings) as admin:
        there = await partition_counts(admin)
        names = [name for topic in topics if (name := full_name(settings, topic.name)) in there]
        if names:
            _check_deleted(await admin.delete_topics(names))
    return names


def _check_deleted(response: Any) -> None:
    for name, code, *_ in response.topic_error_codes:
        if code:
            raise TopicError(f"The brokers refuse to delete the topic {name}: {for_code(code).__name__}.")


async def partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """How many partitions each topic of the cluster has."""
    return {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}


def _new_topic(name: str, topic: Topic, settings: Settings, there: Mapping[str, int]) -> NewTopic:
    partners = {role.source: role.state for role in ROLES.values()} | {
        role.state: role.source for role in ROLES.values()
    }
    partner = full_name(settings, partners.get(topic.name, topic.name))
    count = there.get(partner, topic.partitions)
    return NewTopic(name, count, settings.replication_factor, topic_configs=config(topic, settings))


def _check_counts(settings: Settings, wanted: dict[str, Topic], there: dict[str, int]) -> None:
    for name, topic in wanted.items():
        has = there.get(name)
        if has is None or (has > topic.partitions and _may_grow(topic)):
            continue
        if has != topic.partitions:
            raise TopicError(
                f"The topic {name} has {has} partitions but needs {topic.partitions}: keys and state belong to "
                "partition numbers. Delete it if it holds nothing you need, or choose another FRONTWIRE_TOPIC_PREFIX."
            )
    for role in ROLES.values():
        source, state = full_name(settings, role.source), full_name(settings, role.state)
        if source in wanted and state in wanted and len({there.get(source), there.get(state)} - {None}) > 1:
            raise TopicError(
                f"The topic {source} has {there[source]} partitions, but {state}, the state of its reader, "
                f"{there[state]}: each partition needs its own. `frontwire repartition {role.stage} --to "
                f"{max(there[source], there[state])}` makes them equal and moves the state."
            )


def _may_grow(topic: Topic) -> bool:
    """Whether more partitions than the table's do no harm: not where subscribers read the last record of a key, and
    not where there is one writer."""
    moved = any(topic.name in (role.source, role.state) for role in ROLES.values())
    return topic.partitions > 1 and (moved or topic.policy is Policy.DELETE)


def _check_made(response: Any) -> None:
    for name, code, *rest in response.topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:
            raise TopicError(f"The brokers refuse to make the topic {name}: {error.__name__} {rest[0] or ''}".strip())


async def _until_known(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    while not names <= {topic["topic"] for topic in await admin.describe_topics() if _has_leaders(topic)}:  # noqa: ASYNC110 - only asking tells when brokers know
        await asyncio.sleep(0.1)


def _has_leaders(topic: dict[str, Any]) -> bool:
    return bool(topic["partitions"]) and all(partition["leader"] >= 0 for partition in topic["partitions"])


async def wait_for_topics(settings: Settings, names: Sequence[str], stop: asyncio.Event) -> bool:
    """Wait until a broker answers and knows these topics (bare names); False if `stop` was set before.

    Says what it waits for, at once and then every fifteen seconds.

    Raises:
        TopicError: a topic has another partition count than the table says.
    """
    wanted = {full_name(settings, name): TOPIC[name] for name in names}
    return await wait_until_nothing(settings, lambda: _what_is_missing(settings, wanted), stop)


async def wait_until_nothing(
    settings: Settings, is_wrong: Callable[[], Awaitable[str | None]], stop: asyncio.Event
) -> bool:
    """Ask once a second until nothing is wrong any more; False if `stop` was set before.

    Says what is wrong, at once and then every fifteen seconds; a Kafka that does not answer is wrong, too.
    """
    said, quiet = "", 0.0
    while not stop.is_set():
        try:
            wrong = await is_wrong()
        except (KafkaError, OSError) as error:
            wrong = f"Waiting for Kafka at {settings.bootstrap_servers} ({type(error).__name__})."
        if wrong is None:
            return True
        if wrong != said or quiet >= _REPEAT_NOTICE_SECONDS:
            _log.warning("%s", wrong)
            said, quiet = wrong, 0.0
        try:
            await asyncio.wait_for(stop.wait(), _RETRY_SECONDS)
        except TimeoutError:
            quiet += _RETRY_SECONDS
    return False


async def _what_is_missing(settings: Settings, wanted: dict[str, Topic]) -> str | None:
    async with admin_client(settings) as admin:
        there = await partition_counts(admin)
    _check_counts(settings, wanted, there)
    missing = [name for name in wanted if name not in there]
    if missing:
        return f"Waiting for the topics {', '.join(missing)}; `frontwire topics create` makes them."
    return None


@asynccontextmanager
async def reader(settings: Settings, *, wait_ms: int = 100) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer without a group, to be given partitions by hand; it commits nothing.

    Brokers that have nothing new answer after `wait_ms`: a longer time asks them less often, a shorter one ends sooner.
    """
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=settings.max_message_bytes + 1024,
        fetch_max_wait_ms=wait_ms,
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await stop_consumer(consumer)


@asynccontextmanager
async def writer(settings: Settings, *, linger_ms: int = 0) -> AsyncIterator[AIOKafkaProducer]:
    """A producer of a command: acknowledged by all in-sync replicas, once and in order."""
    producer = AIOKafkaProducer(
        **client_options(settings),
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=linger_ms,
        max_request_size=settings.max_message_bytes + 1024,
    )
    try:
        await producer.start()
        yield producer
    finally:
        await producer.stop()


async def latest_by_key(settings: Settings, topic: str) -> dict[bytes | None, Message]:
    """The last message of each key of a compacted topic: by time, as a key that was moved to another partition is on
    two of them."""
    latest: dict[bytes | None, Message] = {}
    async for message in read_topic(settings, topic):
        before = latest.get(message.key)
        if before is None or (message.timestamp_ms or 0) >= (before.timestamp_ms or 0):
            latest[message.key] = message
    return latest


async def is_kafka_away(settings: Settings) -> bool:
    """Whether no broker answers a client that asks for the first time."""
    try:
        async with asyncio.timeout(_ASK_SECONDS), admin_client(settings) as admin:
            await partition_counts(admin)
    except (KafkaError, TimeoutError, OSError):
        return True
    return False


async def read_topic(
    settings: Settings, topic: str, *, from_beginning: bool = True, follow: bool = False
) -> AsyncIterator[Message]:
    """The messages of a topic (bare name), over all partitions, each partition in order.

    Without `follow` it ends at what was there when it began; with it, it goes on until it is closed.

    Raises:
        TopicError: there is no such topic.
    """
    tps = await partitions(settings, full_name(settings, topic))
    async with reader(settings) as consumer:
        consumer.assign(tps)
        ends = await consumer.end_offsets(tps)
        for tp in tps:
            await (consumer.seek_to_beginning(tp) if from_beginning else consumer.seek_to_end(tp))
        while follow or await _behind(consumer, ends):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    if follow or record.offset < ends[TopicPartition(record.topic, record.partition)]:
                        yield to_message(settings, record)


def key_partition(key: bytes, count: int) -> int:
    """The partition that Kafka's own hash gives a key on a topic of so many."""
    return int(murmur2(key) & 0x7FFFFFFF) % count


async def partitions(settings: Settings, name: str) -> list[TopicPartition]:
    """The partitions of a topic (full name). Raises TopicError if there is none."""
    async with admin_client(settings) as admin:
        count = await _count_soon(admin, name)
    if not count:
        raise TopicError(f"There is no topic {name}; `frontwire topics create` makes ours.")
    return [TopicPartition(name, number) for number in range(count)]


async def _count_soon(admin: AIOKafkaAdminClient, name: str) -> int:
    # Each question goes to any broker, and one may not know yet what another has just made.
    for _ in range(_NEWS_TRIES):
        if count := (await partition_counts(admin)).get(name, 0):
            return count
        await asyncio.sleep(_NEWS_SECONDS)
    return 0


async def _behind(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> bool:
    for tp, end in ends.items():
        if await consumer.position(tp) < end:
            return True
    return False


def to_message(settings: Settings, record: Any) -> Message:
    """A record of aiokafka as the cores know it."""
    return Message(
        topic=bare_name(settings, record.topic),
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers or ()),
    )
