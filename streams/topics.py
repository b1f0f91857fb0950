"""The topic table: every topic, what travels on it, its key, its partitions and how long it is kept.

Names are bare; a deployment's prefix (`FRONTWIRE_TOPIC_PREFIX`) is put before them where Kafka is spoken to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zlib import crc32


class Policy(StrEnum):
    """Kafka's `cleanup.policy`."""

    DELETE = "delete"
    COMPACT = "compact"
    COMPACT_DELETE = "compact,delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic. `records` are names of `streams.records`; `retention_days` None keeps for ever (compacted topics).

    `internal` topics are no contract for subscribers.
    """

    name: str
    records: tuple[str, ...]
    key: str
    partitions: int
    policy: Policy
    retention_days: int | None
    purpose: str
    internal: bool = False


_FEED_PARTITIONS: Final = 8
_LANGUAGE_PARTITIONS: Final = 16
_OUTPUT_PARTITIONS: Final = 12

MOST_PARTITIONS: Final = 1000
"""Of a topic: metrics tell partitions apart by number, and a label takes no other value."""

TOPICS: Final = (
    Topic(
        name="feeds",
        records=("Feed",),
        key="feed id",
        partitions=_FEED_PARTITIONS,
        policy=Policy.COMPACT,
        retention_days=None,
        purpose="the feeds to poll; a worker polls those of the partitions it owns",
    ),
    Topic(
        name="feeds.state",
        records=("FeedState", "EntryState"),
        key="feed id; of an entry: feed id and entry",
        partitions=_FEED_PARTITIONS,
        policy=Policy.COMPACT,
        retention_days=None,
        purpose="what the poller knows of each feed and entry, restored after a restart",
        internal=True,
    ),
    Topic(
        name="feeds.health",
        records=("FeedHealth",),
        key="feed id",
        partitions=_FEED_PARTITIONS,
        policy=Policy.COMPACT,
        retention_days=None,
        purpose="the state of each feed for its operators",
    ),
    Topic(
        name="articles.raw",
        records=("RawArticle",),
        key="language",
        partitions=_LANGUAGE_PARTITIONS,
        policy=Policy.DELETE,
        retention_days=7,
        purpose="every entry as published or changed, one partition a language",
    ),
    Topic(
        name="articles.unique",
        records=("Article",),
        key="article id",
        partitions=_OUTPUT_PARTITIONS,
        policy=Policy.DELETE,
        retention_days=30,
        purpose="the articles that repeat no other",
    ),
    Topic(
        name="articles.duplicates",
        records=("Duplicate",),
        key="article id",
        partitions=_OUTPUT_PARTITIONS,
        policy=Policy.DELETE,
        retention_days=30,
        purpose="the repeats, what they repeat and why",
    ),
    Topic(
        name="conflict.events",
        records=("ConflictEvent",),
        key="event id",
        partitions=_OUTPUT_PARTITIONS,
        policy=Policy.COMPACT_DELETE,
        retention_days=30,
        purpose="one record an act that an article tells",
    ),
    Topic(
        name="evacuation.counts",
        records=("EvacuationCount",),
        key="count id",
        partitions=_OUTPUT_PARTITIONS,
        policy=Policy.COMPACT_DELETE,
        retention_days=30,
        purpose="one record a figure of people or households moved, moving, back or stuck",
    ),
    Topic(
        name="articles.extracted",
        records=("ExtractedArticle",),
        key="article id",
        partitions=1,
        policy=Policy.DELETE,
        retention_days=7,
        purpose="what each article led to, for the one writer of stories and totals",
        internal=True,
    ),
    Topic(
        name="stories",
        records=("Story",),
        key="story id",
        partitions=_OUTPUT_PARTITIONS,
        policy=Policy.COMPACT,
        retention_days=None,
        purpose="articles about the same event, and the merges told",
    ),
    Topic(
        name="evacuation.totals",
        records=("EvacuationTotal",),
        key="total id (story, origin, term, unit)",
        partitions=_OUTPUT_PARTITIONS,
        policy=Policy.COMPACT,
        retention_days=None,
        purpose="running evacuation totals of each story, per source, never added up across sources",
    ),
    Topic(
        name="deduplicate.state",
        records=(),
        key="source offset",
        partitions=_LANGUAGE_PARTITIONS,
        policy=Policy.COMPACT,
        retention_days=None,
        purpose="changelog of what `deduplicate` has seen",
        internal=True,
    ),
    Topic(
        name="extract.state",
        records=(),
        key="article id",
        partitions=_OUTPUT_PARTITIONS,
        policy=Policy.COMPACT,
        retention_days=None,
        purpose="changelog of which claims each article made, so that withdrawn ones get a tombstone",
        internal=True,
    ),
    Topic(
        name="total.state",
        records=(),
        key="source offset, article id or story id",
        partitions=1,
        policy=Policy.COMPACT,
        retention_days=None,
        purpose="changelog of what each story is made of, and of what each message decided",
        internal=True,
    ),
    Topic(
        name="dead-letters",
        records=("DeadLetter",),
        key="source topic, partition and offset",
        partitions=4,
        policy=Policy.DELETE,
        retention_days=30,
        purpose="messages that could not be processed, with stage, reason, payload and coordinates",
    ),
    Topic(
        name="heartbeats",
        records=(),
        key="partition",
        partitions=1,
        policy=Policy.DELETE,
        retention_days=1,
        purpose="what the synthetic heartbeat articles lead to",
        internal=True,
    ),
)

TOPIC: Final = MappingProxyType({topic.name: topic for topic in TOPICS})

_LANGUAGES: Final = ("ar", "az", "en", "es", "fa", "fr", "he", "hy", "id", "ru", "tr", "uk", "ka")


def language_partition(language: str, partitions: int = _LANGUAGE_PARTITIONS) -> int:
    """The partition of `articles.raw` for a language code, where it has so many.

    Supported languages have one of their own; all others share the rest. Hashing would put twelve codes on about
    half of the partitions.
    """
    if language in _LANGUAGES:
        return _LANGUAGES.index(language)
    rest = partitions - len(_LANGUAGES)
    return len(_LANGUAGES) + crc32(language.encode()) % rest


def _by_language(key: bytes, partitions: int) -> int:
    return language_partition(key.decode(), partitions)


Route = Callable[[bytes, int], int]
"""Key and number of partitions to a partition."""

ROUTES: Final[Mapping[str, Route]] = MappingProxyType({"articles.raw": _by_language})
"""How records are routed on topics where the hash of the key shall not decide."""
