"""Feeds in files: TOML (`[[feed]]` tables) and OPML, read and written, with every fault told by place and reason."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import listparser
import orjson

from streams import codec
from streams.language import primary_subtag
from streams.records import Feed
from streams.urls import canonical_url

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:/@+-]{0,199}")
_OUR_VARIABLES: Final = ("FRONTWIRE_", "KAFKA_")
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_KEYS: Final = (
    "url",
    "name",
    "language",
    "interval_seconds",
    "enabled",
    "full_text",
    "user_agent",
    "headers",
    "auth_env",
)
_OWN_HEADERS: Final = (
    "host",
    "content-length",
    "connection",
    "transfer-encoding",
    "accept-encoding",
    "if-none-match",
    "if-modified-since",
)
_OPML_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Feeds</title></head>
  <body>
"""


class FeedError(ValueError):
    """A feed is not configured as it must be; the message names the key and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsFile:
    """What a file holds: its feeds, and a sentence for each that could not be taken."""

    feeds: tuple[Feed, ...]
    problems: tuple[str, ...]


def checked(feed: Feed, key: str | None = None) -> Feed:
    """The feed, if it can be polled as it is configured.

    Raises:
        FeedError: says which field is wrong and what it takes. `key` is that of its record, which must be its id.
    """
    if not _ID.fullmatch(feed.feed_id):
        raise FeedError(f"id {feed.feed_id[:80]!r} is not of 1 to 200 letters, digits and ._~:/@+-")
    if key is not None and key != feed.feed_id:
        raise FeedError(f"the record's key {key[:80]!r} is not the feed's id {feed.feed_id!r}")
    if canonical_url(feed.url) is None:
        raise FeedError("url is no http or https address")
    if feed.language is not None and primary_subtag(feed.language) is None:
        raise FeedError(f"language {feed.language[:40]!r} is no language code as `id` or `pt-BR`")
    if feed.interval_seconds is not None and not 1 <= feed.interval_seconds <= 86400:
        raise FeedError("interval_seconds is not from 1 to 86400")
    if feed.auth_env is not None and feed.auth_env.upper().startswith(_OUR_VARIABLES):
        # Who may write feeds could else have our own credentials sent to an address of theirs.
        raise FeedError(f"auth_env {feed.auth_env[:80]!r} is a setting of ours, which no feed's server shall see")
    for name, value in (*feed.headers.items(), ("User-Agent", feed.user_agent or "")):
        _check_header(name, value)
    return feed


def _check_header(name: str, value: str) -> None:
    if not _HEADER.fullmatch(name) or name.lower() in _OWN_HEADERS:
        raise FeedError(f"headers: {name[:40]!r} is no header that can be set")
    if not value.isprintable() or not value.isascii() or len(value) > 4000:
        raise FeedError(f"headers: the value of {name} is not printable ASCII")


def read(data: bytes, name: str) -> FeedsFile:
    """The feeds of a TOML or OPML file called `name` (which is only used in messages and to tell the format)."""
    if name.lower().endswith((".opml", ".xml")) or data.lstrip()[:1] == b"<":
        return _read_opml(data, name)
    return _read_toml(data, name)


def write(feeds: Iterable[Feed], name: str) -> bytes:
    """The feeds as a file: OPML where the name ends so, else TOML. OPML leaves out what it has no place for."""
    ordered = sorted(feeds, key=lambda feed: feed.feed_id)
    return _write_opml(ordered) if name.lower().endswith((".opml", ".xml")) else _write_toml(ordered)


def new_feed(url: str, *, feed_id: str | None = None, name: str | None = None, language: str | None = None) -> Feed:
    """A feed from what an operator must tell at least.

    Raises:
        FeedError: says what is wrong.
    """
    host = _host(url)
    return checked(Feed(feed_id=feed_id or id_of(url), url=url, name=name or host, language=language))


def id_of(url: str) -> str:
    """An id for a feed that was given none: its host and eight digits of its address' hash."""
    return f"{_host(url) or 'feed'}-{sha256(url.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _host(url: str) -> str:
    canonical = canonical_url(url) or ""
    host = canonical.partition("://")[2].partition("/")[0].partition(":")[0]
    return host if _ID.fullmatch(host) else ""


def _collect(found: Iterable[tuple[str, Mapping[str, Any]]], problems: list[str]) -> FeedsFile:
    feeds: dict[str, Feed] = {}
    for place, values in found:
        try:
            feed = _feed(values)
            if feed.feed_id in feeds:
                raise FeedError(f"id {feed.feed_id!r} is there twice")
            feeds[feed.feed_id] = feed
        except (FeedError, codec.DecodeError) as error:
            problems.append(f"{place}: {error}.")
    return FeedsFile(feeds=tuple(feeds.values()), problems=tuple(problems))


def _feed(values: Mapping[str, Any]) -> Feed:
    unknown = [key for key in values if key not in (*_KEYS, "id")]
    if unknown:
        raise FeedError(f"{unknown[0]!r} is no key of a feed; those are id, {', '.join(_KEYS)}")
    url = values.get("url")
    if not isinstance(url, str):
        raise FeedError("url is missing")
    full = {"feed_id": values.get("id") or id_of(url), "name": _host(url), **values}
    full.pop("id", None)
    return checked(codec.from_object(full, Feed))


# --- TOML


def _read_toml(data: bytes, name: str) -> FeedsFile:
    try:
        tables = tomllib.loads(data.decode("utf-8")).get("feed", [])
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, a number too long, arrays too deep
        return FeedsFile(feeds=(), problems=(f"{name}: this is no TOML: {error}.",))
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return FeedsFile(feeds=(), problems=(f"{name}: feeds are written as tables [[feed]].",))
    return _collect(((f"{name}: feed {n} ({_called(table)})", table) for n, table in enumerate(tables, 1)), [])


def _called(table: Mapping[str, Any]) -> str:
    return str(table.get("id") or table.get("url") or "without id and url")[:80]


def _write_toml(feeds: Iterable[Feed]) -> bytes:
    return "\n".join(_toml(feed) for feed in feeds).encode()


def _toml(feed: Feed) -> str:
    plain = Feed(feed_id="", url="", name="")
    values = [("id", feed.feed_id), *((key, getattr(feed, key)) for key in _KEYS)]
    told = [(key, value) for key, value in values if key in ("id", "url", "name") or value != getattr(plain, key)]
    return "[[feed]]\n" + "".join(f"{key} = {_toml_value(value)}\n" for key, value in told)


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_json(key)} = {_json(text)}" for key, text in value.items()) + " }"
    return _json(value)


def _json(value: Any) -> str:
    """JSON strings, numbers and booleans are TOML, too; but TOML wants DEL escaped."""
    return orjson.dumps(value).decode().replace("\x7f", "\\u007f")


# --- OPML


def _read_opml(data: bytes, name: str) -> FeedsFile:
    found = listparser.parse(data)
    problems = [f"{name}: the OPML is broken ({found.bozo_exception})."] if found.get("bozo") else []
    outlines = ((f"{name}: {_shown(feed)}", _outline(feed)) for feed in found.get("feeds", []))
    return _collect(outlines, problems)


def _shown(feed: Any) -> str:
    return str(feed.get("title") or feed.get("url") or "an outline")[:80]


def _outline(feed: Any) -> dict[str, Any]:
    url, title = str(feed.get("url") or ""), str(feed.get("title") or "").strip()
    return {"url": url, **({"name": title} if title else {})}


def _write_opml(feeds: Iterable[Feed]) -> bytes:
    lines = (f'    <outline type="rss" text={quoteattr(f.name)} xmlUrl={quoteattr(f.url)}/>\n' for f in feeds)
    return (_OPML_HEAD + "".join(lines) + "  </body>\n</opml>\n").encode()
