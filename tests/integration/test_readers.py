"""Readers without a group, on a real Kafka that goes away under them."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from deploy.local.kafka import LocalKafka
from streams.kafka.topics import ensure_topics, full_name, partitions, reader
from streams.settings import load
from tests.support.waiting import eventually_async

pytestmark = pytest.mark.kafka

_READERS = 5


async def test_a_reader_ends_whole_though_no_broker_answers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def they_miss_it() -> bool:
        return caplog.text.count("Failed fetch messages") >= _READERS

    async def we_are_alone() -> bool:
        return asyncio.all_tasks() == {test}

    test = asyncio.current_task()
    with LocalKafka(tmp_path) as kafka:
        settings = load({"KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers, "FRONTWIRE_REPLICATION_FACTOR": "1"})
        await ensure_topics(settings)
        tps = await partitions(settings, full_name(settings, "feeds"))
        async with AsyncExitStack() as readers:
            for _ in range(_READERS):
                consumer = await readers.enter_async_context(reader(settings, wait_ms=10_000))
                consumer.assign(tps)
                await consumer.seek_to_beginning(*tps)  # from here on it fetches
            caplog.clear()
            kafka.brokers[0].kill()
            await eventually_async(they_miss_it, what="fetches that fail")
        await eventually_async(we_are_alone, what="the end of the readers' tasks")
