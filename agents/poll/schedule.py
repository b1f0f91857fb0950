"""When to ask a feed again, and in which state it is: pure, from what the last poll brought.

A healthy feed is asked at about twice its own publishing rate, within bounds, not more often than it asks to be. A
failing one is left alone twice as long each time, up to a day, and never given up without saying so. Every feed has a
phase and a jitter of its own by hash, so that feeds neither start together nor drift into step.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from agents.poll.dates import moment
from agents.poll.entry import Hints
from agents.poll.result import FAILURES
from streams.instants import stamp
from streams.records import Feed, FeedState
from streams.vocabulary import FeedStatus, PollOutcome

DAY: Final = 86400.0
_BACKOFF_AFTER: Final = 3
"""Failures in a row from which a feed counts as backed off rather than degraded."""

_MOVED_AFTER: Final = 3
_SLOW_PARSE: Final = 0.7
"""Seconds of parsing after which a feed goes straight to the slow lane next time (the fast one's limit is one)."""

_CHALLENGE_PAUSE: Final = 3600.0
_GONE_PAUSE: Final = 7 * DAY
_FULL_AFTER: Final = 24 * 3600.0
"""A full fetch every 24 to 48 hours: some servers answer 304 for ever (FreshRSS 5149)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Seconds between two polls of a healthy feed."""

    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll came to, for the schedule. `entries_new` counts published entries, also updates.

    `moved_to` is where an all-permanent redirect led. `published` are the entries' instants, for the feed's rate.
    """

    at: datetime
    outcome: PollOutcome
    error: str | None = None
    entries_new: int = 0
    problem: str | None = None
    hints: Hints | None = None
    published: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    received: int = 0
    moved_to: str | None = None
    retry_after_seconds: float | None = None
    max_age_seconds: int | None = None
    parse_seconds: float = 0.0
    was_full: bool = True


def fraction(*parts: object) -> float:
    """A number in 0..1 that is fixed for its parts: randomness that a restart does not change."""
    digest = blake2b("\0".join(map(str, parts)).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def config_hash(feed: Feed, user_agent: str) -> str:
    """What the validators depend on: they are dropped when it changes."""
    parts = (feed.url, feed.user_agent or user_agent, feed.auth_env, *sorted(feed.headers.items()))
    return blake2b(repr(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def first_state(feed: Feed, config: str, now: datetime) -> FeedState:
    """A feed that was never polled is due at once."""
    return FeedState(feed_id=feed.feed_id, config=config, status=FeedStatus.OK, next_due=stamp(now))


def reconfigured(state: FeedState, config: str, now: datetime) -> FeedState:
    """The state after its feed's address, agent or headers changed: due at once, nothing of the old server kept."""
    if state.config == config:
        return state
    kept = FeedState(feed_id=state.feed_id, config=config, status=FeedStatus.OK, next_due=stamp(now))
    return replace(kept, guids_unique=state.guids_unique, last_new=state.last_new, polls=state.polls)


def wants_full(state: FeedState, now: datetime) -> bool:
    """Whether to ask without validators this time."""
    if state.last_full is None:
        return True
    after = _FULL_AFTER * (1 + fraction(state.feed_id, state.last_full))
    return (now - moment(state.last_full)).total_seconds() >= after


def after_poll(feed: Feed, state: FeedState, poll: Poll, bounds: Bounds) -> FeedState:
    """The state that follows from a poll, with the time of the next."""
    counted = replace(
        state, polls=state.polls + 1, outcome=poll.outcome, error=poll.error or poll.problem, last_poll=stamp(poll.at)
    )
    if poll.outcome in FAILURES:
        return _failed(feed, counted, poll, bounds)
    return _succeeded(feed, counted, poll, bounds)


def _succeeded(feed: Feed, state: FeedState, poll: Poll, bounds: Bounds) -> FeedState:
    now = stamp(poll.at)
    gap = _gap(poll.published, poll.at) if poll.outcome is PollOutcome.READ else state.gap_seconds
    state = _followed(replace(state, gap_seconds=gap), poll)
    hints = poll.hints or Hints()
    interval = _interval(feed, state, hints, poll, bounds)
    due = _on_grid(poll.at, interval, feed.feed_id, state.polls)
    same = poll.outcome is not PollOutcome.READ
    return replace(
        state,
        status=FeedStatus.DEGRADED if poll.problem else FeedStatus.OK,
        error=poll.problem,
        failures=0,
        gone_since=None,
        not_modified=state.not_modified + same,
        last_ok=now,
        last_new=now if poll.entries_new else state.last_new,
        last_full=now if poll.was_full and poll.outcome is not PollOutcome.NOT_MODIFIED else state.last_full,
        etag=poll.etag if not same else poll.etag or state.etag,
        last_modified=poll.last_modified if not same else poll.last_modified or state.last_modified,
        body_sha256=poll.body_sha256 or state.body_sha256,
        body_bytes=poll.received or state.body_bytes,
        interval_seconds=round(interval),
        slow_parse=poll.parse_seconds > _SLOW_PARSE if poll.outcome is PollOutcome.READ else state.slow_parse,
        next_due=stamp(_allowed(due, hints)),
    )


def _failed(feed: Feed, state: FeedState, poll: Poll, bounds: Bounds) -> FeedState:
    failures = state.failures + 1
    gone_since = state.gone_since or stamp(poll.at) if poll.outcome is PollOutcome.GONE else None
    is_gone = gone_since is not None and (poll.at - moment(gone_since)).total_seconds() >= DAY * 0.9
    status = FeedStatus.BACKOFF if failures >= _BACKOFF_AFTER else FeedStatus.DEGRADED
    pause = _pause(feed, failures, poll, bounds, is_gone)
    # the remembered address may be what fails: go back to the configured one, which is the feed's identity
    forget = state.resolved_url is not None and failures >= 2
    return replace(
        state,
        status=FeedStatus.GONE if is_gone else status,
        failures=failures,
        gone_since=gone_since,
        resolved_url=None if forget else state.resolved_url,
        moved_to=None,
        moved_times=0,
        slow_parse=state.slow_parse or poll.outcome is PollOutcome.PARSE_TIMED_OUT,
        next_due=stamp(poll.at + timedelta(seconds=pause)),
    )


def _pause(feed: Feed, failures: int, poll: Poll, bounds: Bounds, is_gone: bool) -> float:
    if is_gone:
        return _GONE_PAUSE
    if poll.outcome is PollOutcome.GONE:
        return DAY
    least = feed.interval_seconds or bounds.least
    if poll.outcome is PollOutcome.CHALLENGE:
        least = max(least, _CHALLENGE_PAUSE)
    jitter = 0.8 + 0.4 * fraction(feed.feed_id, failures, stamp(poll.at))
    doubled = min(least * 2.0 ** min(failures - 1, 30), DAY) * jitter
    return min(max(doubled, poll.retry_after_seconds or 0.0), DAY)


def _followed(state: FeedState, poll: Poll) -> FeedState:
    """After three equal permanent redirects in a row the new address is asked directly."""
    if poll.moved_to is None:
        return replace(state, moved_to=None, moved_times=0)
    times = state.moved_times + 1 if poll.moved_to == state.moved_to else 1
    if times < _MOVED_AFTER:
        return replace(state, moved_to=poll.moved_to, moved_times=times)
    return replace(state, resolved_url=poll.moved_to, moved_to=None, moved_times=0, etag=None, last_modified=None)


def _gap(published: tuple[str, ...], now: datetime) -> int | None:
    """Mean seconds between the feed's latest entries, counting the silence since the last one."""
    times = sorted((moment(text) for text in published), reverse=True)[:20]
    times = [time for time in times if time <= now]
    if len(times) < 2:
        return None
    span = (times[0] - times[-1]).total_seconds() / (len(times) - 1)
    return round(max(span, (now - times[0]).total_seconds() / len(times)))


def _interval(feed: Feed, state: FeedState, hints: Hints, poll: Poll, bounds: Bounds) -> float:
    if feed.interval_seconds is not None:
        return float(feed.interval_seconds)
    own = bounds.most if state.gap_seconds is None else state.gap_seconds / 2
    wanted = min(max(own, bounds.least), bounds.most)
    asked = max(poll.max_age_seconds or 0, hints.ttl_seconds or 0)
    return min(max(wanted, asked), DAY)


def _on_grid(now: datetime, interval: float, feed_id: str, polls: int) -> datetime:
    """The feed's own next place on a grid of its interval, between half and one and a half intervals ahead."""
    seconds = now.timestamp()
    phase = fraction(feed_id) * interval
    earliest = seconds + interval / 2
    due = phase + -((phase - earliest) // interval) * interval
    jitter = (fraction(feed_id, polls) - 0.5) * 0.1 * interval
    return now + timedelta(seconds=due + jitter - seconds)


def _allowed(due: datetime, hints: Hints) -> datetime:
    """The first hour from `due` on that the feed does not ask to skip (RSS 2.0 skipHours, skipDays; UTC)."""
    if len(hints.skip_hours) >= 24 or len(hints.skip_days) >= 7:
        return due
    moved = due
    for _ in range(7 * 24):
        if moved.hour not in hints.skip_hours and moved.weekday() not in hints.skip_days:
            return moved
        moved += timedelta(hours=1)
    return due


def spread(states: list[FeedState], now: datetime, each_second: float) -> dict[str, datetime]:
    """When to poll feeds that a worker takes over: those overdue one after another, so that nothing stampedes.

    Longest overdue first, `each_second` of them a second; feeds that are not due yet keep their time.
    """
    overdue = sorted(
        (state for state in states if moment(state.next_due) <= now), key=lambda s: (s.next_due, s.feed_id)
    )
    # States are written to the second: all that are due in one would start at its first moment.
    within = {state.feed_id: timedelta(seconds=fraction(state.feed_id)) for state in states}
    due = {state.feed_id: moment(state.next_due) + within[state.feed_id] for state in states}
    return due | {s.feed_id: now + timedelta(seconds=place / each_second) for place, s in enumerate(overdue)}
