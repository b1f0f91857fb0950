from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.poll.dates import moment
from agents.poll.entry import Hints
from agents.poll.schedule import (
    Bounds,
    Poll,
    after_poll,
    config_hash,
    first_state,
    reconfigured,
    spread,
    wants_full,
)
from streams.instants import stamp
from streams.records import Feed, FeedState
from streams.vocabulary import FeedStatus, PollOutcome

NOW = datetime(2023, 9, 20, 9, 0, tzinfo=UTC)
BOUNDS = Bounds(least=300, most=7200)
DAY = 86400


def feed(**fields: object) -> Feed:
    return replace(Feed(feed_id="f", url="https://example.org/feed", name="F"), **fields)  # type: ignore[arg-type]


def state(**fields: object) -> FeedState:
    return replace(first_state(feed(), "c", NOW), **fields)  # type: ignore[arg-type]


def poll(outcome: PollOutcome = PollOutcome.READ, at: datetime = NOW, **fields: object) -> Poll:
    return replace(Poll(at=at, outcome=outcome), **fields)  # type: ignore[arg-type]


def wait(after: FeedState) -> float:
    assert after.last_poll is not None
    return (moment(after.next_due) - moment(after.last_poll)).total_seconds()


def every(minutes: int) -> tuple[str, ...]:
    return tuple(stamp(NOW - timedelta(minutes=minutes * n)) for n in range(10))


@pytest.mark.parametrize(("minutes", "interval"), [(1, 300), (20, 600), (600, 7200)])
def test_the_interval_follows_the_feeds_own_rate(minutes: int, interval: int) -> None:
    after = after_poll(feed(), state(), poll(published=every(minutes)), BOUNDS)
    assert after.interval_seconds == interval
    assert 0.4 * interval <= wait(after) <= 1.6 * interval
    assert after.status is FeedStatus.OK


def test_a_feed_without_dates_is_asked_at_the_most() -> None:
    assert after_poll(feed(), state(), poll(), BOUNDS).interval_seconds == 7200


@pytest.mark.parametrize(
    ("fields", "interval"),
    [
        ({"max_age_seconds": 3600}, 3600),
        ({"hints": Hints(ttl_seconds=10_000)}, 10_000),
        ({"max_age_seconds": 10**9}, DAY),
        ({"hints": Hints(ttl_seconds=10)}, 300),
    ],
)
def test_what_a_feed_asks_for_is_the_least(fields: dict[str, object], interval: int) -> None:
    after = after_poll(feed(), state(), replace(poll(published=every(1)), **fields), BOUNDS)  # type: ignore[arg-type]
    assert after.interval_seconds == interval


def test_an_operators_interval_counts_alone() -> None:
    after = after_poll(feed(interval_seconds=60), state(), poll(max_age_seconds=3600), BOUNDS)
    assert after.interval_seconds == 60
    assert 25 <= wait(after) <= 95


def test_skipped_hours_and_days_are_skipped() -> None:
    hours = Hints(skip_hours=tuple(range(8, 20)))
    assert moment(after_poll(feed(), state(), poll(hints=hours), BOUNDS).next_due).hour >= 20
    days = Hints(skip_days=(2, 3))
    assert moment(after_poll(feed(), state(), poll(hints=days), BOUNDS).next_due).weekday() == 4
    never = Hints(skip_hours=tuple(range(24)), skip_days=tuple(range(7)))
    assert wait(after_poll(feed(), state(), poll(hints=never), BOUNDS)) <= 2 * 7200


def test_feeds_have_phases_of_their_own() -> None:
    dues = {after_poll(feed(feed_id=f"f{n}"), state(feed_id=f"f{n}"), poll(), BOUNDS).next_due for n in range(100)}
    assert len(dues) > 90


def test_a_feed_stays_on_its_grid() -> None:
    current, times = state(), []
    for _ in range(20):
        at = moment(current.next_due)
        times.append(at)
        current = after_poll(feed(interval_seconds=600), current, poll(at=at), BOUNDS)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times[1:])]
    assert all(500 < gap < 700 for gap in gaps)


def test_failures_back_off_up_to_a_day_and_never_stop() -> None:
    current, waits = state(), []
    for _ in range(15):
        current = after_poll(feed(), current, poll(PollOutcome.TIMED_OUT, error="slow"), BOUNDS)
        waits.append(wait(current))
    assert waits[0] <= 360
    assert all(later > earlier for earlier, later in pairwise(waits[:7]))
    assert waits[-1] <= DAY
    assert current.status is FeedStatus.BACKOFF
    assert (current.failures, current.error) == (15, "slow")
    assert after_poll(feed(), current, poll(), BOUNDS).status is FeedStatus.OK


@pytest.mark.parametrize("outcome", [PollOutcome.RATE_LIMITED, PollOutcome.UNAVAILABLE])
def test_retry_after_is_kept(outcome: PollOutcome) -> None:
    assert wait(after_poll(feed(), state(), poll(outcome, retry_after_seconds=4000.0), BOUNDS)) >= 4000


def test_a_challenge_is_not_hammered() -> None:
    assert wait(after_poll(feed(), state(), poll(PollOutcome.CHALLENGE), BOUNDS)) >= 0.8 * 3600


def test_gone_takes_two_answers_a_day_apart() -> None:
    once = after_poll(feed(), state(), poll(PollOutcome.GONE), BOUNDS)
    assert once.status is FeedStatus.DEGRADED
    assert wait(once) == DAY
    twice = after_poll(feed(), once, poll(PollOutcome.GONE, at=NOW + timedelta(days=1)), BOUNDS)
    assert twice.status is FeedStatus.GONE
    assert wait(twice) == 7 * DAY
    back = after_poll(feed(), twice, poll(at=NOW + timedelta(days=8)), BOUNDS)
    assert (back.status, back.gone_since) == (FeedStatus.OK, None)


def test_three_equal_permanent_redirects_are_remembered_and_forgotten_when_they_fail() -> None:
    current = state()
    for _ in range(2):
        current = after_poll(feed(), current, poll(moved_to="https://new.example/feed"), BOUNDS)
        assert current.resolved_url is None
    current = after_poll(feed(), current, poll(moved_to="https://new.example/feed"), BOUNDS)
    assert current.resolved_url == "https://new.example/feed"
    for _ in range(2):
        current = after_poll(feed(), current, poll(PollOutcome.CLIENT_ERROR), BOUNDS)
    assert current.resolved_url is None


def test_redirects_that_change_do_not_count() -> None:
    current = state()
    for number in range(6):
        current = after_poll(feed(), current, poll(moved_to=f"https://new.example/{number % 2}"), BOUNDS)
    assert current.resolved_url is None


def test_validators_are_kept_over_a_304_and_renewed_by_it() -> None:
    read = after_poll(feed(), state(), poll(etag='W/"a"', last_modified="then", body_sha256="x"), BOUNDS)
    same = after_poll(feed(), read, poll(PollOutcome.NOT_MODIFIED, was_full=False), BOUNDS)
    assert (same.etag, same.last_modified, same.body_sha256) == ('W/"a"', "then", "x")
    assert same.not_modified == 1
    renewed = after_poll(feed(), same, poll(PollOutcome.NOT_MODIFIED, etag='"b"'), BOUNDS)
    assert renewed.etag == '"b"'
    assert after_poll(feed(), renewed, poll(), BOUNDS).etag is None


def test_a_full_fetch_comes_now_and_then() -> None:
    read = after_poll(feed(), state(), poll(), BOUNDS)
    assert not wants_full(read, NOW + timedelta(hours=23))
    assert wants_full(read, NOW + timedelta(hours=49))
    unmodified = after_poll(feed(), read, poll(PollOutcome.NOT_MODIFIED, at=NOW + timedelta(hours=49)), BOUNDS)
    assert wants_full(unmodified, NOW + timedelta(hours=50))


def test_another_address_drops_what_belonged_to_the_old() -> None:
    assert config_hash(feed(), "a") != config_hash(feed(url="https://example.org/other"), "a")
    assert config_hash(feed(), "a") != config_hash(feed(), "b")
    assert config_hash(feed(), "a") == config_hash(feed(name="Other", interval_seconds=9), "a")
    old = state(etag='"a"', failures=5, guids_unique=True, status=FeedStatus.GONE)
    new = reconfigured(old, "d", NOW)
    assert (new.etag, new.failures, new.guids_unique, new.status) == (None, 0, True, FeedStatus.OK)
    assert reconfigured(old, "c", NOW) is old


def test_overdue_feeds_start_one_after_another() -> None:
    late = [state(feed_id=f"f{n}", next_due=stamp(NOW - timedelta(hours=n))) for n in range(100)]
    soon = state(feed_id="soon", next_due=stamp(NOW + timedelta(hours=1)))
    due = spread([*late, soon], NOW, each_second=50)
    assert timedelta(hours=1) <= due["soon"] - NOW < timedelta(hours=1, seconds=1)
    assert due["f99"] == NOW
    assert due["f0"] == NOW + timedelta(seconds=99 / 50)


def test_feeds_that_are_due_in_the_same_second_start_apart() -> None:
    soon = stamp(NOW + timedelta(hours=1))
    due = spread([state(feed_id=f"f{number}", next_due=soon) for number in range(50)], NOW, each_second=50)
    parts = sorted((at - NOW).total_seconds() % 1 for at in due.values())
    assert max(later - earlier for earlier, later in pairwise([0.0, *parts, 1.0])) < 0.15


outcomes = st.sampled_from(list(PollOutcome))


@given(
    st.lists(st.tuples(outcomes, st.none() | st.floats(0, DAY), st.none() | st.integers(0, DAY)), max_size=12),
    st.none() | st.integers(1, DAY),
)
def test_whatever_happens_the_next_poll_comes(
    history: list[tuple[PollOutcome, float | None, int | None]], interval: int | None
) -> None:
    current = state()
    for outcome, retry, age in history:
        told = poll(outcome, at=moment(current.next_due), retry_after_seconds=retry, max_age_seconds=age)
        current = after_poll(feed(interval_seconds=interval), current, told, BOUNDS)
        assert 0 <= wait(current) <= 7 * DAY
        if current.status is not FeedStatus.GONE:
            assert wait(current) <= 1.6 * DAY
