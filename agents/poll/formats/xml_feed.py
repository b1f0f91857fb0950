"""RSS 0.9-2.0, RDF, Atom 0.3 and 1.0 by feedparser, with its sanitiser and link resolver off (three times as fast).

Texts leave here as they are: `agents.poll.clean` makes them safe.
"""

import io
import re
import warnings
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urljoin

import feedparser

from agents.poll.entry import Hints, NotAFeedError, RawEntry, RawFeed, Text
from agents.poll.formats import strict
from agents.poll.formats.repair import decode, mend, trim

_PERIODS: Final = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HTML_TYPES: Final = frozenset(("text/html", "application/xhtml+xml", "text/x-html", "html", "xhtml"))
_WEEK: Final = 604800

_WHOLE: Final = re.compile(r"https?://[\w.-]+/[\w./-]*(?:\?[\w./=&%-]+)?", re.ASCII)
"""Addresses that stay as they are, whatever they are joined to; most are."""


def claims(body: bytes, content_type: str) -> bool:
    """Anything with a tag near its start; feedparser judges the rest."""
    return b"<" in body[:4096]


def read(body: bytes, content_type: str, url: str) -> RawFeed:
    """The feed of an XML body; see `formats.Format`."""
    text, wrong = decode(body, content_type)
    text, before = trim(text)
    parsed, broken = _parse(strict.parse, text), None
    if parsed is None:
        text, broken = mend(text)
        parsed = _parse(strict.parse, text) or _parse(_lenient, text)
    entries = parsed.get("entries", [])
    if not parsed.get("version") and not entries:
        raise NotAFeedError("no RSS, RDF or Atom" + (": an HTML page" if "<html" in text[:4096].lower() else ""))
    feed = parsed.get("feed", {})
    faults = [fault for fault in (wrong, before, broken, _fault(parsed)) if fault]
    language = _str(dict.get(feed, "language"))
    rss = not str(parsed.get("version")).startswith("atom")
    return RawFeed(
        title=_str(dict.get(feed, "title")),
        hints=_hints(feed, text),
        entries=tuple(_entry(entry, language, url, rss) for entry in entries),
        problem="; ".join(faults) or None,
    )


def _lenient(body: bytes) -> Any:
    # without the body's address: feedparser would make guids into addresses that change when the feed moves
    headers = {"content-type": "application/xml; charset=utf-8"}
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _parse(parser: Callable[[bytes], Any], text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # feedparser's own deprecations; none is ours to mend
        try:
            return parser(text.encode("utf-8", "surrogatepass"))  # a lone one is a fault like others
        except (RecursionError, MemoryError):
            raise
        except Exception as error:
            raise NotAFeedError(f"the parser broke off with {type(error).__name__}: {error}") from error


def _fault(parsed: Any) -> str | None:
    return f"{parsed.get('bozo_exception')}"[:200] if parsed.get("bozo") else None


def _entry(entry: Any, language: str | None, url: str, rss: bool) -> RawEntry:
    # dict.get: feedparser's own `get` follows aliases (`updated` answers `published`) with deprecation warnings
    title, detail = _str(dict.get(entry, "title")), dict.get(entry, "title_detail") or {}
    link = _link(entry, url)
    return RawEntry(
        guid=_str(dict.get(entry, "id")),
        link=link,
        title=Text(value=title, html=_is_html(detail, rss)) if title else None,
        texts=tuple(_texts(entry, rss)),
        dates=tuple(_dates(entry)),
        authors=tuple(_authors(entry)),
        categories=tuple(_categories(entry)),
        language=_entry_language(entry) or language,
        base=_joined(url, _base(entry)) or link or url,
    )


def _link(entry: Any, url: str) -> str | None:
    """The entry's address: before redirectors, then its link, then a guid that is one."""
    original = _str(dict.get(entry, "feedburner_origlink"))
    link = original or _str(dict.get(entry, "link")) or _alternate(entry)
    guid = _str(dict.get(entry, "id"))
    if link is None and guid and guid.startswith(("http://", "https://")):
        link = guid
    return _joined(url, link)


def _joined(base: str, link: str | None) -> str | None:
    if link and _WHOLE.fullmatch(link):
        return link
    try:
        return urljoin(base, link) if link else None
    except ValueError:
        return None


def _alternate(entry: Any) -> str | None:
    links = [link for link in dict.get(entry, "links") or () if dict.get(link, "href")]
    pages = [link for link in links if dict.get(link, "rel") == "alternate"]
    return _str(dict.get(pages[0], "href")) if pages else None


def _texts(entry: Any, rss: bool) -> list[tuple[str, Text]]:
    found = [("content", content) for content in dict.get(entry, "content") or ()]
    if dict.get(entry, "summary_detail"):  # without it, feedparser has only copied the content
        found.append(("summary", entry["summary_detail"]))
    texts = [
        (source, Text(value=value, html=_is_html(part, rss)))
        for source, part in found
        if (value := _str(part["value"]))
    ]
    for key in ("media_description", "media_text"):
        if value := _str(dict.get(entry, key)):
            texts.append(("summary", Text(value=value, html=False)))
    return texts


def _is_html(detail: Any, rss: bool) -> bool:
    """Atom says what a text is. RSS does not, and what feedparser took for plain may hold a tag or a double escape."""
    kind = str(detail.get("type") or "text/plain").lower()
    value = str(detail.get("value", ""))
    return kind in _HTML_TYPES or (rss and "<" in value and ">" in value)


def _dates(entry: Any) -> list[str]:
    keys = ("published", "updated", "created", "dcterms_issued", "expired")[:-1]
    return [date for key in keys if (date := _str(dict.get(entry, key)))]


def _authors(entry: Any) -> list[str]:
    people = [_str(dict.get(person, "name")) or _str(dict.get(person, "email")) for person in _people(entry)]
    names = [name for name in people if name]
    return list(dict.fromkeys(names or ([author] if (author := _str(dict.get(entry, "author"))) else [])))


def _people(entry: Any) -> list[Any]:
    return [person for person in dict.get(entry, "authors") or () if person]


def _categories(entry: Any) -> list[str]:
    tags = dict.get(entry, "tags") or ()
    return list(dict.fromkeys(term for tag in tags if (term := _str(dict.get(tag, "term") or dict.get(tag, "label")))))


def _entry_language(entry: Any) -> str | None:
    details = [dict.get(entry, "language"), *(dict.get(part, "language") for part in dict.get(entry, "content") or ())]
    details += [dict.get(dict.get(entry, key) or {}, "language") for key in ("summary_detail", "title_detail")]
    return next((language for detail in details if (language := _str(detail))), None)


def _base(entry: Any) -> str | None:
    details = [*(dict.get(entry, "content") or ()), dict.get(entry, "summary_detail") or {}]
    return next((base for part in details if (base := _str(dict.get(part, "base")))), None)


def _hints(feed: Any, text: str) -> Hints:
    return Hints(
        ttl_seconds=_ttl(feed),
        skip_hours=_skipped(text, "skipHours", _hour),
        skip_days=_skipped(text, "skipDays", _day),
    )


def _ttl(feed: Any) -> int | None:
    """The longer of `ttl` (minutes, RSS 2.0) and `sy:updatePeriod` / `sy:updateFrequency` (RSS syndication module)."""
    told = []
    if (ttl := _number(dict.get(feed, "ttl"))) is not None:
        told.append(ttl * 60)
    period = _PERIODS.get((_str(dict.get(feed, "sy_updateperiod")) or "").lower())
    if period is not None:
        told.append(period // max(1, _number(dict.get(feed, "sy_updatefrequency")) or 1))
    return min(max(told), _WEEK) if told else None


def _skipped(text: str, tag: str, read: Any) -> tuple[int, ...]:
    """feedparser drops skipHours and skipDays, so they are read off the channel's head."""
    head = text[:20_000]
    start = head.find(f"<{tag}>")
    end = head.find(f"</{tag}>", start)
    if start < 0 or end < 0:
        return ()
    words = head[start:end].replace(">", "<").split("<")
    return tuple(sorted({value for word in words if (value := read(word.strip())) is not None}))


def _hour(word: str) -> int | None:
    return int(word) % 24 if word.isascii() and word.isdigit() and len(word) < 3 and int(word) <= 24 else None


def _day(word: str) -> int | None:
    return _DAYS.index(word.lower()) if word.lower() in _DAYS else None


def _number(value: Any) -> int | None:
    text = str(value).strip() if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _str(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
