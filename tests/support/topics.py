"""What is on the topics of a test, read without a group."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError

from streams.codec import encode
from streams.kafka.topics import admin_client, full_name, partition_counts, read_topic, reader
from streams.records import RawArticle
from streams.settings import Settings
from streams.stage import Message
from streams.topics import TOPIC, language_partition
from streams.vocabulary import Stage


class Topics:
    """The topics of one prefix."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def messages(self, topic: str) -> list[Message]:
        """Everything on a topic (bare name)."""

        async def read() -> list[Message]:
            return [message async for message in read_topic(self._settings, topic)]

        return asyncio.run(read())

    def values(self, topic: str) -> list[Any]:
        """The parsed JSON of everything on a topic but tombstones."""
        return [orjson.loads(message.value) for message in self.messages(topic) if message.value is not None]

    def contents(self, topic: str) -> dict[tuple[str, int, str], set[bytes]]:
        """The different contents that each (key, revision, extractor) was sent with; exactly one each is right."""
        found: dict[tuple[str, int, str], set[bytes]] = defaultdict(set)
        for message in self.messages(topic):
            if message.value is not None:
                value = orjson.loads(message.value)
                found[(message.key or b"").decode(), value["revision"], value.get("extractor", "")].add(message.value)
        return found

    def put_raw(self, articles: Iterable[RawArticle], partitions: int = TOPIC["articles.raw"].partitions) -> None:
        """Publish raw articles as the poller does: key language, partition of the language."""

        async def send() -> None:
            producer = AIOKafkaProducer(bootstrap_servers=self._settings.bootstrap_servers, acks="all", linger_ms=20)
            async with producer:
                for article in articles:
                    await producer.send(
                        full_name(self._settings, "articles.raw"),
                        key=article.language.encode(),
                        value=encode(article),
                        partition=language_partition(article.language, partitions),
                    )
                await producer.flush()

        asyncio.run(send())

    def lag(self, stage: Stage, topic: str) -> int:
        """Messages of a topic that a role's group has not committed."""
        group, name = f"{self._settings.topic_prefix}frontwire-{stage}", full_name(self._settings, topic)

        async def ask() -> int:
            async with admin_client(self._settings) as admin:
                try:
                    offsets = await admin.list_consumer_group_offsets(group)
                except GroupCoordinatorNotAvailableError:
                    offsets = {}  # a cluster whose first group is yet to come: nothing is committed
            ends = await _ends(self._settings, name)
            return sum(end - _committed(offsets, partition) for partition, end in ends.items())

        return asyncio.run(ask())


def _committed(offsets: Any, tp: TopicPartition) -> int:
    found = offsets.get(tp)
    return max(0, found.offset) if found is not None else 0


async def _ends(settings: Settings, name: str) -> dict[TopicPartition, int]:
    async with admin_client(settings) as admin:
        partitions = (await partition_counts(admin))[name]
    async with reader(settings) as consumer:
        ends: dict[TopicPartition, int] = await consumer.end_offsets(
            [TopicPartition(name, n) for n in range(partitions)]
        )
        return ends
