"""What an event's record and a count's say in the same way: of which article they are, where in it, and which place."""

from typing import TypedDict

from agents.extract.analysis import Analysis
from agents.extract.overlay import Place
from agents.extract.text import Sentence
from streams.vocabulary import PlacePrecision


class RecordFields(TypedDict):
    """Fields of ConflictEvent and EvacuationCount, as `streams.records` describes them."""

    article_id: str
    revision: int
    extractor: str
    language: str
    published: str | None
    source: str
    url: str | None
    quote: str
    start: int
    end: int
    place_geoname_id: int | None
    lat: float | None
    lon: float | None
    place_precision: PlacePrecision | None


def record_fields(
    analysis: Analysis, extractor: str, sentence: Sentence, first: int, last: int, place: Place | None
) -> RecordFields:
    """The fields of a record whose evidence are the tokens `first`..`last` (exclusive) of a sentence."""
    article = analysis.article
    start, end = sentence.span(first, last)
    return {
        "article_id": article.article_id,
        "revision": article.revision,
        "extractor": extractor,
        "language": article.language,
        "published": article.published,
        "source": article.source,
        "url": article.url,
        "quote": analysis.text[start:end],
        "start": start,
        "end": end,
        "place_geoname_id": place.geoname_id if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "place_precision": place.precision if place else None,
    }
