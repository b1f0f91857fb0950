"""One run of the suite: the line on three brokers, articles going in, faults on it, and what the checker finds."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from agents.deduplicate.core import Deduplicator
from agents.extract.core import Extractor
from agents.extract.engine import shared_engine
from agents.poll.admin import add_feeds
from agents.total.core import Totals
from deploy.local.kafka import LocalKafka
from seeds.server import FeedServer
from streams.instants import stamp
from streams.kafka.roles import ROLES
from streams.kafka.topics import ensure_topics
from streams.records import Feed
from streams.settings import load
from streams.stage import Message
from streams.topics import TOPIC, TOPICS
from streams.vocabulary import Stage
from tests.faults import reference
from tests.faults.check import (
    Report,
    Seen,
    check_commits,
    check_contents,
    check_stage,
    check_state,
    check_view,
)
from tests.faults.crew import Crew
from tests.faults.faults import Fault, Site, in_turn, kafka_gone
from tests.faults.feeding import Expected, Feeds, feed_straight
from tests.faults.history import History
from tests.faults.known_fate import check_entries, check_fate
from tests.faults.watching import Watcher
from tests.support.known import Articles
from tests.support.topics import Topics
from tests.support.waiting import beside

RECORD_BYTES: Final = 60_000
"""What the topics take; workers think it is more, so that only the brokers find a record too large."""

_WORKERS_BYTES: Final = 300_000
MONSTER_BYTES: Final = 100_000
_QUIET_LOOKS: Final = 3
_STATES: Final = ("feeds.state", "deduplicate.state", "extract.state", "total.state")
_ORDER: Final = frozenset({"state_revision"})
"""Fields that tell the place of a message on its topic, which copies move."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a run is. Rates are a second, times in seconds.

    Args:
        faults: how many, `gone` of them with all brokers away for `away`.
        pause: mean time between two beginnings.
        at_once: how many may be under way.
        sample: one of so many articles has its extraction compared byte for byte.
    """

    seed: int
    articles: int
    entries: int
    rate: float
    faults: int
    gone: int
    away: float
    pause: float
    at_once: int
    patience: float
    sample: int = 1
    disk_bytes: int = 32 << 20

    def with_seed(self, seed: int) -> "Plan":
        """The same with another seed."""
        return replace(self, seed=seed)


def settings_of(servers: str, replicas: int, prefix: str) -> dict[str, str]:
    """The environment of the workers: shipped defaults, but for feeds on loopback that change by the second.

    Args:
        servers: `host:port` of the brokers, with commas between.
        replicas: of each topic.
        prefix: of the names of topics and groups.
    """
    return {
        "KAFKA_BOOTSTRAP_SERVERS": servers,
        "FRONTWIRE_TOPIC_PREFIX": prefix,
        "FRONTWIRE_REPLICATION_FACTOR": str(replicas),
        "FRONTWIRE_MAX_MESSAGE_BYTES": str(_WORKERS_BYTES),
        "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
        "FRONTWIRE_POLL_INTERVAL_MIN": "1",
        "FRONTWIRE_POLL_INTERVAL_MAX": "2",
        "FRONTWIRE_POLL_HOST_RATE": "1000",
    }


async def make_topics(environment: dict[str, str]) -> None:
    """All topics: those that articles go in by take large records, the others not."""
    large = ("articles.raw",)
    await ensure_topics(load(environment), [TOPIC[name] for name in large])
    small = load(environment | {"FRONTWIRE_MAX_MESSAGE_BYTES": str(RECORD_BYTES)})
    await ensure_topics(small, [topic for topic in TOPICS if topic.name not in large])


def limits() -> dict[str, int]:
    """The largest record of each topic, in bytes."""
    return {topic.name: RECORD_BYTES for topic in TOPICS if topic.name != "articles.raw"}


class Run:
    """One run, from topics to report."""

    def __init__(self, plan: Plan, kafka: LocalKafka, folder: Path, history: History) -> None:
        self._plan = plan
        self._kafka = kafka
        self._folder = folder
        self._history = history
        self._environment = settings_of(kafka.bootstrap_servers, kafka.replication_factor, "faults.")
        self._settings = load(self._environment)
        self._expected = Expected()
        self._watcher = Watcher(self._settings)
        self._survived: Counter[str] = Counter()

    async def run(self) -> Report:
        """Feed, break, wait, check."""
        self._history.tell("begins", **{name: getattr(self._plan, name) for name in Plan.__slots__})
        await make_topics(self._environment)
        with ExitStack() as stack:
            feeds = await asyncio.to_thread(self._make_feeds, stack.enter_context(FeedServer({})))
            crew = stack.enter_context(Crew(self._folder, self._environment, self._history, self._plan.disk_bytes))
            async with beside(crew.supervise(), self._watcher.follow(), self._watcher.sample(7)):
                await self._until(lambda: crew.ready, 300, "the workers are ready")
                await self._load_under_faults(feeds, crew)
                quiet = await self._quiet()
        report = await asyncio.to_thread(self._check)
        report.add("lag that is left", [] if quiet else ["the line did not come to rest"])
        report.figures["faults survived"] = sum(self._survived.values())
        report.figures["faults by kind"] = dict(self._survived)
        report.figures["ends of workers"] = dict(crew.endings)
        self._history.note("report", findings=dict(report.findings), figures=report.figures)
        return report

    def _make_feeds(self, server: FeedServer) -> Feeds:
        articles = Articles(self._plan.seed, run="http", monster_bytes=MONSTER_BYTES, fetched=_now())
        names = [f"feed-{number}" for number in range(6)]
        feeds = Feeds(server, articles, names, self._plan.seed)
        add_feeds(self._settings, [Feed(feed_id=name, url=feeds.url(name), name=name) for name in names])
        return feeds

    async def _until(self, condition: Any, seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not await asyncio.to_thread(condition):
            if time.monotonic() > deadline:
                raise TimeoutError(f"after {seconds:g} s it is not so that {what}")
            await asyncio.sleep(0.5)
        self._history.tell(what)

    # --- load and faults

    async def _load_under_faults(self, feeds: Feeds, crew: Crew) -> None:
        plan = self._plan
        articles = Articles(plan.seed, run="straight", monster_bytes=MONSTER_BYTES, fetched=_now())
        http_rate = max(1.0, plan.rate * plan.entries / max(1, plan.articles))
        progress = asyncio.ensure_future(self._tell_progress())
        try:
            await asyncio.gather(
                feed_straight(self._settings, articles, plan.articles, plan.rate, self._expected),
                feeds.grow(plan.entries, http_rate, self._expected, self._watcher.published),
                self._break(crew),
            )
        finally:
            progress.cancel()
        self._history.tell("all is in and the faults are over", articles=self._expected.number)

    async def _break(self, crew: Crew) -> None:
        chance = random.Random(f"faults/{self._plan.seed}")
        site = Site(self._kafka, crew, self._history, chance, self._plan.away)
        faults: list[Fault] = in_turn(chance, self._plan.faults - self._plan.gone)
        for number in range(self._plan.gone):
            faults.insert(len(faults) * (2 * number + 1) // (2 * self._plan.gone), kafka_gone)
        room = asyncio.Semaphore(self._plan.at_once)
        async with asyncio.TaskGroup() as group:
            for fault in faults:
                await room.acquire()
                group.create_task(self._one(fault, site, room))
                await asyncio.sleep(chance.expovariate(1 / self._plan.pause))

    async def _one(self, fault: Fault, site: Site, room: asyncio.Semaphore) -> None:
        try:
            self._history.note("fault", kind=fault.__name__)
            while (details := await fault(site)) is None:  # noqa: ASYNC110 - time alone frees a victim
                await asyncio.sleep(1)
            self._survived[fault.__name__] += 1
            self._history.tell("fault over", kind=fault.__name__, **details)
        finally:
            room.release()

    async def _tell_progress(self) -> None:
        while True:
            await asyncio.sleep(30)
            self._history.tell(
                "progress",
                put_in=self._expected.number,
                lag=await self._watcher.lag(),
                faults=sum(self._survived.values()),
            )

    # --- rest and check

    async def _quiet(self) -> bool:
        deadline, looks, lag = time.monotonic() + self._plan.patience, 0, None
        wanted = {(known.article.article_id, known.article.revision) for known in self._expected.over_http}
        while looks < _QUIET_LOOKS and time.monotonic() < deadline:
            lag = await self._watcher.lag()
            came = wanted <= self._watcher.published
            looks = looks + 1 if lag is not None and not any(lag.values()) and came else 0
            await asyncio.sleep(1)
        self._history.tell("quiet" if looks == _QUIET_LOOKS else "not quiet", lag=lag)
        with suppress(Exception):
            self._watcher.samples += await self._watcher.look()
        return looks == _QUIET_LOOKS

    def _check(self) -> Report:
        topics = Topics(self._settings)
        seen = Seen({topic.name: topics.messages(topic.name) for topic in TOPICS})
        report = Report()
        check_contents(seen, report)
        check_fate(self._expected, seen, report)
        check_entries(self._expected, seen, report)
        for topic in _STATES:
            check_state(topic, seen, report)
        self._check_stages(seen, report)
        return report

    def _check_stages(self, seen: Seen, report: Report) -> None:
        samples = self._watcher.samples
        raw = reference.run(Deduplicator(self._settings.duplicate_window), seen["articles.raw"], limits())
        check_stage(Stage.DEDUPLICATE, raw, seen, report, lambda message: True)
        check_commits(Stage.DEDUPLICATE, raw, samples, seen, report)
        core = Extractor(shared_engine().extract, shared_engine().version)
        chosen = [message for message in seen["articles.unique"] if self._is_chosen((message.key or b"").decode())]
        unique = reference.run(core, chosen, limits())
        owners = _owners(seen)
        check_stage(
            Stage.EXTRACT, unique, seen, report, lambda m: self._is_chosen(owners.get((m.topic, m.key or b""), ""))
        )
        check_commits(Stage.EXTRACT, unique, samples, seen, report)
        told = _once_each(seen["articles.extracted"])
        total = reference.run(Totals(self._settings.story_window), told, limits())
        for topic in ROLES[Stage.TOTAL].sends:
            check_view(topic, total, seen, _ORDER, report)

    def _is_chosen(self, article_id: str) -> bool:
        return int(sha256(article_id.encode()).hexdigest()[:8], 16) % self._plan.sample == 0


def _owners(seen: Seen) -> dict[tuple[str, bytes], str]:
    """The article of each key; a tombstone tells none itself."""
    topics = ("conflict.events", "evacuation.counts", "articles.extracted")
    return {
        (topic, message.key or b""): value["article_id"] for topic in topics for message, value in seen.values(topic)
    }


def _once_each(messages: Sequence[Message]) -> list[Message]:
    """Without copies: as a run without faults has them."""
    first: dict[tuple[bytes | None, bytes | None], Message] = {}
    for message in messages:
        first.setdefault((message.key, message.value), message)
    return list(first.values())


def _now() -> str:
    return stamp(datetime.now(UTC))
