"""What is remembered of each message: its answer, and what was known of its article from then on.

Records are never written twice, each stands under the offset of its message: so the state after a crash, wherever it
came, is the state as it was after some message, and what a message is answered depends on those before it alone.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from agents.deduplicate.text import Text
from streams.records import RawArticle
from streams.vocabulary import DuplicateKind

_MOST_FEEDS: Final = 64
_MOST_KEYS: Final = 24


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a message stands: its offset, and when its article was fetched, in seconds since 1970."""

    offset: int
    seen: int


class Repeat(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """The answer to a message: a Duplicate of this article; `similarity` in 0..1."""

    original_id: str
    kind: DuplicateKind
    similarity: float


class Publish(msgspec.Struct, frozen=True, array_like=True, tag=0):
    """The answer to a message: an Article under this id and revision, which replaces revision `supersedes`.

    `joins` tells why an article with an id of its own is published as a revision of another; it gets a Duplicate, too.
    """

    article_id: str
    revision: int
    supersedes: int | None
    joins: Repeat | None = None


Decision = Publish | Repeat


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What is known of one article id after a message.

    `original_id` is its own id or that of the article it repeats; `revision` the last one published, 0 for none.
    `feeds` holds the last revision each feed told of it; `keys` those of all its texts and addresses. `text` is that of
    the last revision published, by feed `teller`; None for a repeat.
    """

    article_id: str
    original_id: str
    seen: int
    revision: int
    feeds: dict[str, int]
    keys: tuple[bytes, ...]
    text: Text | None
    teller: str

    def told(self, feed_id: str, revision: int) -> bool:
        """Whether this feed has told this revision or a later one."""
        return self.feeds.get(feed_id, 0) >= revision


class Record(msgspec.Struct, frozen=True, array_like=True):
    """The answer to one message, and the entries that it changed: its article's, and that of one it takes over."""

    decision: Decision
    entries: tuple[Entry, ...]


def sighted(
    known: Entry | None, article: RawArticle, seen: int, keys: tuple[bytes, ...], decision: Decision, text: Text
) -> Entry:
    """The entry of an article after `decision`; what grew too long loses its oldest part.

    `keys` are those of the article that lead to no other.
    """
    own = isinstance(decision, Publish) and decision.article_id == article.article_id
    before = known or Entry(article.article_id, "", 0, 0, {}, (), None, "")
    feeds = dict(before.feeds)
    feeds[article.feed_id] = max(article.revision, feeds.pop(article.feed_id, 0))
    after = msgspec.structs.replace(
        before,
        original_id=decision.article_id if isinstance(decision, Publish) else decision.original_id,
        seen=max(seen, before.seen),
        feeds=dict(list(feeds.items())[-_MOST_FEEDS:]),
        keys=tuple(dict.fromkeys(keys + before.keys))[:_MOST_KEYS],
    )
    return published(after, article, seen, decision, text) if own and isinstance(decision, Publish) else after


def published(entry: Entry, article: RawArticle, seen: int, decision: Publish, text: Text) -> Entry:
    """The entry of an article after `decision` published this text as a revision of it."""
    return msgspec.structs.replace(
        entry, seen=max(seen, entry.seen), revision=decision.revision, text=text, teller=article.feed_id
    )


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Record)


def encode(record: Record) -> bytes:
    """The record as it is stored."""
    return _ENCODER.encode(record)


def decode(data: bytes) -> Record:
    """Read a stored record.

    Raises:
        msgspec.DecodeError: the bytes are no record; the state is broken or of another version.
    """
    return _DECODER.decode(data)
