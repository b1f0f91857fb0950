"""A rolling upgrade and rollback under load: two releases take turns on the seats of a line, and nothing may show it.

A seat is what a pod of a StatefulSet is: a worker with a state folder that outlives it. Releases are changed seat by
seat, readers before writers and writers first on the way back, so for most of the time both work side by side on the
partitions of one group, and each opens the other's state.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from agents.poll.admin import add_feeds
from deploy.local.jars import ROOT
from seeds.server import FeedServer
from streams.instants import stamp
from streams.kafka.metrics import PREFIX
from streams.kafka.roles import ROLES
from streams.records import Feed
from streams.settings import load
from streams.topics import TOPICS
from streams.vocabulary import Stage
from tests.faults.check import Report, Seen
from tests.faults.feeding import Expected, Feeds, feed_straight
from tests.faults.history import History
from tests.faults.suite import MONSTER_BYTES, make_topics
from tests.faults.watching import Sample, Watcher
from tests.support.known import Articles
from tests.support.topics import Topics
from tests.support.waiting import beside, eventually, eventually_async
from tests.support.workers import Worker
from tests.upgrade.check import check_all

_SENT: Final = f"{PREFIX}_articles_out_total"
_AT_ONCE: Final = 5
_ENTRIES_A_SECOND: Final = 2.0
_QUIET_LOOKS: Final = 3
_STEP_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Release:
    """Code that workers run: a name for the history, the folder that it lies in, and settings that it alone knows."""

    name: str
    root: Path
    settings: Mapping[str, str] = field(default_factory=dict)


def this_tree() -> Release:
    """The release that is made of this tree, with heartbeats often enough to be seen."""
    return Release("this tree", ROOT, {"FRONTWIRE_HEARTBEAT_INTERVAL": "5"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long a run is.

    Args:
        seed: of the articles.
        seats: workers of each role but `total`, which has one, as its topic has one partition.
        pollers: those of `poll`.
        rate: articles a second, put straight onto `articles.raw`.
        turns: how often the release is changed on all seats: 1 is an upgrade, 2 is that and its rollback, and so on.
        kills: whether one of the seats that are changed together may die of SIGKILL; others do its work again.
        patience: seconds to come to rest in.
    """

    seed: int
    seats: int
    pollers: int
    rate: float
    turns: int
    kills: bool
    patience: float


class Seat:
    """A role's worker with its state folder, whichever release runs there. `begin` starts the first one."""

    def __init__(self, role: Stage, number: int, folder: Path, settings: dict[str, str]) -> None:
        self.name = f"{role}-{number}"
        self.role = role
        self.number = number
        self._folder = folder / self.name
        self._settings = settings
        self.worker: Worker

    def begin(self, release: Release) -> None:
        """Start a worker of a release on what the one before it left."""
        settings = {**self._settings, **release.settings}
        self.worker = Worker(["worker", self.role], folder=self._folder, settings=settings, root=release.root)

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
            for number in range({Stage.TOTAL: 1, Stage.POLL: plan.pollers}.get(role, plan.seats))
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
            await stack.enter_async_context(beside(self._watcher.follow()))
            async with beside(self._feed_straight(), self._feed_feeds(feeds)):
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
            readers = [
                [s for s in self._seats if s.role is not Stage.POLL and s.number == n] for n in range(self._plan.seats)
            ]
            writers = [[s] for s in self._seats if s.role is Stage.POLL]
            if turn % 2:
                await self._change_all([*readers, *writers], self._releases[1], chance)
            else:
                await self._change_all(writers, self._releases[0], chance)
                await self._until_read()
                await self._change_all(readers[::-1], self._releases[0], chance)

    async def _change_all(self, together: Sequence[Sequence[Seat]], release: Release, chance: random.Random) -> None:
        for seats in together:
            killed = chance.choice([*seats, None]) if self._plan.kills else None
            await self._change(seats, release, killed)

    async def _until_read(self) -> None:
        """Wait until each stage has finished what its topic holds now: readers from before heartbeats take them for
        articles."""
        for stage in ROLES:
            if stage is not Stage.POLL:
                wanted = (await self._sample(stage)).ends[ROLES[stage].source]
                reached = partial(self._has_finished, stage, wanted)
                await eventually_async(reached, within=_STEP_SECONDS, what=f"{stage} has read what the newer poll sent")

    async def _has_finished(self, stage: Stage, wanted: Mapping[int, int]) -> bool:
        committed = (await self._sample(stage)).committed
        return all(committed.get(number, 0) >= end for number, end in wanted.items())

    async def _sample(self, stage: Stage) -> Sample:
        [sample] = [one for one in await self._watcher.look() if one.stage is stage]
        return sample

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
        return check_all(self._expected, Seen({topic.name: topics.messages(topic.name) for topic in TOPICS}))


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
