"""What the tests of this folder share: a line of the shell's test workers, topics, a web server."""

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.kafka.topics import ensure_topics
from streams.settings import Settings, load
from tests.support.shell import Line, line_on
from tests.support.web import Web


@pytest.fixture(autouse=True)
def _leftovers() -> Iterator[None]:
    """Collects what a test left open, so that it is told of as this test's error and not as another's."""
    yield
    gc.collect()


@pytest.fixture
def line_without_topics(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Line]:
    """Workers that end with the test, under a prefix of its own."""
    with line_on(kafka, topic_prefix, tmp_path) as made:
        yield made


@pytest.fixture
def line(line_without_topics: Line) -> Line:
    """The same with all topics made."""
    line_without_topics.make_topics()
    return line_without_topics


@pytest.fixture
def settings(kafka: str, topic_prefix: str) -> Settings:
    """Settings of the test's Kafka and prefix, with all topics made."""
    made = load(
        {
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
            "FRONTWIRE_TOPIC_PREFIX": topic_prefix,
            "FRONTWIRE_REPLICATION_FACTOR": "1",
        }
    )
    asyncio.run(ensure_topics(made))
    return made


@pytest.fixture
def web() -> Iterator[Web]:
    """An HTTP server on loopback that ends with the test."""
    with Web() as server:
        yield server
