"""The short form of the fault suite, and its negative control. `python -m tests.faults` is the long form."""

import asyncio
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.kafka import LocalKafka
from streams.settings import load
from tests.faults import control
from tests.faults.feeding import Expected, feed_straight
from tests.faults.history import History
from tests.faults.suite import MONSTER_BYTES, Plan, Run, limits, make_topics, settings_of
from tests.support.known import Articles
from tests.support.topics import Topics
from tests.support.waiting import eventually

SHORT = Plan(
    seed=0,
    articles=1200,
    entries=80,
    rate=25,
    faults=14,
    gone=1,
    away=15,
    pause=2.5,
    at_once=4,
    patience=300,
)


@pytest.fixture(autouse=True)
def quiet_library(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="aiokafka")  # it tells of every broker that is away


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    with LocalKafka(tmp_path_factory.mktemp("faults"), nodes=3) as kafka:
        yield kafka


@pytest.mark.kafka
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_faults_lose_and_falsify_nothing(cluster: LocalKafka, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 31)
    print(f"seed {seed}")
    with History(tmp_path / "history.jsonl") as history:
        report = asyncio.run(Run(SHORT.with_seed(seed), cluster, tmp_path, history).run())
    print(report)
    assert report.kept, report
    assert report.figures["faults survived"] == SHORT.faults


@pytest.mark.kafka
@pytest.mark.slow
def test_the_checker_finds_what_a_plain_agent_loses(cluster: LocalKafka, tmp_path: Path) -> None:
    environment = settings_of(cluster.bootstrap_servers, cluster.replication_factor, "control.")
    settings = load(environment)
    asyncio.run(make_topics(environment))
    articles = Articles(1, run="control", monster_bytes=MONSTER_BYTES, fetched="2024-05-06T08:00:00Z")
    asyncio.run(feed_straight(settings, articles, 900, 2000, Expected()))
    first, second = (control.plain_worker(tmp_path / f"plain-{n}", environment) for n in range(2))
    try:
        eventually(lambda: len(Topics(settings).messages("articles.unique")) > 100, within=60, what="some out")
        first.process.signal(signal.SIGKILL)
        eventually(lambda: control.is_quiet(settings), within=90, what="all that a plain agent sends is out")
    finally:
        first.kill()
        second.kill()
    report = control.check(settings, limits())
    print(report)
    lost = [kind for kind in report.findings if "lost" in kind or "neither processed nor a dead letter" in kind]
    assert lost, "a checker that passes a plain Faust agent proves nothing"
