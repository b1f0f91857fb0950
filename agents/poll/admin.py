"""What operators do with feeds: list, add, remove, import, export, health. Plain functions over the topics."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from aiokafka import AIOKafkaProducer

from agents.poll import feeds_file
from agents.poll.publish import feed_key
from streams import codec
from streams.kafka.ending import run_loop
from streams.kafka.security import client_options
from streams.kafka.topics import full_name, latest_by_key, partitions
from streams.records import Feed, FeedHealth
from streams.settings import Settings

FEEDS = "feeds"
HEALTH = "feeds.health"

Kind = TypeVar("Kind")


def list_feeds(settings: Settings) -> list[Feed]:
    """The feeds on the topic `feeds`, by id; records that cannot be read are left out."""
    return run_loop(feeds_there(settings))


async def feeds_there(settings: Settings) -> list[Feed]:
    """The same for those who run in a loop already."""
    return await _latest(settings, FEEDS, Feed, lambda feed: feed.feed_id)


async def change_feeds(settings: Settings, put: Iterable[Feed], gone: Iterable[str]) -> None:
    """Write feeds that were checked, and take others away by id; workers take the changes over at once."""
    records = [(feed_key(feed.feed_id), codec.encode(feed)) for feed in put]
    await _produce(settings, [*records, *((feed_key(feed_id), None) for feed_id in gone)])


def health(settings: Settings) -> list[FeedHealth]:
    """How each feed that was polled does, by id."""
    return run_loop(_latest(settings, HEALTH, FeedHealth, lambda one: one.feed_id))


def add_feeds(settings: Settings, feeds: Iterable[Feed]) -> int:
    """Add feeds or change those of the same id; workers take them over at once. Returns how many.

    Raises:
        FeedError: a feed is not configured as it must be; none was added.
    """
    records = [(feed_key(feed.feed_id), codec.encode(feeds_file.checked(feed))) for feed in feeds]
    run_loop(_produce(settings, records))
    return len(records)


def remove_feed(settings: Settings, feed_id: str) -> bool:
    """Poll a feed no more; False if there was none of that id."""
    there = any(feed.feed_id == feed_id for feed in list_feeds(settings))
    if there:
        run_loop(_produce(settings, [(feed_key(feed_id), None)]))
    return there


def import_feeds(settings: Settings, path: Path) -> feeds_file.FeedsFile:
    """Add the feeds of a TOML or OPML file; returns what was added, and a sentence for each that was not."""
    found = feeds_file.read(path.read_bytes(), path.name)
    add_feeds(settings, found.feeds)
    return found


def export_feeds(settings: Settings, path: Path) -> int:
    """Write the feeds to a file: OPML where its name ends so, else TOML. Returns how many."""
    feeds = list_feeds(settings)
    path.write_bytes(feeds_file.write(feeds, path.name))
    return len(feeds)


async def _latest(settings: Settings, topic: str, kind: type[Kind], name: Callable[[Kind], str]) -> list[Kind]:
    latest = await latest_by_key(settings, topic)
    values = (message.value for message in latest.values() if message.value is not None)
    return sorted(filter(None, (_decoded(value, kind) for value in values)), key=name)


def _decoded(value: bytes, kind: type[Kind]) -> Kind | None:
    try:
        return codec.decode(value, kind)
    except codec.DecodeError:
        return None


async def _produce(settings: Settings, records: Iterable[tuple[bytes, bytes | None]]) -> None:
    topic = full_name(settings, FEEDS)
    await partitions(settings, topic)  # a producer would wait for a missing topic, for long and without a word
    producer = AIOKafkaProducer(**client_options(settings), acks="all", enable_idempotence=True)
    try:
        await producer.start()
        sent: list[Awaitable[Any]] = [await producer.send(topic, value, key) for key, value in records]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
