"""Every hostile behaviour at once against one poll worker, beside feeds that must go on on time."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from agents.poll import admin
from agents.poll.dates import moment
from streams import codec
from streams.kafka.topics import ensure_topics, read_topic
from streams.records import Feed, FeedHealth, RawArticle
from streams.settings import Settings, load
from streams.vocabulary import FeedStatus, PollOutcome
from tests.support.hostile import ROWS, Row
from tests.support.waiting import eventually
from tests.support.web import Answer, Asked, Web, item, response, rss
from tests.support.workers import Worker

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

HOSTS = (1, 3, 4, 6)
CONTROLS = 5
MOST_MIB = 1000
"""Worker and parser processes together, at the worst moment."""


@dataclass
class Outcome:
    """What one run of the matrix brought."""

    health: dict[str, FeedHealth]
    articles: dict[str, list[RawArticle]]
    metrics: str
    log: str
    peak_mib: float
    gaps: list[float] = field(default_factory=list)


@pytest.fixture(scope="module")
def outcome(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    prefix = f"hostile-{uuid4().hex[:8]}."
    base = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "FRONTWIRE_TOPIC_PREFIX": prefix, "FRONTWIRE_REPLICATION_FACTOR": "1"}
    settings = load(base)
    asyncio.run(ensure_topics(settings))
    with ExitStack() as stack:
        webs = {host: stack.enter_context(Web(host=f"127.0.0.{host}")) for host in HOSTS}
        worker = _worker(base, tmp_path_factory.mktemp("hostile"))
        stack.callback(worker.kill)
        admin.add_feeds(settings, _controls(webs[1]))
        names = {f"control-{number}" for number in range(CONTROLS)}
        eventually(lambda: names <= {one.feed_id for one in admin.health(settings)}, within=60, what="the controls")
        with Watch(worker) as watch:
            admin.add_feeds(settings, _hostile(webs))
            eventually(lambda: not _untold(settings), within=150, what="an outcome of every feed")
        yield Outcome(
            health={one.feed_id: one for one in admin.health(settings)},
            articles=_articles(settings),
            metrics=worker.get("/metrics") or "",
            log=worker.log,
            peak_mib=watch.peak / 2**20,
            gaps=_gaps(webs[1]),
        )


def _worker(base: dict[str, str], folder: Path) -> Worker:
    hostile = {
        "FRONTWIRE_ALLOWED_ADDRESSES": ",".join(f"127.0.0.{host}/32" for host in HOSTS),
        "FRONTWIRE_POLL_HOST_RATE": "60000",
        "FRONTWIRE_POLL_HOST_CONNECTIONS": "100",
        "FRONTWIRE_POLL_TIMEOUT": "5",
        "FRONTWIRE_POLL_READ_TIMEOUT": "3",
        "FRONTWIRE_POLL_PARSE_TIMEOUT": "8",
    }
    return Worker(("worker", "poll"), folder=folder, settings=base | hostile)


def _hostile(webs: dict[int, Web]) -> Iterator[Feed]:
    for row in ROWS:
        web, path = webs[row.host], f"/{row.name}"
        if row.answer is not None:
            web.routes[path] = row.answer
        interval = 2 if row.outcome is PollOutcome.UNCHANGED else 600
        yield Feed(feed_id=row.name, url=row.url or web.url(path), name=row.name, interval_seconds=interval)


def _controls(web: Web) -> Iterator[Feed]:
    for number in range(CONTROLS):
        path = f"/control-{number}"
        web.routes[path] = _growing(number)
        yield Feed(feed_id=f"control-{number}", url=web.url(path), name="control", interval_seconds=2)


def _growing(feed: int) -> Answer:
    """A feed with one more item at each poll, so that each must be parsed."""
    items: list[str] = []

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        items.append(item(f"{feed}-{len(items)}"))
        writer.write(response(rss(*items)))

    return answer


def _untold(settings: Settings) -> set[str]:
    told = {one.feed_id: one for one in admin.health(settings)}
    waited = {row.name for row in ROWS if row.outcome is PollOutcome.UNCHANGED}
    return {row.name for row in ROWS if row.name not in told or (row.name in waited and told[row.name].polls < 2)}


def _articles(settings: Settings) -> dict[str, list[RawArticle]]:
    async def read() -> dict[str, list[RawArticle]]:
        found: dict[str, list[RawArticle]] = {}
        async for message in read_topic(settings, "articles.raw"):
            article = codec.decode(message.value, RawArticle)
            found.setdefault(article.feed_id, []).append(article)
        return found

    return asyncio.run(read())


def _gaps(web: Web) -> list[float]:
    """Seconds between the polls of each control feed."""
    times: dict[str, list[float]] = {}
    for asked in web.asked:
        if asked.path.startswith("/control-"):
            times.setdefault(asked.path, []).append(asked.at)
    return [later - earlier for one in times.values() for earlier, later in pairwise(one)]


class Watch:
    """The most memory that a worker and its processes took together."""

    def __init__(self, worker: Worker) -> None:
        self.peak = 0
        self._process = psutil.Process(worker.process.pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            total = 0
            for process in [self._process, *self._process.children()]:
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, total)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_behaviour_has_its_own_outcome(outcome: Outcome, row: Row) -> None:
    health = outcome.health[row.name]
    assert health.outcome is row.outcome, health.error
    found = outcome.articles.get(row.name, [])
    assert len({article.article_id for article in found}) == len(found) == row.entries
    assert all(row.text in f"{article.title}\n{article.body}" for article in found)
    assert f'frontwire_polls_total{{outcome="{row.outcome}"}}' in outcome.metrics
    if row.hold_seconds:
        assert health.last_poll is not None
        assert moment(health.next_due) - moment(health.last_poll) >= timedelta(seconds=row.hold_seconds)
    if row.outcome not in (PollOutcome.READ, PollOutcome.UNCHANGED):
        assert health.error
        assert health.status in (FeedStatus.DEGRADED, FeedStatus.BACKOFF, FeedStatus.GONE)


def test_the_other_feeds_go_on_on_time(outcome: Outcome) -> None:
    assert len(outcome.gaps) >= 3 * CONTROLS
    assert max(outcome.gaps) < 8, sorted(outcome.gaps)[-5:]
    assert sorted(outcome.gaps)[len(outcome.gaps) // 2] < 4


def test_memory_stays_bounded(outcome: Outcome) -> None:
    assert 50 < outcome.peak_mib < MOST_MIB


def test_each_entry_of_the_others_is_published_once(outcome: Outcome) -> None:
    for number in range(CONTROLS):
        found = outcome.articles[f"control-{number}"]
        assert len({article.article_id for article in found}) == len(found) >= 3
        assert {article.revision for article in found} == {1}


def test_no_file_of_ours_is_in_an_article(outcome: Outcome) -> None:
    assert not any("root:" in article.text for found in outcome.articles.values() for article in found)


def test_nothing_went_wrong_within_the_poller(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.log
