"""Instants as numbers and as words."""

from datetime import UTC, datetime, timedelta
from typing import Final

from streams.instants import stamp

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(instant: str | None) -> int | None:
    """Milliseconds since 1970 of an ISO 8601 instant (without a zone: UTC); None for none, and for what is none."""
    try:
        time = datetime.fromisoformat(instant or "")
        aware = time if time.tzinfo else time.replace(tzinfo=UTC)
        return (aware - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return None


def instant(ms: int) -> str:
    """The instant as records write it: `2023-09-20T09:00:00Z`."""
    return stamp(_moment(ms))


def moment_words(ms: int, now: int) -> str:
    """`09:00`, for another day than today `20 Sep, 09:00`, for another year `20 Sep 2023, 09:00`; UTC."""
    then, today = _moment(ms), _moment(now)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then.day} {then:%b}{year}, {then:%H:%M}"


def span_words(seconds: float) -> str:
    """A span of time in its largest fitting unit: `0.8 s`, `42 s`, `5 min`, `3 h`, `12 d`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    for unit, length, limit in (("s", 1, 120), ("min", 60, 7200), ("h", 3600, 172_800)):
        if seconds < limit:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / 86_400:,.0f} d"


def _moment(ms: int) -> datetime:
    latest = datetime(9999, 12, 31, tzinfo=UTC)
    try:
        return min(_EPOCH + timedelta(milliseconds=ms), latest)
    except OverflowError:
        return latest
