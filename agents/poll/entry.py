"""What a feed's bytes say, before and after cleaning: the types between `formats`, `clean` and `identity`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text as a feed gives it: HTML, or plain text where `html` is false."""

    value: str
    html: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One entry as its format tells it: nothing cleaned, links absolute where the format says how.

    `texts` are the candidates for the body, each with where it is from (`content` or `summary`). `dates` are raw date
    texts, the best first; `base` is the address that links within the texts are relative to.
    """

    guid: str | None = None
    link: str | None = None
    title: Text | None = None
    texts: tuple[tuple[str, Text], ...] = ()
    dates: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """When a feed asks to be polled: `ttl_seconds` between polls; hours (0-23) and days (Monday 0) to skip, in UTC."""

    ttl_seconds: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed as its format tells it. `problem` says what is broken about it though entries could be read."""

    title: str | None = None
    hints: Hints = field(default_factory=Hints)
    entries: tuple[RawEntry, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it is published: clean text and HTML, canonical URL, UTC instants.

    `text_source` is `content`, `summary` or `title`; `text_hash` is by `clean.text_hash`. `published` is None where the
    feed tells no believable date.
    """

    guid: str | None
    url: str | None
    title: str
    body: str
    html: str | None
    text_source: str
    published: str | None
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    language_declared: str | None
    language_detected: str | None
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What the parser process answers for a body: a feed with clean entries."""

    title: str | None
    hints: Hints
    entries: tuple[Entry, ...]
    problem: str | None = None


class NotAFeedError(ValueError):
    """The bytes are no feed that can be read; the message says why."""
