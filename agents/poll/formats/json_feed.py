"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Any, Final
from urllib.parse import urljoin

import orjson

from agents.poll.entry import NotAFeedError, RawEntry, RawFeed, Text

_BOM: Final = b"\xef\xbb\xbf"


def claims(body: bytes, content_type: str) -> bool:
    """A JSON object, whatever it is served as."""
    return body[:64].removeprefix(_BOM).lstrip()[:1] == b"{"


def read(body: bytes, content_type: str, url: str) -> RawFeed:
    """The feed of a JSON body; see `formats.Format`."""
    feed = _load(body.removeprefix(_BOM))
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        raise NotAFeedError("JSON, but no JSON Feed: `version` does not name jsonfeed.org")
    items = feed.get("items")
    if not isinstance(items, list):
        raise NotAFeedError("a JSON Feed without a list of `items`")
    entries = tuple(_entry(item, feed, url) for item in items if isinstance(item, dict))
    problem = None if len(entries) == len(items) else "some items are no objects"
    return RawFeed(title=_text(feed.get("title")), entries=entries, problem=problem)


def _load(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:  # lone surrogates and stray bytes, which orjson refuses
        return json.loads(body.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError(f"no JSON that can be read: {error}") from None


def _entry(item: dict[str, Any], feed: dict[str, Any], url: str) -> RawEntry:
    home = _text(feed.get("home_page_url"))
    base = _absolute(url, home) or url
    link = _text(item.get("url")) or _text(item.get("external_url"))
    title = _text(item.get("title"))
    authors = item.get("authors") or item.get("author") or feed.get("authors") or feed.get("author")
    return RawEntry(
        guid=_text(item.get("id")),
        link=_absolute(base, link),
        title=Text(value=title, html=False) if title else None,
        texts=tuple(_texts(item)),
        dates=tuple(date for key in ("date_published", "date_modified") if (date := _text(item.get(key)))),
        authors=tuple(_names(authors)),
        categories=tuple(tag for tag in _list(item.get("tags")) if isinstance(tag, str)),
        language=_text(item.get("language")) or _text(feed.get("language")),
        base=_absolute(base, link) or base,
    )


def _texts(item: dict[str, Any]) -> list[tuple[str, Text]]:
    fields = (("content", "content_html", True), ("content", "content_text", False), ("summary", "summary", False))
    return [(source, Text(value=value, html=html)) for source, key, html in fields if (value := _text(item.get(key)))]


def _names(authors: Any) -> list[str]:
    people = authors if isinstance(authors, list) else [authors]
    return [name for person in people if isinstance(person, dict) and (name := _text(person.get("name")))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    """A field's text; numbers too, as many feeds number their `id`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _absolute(base: str, link: str | None) -> str | None:
    if link is None:
        return None
    try:
        return urljoin(base, link)
    except ValueError:
        return None
