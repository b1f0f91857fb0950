"""How a total came about: its running figures step by step, counters that fell, figures that contradict."""

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import Final

from streams.records import FigurePair, SourceFigure, TotalStep
from streams.vocabulary import Flow, Quantifier, Term

_MOST_STEPS: Final = 40
_MOST_PAIRS: Final = 12
_MOST_SOURCES: Final = 12
_ABOUT: Final = 10
"""`approximately` is taken to be right within one part in so many."""

_COUNTERS: Final = frozenset({Term.EVACUATED, Term.FORCED_TO_FLEE, Term.RELOCATED, Term.RETURNED, Term.HOMELESS})
"""Terms whose running figure can only rise. The others (sheltered, displaced, refugee, awaiting evacuation) are stocks:
people leave them, and a lower figure is news, not a reset."""


def running(figures: Iterable[SourceFigure]) -> list[SourceFigure]:
    """Per source its latest cumulative figure, without one its latest of unknown flow; sources in order of name.

    `figures` come in the order of the time they hold at.
    """
    cumulative: dict[str, SourceFigure] = {}
    unknown: dict[str, SourceFigure] = {}
    for figure in figures:
        _take(figure, cumulative, unknown)
    return _latest(cumulative, unknown)


def span(figures: Sequence[SourceFigure]) -> tuple[int | None, int | None]:
    """The lowest and the highest number that the figures name."""
    low = [value for value in map(least, figures) if value is not None]
    high = [value for value in map(_greatest, figures) if value is not None]
    return min(low, default=None), max(high, default=None)


def steps(dated: Iterable[tuple[str, SourceFigure]]) -> tuple[TotalStep, ...]:
    """The range over sources after each running figure, the last 40; figures of a period make no step.

    `dated` are figures with the moment they hold at, in order.
    """
    cumulative: dict[str, SourceFigure] = {}
    unknown: dict[str, SourceFigure] = {}
    made = []
    for moment, figure in dated:
        if figure.flow is not Flow.NEW:
            _take(figure, cumulative, unknown)
            made.append((moment, figure, *span(_latest(cumulative, unknown))))
    return tuple(
        TotalStep(moment=moment or None, figure=figure, lowest=lowest, highest=highest)
        for moment, figure, lowest, highest in made[-_MOST_STEPS:]
    )


def resets(term: Term, figures: Iterable[SourceFigure]) -> tuple[FigurePair, ...]:
    """Each time a source's running count is surely lower than the one before; the last 12. `figures` come in order."""
    if term not in _COUNTERS:
        return ()
    by_source: dict[str, list[SourceFigure]] = {}
    for figure in figures:
        if figure.flow is Flow.CUMULATIVE:
            by_source.setdefault(figure.source, []).append(figure)
    fell = [
        FigurePair(earlier=one, later=other)
        for source in sorted(by_source)
        for one, other in pairwise(by_source[source])
        if _is_below(other, one)
    ]
    return tuple(fell[-_MOST_PAIRS:])


def contradictions(term: Term, dated: Iterable[tuple[str, SourceFigure]]) -> tuple[FigurePair, ...]:
    """Running figures of two sources that cannot both be true: other numbers for one moment, or lower ones later.

    Of each source its latest figure is compared, of the 12 sources that spoke last. `dated` come in order.
    """
    latest: dict[str, tuple[str, SourceFigure]] = {}
    for moment, figure in dated:
        if figure.flow is Flow.CUMULATIVE:
            latest.pop(figure.source, None)
            latest[figure.source] = (moment, figure)
    found = [
        FigurePair(earlier=one, later=other)
        for (before, one), (after, other) in combinations(list(latest.values())[-_MOST_SOURCES:], 2)
        if (_is_below(other, one) and (term in _COUNTERS or before == after))
        or (_is_below(one, other) and before == after)
    ]
    return tuple(found[-_MOST_PAIRS:])


def least(figure: SourceFigure) -> int | None:
    """The least number the wording names: "about 300" and "up to 300" name 300."""
    return next((value for value in (figure.low, figure.reported, figure.high) if value is not None), None)


def _greatest(figure: SourceFigure) -> int | None:
    """The greatest number the wording names: "more than 300" names 300."""
    return next((value for value in (figure.high, figure.reported, figure.low) if value is not None), None)


def _take(figure: SourceFigure, cumulative: dict[str, SourceFigure], unknown: dict[str, SourceFigure]) -> None:
    if figure.flow is not Flow.NEW:
        (cumulative if figure.flow is Flow.CUMULATIVE else unknown)[figure.source] = figure


def _latest(cumulative: dict[str, SourceFigure], unknown: dict[str, SourceFigure]) -> list[SourceFigure]:
    latest = unknown | cumulative
    return [latest[source] for source in sorted(latest)]


def _is_below(one: SourceFigure, other: SourceFigure) -> bool:
    """Whether all that one wording allows is less than all that the other does."""
    highest, lowest = _bounds(one)[1], _bounds(other)[0]
    return highest is not None and lowest is not None and highest < lowest


def _bounds(figure: SourceFigure) -> tuple[int | None, int | None]:
    if figure.quantifier is Quantifier.APPROXIMATELY and figure.reported is not None:
        return figure.reported - figure.reported // _ABOUT, figure.reported + figure.reported // _ABOUT
    return figure.low, figure.high
