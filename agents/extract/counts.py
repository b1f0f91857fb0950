"""From tellings to records: evacuation counts with their circumstances, ids and evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.circumstances import Scope, as_of, flow, scope
from agents.extract.evacuation import Telling, own_tokens, tellings
from agents.extract.ids import RecordIds, evidence_of
from agents.extract.language import Language
from agents.extract.movers import mover
from agents.extract.places import ArticlePlaces
from agents.extract.record_fields import record_fields
from agents.extract.routes import Route, Routes
from agents.extract.tellers import teller
from agents.extract.view import View
from streams.records import EvacuationCount
from streams.vocabulary import Flow, Modality, Term

TOPIC: Final = "evacuation.counts"
MAX_COUNTS: Final = 200
"""No article tells more figures; hostile ones would."""

_LEAVING: Final = frozenset((Term.EVACUATED, Term.FORCED_TO_FLEE, Term.DISPLACED, Term.AWAITING_EVACUATION))
"""Terms whose people leave the place that the paragraph told of before, unless another is named."""

_CONFIDENCE: Final = {"term": 0.9, "displaced": 0.8, "group": 0.8, "move": 0.7, "follows": 0.7}


def evacuation_counts(
    analysis: Analysis, language: Language, places: ArticlePlaces, extractor: str
) -> tuple[EvacuationCount, ...]:
    """All evacuation counts of an article, in the order of the text."""
    found = tellings(analysis, language)[:MAX_COUNTS]
    return tuple(_records(analysis, language, places, extractor, found))


def _records(
    analysis: Analysis, language: Language, places: ArticlePlaces, extractor: str, found: Sequence[Telling]
) -> Iterator[EvacuationCount]:
    ids = RecordIds(analysis.article.article_id, TOPIC)
    reader = _Reader(analysis, language, places)
    for telling in found:
        sentence, count, told = telling.sentence, telling.figure.count, telling.movement
        around = reader.read(telling, [t for t in found if t.sentence is sentence and t is not telling])
        route, evidence = around.route, evidence_of(analysis.text, sentence)
        figure = f"{count.quantifier} {count.reported} {count.low} {count.high}"
        term = _abroad(told.term, route, language)
        yield EvacuationCount(
            **record_fields(analysis, extractor, sentence, telling.first, telling.last, route.place),
            count_id=ids.next(term, telling.modality, figure, evidence=evidence),
            term=term,
            unit=telling.unit,
            quantifier=count.quantifier,
            reported=count.reported,
            low=count.low,
            high=count.high,
            group=telling.group,
            parts=tuple(piece.part for piece in telling.pieces),
            flow=around.flow,
            as_of=around.as_of,
            origin=route.origin,
            destination=route.destination,
            actor=around.actor,
            attribution=around.attribution,
            modality=telling.modality,
            country=route.country,
            rule=told.rule,
            confidence=_CONFIDENCE.get(told.rule.split(".", 1)[0], 0.6),
        )


def _abroad(term: Term, route: Route, language: Language) -> Term:
    """Who flees to another country is a refugee: "82,000 left for Syria"."""
    if term is not Term.FORCED_TO_FLEE or route.destination is None:
        return term
    country = language.places.countries.named(route.destination)
    left = route.place.country if route.place is not None else None
    return Term.REFUGEE if country is not None and country != left else term


@dataclass(slots=True)
class _Around:
    """What is told around one figure."""

    flow: Flow
    as_of: str | None
    route: Route
    actor: str | None
    attribution: str | None


class _Reader:
    """Reads what is told around each figure; a figure that continues another takes over what it does not say itself."""

    def __init__(self, analysis: Analysis, language: Language, places: ArticlePlaces) -> None:
        self.analysis = analysis
        self.language = language
        self.routes = Routes(analysis, language, places)
        self.done: dict[int, _Around] = {}

    def read(self, telling: Telling, beside: Sequence[Telling]) -> _Around:
        """Around one telling; `beside` are the other tellings of its sentence."""
        view = View.of(self.analysis, telling.sentence)
        told = telling.movement
        own = own_tokens(view, telling, beside)
        where = scope(view, telling.figure.first, [other.figure.first for other in beside])
        holds = self._holds(view, where, telling)
        around = _Around(
            flow=self._flow(view, where, telling, holds),
            as_of=holds,
            route=self.routes.read(view, telling, own),
            actor=mover(self.analysis, self.language, view, told, telling.figure),
            attribution=teller(self.analysis, self.language, view, telling, own),
        )
        before = self.done.get(id(telling.follows)) if telling.follows is not None else None
        if before is not None:
            around = self._completed(telling, around, before)
        self.done[id(telling)] = around
        return around

    def _holds(self, view: View, where: Scope, telling: Telling) -> str | None:
        """Until when a figure holds; what is planned or may happen holds at no time."""
        if telling.modality in (Modality.PLANNED, Modality.HYPOTHETICAL):
            return None
        before = self.done.get(id(telling.follows)) if telling.follows is not None else None
        continued = telling.movement.rule == "follows" and before is not None and before.flow is Flow.CUMULATIVE
        return as_of(self.analysis, view, where, telling.movement.term, continued)

    def _flow(self, view: View, where: Scope, telling: Telling, holds: str | None) -> Flow:
        """What the words of time around a figure say of it."""
        read = flow(self.analysis, view, where, telling.movement.term, holds)
        return read if _may_be(telling.modality, read) else Flow.UNKNOWN

    def _completed(self, telling: Telling, around: _Around, before: _Around) -> _Around:
        """With what the figure before tells: all of it where a figure without words of its own continues it."""
        beside = telling.follows is not None and telling.follows.sentence is telling.sentence
        told = telling.modality is Modality.ASSERTED or telling.movement.rule == "follows"
        source = around.attribution or (before.attribution if telling.continues and (beside or told) else None)
        if telling.movement.rule != "follows":
            route = around.route
            if route.origin is None and telling.movement.term in _LEAVING:
                kept = before.route
                route = replace(route, origin=kept.origin, place=kept.place, country=kept.country or route.country)
            return replace(around, attribution=source, route=route)
        return replace(
            around,
            attribution=source,
            as_of=around.as_of or (before.as_of if beside and around.flow is not Flow.NEW else None),
            flow=before.flow if around.flow is Flow.UNKNOWN and _may_be(telling.modality, before.flow) else around.flow,
            route=around.route if around.route.destination else before.route,
        )


def _may_be(modality: Modality, flow: Flow) -> bool:
    """Sums are of what happened; what is planned may still belong to a day, what may happen to none."""
    return modality is Modality.ASSERTED or (modality is Modality.PLANNED and flow is Flow.NEW)
