"""The `poll` role: a service that polls the feeds of the partitions it owns, each when it is due."""

import asyncio
import heapq
import logging
import os
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from aiokafka.errors import KafkaError

from agents.poll import publish
from agents.poll.feeds_file import FeedError, checked
from agents.poll.fetch import Fetcher
from agents.poll.full_text import FullText
from agents.poll.heartbeat import heartbeats
from agents.poll.hosts import Hosts
from agents.poll.outbox import Outbox
from agents.poll.politeness import Politeness
from agents.poll.poller import OnePoll, Tools
from agents.poll.pool import Parsers
from agents.poll.schedule import config_hash, first_state, fraction, reconfigured, spread
from agents.poll.sites import host_of
from agents.poll.tenure import TenureEndedError, within
from agents.poll.untold import Untold
from streams import codec
from streams.kafka.dead_letters import dead_letter
from streams.kafka.delivery import DeliveryError
from streams.kafka.heartbeats import pulse
from streams.kafka.metrics import (
    DEAD_LETTERS,
    FEEDS,
    FEEDS_BY_OUTCOME,
    HEARTBEAT_INTERVAL,
    IN_PROGRESS,
    POLL_DELAY_SECONDS,
)
from streams.kafka.runner import run_service
from streams.kafka.service import Shell, Store, StoreClosedError
from streams.kafka.store import LocalCopyError
from streams.kafka.topics import full_name, key_partition, partitions
from streams.records import Feed, FeedState
from streams.settings import Settings
from streams.stage import Message, Send
from streams.vocabulary import DeadReason, FeedStatus, Stage

_log = logging.getLogger(__name__)

_TAKEN_OVER_A_SECOND: Final = 50.0
"""Overdue feeds that a worker starts a second after it took them over: 5,000 of them within two minutes."""

_QUIET: Final = timedelta(milliseconds=200)
_REPORT_EVERY: Final = timedelta(seconds=1)
_AFTER_BUG: Final = timedelta(minutes=15)
_LAST_WRITES_SECONDS: Final = 1.5
_IDLE_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 1.0
_HOLD_SECONDS: Final = 0.5

_FATAL: Final = (DeliveryError, LocalCopyError, sqlite3.Error)
"""No feed's fault, and no feed can be polled after it: the process ends, to be started again."""


@dataclass(slots=True, eq=False)
class _Watched:
    """A feed of ours. `due` may be later than the state says: a host wants a pause, or it waits for its turn.

    `tenure` is the one in which its state was last read and what was pending was sent.
    """

    feed: Feed
    state: FeedState
    partition: int
    due: datetime
    tenure: int | None = None
    poll: OnePoll | None = None
    task: asyncio.Task[None] | None = None


class PollService:
    """Polls what is on `feeds`; see `streams.kafka.service.Service` for when the hooks are called."""

    stage = Stage.POLL

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stores: dict[int, Store] = {}
        self._feeds: dict[str, _Watched] = {}
        self._queue: list[tuple[datetime, int, _Watched]] = []
        self._tick = 0
        self._taken: list[_Watched] = []
        self._untold = Untold()
        self._heard = datetime.min.replace(tzinfo=UTC)
        self._reported = datetime.min.replace(tzinfo=UTC)
        self._changed = asyncio.Event()
        self._started: asyncio.Future[Tools] | None = None
        self._partitions = 0
        self._broken: Exception | None = None

    # --- the shell's hooks

    async def run(self, shell: Shell) -> None:
        """Start polls as they come due until the shell drains."""
        async with Fetcher(self._settings) as fetcher:
            tools = self._tools(shell, fetcher)
            self._partitions = await self._count_partitions()
            self._ready().set_result(tools)
            draining = asyncio.create_task(shell.draining.wait())
            pulse = asyncio.create_task(self._pulse(tools))
            try:
                while not shell.draining.is_set():
                    if self._broken is not None:
                        raise self._broken
                    self._settle()
                    if shell.tenure() is not None:
                        await self._untold.tell(self._stores, self._how, within(shell.tenure(), tools))
                        self._start_due(tools)
                    self._report(tools)
                    await self._until_next(draining, held=shell.tenure() is None)
                await self._end(list(self._feeds.values()), self._settings.drain_timeout)
            finally:
                draining.cancel()
                pulse.cancel()
                tools.parsers.close()

    async def on_assigned(self, stores: Mapping[int, Store]) -> None:
        """Take over partitions; their feeds come with `on_messages`."""
        self._stores.update(stores)

    async def on_revoked(self, partitions: Set[int]) -> None:
        """Give partitions up: polls that write may end, the others are broken off and made again by the next owner."""
        lost = [watched for watched in self._feeds.values() if watched.partition in partitions]
        for watched in lost:
            del self._feeds[watched.feed.feed_id]
        await self._end(lost, _LAST_WRITES_SECONDS)
        for partition in partitions:
            self._stores.pop(partition, None)

    async def on_messages(self, messages: Sequence[Message]) -> None:
        """Take over feeds as they are configured, now or again."""
        tools = await self._ready()
        latest = {message.key: message for message in messages if self._is_in_place(message)}
        taken: list[_Watched] = []
        for message in latest.values():
            if message.value is None:
                await self._remove((message.key or b"").decode("utf-8", "replace"), message.partition)
                continue
            try:
                feed = checked(codec.decode(message.value, Feed), (message.key or b"").decode("utf-8", "replace"))
            except (codec.DecodeError, FeedError) as error:
                await self._bury(tools, message, str(error))
            else:
                taken += self._take(feed, message.partition)
        for one in taken:
            if not one.feed.enabled:
                self._untold.note(one.feed.feed_id, one.partition)
        self._taken += taken
        self._heard = datetime.now(UTC)
        self._changed.set()

    # --- feeds

    def _is_in_place(self, message: Message) -> bool:
        """Whether a feed's key leads to its partition: what it left behind elsewhere when partitions were added does
        not count."""
        return key_partition(message.key or b"", self._partitions) == message.partition

    async def _count_partitions(self) -> int:
        while True:
            try:
                return len(await partitions(self._settings, full_name(self._settings, "feeds")))
            except (KafkaError, OSError) as error:
                _log.warning("The number of feeds' partitions waits for Kafka (%s).", type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    def _take(self, feed: Feed, partition: int) -> list[_Watched]:
        known = self._feeds.get(feed.feed_id)
        if known is not None and known.feed == feed and known.partition == partition:
            return []
        if known is not None and known.task is not None:
            known.feed = feed  # its poll goes on; what changed counts from the next one
            return []
        watched = _Watched(feed=feed, state=self._state(feed, partition), partition=partition, due=datetime.now(UTC))
        watched.tenure = known.tenure if known is not None else None
        self._feeds[feed.feed_id] = watched
        return [watched]

    def _state(self, feed: Feed, partition: int) -> FeedState:
        now = datetime.now(UTC)
        config = config_hash(feed, self._settings.user_agent)
        stored = self._store(partition).get(publish.feed_key(feed.feed_id))
        try:
            state = reconfigured(codec.decode(stored, FeedState), config, now)
        except codec.DecodeError as error:
            if stored is not None:
                _log.warning("The state of %s cannot be read, it is polled as a new feed: %s", feed.feed_id, error)
            state = first_state(feed, config, now)
        return state if feed.enabled else replace(state, status=FeedStatus.DISABLED)

    async def _remove(self, feed_id: str, partition: int) -> None:
        """Poll it no more. Its entries stay known: should it come back, nothing is posted again."""
        watched = self._feeds.pop(feed_id, None)
        if watched is not None:
            await self._end([watched], _LAST_WRITES_SECONDS)
        self._untold.note(feed_id, partition)

    def _how(self, feed_id: str) -> Send | None:
        watched = self._feeds.get(feed_id)
        return publish.send_health(watched.feed, watched.state) if watched is not None else None

    def _store(self, partition: int) -> Store:
        if partition not in self._stores:
            raise StoreClosedError(f"partition {partition} is no longer ours")
        return self._stores[partition]

    def _settle(self) -> None:
        """Schedule feeds that were taken over once no more come: together, or they would be spread batch by batch."""
        if self._taken and datetime.now(UTC) - self._heard >= _QUIET:
            taken, self._taken = self._taken, []
            self._schedule(taken)

    def _schedule(self, taken: Sequence[_Watched]) -> None:
        now = datetime.now(UTC)
        due = spread([watched.state for watched in taken], now, _TAKEN_OVER_A_SECOND)
        for watched in taken:
            self._put(watched, due[watched.feed.feed_id])

    def _put(self, watched: _Watched, due: datetime) -> None:
        watched.due = due
        self._tick += 1
        heapq.heappush(self._queue, (due, self._tick, watched))
        self._changed.set()

    # --- polls

    def _start_due(self, tools: Tools) -> None:
        now = datetime.now(UTC)
        while self._queue and self._queue[0][0] <= now:
            due, _, watched = heapq.heappop(self._queue)
            if not self._is_waiting(watched, due):
                continue
            pause = tools.hosts.paused_until(host_of(watched.feed.url), now)
            if pause is not None:
                # apart from one another, or all feeds of the host come back at the same moment
                self._put(watched, pause + timedelta(seconds=60 * fraction(watched.feed.feed_id, pause)))
                continue
            tools.metrics.observe(POLL_DELAY_SECONDS, (now - due).total_seconds())
            watched.task = asyncio.create_task(self._poll(tools, watched))

    def _is_waiting(self, watched: _Watched, due: datetime) -> bool:
        """Whether this place in the queue still counts: ours, not moved since, not under way, not disabled."""
        current = self._feeds.get(watched.feed.feed_id) is watched and watched.due == due
        return current and watched.task is None and watched.feed.enabled

    async def _poll(self, tools: Tools, watched: _Watched) -> None:
        feed, store, tenure = watched.feed, self._stores.get(watched.partition), tools.tenure()
        try:
            if store is None:
                return
            ours = replace(tools, send_all=within(tenure, tools))
            if watched.tenure != tenure:
                await Outbox(feed.feed_id, store, ours.send_all).recover()
                watched.state, watched.tenure = self._state(feed, watched.partition), tenure
            watched.poll = OnePoll(ours, feed, watched.state, store)
            watched.state = await watched.poll.run()
        except StoreClosedError:
            return
        except TenureEndedError:
            _log.info("The poll of %s is given up: Kafka does not confirm that the feed is still ours.", feed.feed_id)
            watched.tenure = None
            self._put(watched, datetime.now(UTC))
            return
        except _FATAL as error:
            self._broken = error
            self._changed.set()
            return
        except Exception:  # a bug of ours with this feed must not stop the others, nor itself for ever
            _log.exception("The poll of %s failed within the poller; it is tried again later.", feed.feed_id)
            self._put(watched, datetime.now(UTC) + _AFTER_BUG)
            return
        finally:
            watched.task = watched.poll = None
        if watched.feed is not feed:
            watched.state = self._state(watched.feed, watched.partition)
            self._untold.note(feed.feed_id, watched.partition)
        self._schedule([watched])

    async def _until_next(self, draining: asyncio.Task[bool], *, held: bool) -> None:
        self._changed.clear()
        wait = (self._queue[0][0] - datetime.now(UTC)).total_seconds() if self._queue else _IDLE_SECONDS
        if self._taken:
            wait = min(wait, _QUIET.total_seconds())
        if held:
            wait = _HOLD_SECONDS
        changed = asyncio.create_task(self._changed.wait())
        await asyncio.wait({draining, changed}, timeout=max(wait, 0.0), return_when=asyncio.FIRST_COMPLETED)
        changed.cancel()

    async def _end(self, watched: Sequence[_Watched], seconds: float) -> None:
        tasks = [one.task for one in watched if one.task is not None]
        for one in watched:
            if one.task is not None and not (one.poll is not None and one.poll.publishing):
                one.task.cancel()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- heartbeats and reports

    async def _pulse(self, tools: Tools) -> None:
        seconds = self._settings.heartbeat_interval
        tools.metrics.set(HEARTBEAT_INTERVAL, seconds)
        try:
            if seconds:
                await pulse(tools.send_all, lambda at: heartbeats(self._stores, at), tools.metrics, seconds)
        except Exception as error:  # as with the feeds' own articles, there is no going on
            self._broken = error
            self._changed.set()

    def _report(self, tools: Tools) -> None:
        now = datetime.now(UTC)
        if now - self._reported < _REPORT_EVERY:
            return
        self._reported = now
        ours, metrics = self._feeds.values(), tools.metrics
        statuses = Counter(one.state.status.value for one in ours)
        metrics.renew(FEEDS, "status", {status.value: statuses[status.value] for status in FeedStatus})
        outcomes = Counter(one.state.outcome.value for one in ours if one.state.outcome)
        metrics.renew(FEEDS_BY_OUTCOME, "outcome", outcomes)
        metrics.set(IN_PROGRESS, sum(watched.task is not None for watched in ours), stage=self.stage)

    # --- helpers

    def _ready(self) -> asyncio.Future[Tools]:
        if self._started is None:
            self._started = asyncio.get_running_loop().create_future()
        return self._started

    def _tools(self, shell: Shell, fetcher: Fetcher) -> Tools:
        parsers, politeness = Parsers(self._settings), Politeness(self._settings)
        return Tools(
            settings=self._settings,
            environment=os.environ,
            fetcher=fetcher,
            parsers=parsers,
            politeness=politeness,
            full_text=FullText(self._settings, fetcher, parsers, politeness),
            hosts=Hosts(),
            metrics=shell.metrics,
            send_all=shell.send_all,
            tenure=shell.tenure,
        )

    async def _bury(self, tools: Tools, message: Message, text: str) -> None:
        limit = self._settings.max_message_bytes
        await tools.send_all([dead_letter(self.stage, message, DeadReason.INVALID, text, limit=limit)])
        tools.metrics.add(DEAD_LETTERS, stage=self.stage, reason=DeadReason.INVALID)


def run(settings: Settings) -> int:
    """Run the role until SIGTERM or SIGINT; the exit code."""
    return run_service(lambda: PollService(settings), settings)
