"""The envelope of every record that subscribers read: CloudEvents 1.0 headers, Kafka binding, binary mode.

Each header is made of the record, never of a clock or of where it lies: a record that is sent again has the same bytes
in its headers, too. Specifications: CloudEvents 1.0.2, its Kafka protocol binding 1.0.2, and its extension `sequence`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from streams.codec import encode
from streams.records import SCHEMA_VERSION
from streams.stage import Send

Header = tuple[str, bytes]
Headers = tuple[Header, ...]

SEQUENCE_DIGITS: Final = 20
"""`ce_sequence` is compared as text: as many digits as any 64-bit number has."""


def schema_uri(record: str) -> str:
    """The name of a record's JSON Schema, its `$id`. It changes only with what old readers cannot read."""
    return f"urn:frontwire:schema:{record}:{SCHEMA_VERSION}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """How the records of one topic are wrapped. `version`, `sequence`, `time` and `subject` name fields of `record`.

    `ce_subject` is what the record is about, the key where `subject` is None. `ce_id` is the subject and the values of
    `version`, joined by dots: one id, one content. Where no fields tell the contents of one subject apart (`version`
    is empty), a digest of the value does. `ce_sequence` tells which of a subject's records holds; records that all
    hold (one feed's telling of an article beside another's) have none.
    """

    topic: str
    record: str
    version: tuple[str, ...] = ()
    sequence: str | None = None
    time: str | None = None
    subject: str | None = None

    @property
    def source(self) -> str:
        """`ce_source`: an id is unique within it."""
        return f"/frontwire/{self.topic}"

    @property
    def type(self) -> str:
        """`ce_type` of a record."""
        return f"frontwire.{self.record}.v{SCHEMA_VERSION}"

    @property
    def withdrawn_type(self) -> str:
        """`ce_type` of a tombstone."""
        return f"frontwire.{self.record}.withdrawn.v{SCHEMA_VERSION}"


_EXTRACTED: Final = ("revision", "extractor")

ENVELOPES: Final = MappingProxyType(
    {
        envelope.topic: envelope
        for envelope in (
            Envelope("feeds.health", "FeedHealth", time="last_poll"),
            Envelope("articles.raw", "RawArticle", ("revision", "feed_id"), time="fetched", subject="article_id"),
            Envelope("articles.unique", "Article", ("revision",), "revision", "fetched"),
            Envelope("articles.duplicates", "Duplicate", ("revision",), time="fetched", subject="duplicate_id"),
            Envelope("conflict.events", "ConflictEvent", _EXTRACTED, "revision"),
            Envelope("evacuation.counts", "EvacuationCount", _EXTRACTED, "revision"),
            Envelope("stories", "Story", ("state_revision",), "state_revision", "last_seen"),
            Envelope("evacuation.totals", "EvacuationTotal", ("state_revision",), "state_revision", "updated"),
            Envelope("dead-letters", "DeadLetter", time="failed_at"),
        )
    }
)
"""By topic. Topics that are internal, or that others write, have none."""

_FIXED: Final = {
    topic: (
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_type", envelope.type.encode()),
        ("ce_source", envelope.source.encode()),
        ("ce_dataschema", schema_uri(envelope.record).encode()),
    )
    for topic, envelope in ENVELOPES.items()
}
_FIXED_WITHDRAWN: Final = {
    topic: (
        ("ce_specversion", b"1.0"),
        ("ce_type", envelope.withdrawn_type.encode()),
        ("ce_source", envelope.source.encode()),
    )
    for topic, envelope in ENVELOPES.items()
}


def wrapped(topic: str, key: str, record: Any, *, time: str | None = None, partition: int | None = None) -> Send:
    """A record on its topic, in its envelope if the topic has one.

    `time` is when what the record tells became known, for records that do not say so themselves.
    """
    value = encode(record)
    envelope = ENVELOPES.get(topic)
    headers = _around(envelope, key, record, value, time) if envelope else ()
    return Send(topic=topic, key=key.encode(), value=value, partition=partition, headers=headers)


def withdrawn(topic: str, key: str, *version: object, sequence: int | None = None, time: str | None = None) -> Send:
    """A tombstone: what was told under `key` holds no more. `version` tells it from other contents of the key."""
    headers = (*_FIXED_WITHDRAWN[topic], *_variable(key, (key, *version), sequence, time))
    return Send(topic=topic, key=key.encode(), value=None, headers=headers)


def _around(envelope: Envelope, key: str, record: Any, value: bytes, time: str | None) -> Headers:
    subject = getattr(record, envelope.subject) if envelope.subject else key
    version = [getattr(record, name) for name in envelope.version] or [sha256(value).hexdigest()[:16]]
    sequence = getattr(record, envelope.sequence) if envelope.sequence else None
    when = getattr(record, envelope.time) if envelope.time else time
    return (*_FIXED[envelope.topic], *_variable(subject, (subject, *version), sequence, when))


def _variable(subject: str, identity: Iterable[object], sequence: int | None, time: str | None) -> list[Header]:
    headers = [("ce_id", ".".join(map(str, identity)).encode()), ("ce_subject", subject.encode())]
    if time is not None:
        headers.append(("ce_time", time.encode()))
    if sequence is not None:
        headers.append(("ce_sequence", b"%0*d" % (SEQUENCE_DIGITS, sequence)))
    return headers
