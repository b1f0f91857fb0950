"""What tests share: a real Kafka, names of their own on it, and worker processes that end with the test."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.kafka import LocalKafka
from tests.support.workers import Worker

StartWorker = Callable[..., Worker]
"""`start_worker(*arguments, **settings)`: the arguments of `frontwire`, and environment variables."""


@pytest.fixture(autouse=True, scope="module")
def _leftovers_of_a_module() -> Iterator[None]:
    """Collects what a module left open, so that it is told of as its last test's error and not as another module's."""
    gc.freeze()  # what is there already is not walked over again and again
    yield
    gc.collect()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Bootstrap servers of a real Kafka: that of KAFKA_BOOTSTRAP_SERVERS, else one that is started for this run."""
    given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if given:
        yield given
        return
    with LocalKafka(tmp_path_factory.mktemp("kafka")) as local:
        yield local.bootstrap_servers


@pytest.fixture
def topic_prefix() -> str:
    """A prefix of topics and groups that no other test has."""
    return f"test-{uuid4().hex[:12]}."


@pytest.fixture
def start_worker(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts `frontwire ARGUMENTS...` on the test's Kafka and prefix; what still runs at the end is killed."""
    started: list[Worker] = []

    def start(*arguments: str, **settings: str) -> Worker:
        own = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "FRONTWIRE_TOPIC_PREFIX": topic_prefix}
        folder = tmp_path / f"worker-{len(started)}"
        worker = Worker(arguments, folder=folder, settings=own | settings)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        print(f"--- log of {worker.process.name}\n{worker.process.last_lines(40)}")
