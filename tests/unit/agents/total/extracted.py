"""Extracted articles for the tests of this folder."""

from dataclasses import replace

from streams import codec
from streams.records import Casualties, ConflictEvent, EvacuationCount, ExtractedArticle, StoryFeatures
from streams.stage import Message
from streams.vocabulary import CasualtyKind, EventType, Flow, Modality, Quantifier, SubEventType, Term, Unit

COUNT = EvacuationCount(
    count_id="c",
    article_id="a",
    revision=1,
    extractor="1",
    language="en",
    published="2023-09-20T09:00:00Z",
    source="Antara",
    url=None,
    term=Term.EVACUATED,
    unit=Unit.PERSON,
    quantifier=Quantifier.EXACT,
    reported=2000,
    low=2000,
    high=2000,
    group=None,
    parts=(),
    flow=Flow.CUMULATIVE,
    as_of=None,
    origin="Martakert",
    destination=None,
    actor=None,
    attribution="the ministry",
    modality=Modality.ASSERTED,
    quote="2,000 people were evacuated",
    start=0,
    end=27,
    country=None,
    place_geoname_id=None,
    lat=None,
    lon=None,
    place_precision=None,
    rule="test",
    confidence=1.0,
)


SAME_STORY = StoryFeatures(terms=dict.fromkeys(("Ridge", "Valley", "buses", "villagers", "snow", "pass"), 1))
"""What the articles of these tests have in common, so that they tell one story."""


def count(number: int, **changes: object) -> EvacuationCount:
    """A count of so many people."""
    return replace(COUNT, **({"reported": number, "low": number, "high": number} | changes))  # type: ignore[arg-type]


def extracted(article_id: str, *counts: EvacuationCount, **changes: object) -> ExtractedArticle:
    """An article with these counts; revision, outlet and time of the counts are the article's."""
    article = replace(
        ExtractedArticle(
            article_id=article_id,
            revision=1,
            extractor="1",
            language="en",
            published="2023-09-20T09:00:00Z",
            fetched="2023-09-20T09:05:00Z",
            source="Antara",
            url=None,
            title="",
            features=SAME_STORY,
            events=(),
            counts=(),
        ),
        **changes,  # type: ignore[arg-type]
    )
    told = tuple(
        replace(
            each,
            article_id=article_id,
            count_id=f"{article_id}-{place}",
            revision=article.revision,
            source=article.source,
            published=article.published,
        )
        for place, each in enumerate(counts)
    )
    return replace(article, counts=told)


def message(article: ExtractedArticle, offset: int) -> Message:
    return Message(
        topic="articles.extracted",
        partition=0,
        offset=offset,
        timestamp_ms=None,
        key=article.article_id.encode(),
        value=codec.encode(article),
    )


def killed(number: int) -> Casualties:
    """So many people killed."""
    return Casualties(
        kind=CasualtyKind.KILLED, who=None, quantifier=Quantifier.EXACT, reported=number, low=number, high=number
    )


def event(event_id: str, **changes: object) -> ConflictEvent:
    """A strike on Martakert."""
    told = ConflictEvent(
        event_id=event_id,
        article_id=event_id.partition("-")[0],
        revision=1,
        extractor="1",
        language="en",
        published="2023-09-20T09:00:00Z",
        source="Antara",
        url=None,
        event_type=EventType.EXPLOSIONS_REMOTE_VIOLENCE,
        sub_event_type=SubEventType.AIR_DRONE_STRIKE,
        plover_type=None,
        modality=Modality.ASSERTED,
        quote="struck",
        start=0,
        end=6,
        actor=None,
        target=None,
        place="Martakert",
        country=None,
        place_geoname_id=None,
        lat=None,
        lon=None,
        place_precision=None,
        attribution=None,
        date=None,
        casualties=(),
        items=(),
        rule="test",
        confidence=1.0,
    )
    return replace(told, **changes)  # type: ignore[arg-type]
