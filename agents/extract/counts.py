"""From tellings to records: evacuation counts with their circumstances, ids and evidence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.attribution import attribution
from agents.extract.circumstances import Route, as_of, flow, is_dated, mover, route, scope
from agents.extract.evacuation import Telling, tellings
from agents.extract.fold import fold
from agents.extract.ids import record_id
from agents.extract.language import Language
from agents.extract.places import ArticlePlaces
from agents.extract.view import View
from streams.records import EvacuationCount

TOPIC: Final = "evacuation.counts"
MAX_COUNTS: Final = 200
"""No article tells more figures; hostile ones would."""

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
    article = analysis.article
    ordinals: Counter[tuple[str, ...]] = Counter()
    routes: dict[int, Route] = {}
    for telling in found:
        sentence, figure, told = telling.sentence, telling.figure, telling.movement
        view = View.of(analysis, sentence)
        path = _route(places, view, telling, routes)
        routes[id(telling)] = path
        beside = [t.figure.first for t in found if t.sentence is sentence and t is not telling]
        where = scope(view, figure.first, beside)
        holds = as_of(analysis, view, where, telling.modality)
        start, end = sentence.span(telling.first, telling.last)
        evidence = analysis.text[sentence.start : sentence.end]
        count = figure.count
        shape = (told.term, telling.modality, f"{count.quantifier} {count.reported} {count.low} {count.high}")
        ordinals[(*shape, fold(evidence))] += 1
        ordinal = ordinals[(*shape, fold(evidence))]
        yield EvacuationCount(
            count_id=record_id(article.article_id, TOPIC, *shape, sentence=evidence, ordinal=ordinal),
            article_id=article.article_id,
            revision=article.revision,
            extractor=extractor,
            language=article.language,
            published=article.published,
            source=article.source,
            url=article.url,
            term=told.term,
            unit=telling.unit,
            quantifier=count.quantifier,
            reported=count.reported,
            low=count.low,
            high=count.high,
            group=telling.group,
            parts=tuple(piece.part for piece in telling.pieces),
            flow=flow(view, where, holds, is_dated(analysis, view, where)),
            as_of=holds,
            origin=path.origin,
            destination=path.destination,
            actor=mover(analysis, language, view, told.term, told.trigger),
            attribution=attribution(analysis, language, sentence),
            modality=telling.modality,
            quote=analysis.text[start:end],
            start=start,
            end=end,
            country=path.country,
            place_geoname_id=path.place.geoname_id if path.place else None,
            lat=path.place.lat if path.place else None,
            lon=path.place.lon if path.place else None,
            place_precision=path.place.precision if path.place else None,
            rule=told.rule,
            confidence=_CONFIDENCE.get(told.rule.split(".", 1)[0], 0.6),
        )


def _route(places: ArticlePlaces, view: View, telling: Telling, routes: dict[int, Route]) -> Route:
    """Where the people of a telling leave and go; what it does not say is as in the telling that it continues."""
    own = route(places, view, telling.movement.term, telling.first, telling.last)
    if telling.follows is None or telling.movement.rule != "follows":
        return own
    before = routes.get(id(telling.follows), Route())
    if own.origin is not None or own.destination is not None:
        return own
    return before
