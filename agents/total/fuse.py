"""From the figures of many articles to one total, by the contract's rules: compared across sources, added up never.

- A source's running figure is its latest one: by `as_of`, else `published`, else the order of arrival.
- Figures of a period (`new`) add up only inside one source, and of each day only the last article that tells it speaks:
  outlets repeat each other, and a later article of the same day counts the earlier period again.
- Only asserted figures of all the people enter; planned, hypothetical, negated ones and groups stand apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

from agents.total import history
from agents.total.contribution import Contribution, Scope
from agents.total.ledger import Ledger
from streams.records import EvacuationTotal, SourceFigure
from streams.vocabulary import Flow, Modality

_Place = tuple[str, int, int]
"""The place of a figure in time: when it holds, the offset of its article's message, the place in the article."""


class Dated(NamedTuple):
    """A figure and its place in time; `current` is False where a later revision of its article replaced it."""

    place: _Place
    figure: SourceFigure
    current: bool


def totals(ledger: Ledger) -> dict[str, EvacuationTotal]:
    """The totals of a story by id: the same for the same contributions, in whatever order they came."""
    by_scope: dict[str, tuple[Scope, list[Dated]]] = {}
    for told in ledger.articles.values():
        for scope, dated in _dated(told):
            total_id = scope.total_id(ledger.story_id)
            by_scope.setdefault(total_id, (scope, []))[1].append(dated)
    return {total_id: _fuse(ledger, total_id, *by_scope[total_id]) for total_id in sorted(by_scope)}


def _fuse(ledger: Ledger, total_id: str, scope: Scope, dated: list[Dated]) -> EvacuationTotal:
    told = sorted(dated, key=itemgetter(0))
    current = [entry for entry in told if entry.current]
    entering = [entry for entry in current if _enters(entry.figure)]
    sums = _new_sums([entry for entry in entering if entry.figure.flow is Flow.NEW])
    running = history.running(entry.figure for entry in entering)
    lowest, highest = (
        history.span(running) if running else (min(sums.values(), default=None), max(sums.values(), default=None))
    )
    return EvacuationTotal(
        total_id=total_id,
        story_id=ledger.story_id,
        origin=scope.origin,
        origin_geoname_id=scope.origin_geoname_id,
        term=scope.term,
        unit=scope.unit,
        lowest=lowest,
        highest=highest,
        figures=tuple(running),
        new_sums=sums,
        apart=tuple(entry.figure for entry in current if not _enters(entry.figure)),
        articles=len({entry.figure.article_id for entry in current}),
        updated=max((entry.figure.published for entry in current if entry.figure.published), default=None),
        state_revision=ledger.revisions[total_id],
        history=history.steps((entry.place[0], entry.figure) for entry in told if _enters(entry.figure)),
        resets=history.resets(scope.term, (entry.figure for entry in entering)),
        contradictions=history.contradictions(scope.term, ((entry.place[0], entry.figure) for entry in entering)),
    )


def _dated(told: Contribution) -> Iterator[tuple[Scope, Dated]]:
    for place, each in enumerate((*told.earlier, *told.figures)):
        replaced = place < len(told.earlier)
        yield each.scope, Dated((moment(each.figure), told.joined, place), each.figure, not replaced)


def moment(figure: SourceFigure) -> str:
    """When the figure holds, for order only. An `as_of` of the publication's own day is as late as the publication."""
    as_of, published = figure.as_of or "", (figure.published or "").rstrip("Z")
    return published if published.startswith(as_of) else as_of


def _enters(figure: SourceFigure) -> bool:
    return figure.modality is Modality.ASSERTED and figure.group is None


def _new_sums(dated: Iterable[Dated]) -> dict[str, int]:
    """Per source the sum over days of what its last article of the day tells as new; no number adds nothing."""
    days: dict[str, dict[str, list[SourceFigure]]] = defaultdict(lambda: defaultdict(list))
    for (when, _, _), figure, _ in dated:
        day = days[figure.source][when[:10]]
        if day and day[-1].article_id != figure.article_id:
            day.clear()
        day.append(figure)
    return {
        source: sum(history.least(figure) or 0 for day in days[source].values() for figure in day)
        for source in sorted(days)
    }
