"""From the figures of many articles to one total, by the contract's rules: compared across sources, added up never.

- A source's running figure is its latest one: by `as_of`, else `published`, else the order of arrival.
- Figures of a period (`new`) add up only inside one source, and of each day only the last article that tells it speaks:
  outlets repeat each other, and a later article of the same day counts the earlier period again.
- Only asserted figures of all the people enter; planned, hypothetical, negated ones and groups stand apart.
"""

from collections import defaultdict
from collections.abc import Iterable

from agents.total.ledger import Ledger
from streams.records import EvacuationTotal, SourceFigure
from streams.vocabulary import Flow, Modality

_Dated = tuple[tuple[str, int, int], SourceFigure]
"""A figure with its place in time: when it holds, offset of its article's message, place in the article."""


def fuse(ledger: Ledger) -> EvacuationTotal:
    """The total of a ledger: the same for the same contributions, in whatever order they came."""
    dated = sorted(_dated(ledger), key=lambda entry: entry[0])
    figures = [figure for _, figure in dated]
    sums = _new_sums([entry for entry in dated if _enters(entry[1]) and entry[1].flow is Flow.NEW])
    running = _running(figure for figure in figures if _enters(figure))
    lowest = [_lowest(figure) for figure in running] or list(sums.values())
    highest = [_highest(figure) for figure in running] or list(sums.values())
    scope = ledger.scope
    return EvacuationTotal(
        total_id=scope.total_id,
        story_id=scope.story_id,
        origin=scope.origin,
        origin_geoname_id=scope.origin_geoname_id,
        term=scope.term,
        unit=scope.unit,
        lowest=min((value for value in lowest if value is not None), default=None),
        highest=max((value for value in highest if value is not None), default=None),
        figures=tuple(running),
        new_sums=sums,
        apart=tuple(figure for figure in figures if not _enters(figure)),
        articles=len(ledger.articles),
        updated=max((figure.published for figure in figures if figure.published), default=None),
        state_revision=ledger.state_revision,
    )


def _dated(ledger: Ledger) -> Iterable[_Dated]:
    for told in ledger.articles.values():
        for place, figure in enumerate(told.figures):
            yield (_moment(figure), told.offset, place), figure


def _moment(figure: SourceFigure) -> str:
    """When the figure holds, for order only. An `as_of` of the publication's own day is as late as the publication."""
    as_of, published = figure.as_of or "", (figure.published or "").rstrip("Z")
    return published if published.startswith(as_of) else as_of


def _enters(figure: SourceFigure) -> bool:
    return figure.modality is Modality.ASSERTED and figure.group is None


def _running(figures: Iterable[SourceFigure]) -> list[SourceFigure]:
    """Per source its latest cumulative figure, without one its latest of unknown flow; sources in order of name."""
    cumulative: dict[str, SourceFigure] = {}
    unknown: dict[str, SourceFigure] = {}
    for figure in figures:
        if figure.flow is not Flow.NEW:
            (cumulative if figure.flow is Flow.CUMULATIVE else unknown)[figure.source] = figure
    latest = unknown | cumulative
    return [latest[source] for source in sorted(latest)]


def _new_sums(dated: list[_Dated]) -> dict[str, int]:
    """Per source the sum over days of what its last article of the day tells as new; no number adds nothing."""
    days: dict[str, dict[str, list[SourceFigure]]] = defaultdict(lambda: defaultdict(list))
    for (moment, _, _), figure in dated:
        day = days[figure.source][moment[:10]]
        if day and day[-1].article_id != figure.article_id:
            day.clear()
        day.append(figure)
    return {
        source: sum(_lowest(figure) or 0 for day in days[source].values() for figure in day) for source in sorted(days)
    }


def _lowest(figure: SourceFigure) -> int | None:
    """The least number the wording names: "about 300" and "up to 300" name 300."""
    return next((value for value in (figure.low, figure.reported, figure.high) if value is not None), None)


def _highest(figure: SourceFigure) -> int | None:
    """The greatest number the wording names: "more than 300" names 300."""
    return next((value for value in (figure.high, figure.reported, figure.low) if value is not None), None)
