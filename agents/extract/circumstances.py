"""What is told around a figure of people moved: since when and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.dates import Day, days, moments
from agents.extract.view import View
from streams.vocabulary import Flow, Term

_AS_OF_REACH: Final = 3
_TITLES: Final = 3
"""Sentences that a title may have."""

_NO_FLOW: Final = frozenset((Term.AWAITING_EVACUATION, Term.HOMELESS))
"""People who are stuck or without a home are counted as they are: neither a movement nor a running sum."""


@dataclass(slots=True)
class Scope:
    """The tokens whose words of time belong to a figure: up to the figures beside it, or its whole sentence part."""

    first: int
    last: int
    anchor: int


def scope(view: View, anchor: int, others: Iterable[int]) -> Scope:
    """The scope of the figure at token `anchor`, `others` being the first tokens of the figures beside it.

    The first figure of a sentence also has what stands before it; words of time behind the last belong to the last,
    and to the others if they have none of their own.
    """
    others = list(others)
    low, high = view.part_bounds(anchor)
    own_low = anchor if any(low <= other < anchor for other in others) else low
    own_high = min((other for other in others if anchor < other < high), default=high)
    if _has_time(view, own_low, own_high):
        return Scope(own_low, own_high, anchor)
    return Scope(low, high, anchor)


def _has_time(view: View, first: int, last: int) -> bool:
    timed = ("flow.", "time.")
    return any(first <= hit.first < last and hit.concept.startswith(timed) for hit in view.sentence.hits)


def flow(analysis: Analysis, view: View, where: Scope, term: Term, holds: str | None) -> Flow:
    """Whether a figure adds to a period or sums up; the word nearest to it decides, else the days beside it."""
    if term in _NO_FLOW:
        return Flow.UNKNOWN
    new, summed = _nearest(view, where, "flow.new"), _nearest(view, where, "flow.cumulative")
    if summed is not None and (new is None or summed <= new):
        return Flow.CUMULATIVE
    if new is not None:
        return Flow.NEW
    told = [day for day in days(analysis, view) if where.first <= day.first < where.last]
    if holds is not None or (len(told) == 1 and _is_since(view, told[0])):
        return Flow.CUMULATIVE
    return Flow.NEW if any(not _is_limit(view, day) for day in told) else Flow.UNKNOWN


def _is_limit(view: View, day: Day) -> bool:
    """Whether a day is a limit ("by Thursday") that names no period."""
    return any(-1 <= day.first - hit.last < _AS_OF_REACH for hit in view.hits("flow.until"))


def _nearest(view: View, where: Scope, concept: str) -> int | None:
    """Tokens from the figure to the nearest hit in its scope."""
    gaps = (
        max(hit.first - where.anchor, where.anchor - hit.last, 0)
        for hit in view.hits(concept)
        if where.first <= hit.first < where.last
    )
    return min(gaps, default=None)


def as_of(analysis: Analysis, view: View, where: Scope, term: Term, continued: bool) -> str | None:
    """The day, with its time, until which a figure that is told as fact is said to hold.

    `continued`: it continues a running sum ("on Monday night it was 6,650").
    """
    told = [m for m in moments(analysis, view) if where.first <= m.first < where.last]
    for moment in told:
        if _holds_until(view, moment):
            return moment.iso
    summed = any(where.first <= hit.first < where.last for hit in view.hits("flow.cumulative"))
    free = [m for m in told if not _is_since(view, m)]
    if continued and free:
        return free[0].iso
    timed = next((m for m in free if m.part), None)
    if timed is not None and (summed or term is Term.AWAITING_EVACUATION):
        return timed.iso
    return _of_bulletin(analysis) if not told and (summed or term in _NO_FLOW) else None


def _holds_until(view: View, moment: Day) -> bool:
    """Whether a word for "as of" stands before or behind a time; one alone needs a clear "until" or "by"."""
    before = ("flow.as_of", "flow.until") if moment.named else ("flow.until",)
    if any(hit.first <= moment.first and moment.first - hit.last < _AS_OF_REACH for hit in view.hits_of(before)):
        return True
    return any(0 <= hit.first - moment.last < _AS_OF_REACH for hit in view.hits("flow.as_of_after"))


def _is_since(view: View, moment: Day) -> bool:
    """Whether a sum runs from this time ("since Tuesday evening")."""
    return any(
        -1 <= moment.first - hit.last < _AS_OF_REACH or 0 <= hit.first - moment.last < _AS_OF_REACH
        for hit in view.hits("flow.cumulative", "time.since")
    )


def _of_bulletin(analysis: Analysis) -> str | None:
    """The time of the bulletin that the whole article is, where its title tells one; read once."""
    if "bulletin time" not in analysis.memo:
        titles = [View.of(analysis, s) for s in analysis.sentences[:_TITLES] if s.in_title]
        told = [m for view in titles if view.has("say.bulletin") for m in moments(analysis, view)]
        analysis.memo["bulletin time"] = told[0].iso if told else None
    time: str | None = analysis.memo["bulletin time"]
    return time
