"""What each article claims, revision after revision: records to send, and tombstones for claims that are gone."""

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from streams.cloudevents import withdrawn, wrapped
from streams.records import Article, ConflictEvent, EvacuationCount, ExtractedArticle, StoryFeatures
from streams.stage import Send

EVENTS: Final = "conflict.events"
COUNTS: Final = "evacuation.counts"
EXTRACTED: Final = "articles.extracted"


class Claims(msgspec.Struct, frozen=True, array_like=True):
    """The ids that an article claims. `seen` is its `fetched` in seconds since 1970.

    `withdrawn_*` are those that the message of this revision withdrew: a message that comes again withdraws them again.
    """

    revision: int
    seen: int
    events: tuple[str, ...]
    counts: tuple[str, ...]
    withdrawn_events: tuple[str, ...]
    withdrawn_counts: tuple[str, ...]


class Found(Protocol):
    """What an extractor reads in one article; `complete` is False where it did not read it all."""

    @property
    def events(self) -> Sequence[ConflictEvent]:
        """The events, each with an id of its own."""

    @property
    def counts(self) -> Sequence[EvacuationCount]:
        """The counts, each with an id of its own."""

    @property
    def features(self) -> StoryFeatures:
        """What the story finder compares."""

    @property
    def complete(self) -> bool:
        """Whether the article was read to its end."""


def is_overtaken(before: Claims | None, article: Article) -> bool:
    """Whether a later revision of the article was told already, so that this one says nothing any more."""
    return before is not None and before.revision > article.revision


def claim(before: Claims | None, article: Article, seen: int, found: Found) -> Claims:
    """The claims of an article after this revision. The same for the same revision told again.

    `before` is what was claimed until now, by an earlier revision or by this one.
    """
    events = tuple(event.event_id for event in found.events)
    counts = tuple(count.count_id for count in found.counts)
    old = before or Claims(0, seen, (), (), (), ())
    again = old.revision == article.revision
    return Claims(
        revision=article.revision,
        seen=seen,
        events=events,
        counts=counts,
        withdrawn_events=_gone(events, old.events, old.withdrawn_events if again else ()),
        withdrawn_counts=_gone(counts, old.counts, old.withdrawn_counts if again else ()),
    )


def sends(claims: Claims, article: Article, found: Found, extractor: str) -> list[Send]:
    """The records, a tombstone for each withdrawn claim, and last the ExtractedArticle, made by version `extractor`."""
    # Two claims of one id are one claim: the last.
    events = {event.event_id: event for event in found.events}
    counts = {count.count_id: count for count in found.counts}
    gone = {EVENTS: claims.withdrawn_events, COUNTS: claims.withdrawn_counts}
    extracted = ExtractedArticle(
        article_id=article.article_id,
        revision=article.revision,
        extractor=extractor,
        language=article.language,
        published=article.published,
        fetched=article.fetched,
        source=article.source,
        url=article.url,
        title=article.title,
        features=found.features,
        events=tuple(found.events),
        counts=tuple(found.counts),
        complete=found.complete,
        withdrawn_events=claims.withdrawn_events,
        withdrawn_counts=claims.withdrawn_counts,
    )
    revision, fetched = article.revision, article.fetched
    return [
        *(wrapped(EVENTS, key, event, time=fetched) for key, event in events.items()),
        *(wrapped(COUNTS, key, count, time=fetched) for key, count in counts.items()),
        *(
            withdrawn(topic, key, revision, extractor, sequence=revision, time=fetched)
            for topic in gone
            for key in gone[topic]
        ),
        wrapped(EXTRACTED, article.article_id, extracted),
    ]


def _gone(now: tuple[str, ...], before: tuple[str, ...], withdrawn: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*before, *withdrawn} - {*now}))


def encode(claims: Claims) -> bytes:
    """The claims as they are stored."""
    return msgspec.msgpack.encode(claims)


def decode(data: bytes) -> Claims:
    """Read stored claims.

    Raises:
        msgspec.DecodeError: the bytes are no claims; the state is broken or of another version.
    """
    return msgspec.msgpack.decode(data, type=Claims)
