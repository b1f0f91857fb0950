"""Made records for the desk, and the messages that carry them."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from agents.desk.moments import instant
from streams.codec import encode
from streams.records import (
    Article,
    ConflictEvent,
    Duplicate,
    EvacuationCount,
    EvacuationTotal,
    FeedHealth,
    SourceFigure,
    Story,
    StoryArticle,
    StoryFigure,
    TotalStep,
)
from streams.stage import Message
from streams.vocabulary import (
    EVENT_TYPE_OF,
    PLOVER_TYPE_OF,
    DuplicateKind,
    FeedStatus,
    Flow,
    Modality,
    PlacePrecision,
    Quantifier,
    SubEventType,
    Term,
    Unit,
)

NOW: Final = 1_700_000_000_000
"""The tests' present: 2023-11-14 22:13:20 UTC, in ms."""
PLACES: Final = (
    ("Kherson", "UKR", 46.64, 32.61),
    ("El Fasher", "SDN", 13.63, 25.35),
    ("Goma", "COD", -1.68, 29.22),
    ("Gaza City", "PSE", 31.5, 34.47),
    ("Stepanakert", "AZE", 39.82, 46.75),
)


def name(what: object) -> str:
    """An id as records have it."""
    return sha256(str(what).encode()).hexdigest()[:32]


def article(at: object = 1, **changes: Any) -> Article:
    """An article of one claim's sentence between two others."""
    made = Article(
        article_id=name(f"article {at}"),
        revision=1,
        feed_id="feed",
        source="Daily",
        url=f"https://news.example.org/{at}",
        guid=None,
        title=f"Report {at}",
        body="The day was quiet. On Monday troops shelled the port, officials said. Nobody answered.",
        html=None,
        language="en",
        language_declared="en",
        language_detected="en",
        published=instant(NOW - 3_600_000),
        fetched=instant(NOW - 2000),
    )
    return replace(made, **changes)


def event(of: Article, quote: str = "troops shelled the port", at: object = 1, **changes: Any) -> ConflictEvent:
    """A shelling told by an article."""
    sub = changes.get("sub_event_type", SubEventType.SHELLING_ARTILLERY_MISSILE_ATTACK)
    start = of.text.find(quote)
    made = ConflictEvent(
        event_id=name(f"event {of.article_id} {at}"),
        article_id=of.article_id,
        revision=of.revision,
        extractor="1",
        language=of.language,
        published=of.published,
        source=of.source,
        url=of.url,
        event_type=EVENT_TYPE_OF[sub],
        sub_event_type=sub,
        plover_type=PLOVER_TYPE_OF.get(sub),
        modality=Modality.ASSERTED,
        quote=quote,
        start=start,
        end=start + len(quote),
        actor="troops",
        target=None,
        place="Kherson",
        country="UKR",
        place_geoname_id=706448,
        lat=46.64,
        lon=32.61,
        place_precision=PlacePrecision.CITY,
        attribution=None,
        date=None,
        casualties=(),
        items=(),
        rule="made",
        confidence=0.9,
    )
    return replace(made, **changes)


def count(of: Article, quote: str, at: object = 1, **changes: Any) -> EvacuationCount:
    """A figure of people evacuated, told by an article."""
    start = of.text.find(quote)
    made = EvacuationCount(
        count_id=name(f"count {of.article_id} {at}"),
        article_id=of.article_id,
        revision=of.revision,
        extractor="1",
        language=of.language,
        published=of.published,
        source=of.source,
        url=of.url,
        term=Term.EVACUATED,
        unit=Unit.PERSON,
        quantifier=Quantifier.MORE_THAN,
        reported=2000,
        low=2000,
        high=None,
        group=None,
        parts=(),
        flow=Flow.CUMULATIVE,
        as_of=None,
        origin="Goma",
        destination=None,
        actor=None,
        attribution="Red Cross",
        modality=Modality.ASSERTED,
        quote=quote,
        start=start,
        end=start + len(quote),
        country="COD",
        place_geoname_id=216281,
        lat=-1.68,
        lon=29.22,
        place_precision=PlacePrecision.CITY,
        rule="made",
        confidence=0.9,
    )
    return replace(made, **changes)


def duplicate(of: Article, source: str) -> Duplicate:
    """The same article by another outlet."""
    return Duplicate(
        duplicate_id=name(f"duplicate {source}"),
        article_id=name(f"repeat {source}"),
        revision=1,
        original_id=of.article_id,
        kind=DuplicateKind.SAME_TEXT,
        similarity=1.0,
        feed_id="other",
        source=source,
        url=None,
        title=of.title,
        language=of.language,
        published=of.published,
        fetched=of.fetched,
    )


def story(*articles: Article, at: object = 1, **changes: Any) -> Story:
    """A story of these articles."""
    made = Story(
        story_id=name(f"story {at}"),
        merged_into=None,
        title=articles[0].title if articles else "",
        articles=tuple(
            StoryArticle(
                article_id=a.article_id,
                revision=a.revision,
                language=a.language,
                source=a.source,
                title=a.title,
                url=a.url,
                published=a.published,
                fetched=a.fetched,
            )
            for a in articles
        ),
        left_out=0,
        sources=tuple(dict.fromkeys(a.source for a in articles)),
        languages=("en",),
        places=(),
        first_seen=articles[0].published if articles else None,
        last_seen=articles[-1].published if articles else None,
        events=(),
        figures=(),
        merged=(),
        state_revision=1,
    )
    return replace(made, **changes)


def source_figure(of: EvacuationCount, reported: int, as_of: str) -> SourceFigure:
    """A figure of a count's source as totals hold it."""
    return SourceFigure(
        source=(of.attribution or of.source).casefold(),
        quantifier=Quantifier.EXACT,
        reported=reported,
        low=reported,
        high=reported,
        flow=Flow.CUMULATIVE,
        modality=Modality.ASSERTED,
        group=None,
        as_of=as_of,
        published=of.published,
        article_id=of.article_id,
        count_id=of.count_id,
        revision=of.revision,
    )


def total(of: EvacuationCount, *values: int) -> EvacuationTotal:
    """A total whose one source told these values, a day apart."""
    figures = [source_figure(of, value, f"2023-11-{day:02d}") for day, value in enumerate(values, 1)]
    return EvacuationTotal(
        total_id=name("total"),
        story_id=name("story 1"),
        origin=of.origin,
        origin_geoname_id=of.place_geoname_id,
        term=of.term,
        unit=of.unit,
        lowest=values[-1],
        highest=values[-1],
        figures=(figures[-1],),
        new_sums={},
        apart=(),
        articles=1,
        updated=None,
        state_revision=1,
        history=tuple(
            TotalStep(moment=figure.as_of, figure=figure, lowest=figure.low, highest=figure.high) for figure in figures
        ),
    )


def story_figure(of: EvacuationTotal) -> StoryFigure:
    """A total as its story names it."""
    return StoryFigure(
        total_id=of.total_id,
        origin=of.origin,
        origin_geoname_id=of.origin_geoname_id,
        term=of.term,
        unit=of.unit,
        lowest=of.lowest,
        highest=of.highest,
        sources=(),
    )


def health(feed_id: str, **changes: Any) -> FeedHealth:
    """A feed that does well."""
    made = FeedHealth(
        feed_id=feed_id,
        name=feed_id,
        url="https://news.example.org/feed",
        status=FeedStatus.OK,
        outcome=None,
        error=None,
        failures=0,
        polls=1,
        not_modified_share=0.5,
        last_poll=instant(NOW),
        last_ok=instant(NOW),
        last_new=None,
        next_due=instant(NOW),
        interval_seconds=300,
    )
    return replace(made, **changes)


_TOPIC_OF: Final = {
    Article: ("articles.unique", "article_id"),
    Duplicate: ("articles.duplicates", "article_id"),
    ConflictEvent: ("conflict.events", "event_id"),
    EvacuationCount: ("evacuation.counts", "count_id"),
    Story: ("stories", "story_id"),
    EvacuationTotal: ("evacuation.totals", "total_id"),
    FeedHealth: ("feeds.health", "feed_id"),
}


def message(record: Any, arrived: int = NOW) -> Message:
    """A record as it arrives on its topic."""
    topic, key = _TOPIC_OF[type(record)]
    return _message(topic, getattr(record, key), encode(record), arrived)


def tombstone(record: Any, arrived: int = NOW) -> Message:
    """The message that withdraws a record."""
    topic, key = _TOPIC_OF[type(record)]
    return _message(topic, getattr(record, key), None, arrived)


def _message(topic: str, key: str, value: bytes | None, arrived: int) -> Message:
    return Message(topic=topic, partition=0, offset=0, timestamp_ms=arrived, key=key.encode(), value=value)


_TYPES: Final = tuple(SubEventType)


def many(claims: int) -> Iterator[Article | ConflictEvent]:
    """Articles of four claims each, over all types and some countries and languages; each article before its claims."""
    for number in range(claims // 4):
        place, country, lat, lon = PLACES[number % len(PLACES)]
        sentences = [f"Report {number}: in {place} unit {at} of the army moved on position {at}." for at in range(4)]
        told = article(
            f"many {number}",
            title=f"Fighting near {place}, report {number}",
            body=" ".join(sentences),
            language=("en", "fr", "ru")[number % 3],
            source=f"Outlet {number % 40}",
        )
        yield told
        for at in range(4):
            yield event(
                told,
                f"unit {at} of the army moved on position {at}",
                at,
                sub_event_type=_TYPES[(number + at) % len(_TYPES)],
                place=place,
                country=country,
                lat=lat + number % 9 / 10,
                lon=lon + number % 7 / 10,
            )
