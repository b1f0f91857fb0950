"""A rolling upgrade and rollback under load: two releases take turns on the seats of a line, and nothing may show it.

A seat is what a pod of a StatefulSet is: a worker with a state folder that outlives it. Releases are changed seat by
seat, so for most of the time both work side by side on the partitions of one group, and each opens the other's state.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from agents.poll.admin import add_feeds
from seeds.server import FeedServer
from streams.instants import stamp
from streams.kafka.metrics import PREFIX
from streams.records import Feed
from streams.settings import load
from streams.topics import TOPICS
from streams.vocabulary import Stage
from tests.faults.check import Report, Seen, check_contents, check_state
from tests.faults.feeding import Expected, Feeds, feed_straight
from tests.faults.history import History
from tests.faults.known_fate import check_entries, check_fate
from tests.faults.suite import MONSTER_BYTES, make_topics
from tests.faults.watching import Watcher
from tests.support.known import Articles
from tests.support.topics import Topics
from tests.support.waiting import eventually
from tests.support.workers import Worker

_STATES: Final = ("feeds.state", "deduplicate.state", "extract.state", "total.state")
_SENT: Final = f"{PREFIX}_articles_out_total"
_AT_ONCE: Final = 5
_ENTRIES_A_SECOND: Final = 2.0
_QUIET_LOOKS: Final = 3
_STEP_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Release:
    """Code that workers run: a name for the history, and the folder that it lies in."""

    name: str
    root: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long a run is.

    Args:
        seed: of the articles.
        seats: workers of each role; `total` has one, as its topic has one partition.
        rate: articles a second, put straight onto `articles.raw`.
        turns: how often the release is changed on all seats: 1 is an upgrade, 2 is that and its rollback, and so on.
        kills: whether a seat in each role dies of SIGKILL instead of leaving, so that its work is done again by others.
        patience: seconds to come to rest in.
    """

    seed: int
    seats: int
    rate: float
    turns: int
    kills: bool
    patience: float


class Seat:
    """A role's worker with its state folder, whichever release runs there. `begin` starts the first one."""

    def __init__(self, role: Stage, number: int, folder: Path, settings: dict[str, str]) -> None:
        self.name = f"{role}-{number}"
        self.role = role
        self._folder = folder / self.name
        self._settings = settings
        self.worker: Worker

    def begin(self, release: Release) -> None:
        """Start a worker of a release on what the one before it left."""
        self.worker = Worker(["worker", self.role], folder=self._folder, settings=self._settings, root=release.root)

    def end(self, kill: bool) -> None:
        """End it, at once or in order. Raises AssertionError if it did not leave in order."""
        if kill:
            self.worker.kill()
        else:
            code = self.worker.stop()
            assert code == 0, f"{self.name} ended with {code}:\n{self.worker.process.last_lines()}"

    def wait_until_it_works(self) -> None:
        """Wait until the worker has sent something since it began. Raises AssertionError if it does not."""
        self.worker.wait_ready(_STEP_SECONDS)
        eventually(self._has_sent, within=_STEP_SECONDS, what=f"{self.name} has sent something")

    def _has_sent(self) -> bool:
        shown = self.worker.get("/metrics") or ""
        return any(float(line.split()[-1]) > 0 for line in shown.splitlines() if line.startswith(_SENT))


class Run:
    """One run, from topics to report.

    Args:
        environment: of the workers.
        releases: the one that is there at first, and the one that it is changed for.
    """

    def __init__(
        self, plan: Plan, environment: dict[str, str], folder: Path, history: History, releases: tuple[Release, Release]
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._history = history
        self._releases = releases
        self._environment = environment
        self._settings = load(environment)
        self._expected = Expected()
        self._watcher = Watcher(self._settings)
        self._seats = [
            Seat(role, number, folder, environment)
            for role in Stage
            for number in range(1 if role is Stage.TOTAL else plan.seats)
        ]

    async def run(self) -> Report:
        """Feed, change releases, wait, check."""
        await make_topics(self._environment)
        async with AsyncExitStack() as stack:
            server = stack.enter_context(FeedServer({}))
            stack.callback(self._kill_all)
            feeds = await asyncio.to_thread(self._make_feeds, server)
            for seat in self._seats:
                seat.begin(self._releases[0])
            await stack.enter_async_context(_beside(self._watcher.follow()))
            async with _beside(self._feed_straight(), self._feed_feeds(feeds)):
                await self._all_work(self._seats)
                await self._take_turns()
            quiet = await self._quiet()
        report = await asyncio.to_thread(self._check)
        report.add("lag that is left", [] if quiet else ["the line did not come to rest"])
        self._history.note("report", findings=dict(report.findings), figures=report.figures)
        return report

    def _kill_all(self) -> None:
        for seat in self._seats:
            with suppress(AttributeError):  # one that never began
                seat.worker.kill()

    # --- load

    def _make_feeds(self, server: FeedServer) -> Feeds:
        articles = Articles(self._plan.seed, run="http", monster_bytes=MONSTER_BYTES, fetched=_now())
        names = [f"feed-{number}" for number in range(6)]
        feeds = Feeds(server, articles, names, self._plan.seed)
        add_feeds(self._settings, [Feed(feed_id=name, url=feeds.url(name), name=name) for name in names])
        return feeds

    async def _feed_straight(self) -> None:
        articles = Articles(self._plan.seed, run="straight", monster_bytes=MONSTER_BYTES, fetched=_now())
        while True:
            # A batch that is sent is told as expected; cancellation waits for that.
            await _whole(feed_straight(self._settings, articles, _AT_ONCE, self._plan.rate, self._expected))

    async def _feed_feeds(self, feeds: Feeds) -> None:
        while True:
            await feeds.grow(_AT_ONCE, _ENTRIES_A_SECOND, self._expected, self._watcher.published)

    # --- turns

    async def _take_turns(self) -> None:
        chance = random.Random(self._plan.seed)
        for turn in range(1, self._plan.turns + 1):
            release = self._releases[turn % 2]
            for number in range(self._plan.seats):
                seats = [seat for seat in self._seats if seat.name.endswith(f"-{number}")]
                killed = chance.choice(seats) if self._plan.kills else None
                await self._change(seats, release, killed)

    async def _change(self, seats: Sequence[Seat], release: Release, killed: Seat | None) -> None:
        await asyncio.gather(*(asyncio.to_thread(seat.end, seat is killed) for seat in seats))
        for seat in seats:
            seat.begin(release)
        await self._all_work(seats)
        told = [seat.name for seat in seats]
        self._history.tell(
            "changed", to=release.name, seats=told, killed=killed and killed.name, put_in=self._expected.number
        )

    async def _all_work(self, seats: Sequence[Seat]) -> None:
        await asyncio.gather(*(asyncio.to_thread(seat.wait_until_it_works) for seat in seats))

    # --- rest and check

    async def _quiet(self) -> bool:
        wanted = {(known.article.article_id, known.article.revision) for known in self._expected.over_http}
        looks, lag = 0, None
        with suppress(TimeoutError):
            async with asyncio.timeout(self._plan.patience):
                while looks < _QUIET_LOOKS:
                    lag = await self._watcher.lag()
                    done = lag is not None and not any(lag.values()) and wanted <= self._watcher.published
                    looks = looks + 1 if done else 0
                    await asyncio.sleep(0.5)
        self._history.tell("quiet" if looks == _QUIET_LOOKS else "not quiet", lag=lag)
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
        check_stories(seen, report)
        check_headers(seen, report)
        return report


def check_stories(seen: Seen, report: Report) -> None:
    """Every extracted article is in one story that was not merged into another, and in one alone."""
    stories: dict[bytes, Any] = {message.key or b"": value for message, value in seen.values("stories")}
    told = [
        article["article_id"]
        for story in stories.values()
        if story["merged_into"] is None
        for article in story["articles"]
    ]
    extracted = {value["article_id"] for _, value in seen.values("articles.extracted")}
    report.add("article in no story", extracted - set(told))
    report.add("article in two stories", {name for name in told if told.count(name) > 1})


def check_headers(seen: Seen, report: Report) -> None:
    """How many output records have the headers of CloudEvents: releases before them write none."""
    for topic in ("articles.unique", "conflict.events", "stories"):
        having = sum(any(name == "ce_id" for name, _ in message.headers) for message in seen[topic])
        report.figures[f"records with CloudEvents headers on {topic}"] = f"{having} of {len(seen[topic])}"


@asynccontextmanager
async def _beside(*jobs: Any) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _whole(job: Any) -> None:
    """Await a job to its end, also when we are cancelled meanwhile."""
    task = asyncio.ensure_future(job)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _now() -> str:
    return stamp(datetime.now(UTC))
