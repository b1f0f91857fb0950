"""One poll of one feed: fetch, parse, decide, publish, and last of all move the feed's state on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import TracebackType
from typing import Self

from agents.poll import publish
from agents.poll.entry import ParsedFeed
from agents.poll.fetch import Fetcher
from agents.poll.full_text import MOST_PAGES, FullText
from agents.poll.hosts import Hosts
from agents.poll.identity import Change, Limits, decide
from agents.poll.outbox import Outbox, SendAll
from agents.poll.politeness import Politeness
from agents.poll.pool import Parsed, Parsers
from agents.poll.requests import request_for
from agents.poll.result import Fetched
from agents.poll.schedule import Bounds, Poll, after_poll, wants_full
from agents.poll.sites import host_of
from streams import codec
from streams.instants import stamp
from streams.kafka.metrics import ENTRIES, FETCHED_BYTES, FULL_TEXTS, POLL_SECONDS, POLLS, SAVED_BYTES, Metrics
from streams.kafka.service import Store
from streams.records import Feed, FeedState
from streams.settings import Settings
from streams.vocabulary import PollOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What all polls of a worker share. `environment` is where `Feed.auth_env` is looked up, `tenure` as `Shell`'s."""

    settings: Settings
    environment: Mapping[str, str]
    fetcher: Fetcher
    parsers: Parsers
    politeness: Politeness
    full_text: FullText
    hosts: Hosts
    metrics: Metrics
    send_all: SendAll
    tenure: Callable[[], int | None]


class OnePoll:
    """A poll under way. While `publishing` it writes: better to let it end than to cancel it."""

    def __init__(self, tools: Tools, feed: Feed, state: FeedState, store: Store) -> None:
        self._tools = tools
        self._feed = feed
        self._state = state
        self._store = store
        self._outbox = Outbox(feed.feed_id, store, tools.send_all)
        self._at = datetime.now(UTC)
        self._guids_unique = state.guids_unique
        self.publishing = False

    async def run(self) -> FeedState:
        """Poll, publish what is new or changed, and write and return the feed's next state."""
        full = wants_full(self._state, datetime.now(UTC))
        request = request_for(self._feed, self._state, self._tools.environment, full=full)
        async with _Slot(self._tools.politeness) as slot:
            async with self._tools.politeness.turn(request.url):
                await slot.take()
                self._at = datetime.now(UTC)
                fetched = await self._tools.fetcher.get(request)
            poll = await self._read(self._heard(fetched, request.url, full=full), fetched, slot)
            self._count(poll)
            host = host_of(fetched.url)
            self._tools.hosts.note(host, self._feed.feed_id, poll.outcome, poll.retry_after_seconds, self._at)
            return await self._move_on(poll)

    def _heard(self, fetched: Fetched, asked: str, *, full: bool) -> Poll:
        return Poll(
            at=self._at,
            outcome=fetched.outcome,
            error=fetched.error,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            received=fetched.received,
            moved_to=fetched.url if fetched.permanent and fetched.url != asked else None,
            retry_after_seconds=fetched.retry_after_seconds,
            max_age_seconds=fetched.max_age_seconds,
            was_full=full,
        )

    async def _read(self, poll: Poll, fetched: Fetched, slot: "_Slot") -> Poll:
        if fetched.outcome is not PollOutcome.READ:
            return poll
        digest = sha256(fetched.body).hexdigest()
        if digest == self._state.body_sha256:
            return replace(poll, outcome=PollOutcome.UNCHANGED)
        parsed = await self._parse(fetched, slot)
        if parsed.feed is None:
            return replace(poll, outcome=parsed.outcome, error=parsed.error)
        published = await self._publish(parsed.feed, slot)
        return replace(
            poll,
            body_sha256=digest,
            entries_new=published,
            problem=parsed.feed.problem,
            hints=parsed.feed.hints,
            published=tuple(entry.published for entry in parsed.feed.entries if entry.published),
            parse_seconds=parsed.seconds,
        )

    async def _parse(self, fetched: Fetched, slot: "_Slot") -> Parsed:
        arguments = (fetched.body, fetched.content_type, fetched.url)
        known = self._state.last_ok is not None
        quick = None if self._state.slow_parse else await self._tools.parsers.quick(*arguments, known=known)
        if quick is not None:
            return quick
        slot.give_back()  # slow bodies wait for one another, not the others for them
        parsed = await self._tools.parsers.slow(*arguments)
        await slot.take()
        return parsed

    async def _publish(self, parsed: ParsedFeed, slot: "_Slot") -> int:
        settings, fetched = self._tools.settings, stamp(self._at)
        limits = Limits(max_revisions=settings.poll_max_revisions, keep=timedelta(days=settings.poll_keep_days))
        known = self._outbox.known()
        decision = decide(self._feed.feed_id, parsed.entries, known, self._guids_unique, fetched, limits)
        self._guids_unique = decision.guids_unique
        oldest_first = decision.changes[::-1]
        changes = await self._with_pages(oldest_first, slot) if self._feed.full_text else oldest_first
        most = settings.max_message_bytes
        states = [publish.pending(self._feed, parsed.title, change, fetched, most) for change in changes]
        self.publishing = True
        await self._outbox.publish(states)
        self._outbox.note(decision.seen)
        self._outbox.forget(decision.forgotten)
        for change in changes:
            self._tools.metrics.add(ENTRIES, kind="new" if change.is_new else "updated")
        return len(changes)

    async def _with_pages(self, changes: tuple[Change, ...], slot: "_Slot") -> tuple[Change, ...]:
        """The latest changes with the text of their pages where it could be had."""
        slot.give_back()
        first = max(len(changes) - MOST_PAGES, 0)
        read = list(changes[:first])
        for change in changes[first:]:
            entry = await self._tools.full_text.read(self._feed, change.entry, self._at)
            self._tools.metrics.add(FULL_TEXTS, used="page" if entry.text_source == "page" else "feed")
            read.append(replace(change, entry=entry))
        await slot.take()
        return tuple(read)

    async def _move_on(self, poll: Poll) -> FeedState:
        self.publishing = True
        settings = self._tools.settings
        bounds = Bounds(least=settings.poll_interval_min, most=settings.poll_interval_max)
        after = replace(after_poll(self._feed, self._state, poll, bounds), guids_unique=self._guids_unique)
        self._store.put(publish.feed_key(self._feed.feed_id), codec.encode(after))
        await self._store.flush()
        await self._tools.send_all([publish.send_health(self._feed, after)])
        return after

    def _count(self, poll: Poll) -> None:
        metrics = self._tools.metrics
        metrics.add(POLLS, outcome=poll.outcome)
        metrics.add(FETCHED_BYTES, poll.received)
        if poll.outcome is PollOutcome.NOT_MODIFIED:
            metrics.add(SAVED_BYTES, self._state.body_bytes)
        metrics.observe(POLL_SECONDS, (datetime.now(UTC) - self._at).total_seconds())


class _Slot:
    """One of the slots for polls, which may be given back and taken again meanwhile."""

    def __init__(self, politeness: Politeness) -> None:
        self._slots = politeness.slots
        self._held = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()

    async def take(self) -> None:
        await self._slots.acquire()
        self._held = True

    def give_back(self) -> None:
        if self._held:
            self._slots.release()
            self._held = False
