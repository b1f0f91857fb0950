"""Stories and their evacuation totals as a reader sees them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from agents.desk import moments, plots, wording
from agents.desk.held import Found
from agents.desk.store import Store
from agents.show import figure_words, moment_words, plain
from streams.records import Count, EvacuationTotal, SourceFigure, Story
from streams.vocabulary import Flow, Modality

_NOT_ENTERED: Final = {
    Modality.PLANNED: "planned",
    Modality.HYPOTHETICAL: "hypothetical",
    Modality.NEGATED: "denied",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """What one source says within a total. `note` tells why it stands apart, if it does."""

    source: str
    words: str
    flow: str
    as_of: str
    note: str
    claim_id: str
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalView:
    """One running total. `bounds` is the range over its sources in words, empty where no source tells one; `plot` is
    None where there is nothing to plot; `notices` are resets and contradictions as sentences."""

    total_id: str
    what: str
    origin: str
    bounds: str
    sources: int
    figures: tuple[FigureView, ...]
    sums: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    plot: plots.Range | None
    plot_words: str
    begin: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One story in short."""

    story: Story
    title: str
    language: str | None
    sources: tuple[str, ...]
    articles: int
    claims: int
    when: str
    instant: str
    totals: tuple[TotalView, ...]


def stories(store: Store, found: Iterable[Found], now: int, most: int) -> list[StoryView]:
    """The stories of these articles, those of the most outlets first; the latest first among equals."""
    claims: Counter[str] = Counter()
    known: dict[str, Story] = {}
    for one in found:
        if story := store.story_of(one.article_id):
            known[story.story_id] = story
            claims[story.story_id] += len(one.claims)
    ranked = sorted(known.values(), key=lambda s: (len(s.sources), s.last_seen or "", s.story_id), reverse=True)
    return [story_view(store, story, claims[story.story_id], now) for story in ranked[:most]]


def story_view(store: Store, story: Story, claims: int, now: int) -> StoryView:
    """One story; `claims` is how many of its claims are held."""
    last = moments.milliseconds(story.last_seen)
    return StoryView(
        story=story,
        title=plain(story.title) or "(no title)",
        language=story.articles[0].language if story.articles else None,
        sources=tuple(map(plain, story.sources)),
        articles=len(story.articles) + story.left_out,
        claims=claims,
        when=moments.moment_words(last, now) if last is not None else "",
        instant=story.last_seen or "",
        totals=tuple(sorted(_totals(store, story, now), key=lambda t: (-t.sources, t.origin, t.what))),
    )


def _totals(store: Store, story: Story, now: int) -> Iterator[TotalView]:
    for figure in story.figures:
        if total := store.totals.get(figure.total_id):
            yield total_view(store, total, now)


def total_view(store: Store, total: EvacuationTotal, now: int) -> TotalView:
    """One total with its figures, source by source."""
    plot = plots.range_plot(list(_steps(total)))
    figures = [_figure(store, figure, entered=True) for figure in total.figures]
    apart = [_figure(store, figure, entered=False) for figure in total.apart]
    noun = "households" if total.unit.value == "household" else "people"
    bounds = range_words(total.lowest, total.highest)
    return TotalView(
        total_id=total.total_id,
        what=f"{noun} {wording.name_of(total.term).lower()}",
        origin=plain(total.origin),
        bounds=bounds,
        sources=len({figure.source for figure in total.figures} | set(total.new_sums)),
        figures=(*figures, *apart),
        sums=tuple((plain(source), f"{number:,}") for source, number in total.new_sums.items()),
        notices=tuple(_notices(total)),
        plot=plot,
        plot_words=f"{noun}, lowest and highest over sources: {bounds}" if plot else "",
        begin=moments.moment_words(plot.begin, now) if plot else "",
        end=moments.moment_words(plot.end, now) if plot else "",
    )


def range_words(low: int | None, high: int | None) -> str:
    """`2,000`, `2,000 to 5,000`, `2,000 or more`, `up to 5,000`; empty for none."""
    if low is not None and high is not None:
        return f"{low:,}" if low == high else f"{low:,} to {high:,}"
    if low is not None:
        return f"{low:,} or more"
    return f"up to {high:,}" if high is not None else ""


def _steps(total: EvacuationTotal) -> Iterator[plots.Step]:
    for step in total.history:
        at = moments.milliseconds(step.moment)
        if at is not None:
            figure = step.figure
            told = next((n for n in (figure.reported, figure.low, figure.high) if n is not None), None)
            yield plots.Step(at, step.lowest, step.highest, told)


def _figure(store: Store, figure: SourceFigure, *, entered: bool) -> FigureView:
    return FigureView(
        source=_source(store, figure),
        words=_words(figure),
        flow={Flow.NEW: "new", Flow.CUMULATIVE: "so far"}.get(figure.flow, ""),
        as_of=moment_words(figure.as_of or (figure.published or "")[:10]),
        note="" if entered else "apart: " + (plain(figure.group) or _NOT_ENTERED.get(figure.modality, "")),
        claim_id=figure.count_id,
        is_held=figure.count_id in store.claims,
    )


def _source(store: Store, figure: SourceFigure) -> str:
    """The source as its article writes it, where that is held; a total has it folded."""
    held = store.claims.get(figure.count_id)
    return plain((held.claim.attribution or held.claim.source) if held else figure.source)


def _words(figure: SourceFigure) -> str:
    return figure_words(Count(quantifier=figure.quantifier, reported=figure.reported, low=figure.low, high=figure.high))


def _notices(total: EvacuationTotal) -> Iterator[str]:
    for pair in total.resets:
        earlier, later = pair.earlier, pair.later
        yield f"{plain(later.source)} went down from {_words(earlier)} to {_words(later)}"
    for pair in total.contradictions:
        earlier, later = pair.earlier, pair.later
        yield f"{plain(earlier.source)} says {_words(earlier)}, {plain(later.source)} says {_words(later)}"
