"""Dates that a text names, made absolute from the day it was published: "on Tuesday", "18 February", "this morning".

A weekday is the last one on or before the day of publication, or the next one where the text looks ahead. Without a
publication time relative dates stay unresolved. Parts of the day: morning 06:00, noon 12:00, evening 18:00.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import bits, starting
from agents.extract.quantity_concepts import MONTHS, WEEKDAYS
from agents.extract.text import NUMBER, PUNCT, Hit, Sentence, Token
from agents.extract.view import View

_RELATIVE: Final = {
    "time.today": 0,
    "time.this_morning": 0,
    "time.tonight": 0,
    "time.this_night": 0,
    "time.yesterday": -1,
    "time.last_night": -1,
    "time.tomorrow": 1,
    "time.day_before_yesterday": -2,
}
_WEEKDAY: Final = {f"time.{name}": index for index, name in enumerate(WEEKDAYS)}
_TIMES: Final = starting("time.")
_MONTH: Final = {f"time.{name}": index for index, name in enumerate(MONTHS, 1)}
_DAY_BITS: Final = bits(*_RELATIVE, *_WEEKDAY, *_MONTH)
_PARTS: Final = {
    "time.this_morning": "T06:00",
    "time.morning": "T06:00",
    "time.noon": "T12:00",
    "time.afternoon": "T12:00",
    "time.evening": "T18:00",
    "time.tonight": "T18:00",
    "time.last_night": "T18:00",
}
_AHEAD_DAYS: Final = 60
"""A day and month without a year lies at most so far ahead; otherwise it was last year."""

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_PART_REACH: Final = 3
_CLOCK_REACH: Final = 5
_HOURS: Final = 24
_LIVE: Final = 2
_ENTRY: Final = re.compile(r"\W{0,3}([01]?\d|2[0-3])(?:[:.]| ?h ?)[0-5]\d\b")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


@dataclass(slots=True)
class Day:
    """A date in tokens `first`..`last` of a sentence; `part` is the time of day as `T06:00`, or empty.

    `named` is False where only the time of day is told.
    """

    first: int
    last: int
    day: date
    part: str
    named: bool = True

    @property
    def iso(self) -> str:
        """ISO date, with the time of day where one is told."""
        return self.day.isoformat() + self.part


_COUNTABLE_YEARS: Final = range(1900, 9000)


def published_day(analysis: Analysis) -> date | None:
    """The day the article was published; None if unknown, unreadable, or so far off that no day counts from it."""
    if "published" not in analysis.memo:
        analysis.memo["published"] = _day_of(analysis.article.published or "")
    day: date | None = analysis.memo["published"]
    return day


def _day_of(published: str) -> date | None:
    try:
        day = date.fromisoformat(published[:10])
    except ValueError:
        return None
    return day if day.year in _COUNTABLE_YEARS else None


def live_entries(analysis: Analysis) -> frozenset[int]:
    """Paragraphs of a live report that begin with the time of their entry ("18:40 - "); empty for other articles."""
    opening = {s.paragraph: s for s in reversed(analysis.sentences) if not s.in_title}
    timed = frozenset(p for p, s in opening.items() if _ENTRY.match(analysis.text, s.start))
    return timed if len(timed) >= _LIVE else frozenset()


def names_day(sentence: Sentence) -> bool:
    """Whether a sentence may name a day."""
    return sentence.concepts & _DAY_BITS != 0


def days(analysis: Analysis, view: View) -> tuple[Day, ...]:
    """All days that a sentence names, in order; read once."""
    if not names_day(view.sentence):
        return ()
    key = ("days", view.sentence.index)
    if key not in analysis.memo:
        analysis.memo[key] = tuple(_find(view, published_day(analysis)))
    found: tuple[Day, ...] = analysis.memo[key]
    return found


def moments(analysis: Analysis, view: View) -> list[Day]:
    """The days that a sentence names, with their words for the time of day, and times alone, which are of today."""
    found = [_with_time(view, day) for day in days(analysis, view)]
    published = published_day(analysis)
    if published is not None:
        taken = {index for day in found for index in range(day.first, day.last)}
        alone = [t for t in _times(view) if not taken & set(range(t.first, t.last))]
        found += [Day(t.first, t.last, published, t.part, named=False) for t in alone]
    return found


@dataclass(slots=True)
class _Time:
    """A time of day in tokens `first`..`last`."""

    first: int
    last: int
    part: str


def _times(view: View) -> Iterator[_Time]:
    """Times of day that a sentence names: words, and hours as 18:00 or beside a word for them."""
    words = [h for h in view.sentence.hits if h.concept in _PARTS and h.concept not in _RELATIVE]
    longest = [h for h in words if not any(o is not h and o.first <= h.first and h.last < o.last for o in words)]
    yield from (_Time(h.first, h.last, _PARTS[h.concept]) for h in longest)
    beside = {index for hit in view.hits("time.clock") for index in (hit.first - 1, hit.last)}
    for index in view.sentence.numbers:
        clock = _clock(view, index)
        if clock:
            yield _Time(index, index + 1, clock)
        elif index in beside and _is_hour(view.sentence.tokens[index].text):
            yield _Time(index, index + 1, "")


def _with_time(view: View, day: Day) -> Day:
    """A day with the tokens of the time that stands beside it."""
    first, last = day.first, day.last
    for time in _times(view):
        if max(time.first - day.last, day.first - time.last) <= _PART_REACH:
            first, last = min(first, time.first), max(last, time.last)
    return replace(day, first=first, last=last)


def years(view: View) -> list[int]:
    """Years that a sentence names alone ("in 1992"), but for those that a sum runs from ("since 2014")."""
    tokens = view.sentence.tokens
    told = [index for index in view.sentence.numbers if len(tokens[index].text) == 4 and tokens[index].text.isdecimal()]
    if not told:
        return []
    since = {hit.last for hit in view.hits("flow.cumulative", "flow.as_of")}
    since |= {hit.first - 1 for hit in view.hits("unit.person", "unit.household")}  # "2000 people"
    named = [int(tokens[index].text) for index in told if index not in since]
    return [year for year in named if _FIRST_YEAR <= year < _LAST_YEAR]


def year_so_far(analysis: Analysis, sentence: Sentence) -> int | None:
    """The latest year of the last sentence that names a day or year, of those of the paragraph up to this one.

    What was found is kept for all sentences on the way: a paragraph of figures is read once, not once a figure.
    """
    year, index = None, sentence.index
    while index >= 0 and analysis.sentences[index].paragraph == sentence.paragraph:
        if ("year", index) in analysis.memo:
            year = analysis.memo["year", index]
            break
        view = View.of(analysis, analysis.sentences[index])
        told = [day.day.year for day in days(analysis, view)] or years(view)
        if told:
            year = analysis.memo["year", index] = max(told)
            break
        index -= 1
    for passed in range(index + 1, sentence.index + 1):
        analysis.memo["year", passed] = year
    return year


def _find(view: View, published: date | None) -> Iterator[Day]:
    last = 0
    for hit in view.sentence.hits:
        if hit.concept not in _TIMES or hit.first < last:
            continue
        found = _read(view, hit, published)
        if found is not None:
            last = found.last
            yield found


def _read(view: View, hit: Hit, published: date | None) -> Day | None:
    if hit.concept in _MONTH:
        return _of_month(view, hit, published)
    if published is None:
        return None
    if hit.concept in _RELATIVE:
        day = published + timedelta(days=_RELATIVE[hit.concept])
        return Day(hit.first, hit.last, day, _PARTS.get(hit.concept) or _part(view, hit.first, hit.last))
    if hit.concept in _WEEKDAY:
        back = (published.weekday() - _WEEKDAY[hit.concept]) % 7
        if _beside(view, hit, "time.last") and back == 0:
            back = 7
        if _beside(view, hit, "time.next") or (back and _looks_ahead(view, hit)):
            back -= 7
        return Day(hit.first, hit.last, published - timedelta(days=back), _part(view, hit.first, hit.last))
    return None


def _looks_ahead(view: View, hit: Hit) -> bool:
    return any(view.same_clause(cue.first, hit.first) for cue in view.hits("cue.future", "cue.plan"))


def _beside(view: View, hit: Hit, concept: str) -> bool:
    return any(cue.last == hit.first or cue.first == hit.last for cue in view.hits(concept))


def _of_month(view: View, hit: Hit, published: date | None) -> Day | None:
    """`18 February 2025`, `February 18`, `iyunun 13-nə`, `3 de marzo de 2024`."""
    tokens = view.sentence.tokens
    first, last, number = hit.first, hit.last, None
    for index in (hit.first - 1, hit.first - 2, hit.last, hit.last + 1):
        if 0 <= index < len(tokens) and _is_day_number(tokens[index]):
            value = int(tokens[index].text)
            if 1 <= value <= 31:
                number, first, last = value, min(first, index), max(last, index + 1)
                break
    if number is None:
        return None
    year = _year(view, last)
    day = _day(year, _MONTH[hit.concept], number, published)
    return Day(first, last, day, _part(view, first, last)) if day is not None else None


def _is_day_number(token: Token) -> bool:
    return token.kind == NUMBER and len(token.text) <= 2 and token.text.isdecimal()


def _year(view: View, at: int) -> int | None:
    """A year within two tokens after a day and month."""
    for token in view.sentence.tokens[at : at + 3]:
        if token.kind == NUMBER and len(token.text) == 4 and token.text.isdecimal():
            return int(token.text)
    return None


def _day(year: int | None, month: int, number: int, published: date | None) -> date | None:
    if year is None and published is None:
        return None
    try:
        if year is not None:
            return date(year, month, number)
        assert published is not None
        day = date(published.year, month, number)
        ahead = (day - published).days
        return day if ahead <= _AHEAD_DAYS else date(published.year - 1, month, number)
    except ValueError:
        return None


def _is_hour(text: str) -> bool:
    return len(text) <= 2 and text.isdecimal() and int(text) <= _HOURS


def _part(view: View, first: int, last: int) -> str:
    """The time of day beside a date: an hour, or a word for a part of the day."""
    tokens = view.sentence.tokens
    window = range(max(0, first - _PART_REACH), min(len(tokens), last + _PART_REACH))
    for index in view.sentence.numbers:
        clock = _clock(view, index) if first - _CLOCK_REACH <= index < last + _CLOCK_REACH else ""
        if clock:
            return clock
    for hit in view.sentence.hits:
        if hit.concept in _PARTS and window.start <= hit.first < window.stop:
            return _PARTS[hit.concept]
    return ""


def _clock(view: View, index: int) -> str:
    """An hour written as 18:00, or as 18.00 beside a clock word."""
    tokens = view.sentence.tokens
    token = tokens[index]
    if index + 2 < len(tokens) and tokens[index + 1].text == ":" and tokens[index + 1].kind == PUNCT:
        match = _CLOCK.fullmatch(f"{token.text}:{tokens[index + 2].text}")
    elif any(cue.last == index or cue.first == index + 1 for cue in view.hits("time.clock")):
        match = _CLOCK.fullmatch(token.text)
    else:
        match = None
    return f"T{int(match[1]):02d}:{match[2]}" if match else ""
