import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.poll.dates import FeedDates, clamp, first_instant, instant, moment
from streams.instants import stamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 20 Sep 2023 09:00:00 GMT", "2023-09-20T09:00:00Z"),
        ("Wed, 20 Sep 2023 09:00:00 +0400", "2023-09-20T05:00:00Z"),
        ("Wed, 20 Sep 23 9:00 EST", "2023-09-20T14:00:00Z"),
        ("2023-09-20T09:00:00+04:00", "2023-09-20T05:00:00Z"),
        ("2023-09-20T09:00Z", "2023-09-20T09:00:00Z"),
        ("2023-09-20", "2023-09-20T00:00:00Z"),
        ("1695200000", "2023-09-20T08:53:20Z"),
        ("1695200000123", "2023-09-20T08:53:20Z"),
        ("20 сентября 2023 г. 12:30", "2023-09-20T12:30:00Z"),
        ("mer., 20 sept. 2023 10:00:00", "2023-09-20T10:00:00Z"),
        ("Rab, 20 Sep 2023 16:00:00 +0700", "2023-09-20T09:00:00Z"),
        ("20 Eylül 2023", "2023-09-20T00:00:00Z"),
    ],
)
def test_dates_as_feeds_write_them(text: str, expected: str) -> None:
    assert first_instant((text,)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "yesterday",
        "30 Feb 2023 10:00:00 GMT",
        "Wed, 31 Sep 2023 10:00:00 GMT",
        "2023-02-30",
        "2023-13-01",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "0001-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sat, 20 Sep 2023 25:61:00 GMT",
        "no date at all",
        "9" * 60,
    ],
)
def test_what_is_no_believable_date_is_none(text: str) -> None:
    assert instant(text) is None


def test_the_first_readable_counts() -> None:
    assert first_instant(("soon", "2023-09-20", "2024-01-01")) == "2023-09-20T00:00:00Z"
    assert first_instant(()) is None


def test_the_far_future_becomes_the_fetch_and_is_flagged() -> None:
    fetched = "2023-09-20T09:00:00Z"
    assert clamp("2033-01-01T00:00:00Z", fetched) == (fetched, True)
    assert clamp("2023-09-21T08:00:00Z", fetched) == ("2023-09-21T08:00:00Z", False)
    assert clamp(None, fetched) == (None, False)


@settings(deadline=None)  # dateparser compiles a language when it first meets it
@given(st.text(max_size=60) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,4}[-/. ][0-9]{1,17}.{0,12}"))
def test_no_text_breaks_it(text: str) -> None:
    when = instant(text)
    assert when is None or moment(stamp(when)) <= when


def test_a_feed_of_unreadable_dates_is_not_asked_in_all_languages_for_each() -> None:
    dates = FeedDates()
    assert dates.instant("20 сентября 2023 г.") is not None
    assert [dates.instant(f"{n} zzz 2023") for n in range(10)] == [None] * 10
    assert dates.instant("20 сентября 2023 г.") is None
    assert dates.instant("Wed, 20 Sep 2023 09:00:00 GMT") is not None


@pytest.mark.parametrize(
    "noise", ["20 2 20 2 20 2 20 2 20 2 20 2 20 2 20 23 9AM EST", "((((((((((2024-05-14T23:59:59Z"]
)
def test_noise_does_not_use_up_the_tries_in_other_languages(noise: str) -> None:
    dates = FeedDates()
    assert all(dates.instant(noise) is None for _ in range(20))
    assert dates.instant("20 września 2023 09:00") is not None
    assert instant("Wed, 20 Sep 2023 09:00:00.125 +04:00") is not None
