"""Looking on while faults happen: what is published, how far each role is, and what it has committed when."""

import asyncio
import itertools
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from streams.kafka.roles import ROLES
from streams.kafka.topics import admin_client, full_name, partition_counts, reader
from streams.settings import Settings
from streams.topics import TOPIC
from streams.vocabulary import Stage

Ends = dict[str, dict[int, int]]
"""Offsets by topic (bare name) and partition."""

_PATIENCE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Sample:
    """Offsets that a role had committed, and the ends of the topics right after."""

    stage: Stage
    committed: Mapping[int, int]
    ends: Ends


@dataclass
class Watcher:
    """Watches the topics of one prefix.

    `published` holds article ids with revisions as they appear on `articles.raw`; `samples` what was committed when.
    """

    settings: Settings
    published: set[tuple[str, int]] = field(default_factory=set)
    samples: list[Sample] = field(default_factory=list)
    troubles: int = 0

    async def follow(self) -> None:
        """Note what appears on `articles.raw`; for ever, also while Kafka is away."""
        positions: dict[TopicPartition, int] = {}
        while True:
            try:
                await self._follow(positions)
            except (KafkaError, OSError, TimeoutError):
                self.troubles += 1
                await asyncio.sleep(1)

    async def _follow(self, positions: dict[TopicPartition, int]) -> None:
        name = full_name(self.settings, "articles.raw")
        tps = [TopicPartition(name, number) for number in range(TOPIC["articles.raw"].partitions)]
        async with reader(self.settings) as consumer:
            consumer.assign(tps)
            for tp in tps:
                consumer.seek(tp, positions.get(tp, 0))
            for quiet in itertools.count():
                found = await consumer.getmany(timeout_ms=500)
                for tp, records in found.items():
                    self.published |= {key for record in records if (key := _key(record.value))}
                    positions[tp] = records[-1].offset + 1
                if not found and quiet % 60 == 59:
                    return  # a consumer may lie asleep on a broker that went: ask with a new one

    async def sample(self, seconds: float) -> None:
        """Sample all roles every so many seconds; for ever."""
        while True:
            await asyncio.sleep(seconds)
            with suppress(KafkaError, OSError, TimeoutError):
                self.samples += await self.look()

    async def look(self) -> list[Sample]:
        """One sample of each role that commits."""
        async with asyncio.timeout(_PATIENCE), admin_client(self.settings) as admin:
            committed = {stage: await self._committed(admin, stage) for stage in Stage if stage is not Stage.POLL}
            ends = await self._ends(admin)
            return [Sample(stage, offsets, ends) for stage, offsets in committed.items()]

    async def lag(self) -> dict[Stage, int] | None:
        """How many messages each role has not committed; None while Kafka does not tell."""
        try:
            samples = await self.look()
        except (KafkaError, OSError, TimeoutError):
            return None
        return {sample.stage: _lag(sample) for sample in samples}

    async def _committed(self, admin: Any, stage: Stage) -> dict[int, int]:
        group, source = f"{self.settings.topic_prefix}frontwire-{stage}", full_name(self.settings, ROLES[stage].source)
        found = await admin.list_consumer_group_offsets(group)
        return {tp.partition: at.offset for tp, at in found.items() if tp.topic == source and at.offset > 0}

    async def _ends(self, admin: Any) -> Ends:
        counts = await partition_counts(admin)
        names = {full_name(self.settings, name): name for name in TOPIC}
        tps = [TopicPartition(name, number) for name in names if name in counts for number in range(counts[name])]
        ends: Ends = {}
        async with reader(self.settings) as consumer:
            for tp, end in (await consumer.end_offsets(tps)).items():
                ends.setdefault(names[tp.topic], {})[tp.partition] = end
        return ends


def _lag(sample: Sample) -> int:
    source = sample.ends.get(ROLES[sample.stage].source, {})
    return sum(end - sample.committed.get(number, 0) for number, end in source.items())


def _key(value: bytes | None) -> tuple[str, int] | None:
    try:
        article = orjson.loads(value or b"")
        return article["article_id"], article["revision"]
    except (orjson.JSONDecodeError, KeyError):
        return None
