"""A real Kafka's topics under a test's own prefix, and workers with cores made for testing the shell."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from streams.codec import decode
from streams.kafka.app import group_id
from streams.kafka.roles import ROLES
from streams.kafka.security import client_options
from streams.kafka.topics import admin_client, ensure_topics, full_name, read_topic
from streams.records import DeadLetter
from streams.settings import Settings, load
from streams.stage import Message
from streams.topics import TOPIC
from streams.vocabulary import Stage
from tests.support.workers import Worker

SOURCE = "articles.unique"
OUTPUT = "conflict.events"


class Line:
    """What a test does with Kafka and its workers. Synchronous, as a tester's hands are."""

    def __init__(self, kafka: str, prefix: str, folder: Path) -> None:
        self.environment = {
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
            "FRONTWIRE_TOPIC_PREFIX": prefix,
            "FRONTWIRE_REPLICATION_FACTOR": "1",
            "FRONTWIRE_COMMIT_INTERVAL": "0.2",
        }
        self._folder = folder
        self.workers: list[Worker] = []

    def settings(self, **changes: str) -> Settings:
        """The settings that the workers get."""
        return load(self.environment | changes)

    def make_topics(self, **changes: str) -> list[str]:
        """Make all topics."""
        return asyncio.run(ensure_topics(self.settings(**changes)))

    def make_topic_with_partitions(self, name: str, partitions: int) -> None:
        """Make one topic of the table with another partition count."""
        asyncio.run(ensure_topics(self.settings(), [replace(TOPIC[name], partitions=partitions)]))

    def start(self, kind: str, **settings: str) -> Worker:
        """Start a worker of `tests.support.shell_worker`; all share no state folder unless the settings say so."""
        return self._start([kind], "tests.support.shell_worker", settings)

    def start_role(self, role: Stage, **settings: str) -> Worker:
        """Start a worker of the project."""
        return self._start(["worker", role.value], "agents", settings)

    def _start(self, arguments: list[str], module: str, settings: dict[str, str]) -> Worker:
        folder = self._folder / f"worker-{len(self.workers)}"
        worker = Worker(arguments, folder=folder, settings=self.environment | settings, module=module)
        self.workers.append(worker)
        return worker

    def produce(self, values: Sequence[bytes], *, topic: str = SOURCE, keys: Sequence[bytes] | None = None) -> None:
        """Send values, with keys made of their position unless given."""

        async def send() -> None:
            settings = self.settings()
            async with AIOKafkaProducer(
                **client_options(settings), linger_ms=5, max_request_size=5_000_000
            ) as producer:
                for at, value in enumerate(values):
                    key = keys[at] if keys else b"key-%d" % at
                    await producer.send(full_name(settings, topic), value, key=key)
                await producer.flush()

        asyncio.run(send())

    def read(self, topic: str = OUTPUT) -> list[Message]:
        """All that is on a topic now."""

        async def collect() -> list[Message]:
            return [message async for message in read_topic(self.settings(), topic)]

        return asyncio.run(collect())

    def values(self, topic: str = OUTPUT) -> list[bytes | None]:
        """The values on a topic, sorted."""
        return sorted((message.value for message in self.read(topic)), key=lambda value: value or b"")

    def dead_letters(self) -> list[DeadLetter]:
        """All dead letters."""
        return [decode(message.value, DeadLetter) for message in self.read("dead-letters")]

    def committed(self, topic: str = SOURCE, stage: Stage = Stage.EXTRACT) -> dict[int, int]:
        """The committed offset of each partition where there is one."""

        async def ask() -> dict[int, int]:
            settings = self.settings()
            async with admin_client(settings) as admin:
                return await _offsets(admin, group_id(ROLES[stage], settings), full_name(settings, topic))

        return asyncio.run(ask())


async def _offsets(admin: AIOKafkaAdminClient, group: str, topic: str) -> dict[int, int]:
    found = await admin.list_consumer_group_offsets(group)
    return {tp.partition: at.offset for tp, at in found.items() if tp.topic == topic and at.offset >= 0}


@contextmanager
def line_on(kafka: str, prefix: str, folder: Path) -> Iterator[Line]:
    """A line whose workers end with the block; their last words are printed for the report of a failure."""
    line = Line(kafka, prefix, folder)
    try:
        yield line
    finally:
        for worker in line.workers:
            worker.kill()
            print(f"--- log of {worker.process.name}\n{worker.process.last_lines(40)}")
