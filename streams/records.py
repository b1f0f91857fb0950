"""The records that travel on the topics: frozen, typed, without behaviour.

A record is a claim found in one article. Instants are UTC strings as `2023-09-20T09:00:00Z`; `date` and `as_of` are
local to the article, without a zone. Offsets are Unicode code points into `title + "\\n\\n" + body` of the
article's revision, `end` exclusive. `None` means "not told"; a guess is never written.
"""

from dataclasses import dataclass, field
from typing import Final

from streams.vocabulary import (
    CasualtyKind,
    DeadReason,
    DuplicateKind,
    EventType,
    FeedStatus,
    Flow,
    Modality,
    PlacePrecision,
    PloverType,
    PollOutcome,
    Quantifier,
    Stage,
    SubEventType,
    Term,
    Unit,
)

SCHEMA_VERSION: Final = 1
"""Rises only with a change that old readers cannot read; such a change also gets a new topic."""

TITLE_BODY_SEPARATOR: Final = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed to poll, as its operator configured it. Key: `feed_id`.

    `interval_seconds` None lets the schedule follow the feed's own rate. `headers` are sent as they are; secrets are
    named by `auth_env` (the environment variable that holds an Authorization value), never written here.
    """

    feed_id: str
    url: str
    name: str
    language: str | None = None
    interval_seconds: int | None = None
    enabled: bool = True
    full_text: bool = False
    user_agent: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    auth_env: str | None = None
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """One entry of a feed as it was published or changed. Key: `language`.

    `article_id` names the entry for all its revisions (first sighting's canonical URL, else feed and guid).
    `text_source` is `content`, `summary`, `title` or `page`. `content_hash` is SHA-256 hex of the normalised text.
    """

    article_id: str
    revision: int
    feed_id: str
    source: str
    url: str | None
    guid: str | None
    title: str
    body: str
    html: str | None
    language: str
    language_declared: str | None
    language_detected: str | None
    published: str | None
    fetched: str
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    text_source: str = "content"
    content_hash: str = ""
    published_clamped: bool = False
    schema_version: int = SCHEMA_VERSION

    @property
    def text(self) -> str:
        """The text that every quote and offset of this revision refers to."""
        return self.title + TITLE_BODY_SEPARATOR + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the poller knows of one feed. Key: `feed_id`.

    `config` is a hash of what the validators depend on (URL, agent, headers): another one drops them. `etag` and
    `last_modified` are the server's own strings. `body_sha256` (hex) is that of the last decompressed body, and
    `body_bytes` is its size over the wire.
    `resolved_url` is where three equal permanent redirects led; `moved_to` and `moved_times` count towards it.
    `guids_unique` is decided once and sticks: whether the feed's guids tell its entries apart. `gap_seconds` is the
    feed's own mean time between entries. `polls`, `not_modified` and `failures` (in a row) are counts.
    """

    feed_id: str
    config: str
    status: FeedStatus
    next_due: str
    polls: int = 0
    not_modified: int = 0
    failures: int = 0
    outcome: PollOutcome | None = None
    error: str | None = None
    last_poll: str | None = None
    last_ok: str | None = None
    last_new: str | None = None
    last_full: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    body_bytes: int = 0
    resolved_url: str | None = None
    moved_to: str | None = None
    moved_times: int = 0
    gone_since: str | None = None
    guids_unique: bool | None = None
    gap_seconds: int | None = None
    interval_seconds: int | None = None
    slow_parse: bool = False
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryState:
    """What the poller knows of one entry of a feed. Key: feed id, a blank, `article_id`.

    `aliases` are 8-byte hashes in hex of all that the entry was known by; any match is the same entry. `text_hash` is
    that of the feed's own text at `revision`. `pending` holds the article from before it is sent until its delivery
    is acknowledged, so that a crash between sends the same bytes again.
    """

    article_id: str
    revision: int
    language: str
    text_hash: str
    aliases: tuple[str, ...]
    last_seen: str
    pending: RawArticle | None = None
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How a feed does, for its operators. Key: `feed_id`.

    `url` is the configured address without credentials, `resolved_url` where it permanently moved to.
    `not_modified_share` in 0..1 is the share of polls that cost no body or brought the same one.
    """

    feed_id: str
    name: str
    url: str
    status: FeedStatus
    outcome: PollOutcome | None
    error: str | None
    failures: int
    polls: int
    not_modified_share: float
    last_poll: str | None
    last_ok: str | None
    last_new: str | None
    next_due: str
    interval_seconds: int | None
    resolved_url: str | None = None
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(RawArticle):
    """An article that repeats no other. Key: `article_id`.

    `supersedes` is the revision that this one replaces, None for the first.
    """

    supersedes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """An article that repeats another. Key: `article_id` (its own).

    `duplicate_id` names one telling: the same article and revision by way of two feeds are two. `original_id` is the
    article that it repeats; `similarity` in 0..1 (1.0 for equal URL, guid or text).
    """

    duplicate_id: str
    article_id: str
    revision: int
    original_id: str
    kind: DuplicateKind
    similarity: float
    feed_id: str
    source: str
    url: str | None
    title: str
    language: str
    published: str | None
    fetched: str
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A figure with what its wording allows.

    `reported` is the number as written, in digits after scale, None where the wording gives none (`between`, `vague`);
    `low` and `high` are inclusive bounds, None for open. See the quantifier table of the contract.
    """

    quantifier: Quantifier
    reported: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualties:
    """People a conflict event killed, wounded, captured, or who went missing; `who` an English plural noun or None."""

    kind: CasualtyKind
    who: str | None
    quantifier: Quantifier
    reported: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing captured, destroyed or used; `item` an English singular noun."""

    item: str
    quantifier: Quantifier
    reported: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What another source says of the same act's casualties."""

    attribution: str | None
    casualties: tuple[Casualties, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A figure's own break-down: a count, or a share in 0..1 (`share_low`, `share_high`; None for open)."""

    group: str
    quantifier: Quantifier
    reported: int | None = None
    low: int | None = None
    high: int | None = None
    share_low: float | None = None
    share_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictEvent:
    """One act that an article tells. Key: `event_id`. `country` is ISO 3166-1 alpha-3; `confidence` in 0..1."""

    event_id: str
    article_id: str
    revision: int
    extractor: str
    language: str
    published: str | None
    source: str
    url: str | None
    event_type: EventType
    sub_event_type: SubEventType
    plover_type: PloverType | None
    modality: Modality
    quote: str
    start: int
    end: int
    actor: str | None
    target: str | None
    place: str | None
    country: str | None
    place_geoname_id: int | None
    lat: float | None
    lon: float | None
    place_precision: PlacePrecision | None
    attribution: str | None
    date: str | None
    casualties: tuple[Casualties, ...]
    items: tuple[Item, ...]
    rule: str
    confidence: float
    other_tolls: tuple[Toll, ...] = ()
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class EvacuationCount:
    """One figure of people or households moved, moving, told to move, back, or stuck. Key: `count_id`.

    The resolved place is that of `origin`.
    """

    count_id: str
    article_id: str
    revision: int
    extractor: str
    language: str
    published: str | None
    source: str
    url: str | None
    term: Term
    unit: Unit
    quantifier: Quantifier
    reported: int | None
    low: int | None
    high: int | None
    group: str | None
    parts: tuple[Part, ...]
    flow: Flow
    as_of: str | None
    origin: str | None
    destination: str | None
    actor: str | None
    attribution: str | None
    modality: Modality
    quote: str
    start: int
    end: int
    country: str | None
    place_geoname_id: int | None
    lat: float | None
    lon: float | None
    place_precision: PlacePrecision | None
    rule: str
    confidence: float
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFeatures:
    """What the story finder compares: names and places as folded text, figures as written, and event types.

    `terms` are the words of the article's beginning and how often each stands there, names with a capital letter.
    """

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()
    terms: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedArticle:
    """What one revision of one article led to, also if it is nothing. Key: `article_id`.

    `withdrawn_events` and `withdrawn_counts` are ids that an earlier revision claimed and this one no longer does.
    """

    article_id: str
    revision: int
    extractor: str
    language: str
    published: str | None
    fetched: str
    source: str
    url: str | None
    title: str
    features: StoryFeatures
    events: tuple[ConflictEvent, ...]
    counts: tuple[EvacuationCount, ...]
    complete: bool = True
    withdrawn_events: tuple[str, ...] = ()
    withdrawn_counts: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that a stage could not process. Key: `source_topic:source_partition:source_offset`. `null` in its place
    says that it was replayed or dropped.

    `payload` is the value in base64, cut to fit where `truncated`; `payload_size` in bytes and `payload_sha256` (hex)
    are those of the whole. `failed_at` is the source record's own timestamp, so that a replay writes the same bytes.
    """

    stage: Stage
    reason: DeadReason
    message: str
    source_topic: str
    source_partition: int
    source_offset: int
    key: str | None
    payload: str
    payload_size: int
    payload_sha256: str
    truncated: bool
    attempts: int
    version: str
    failed_at: str | None
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFigure:
    """The latest figure of one source within a total, with the article it was read from."""

    source: str
    quantifier: Quantifier
    reported: int | None
    low: int | None
    high: int | None
    flow: Flow
    modality: Modality
    group: str | None
    as_of: str | None
    published: str | None
    article_id: str
    count_id: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePair:
    """Two figures of one total that do not go together, the one that holds earlier first."""

    earlier: SourceFigure
    later: SourceFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalStep:
    """One step in the history of a total: the figure that came, and the range over sources from then on.

    `moment` is when the figure holds (`as_of`, else `published`), None if unknown.
    """

    moment: str | None
    figure: SourceFigure
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvacuationTotal:
    """What all sources say in one story of one origin, term and unit. Key: `total_id`.

    `figures` holds per source its latest cumulative figure and, apart, the sum of its `new` figures; `lowest` and
    `highest` range over sources and are never a sum across them. `apart` lists figures that do not enter (planned,
    hypothetical, negated, or of one group only). `history` tells the figures that entered in the order of the time they
    hold at, earlier revisions of an article included, the last 40; `resets` are a source's running figures that fell,
    `contradictions` figures of two sources that cannot both be true. `state_revision` is made of source coordinates, so
    restorers keep the highest.
    """

    total_id: str
    story_id: str | None
    origin: str | None
    origin_geoname_id: int | None
    term: Term
    unit: Unit
    lowest: int | None
    highest: int | None
    figures: tuple[SourceFigure, ...]
    new_sums: dict[str, int]
    apart: tuple[SourceFigure, ...]
    articles: int
    updated: str | None
    state_revision: int
    history: tuple[TotalStep, ...] = ()
    resets: tuple[FigurePair, ...] = ()
    contradictions: tuple[FigurePair, ...] = ()
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """An article of a story, at its latest revision. Titles are cut to 300 letters."""

    article_id: str
    revision: int
    language: str
    source: str
    title: str
    url: str | None
    published: str | None
    fetched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryClaim:
    """What one source says of an event of a story, with the ConflictEvent that it was read from.

    `source` is the attribution, folded, else the outlet, as in the totals.
    """

    source: str
    modality: Modality
    date: str | None
    casualties: tuple[Casualties, ...]
    event_id: str
    article_id: str
    revision: int
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEvent:
    """The acts of one type in one place that the articles of a story tell, merged.

    `first` is the first telling. `claims` holds one claim a source, its latest; casualties are as claimed by each and
    never added up. `sources` are those with an asserted claim.
    """

    event_type: EventType
    sub_event_type: SubEventType
    place: str | None
    country: str | None
    place_geoname_id: int | None
    lat: float | None
    lon: float | None
    sources: tuple[str, ...]
    first: StoryClaim
    claims: tuple[StoryClaim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFigure:
    """One evacuation total of a story in short; the whole is on `evacuation.totals` under `total_id`."""

    total_id: str
    origin: str | None
    origin_geoname_id: int | None
    term: Term
    unit: Unit
    lowest: int | None
    highest: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles about the same event, of all outlets and languages. Key: `story_id`.

    A story that turned out to be another's is told by `merged_into`, and is empty from then on; the other names it in
    `merged`. Readers that follow `merged_into` until it is None find the story that an id means today. `title` is that
    of the first article. `articles` are in the order of their arrival; of a large story the first and the latest are
    listed, and `left_out` says how many others there are. `sources` are outlets. `first_seen` and `last_seen` are
    instants of publication, else of fetching. `state_revision` as in EvacuationTotal.
    """

    story_id: str
    merged_into: str | None
    title: str
    articles: tuple[StoryArticle, ...]
    left_out: int
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    first_seen: str | None
    last_seen: str | None
    events: tuple[StoryEvent, ...]
    figures: tuple[StoryFigure, ...]
    merged: tuple[str, ...]
    state_revision: int
    schema_version: int = SCHEMA_VERSION
