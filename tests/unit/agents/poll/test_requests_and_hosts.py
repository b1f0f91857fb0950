from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agents.poll.headers import max_age, outcome_of, retry_after
from agents.poll.hosts import Hosts
from agents.poll.page import robots
from agents.poll.publish import without_secrets
from agents.poll.requests import request_for
from agents.poll.schedule import first_state
from agents.poll.sites import site_of
from streams.records import Feed
from streams.vocabulary import PollOutcome

NOW = datetime(2023, 9, 20, 9, 0, tzinfo=UTC)
FEED = Feed(feed_id="f", url="https://example.org/feed", name="F", headers={"X-Key": "k"}, auth_env="TOKEN")


def test_validators_go_together_as_they_came_or_not_at_all() -> None:
    state = replace(first_state(FEED, "c", NOW), etag='W/"x-gzip"', last_modified="a while ago")
    asked = dict(request_for(FEED, state, {}, full=False).headers)
    assert asked == {"If-None-Match": 'W/"x-gzip"', "If-Modified-Since": "a while ago"}
    assert request_for(FEED, state, {}, full=True).headers == ()


def test_secrets_come_from_the_environment_and_stay_with_the_configured_origin() -> None:
    state = first_state(FEED, "c", NOW)
    request = request_for(FEED, state, {"TOKEN": "Bearer s"}, full=True)
    assert request.private_headers == (("X-Key", "k"), ("Authorization", "Bearer s"))
    moved = replace(state, resolved_url="https://elsewhere.example/feed")
    assert request_for(FEED, moved, {"TOKEN": "Bearer s"}, full=True).private_headers == ()


def test_what_is_logged_of_an_address_has_no_secrets() -> None:
    assert without_secrets("https://me:pw@example.org/f?key=123&b#x") == "https://example.org/f?key=...&b=..."
    assert without_secrets("http://[") == "an address that cannot be read"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        ("99999999999999999999", 86400),
        ("Wed, 20 Sep 2023 09:10:00 GMT", 600),
        ("Wed, 20 Sep 2000 09:10:00 GMT", 0),
        ("Wed, 20 Sep 2033 09:10:00 GMT", 86400),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_in_both_forms(told: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": told}, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"Cache-Control": "s-maxage=900"}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "max-age=999999999999"}, 86400),
        ({"Expires": "Wed, 20 Sep 2023 10:00:00 GMT"}, 3600),
        ({"Expires": "0"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    assert max_age(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, {}, PollOutcome.READ),
        (304, {}, PollOutcome.NOT_MODIFIED),
        (403, {}, PollOutcome.FORBIDDEN),
        (403, {"cf-mitigated": "challenge"}, PollOutcome.CHALLENGE),
        (410, {}, PollOutcome.GONE),
        (429, {}, PollOutcome.RATE_LIMITED),
        (503, {}, PollOutcome.UNAVAILABLE),
        (500, {}, PollOutcome.SERVER_ERROR),
        (404, {}, PollOutcome.CLIENT_ERROR),
    ],
)
def test_each_status_has_its_class(status: int, headers: dict[str, str], outcome: PollOutcome) -> None:
    assert outcome_of(status, headers) is outcome


def test_a_429_speaks_for_its_host_and_a_503_does_not() -> None:
    hosts = Hosts()
    hosts.note("a.org", "f1", PollOutcome.UNAVAILABLE, 600, NOW)
    assert hosts.paused_until("a.org", NOW) is None
    hosts.note("a.org", "f1", PollOutcome.RATE_LIMITED, 600, NOW)
    assert hosts.paused_until("a.org", NOW) == NOW + timedelta(seconds=600)
    assert hosts.paused_until("b.org", NOW) is None
    assert hosts.paused_until("a.org", NOW + timedelta(seconds=601)) is None


def test_a_burst_of_403_counts_as_a_429() -> None:
    hosts = Hosts()
    for number in range(2):
        hosts.note("a.org", f"f{number}", PollOutcome.FORBIDDEN, None, NOW)
    hosts.note("a.org", "f1", PollOutcome.FORBIDDEN, None, NOW)
    assert hosts.paused_until("a.org", NOW) is None
    hosts.note("a.org", "f9", PollOutcome.FORBIDDEN, None, NOW + timedelta(minutes=20))
    assert hosts.paused_until("a.org", NOW + timedelta(minutes=20)) is None
    for number in range(3):
        hosts.note("a.org", f"f{number}", PollOutcome.FORBIDDEN, None, NOW + timedelta(minutes=21))
    assert hosts.paused_until("a.org", NOW + timedelta(minutes=21)) is not None


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://feeds.bbc.co.uk/x", "bbc.co.uk"),
        ("http://127.0.0.3:80/x", "127.0.0.3"),
        ("http://localhost:1/", "localhost"),
    ],
)
def test_politeness_is_counted_by_site(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("status", "body", "allowed"),
    [
        (200, b"User-agent: *\nDisallow: /private", True),
        (200, b"User-agent: *\nDisallow: /", False),
        (200, b"User-agent: frontwire\nDisallow: /", False),
        (404, b"", True),
        (500, b"", False),
        (None, b"", False),
    ],
)
def test_robots_are_honoured(status: int | None, body: bytes, allowed: bool) -> None:
    assert robots(status, body).can_fetch("frontwire/0.1 (news feed reader)", "https://e.org/news/1") is allowed
