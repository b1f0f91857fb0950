"""What is remembered of each article: one entry an article id, written as a whole, so that it is never half known."""

from typing import Final

import msgspec

from agents.deduplicate.text import Text
from streams.vocabulary import DuplicateKind

_MOST_FEEDS: Final = 64
_MOST_SIGHTINGS: Final = 64
_MOST_KEYS: Final = 24


class Publish(msgspec.Struct, frozen=True, array_like=True, tag=0):
    """The answer to a message: an Article under this id and revision, which replaces revision `supersedes`."""

    article_id: str
    revision: int
    supersedes: int | None


class Repeat(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """The answer to a message: a Duplicate of this article; `similarity` in 0..1."""

    original_id: str
    kind: DuplicateKind
    similarity: float


Decision = Publish | Repeat


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One article id. `seen` is the `fetched` of its last sighting in seconds since 1970.

    `original_id` is its own id or that of the article it repeats; `revision` the last one published, 0 for none.
    `feeds` holds the last revision each feed told of it; `keys` those of all its texts and addresses, with the offset
    of the message that brought them; `sightings` by message offset what was answered, so that a message that comes
    again gets the same answer. `text` is that of the last revision published, by the message at `text_at`.
    """

    article_id: str
    original_id: str
    seen: int
    revision: int
    feeds: dict[str, int]
    keys: dict[bytes, int]
    sightings: dict[int, Decision]
    text: Text | None
    text_at: int

    def told(self, feed_id: str, revision: int) -> bool:
        """Whether this feed has told this revision or a later one."""
        return self.feeds.get(feed_id, 0) >= revision

    def answered(self, offset: int) -> bool:
        """Whether the message at `offset` was answered before, or so long ago that its answer is forgotten."""
        full = len(self.sightings) >= _MOST_SIGHTINGS
        return offset in self.sightings or (full and offset < min(self.sightings))


def sighted(
    entry: Entry | None,
    *,
    article_id: str,
    seen: int,
    feed: tuple[str, int],
    keys: tuple[bytes, ...],
    offset: int,
    decision: Decision,
    text: Text,
) -> Entry:
    """The entry after a message at `offset` was answered with `decision`; what grew too long loses its oldest part."""
    feed_id, revision = feed
    published = decision if isinstance(decision, Publish) and decision.article_id == article_id else None
    feeds = dict(entry.feeds) if entry else {}
    feeds[feed_id] = max(revision, feeds.pop(feed_id, 0))
    known = entry.keys if entry else {}
    return Entry(
        article_id=article_id,
        original_id=article_id if isinstance(decision, Publish) else decision.original_id,
        seen=max(seen, entry.seen) if entry else seen,
        revision=published.revision if published else entry.revision if entry else 0,
        feeds=dict(list(feeds.items())[-_MOST_FEEDS:]),
        keys=dict(list((dict.fromkeys(keys, offset) | known).items())[:_MOST_KEYS]),
        sightings=dict([*(entry.sightings.items() if entry else ()), (offset, decision)][-_MOST_SIGHTINGS:]),
        text=text if published else entry.text if entry else None,
        text_at=offset if published else entry.text_at if entry else offset,
    )


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """The entry as it is stored."""
    return _ENCODER.encode(entry)


def decode(data: bytes) -> Entry:
    """Read a stored entry.

    Raises:
        msgspec.DecodeError: the bytes are no entry; the state is broken or of another version.
    """
    return _DECODER.decode(data)
