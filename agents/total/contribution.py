"""What one article contributes to its story: the acts and figures it tells, cut to sizes that a record can hold."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from itertools import chain, islice
from typing import Any, Final

import msgspec

from streams.records import ConflictEvent, EvacuationCount, ExtractedArticle, SourceFigure, StoryClaim
from streams.vocabulary import EventType, SubEventType, Term, Unit
from streams.words import fold

_MOST_EACH: Final = 24
_MOST_CASUALTIES: Final = 8
_MOST_EARLIER: Final = 12
_MOST_PLACES: Final = 8
TITLE: Final = 300
_LETTERS: Final = 200
_URL: Final = 1000
"""Acts, figures and places of an article; casualties of an act; figures that later revisions replaced; and letters of
texts: cut there, so that a story of many articles fits a record."""

_NAMES: Final = 2048
"""Folded names that are kept: a story is told again with each of its articles, and with it the same few names."""

_TOTALS: Final = 256
"""Ids of totals that are kept: each is asked for several times while its story is told."""

_LARGEST: Final = 10**12
"""More people than ever lived; sums of it stay within the 64 bits that a record's number may have."""


class Scope(msgspec.Struct, frozen=True, array_like=True):
    """What a total is of, within a story. Persons and households, and the terms, never mix."""

    origin: str | None
    origin_geoname_id: int | None
    term: Term
    unit: Unit

    def total_id(self, story_id: str) -> str:
        """32 hex digits over story, origin (GeoNames id, else folded text), term and unit."""
        return _total_id(story_id, self)


@lru_cache(maxsize=_TOTALS)
def _total_id(story_id: str, scope: Scope) -> str:
    key = "\n".join((story_id, _place(scope.origin, scope.origin_geoname_id), scope.term, scope.unit))
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Figure(msgspec.Struct, frozen=True, array_like=True):
    """A figure and what it is of."""

    scope: Scope
    figure: SourceFigure


class Act(msgspec.Struct, frozen=True, array_like=True):
    """One source's claim of an act, and the act's type and place."""

    event_type: EventType
    sub_event_type: SubEventType
    place: str | None
    country: str | None
    place_geoname_id: int | None
    lat: float | None
    lon: float | None
    claim: StoryClaim

    @property
    def key(self) -> tuple[str, str]:
        """Type and place: acts with the same are one event of the story."""
        return self.sub_event_type, _place(self.place, self.place_geoname_id)


class Contribution(msgspec.Struct, frozen=True, array_like=True):
    """One article as its story keeps it.

    `joined` is the offset of the article's first message, `offset` that of the message of this `revision`; `seen` is
    `fetched` in seconds since 1970. `earlier` are figures that earlier revisions gave and this one replaced. `size` is
    what all of it takes when stored, in bytes.
    """

    joined: int
    offset: int
    seen: int
    revision: int
    language: str
    source: str
    title: str
    url: str | None
    published: str | None
    fetched: str
    places: tuple[str, ...]
    acts: tuple[Act, ...]
    figures: tuple[Figure, ...]
    earlier: tuple[Figure, ...] = ()
    size: int = 0

    @property
    def scopes(self) -> set[Scope]:
        """What the figures are of, those that were replaced included."""
        return {figure.scope for figure in (*self.figures, *self.earlier)}


def contribution(article: ExtractedArticle, offset: int, seen: int) -> Contribution:
    """What the article tells, from the message at `offset`."""
    made = Contribution(
        joined=offset,
        offset=offset,
        seen=seen,
        revision=article.revision,
        language=article.language[:_LETTERS],
        source=article.source[:_LETTERS],
        title=article.title[:TITLE],
        url=article.url[:_URL] if article.url else None,
        published=article.published,
        fetched=article.fetched,
        places=tuple(place[:_LETTERS] for place in article.features.places[:_MOST_PLACES]),
        acts=tuple(islice(chain.from_iterable(map(_acts, article.events)), _MOST_EACH)),
        figures=tuple(map(_figure, article.counts[:_MOST_EACH])),
    )
    return msgspec.structs.replace(made, size=len(msgspec.msgpack.encode(made)))


def revised(before: Contribution, now: Contribution) -> Contribution:
    """The later revision of an article with the figures that it replaced; one that it gives up is gone.

    `before` itself if it says nothing else.
    """
    same = msgspec.structs.replace(now, joined=before.joined, offset=before.offset, earlier=before.earlier, size=0)
    if same == msgspec.structs.replace(before, size=0):
        return before
    scopes, said = {figure.scope for figure in now.figures}, set(map(_said, now.figures))
    replaced = (old for old in before.figures if _said(old) not in said)
    earlier = tuple(old for old in (*before.earlier, *replaced) if old.scope in scopes)[-_MOST_EARLIER:]
    made = msgspec.structs.replace(now, joined=before.joined, earlier=earlier, size=0)
    return msgspec.structs.replace(made, size=len(msgspec.msgpack.encode(made)))


def _said(told: Figure) -> tuple[Any, ...]:
    """What a figure says, whatever revision says it."""
    figure = told.figure
    return told.scope, figure.source, figure.modality, figure.flow, figure.reported, figure.low, figure.high


def _figure(count: EvacuationCount) -> Figure:
    """The figure of a count. Its source is the attribution, folded, else the outlet."""
    figure = SourceFigure(
        source=_source(count.attribution, count.source),
        quantifier=count.quantifier,
        reported=_bounded(count.reported),
        low=_bounded(count.low),
        high=_bounded(count.high),
        flow=count.flow,
        modality=count.modality,
        group=_cut(count.group),
        as_of=count.as_of,
        published=count.published,
        article_id=count.article_id,
        count_id=count.count_id,
        revision=count.revision,
    )
    return Figure(Scope(_cut(count.origin), count.place_geoname_id, count.term, count.unit), figure)


def _bounded(number: int | None) -> int | None:
    return None if number is None else min(number, _LARGEST)


def _acts(event: ConflictEvent) -> Iterator[Act]:
    """The act as its own source tells it, and as those do whose tolls differ."""
    claim = StoryClaim(
        source=_source(event.attribution, event.source),
        modality=event.modality,
        date=event.date,
        casualties=_few(event.casualties),
        event_id=event.event_id,
        article_id=event.article_id,
        revision=event.revision,
        published=event.published,
    )
    others = ((_source(toll.attribution, event.source), _few(toll.casualties)) for toll in event.other_tolls)
    for each in (claim, *(replace(claim, source=source, casualties=toll) for source, toll in others)):
        yield Act(
            event.event_type,
            event.sub_event_type,
            _cut(event.place),
            event.country,
            event.place_geoname_id,
            event.lat,
            event.lon,
            each,
        )


def _few(casualties: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        one if one.who == (who := _cut(one.who)) else replace(one, who=who) for one in casualties[:_MOST_CASUALTIES]
    )


def _source(attribution: str | None, outlet: str) -> str:
    return (_folded(attribution) or _folded(outlet) or outlet)[:_LETTERS]


def _folded(name: str | None) -> str:
    return _kept(name) if name is None or len(name) <= _LETTERS else fold(name)


_kept: Final = lru_cache(maxsize=_NAMES)(fold)


def _cut(text: str | None) -> str | None:
    return text[:_LETTERS] if text else None


def _place(name: str | None, geoname_id: int | None) -> str:
    return str(geoname_id) if geoname_id is not None else _folded(name)
