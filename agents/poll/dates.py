"""When an entry was published: any date text to a UTC instant, or None where it cannot be believed.

feedparser alone gives year 1783 for seconds since 1970, rolls 30 February over to March, and None for foreign month
names; so exact forms are read first, and what is no date of the calendar is none.
"""

import calendar
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

from streams.instants import stamp

_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_MAX_LENGTH: Final = 100
_MOST_UNREAD: Final = 10
_WORD: Final = re.compile(r"[^\W\d_]{2}|[^\W\d_a-zA-Z]")
"""Two letters, or one of a script that writes months with one."""

_AHEAD: Final = timedelta(days=1)
"""How far ahead of the fetch a date may lie: zones told wrong reach 14 hours, and clocks run fast."""

_EPOCH: Final = re.compile(r"\d{9,10}(?:\d{3})?")
_COMPACT: Final = (8, 14)
"""Figures of `20230920` and `20230920090000`."""

_FIGURES: Final = re.compile(r"\d+")
_MOST_FIGURES: Final = 10
"""A day, a time to the millisecond and a zone have eight."""

_MARKS: Final = re.compile(r"[^\w\s]{6}")
"""So many marks side by side stand in no date; like many figures they cost the readers of dates a third of a second."""

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$", re.DOTALL)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RFC: Final = re.compile(r"(?:\w+,?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*[\s-]+(\d{4}|\d{2})\b")


class FeedDates:
    """Reads the dates of one feed. What stays unread in all languages costs tens of milliseconds: after so many texts
    of one feed no more are tried in other languages than English."""

    def __init__(self) -> None:
        self._unread = 0

    def instant(self, text: str) -> datetime | None:
        """The UTC instant that a date text names; None for none, an impossible day, or a year before 1990."""
        text = text.strip()
        if not text or len(text) > _MAX_LENGTH or _is_noise(text) or _impossible(text):
            return None
        for read in (_epoch, _iso, _rfc, _loose, self._foreign):
            when = read(text)
            if when is not None:
                return when if when >= _EARLIEST else None
        return None

    def first_instant(self, texts: tuple[str, ...]) -> str | None:
        """The first readable of several date texts, as `2023-09-20T09:00:00Z`."""
        return next((stamp(when) for text in texts if (when := self.instant(text)) is not None), None)

    def _foreign(self, text: str) -> datetime | None:
        if self._unread >= _MOST_UNREAD:
            return None
        when = _foreign(text)
        self._unread += when is None
        return when


def instant(text: str) -> datetime | None:
    """The UTC instant that a date text names by itself; see `FeedDates.instant`."""
    return FeedDates().instant(text)


def first_instant(texts: tuple[str, ...]) -> str | None:
    """The first readable of several date texts by themselves, as `2023-09-20T09:00:00Z`."""
    return FeedDates().first_instant(texts)


def moment(text: str) -> datetime:
    """Read back what `stamp` wrote."""
    return datetime.fromisoformat(text)


def clamp(published: str | None, fetched: str) -> tuple[str | None, bool]:
    """A date far ahead of the fetch becomes the fetch's own; the flag says that it was changed."""
    if published is None or moment(published) <= moment(fetched) + _AHEAD:
        return published, False
    return fetched, True


def _is_noise(text: str) -> bool:
    return _MARKS.search(text) is not None or len(_FIGURES.findall(text)) > _MOST_FIGURES


def _impossible(text: str) -> bool:
    if found := _ISO.match(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _RFC.match(text):
        name = found[2].lower()
        year, month, day = int(found[3]), _MONTHS.index(name) + 1 if name in _MONTHS else 0, int(found[1])
        if month == 0:
            return False
        year += (2000 if year < 70 else 1900) if len(found[3]) == 2 else 0
    else:
        return text.isdigit() and not (_EPOCH.fullmatch(text) or len(text) in _COMPACT)
    return not (1 <= month <= 12 and year >= _EARLIEST.year and 1 <= day <= calendar.monthrange(year, month)[1])


def _utc(when: datetime) -> datetime | None:
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) > 10 else 1), UTC)


def _iso(text: str) -> datetime | None:
    try:
        return _utc(datetime.fromisoformat(text))
    except ValueError:
        return None


def _rfc(text: str) -> datetime | None:
    if not _RFC.match(text):
        return None
    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _loose(text: str) -> datetime | None:
    """What feedparser knows besides: other ISO forms, Korean, Greek, Hungarian, Perforce dates."""
    from feedparser.datetimes import _parse_date

    try:
        parts = _parse_date(text)
        return datetime.fromtimestamp(calendar.timegm(parts), UTC) if parts else None
    except (ValueError, TypeError, OverflowError, IndexError, KeyError, AttributeError, OSError):
        return None


def _foreign(text: str) -> datetime | None:
    """Month names of other languages; texts without a figure are no date (dateparser reads `now` and the like), and
    without a word they are none that dateparser knows better."""
    if not any(character.isdigit() for character in text) or not _WORD.search(text):
        return None
    try:
        when = _dateparser().get_date_data(text).date_obj
        return _utc(when) if when else None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


@lru_cache(maxsize=1)
def _dateparser() -> Any:
    from dateparser.date import DateDataParser  # half a second to import, and only broken feeds need it

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True}
    return DateDataParser(settings={**settings, "PARSERS": ["custom-formats", "absolute-time"]})
