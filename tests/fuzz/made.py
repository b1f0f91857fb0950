"""Good inputs to start from: records of every type with random contents, feeds, pages, settings, lists of feeds."""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from enum import Enum
from functools import cache
from html import escape
from random import Random
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints
from xml.sax.saxutils import quoteattr

from streams import records
from streams.schemas import record_names
from streams.settings import describe
from tests.fuzz.inputs import VALUES, text_of
from tests.quality.corpus import languages, load

RECORDS: Final = tuple(record_names())
TIMES: Final = ("2023-09-20T09:00:00Z", "2024-05-14T23:59:59Z", "2023-09-20T09:00:01Z", "1999-12-31T00:00:00+03:00")
URLS: Final = (
    "https://www.example.org/news/2023/09/20/ridge?utm_source=rss&id=7&b=%2f#top",
    "http://EXAMPLE.org:80/a/../b/?ref=8812&amp;from=feed",
    "https://user:secret@xn--e1afmkfd.xn--p1ai/путь?q=%D0%B0#!/news/12",
    "http://[::ffff:127.0.0.1]:8080/?back=https://example.org/?x=1",
    "http://0x7f.1/%zz%00",
    "//example.org/feed",
    "mailto:desk@example.org",
)
_WHOLE: Final = (0, 1, 2, 3, 12, 300, 2000, 40_000, 2**31, 2**63 - 1)


@cache
def texts(language: str) -> tuple[str, ...]:
    """The texts of a language's corpus, title and body."""
    articles = (labelled.article for labelled in load(language))
    return tuple(f"{one['title']}\n\n{one['body']}" if one["title"] else str(one["body"]) for one in articles)


@cache
def all_texts() -> tuple[str, ...]:
    """The texts of all languages."""
    return tuple(text for language in languages() for text in texts(language))


def excerpt(random: Random, pool: Sequence[str]) -> str:
    """One to three texts of a pool."""
    return "\n".join(random.choices(pool, k=random.choice((1, 1, 1, 2, 3))))


def record(random: Random, name: str) -> dict[str, Any]:
    """The JSON of a record with random contents."""
    made: dict[str, Any] = _value(random, getattr(records, name))
    return made


def _value(random: Random, kind: Any) -> Any:
    plain = _PLAIN.get(kind)
    if plain is not None:
        return plain(random)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _value(random, random.choice(parts))
    if origin is tuple:
        return [_value(random, parts[0]) for _ in range(random.choice((0, 1, 1, 2)))]
    if origin is dict:
        return {_word(random): _value(random, parts[1]) for _ in range(random.randrange(3))}
    if issubclass(kind, Enum):
        return random.choice(list(kind)).value
    return {field: _value(random, hint) for field, hint in _hints(kind)}


@cache
def _hints(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


def _word(random: Random) -> str:
    return random.choice(("a", "b", "Ridge", "ridge", "Степанакерт", *TIMES, *URLS))


_PLAIN: Final[dict[Any, Callable[[Random], Any]]] = {
    str: _word,
    int: lambda random: random.choice(_WHOLE),
    float: lambda random: random.choice((0.0, 0.5, 1.0, -179.9)),
    bool: lambda random: random.random() < 0.5,
    type(None): lambda random: None,
}


def article(random: Random, language: str, text: str, name: str) -> dict[str, Any]:
    """The JSON of a RawArticle or Article of this text."""
    title, _, body = text.partition("\n\n")
    told = {"title": title, "body": body, "language": language, "fetched": random.choice(TIMES[:3])}
    few = {"article_id": random.choice("abc"), "guid": random.choice(("g", "h")), "feed_id": random.choice("fg")}
    published = random.choice((*TIMES, None))
    return record(random, name) | told | few | {"revision": random.randrange(1, 4), "published": published}


def extracted(random: Random) -> dict[str, Any]:
    """The JSON of an ExtractedArticle that resembles others that come of this."""
    words = random.choice((("Ridge", "Valley", "buses", "villagers"), ("Höhe", "Tal", "Busse", "Dorf", "2023")))
    features = {"terms": dict.fromkeys(words, 1), "places": ["ridge"], "names": ["ridge"], "numbers": ["2000", "300"]}
    told = {
        "article_id": random.choice("abcd"),
        "language": random.choice(("en", "ru")),
        "fetched": random.choice(TIMES),
    }
    return record(random, "ExtractedArticle") | told | {"features": features, "revision": random.randrange(1, 4)}


def markup(random: Random, pool: Sequence[str]) -> str:
    """HTML of a text, as newsrooms write it and as they should not."""
    paragraphs = text_of(random, pool).split("\n")
    tag = random.choice(
        ("p", "div", "li", "td", "blockquote", "span", "pre", "a href='/x?a=1&b=2'", "iframe", "textarea")
    )
    inner = [part if random.random() < 0.5 else escape(part) for part in paragraphs]
    return "".join(f"<{tag}>{part}</{tag.split()[0]}>" for part in inner) + random.choice(("", "<img src=x onerror=y>"))


def page(random: Random, pool: Sequence[str]) -> str:
    """An HTML page with an article in it."""
    body = "".join(markup(random, pool) for _ in range(random.randrange(1, 4)))
    head = f"<head><meta charset='utf-8'><title>{text_of(random, pool)[:80]}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body><nav>Home</nav><article>{body}</article></body></html>"


_DATES: Final = (
    *TIMES,
    "Wed, 20 Sep 2023 09:00:00 +0400",
    "20 сентября 2023 г., 09:00",
    "1695200400",
    "20230920",
    "2023-W38-3",
    "Sept 20 23 9am EST",
    "30 Feb 2023",
)


def date(random: Random) -> str:
    """A date as feeds write it."""
    return random.choice(_DATES)


def feed(random: Random, pool: Sequence[str]) -> str:
    """An RSS, RDF, Atom or JSON feed."""
    if random.random() < 0.25:
        return _json_feed(random, pool)
    item = random.choice((_rss_item, _rss_item, _atom_entry))
    items = "".join(item(random, pool) for _ in range(random.choice((1, 1, 2, 3))))
    head = random.choice(
        ('<?xml version="1.0" encoding="UTF-8"?>', "", '<?xml version="1.0" encoding="windows-1251"?>')
    )
    if item is _atom_entry:
        return f'{head}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>F</title>{items}</feed>'
    channel = "<title>F</title><ttl>60</ttl><skipHours><hour>3</hour></skipHours><language>en-GB</language>"
    if random.random() < 0.2:
        head += '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    return f'{head}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{channel}{items}</channel></rss>'


def _rss_item(random: Random, pool: Sequence[str]) -> str:
    html = markup(random, pool)
    told = escape(html) if random.random() < 0.6 else f"<![CDATA[{html}]]>"
    return (
        f"<item><title>{escape(text_of(random, pool)[:200])}</title><link>{escape(random.choice(URLS))}</link>"
        f"<guid isPermaLink='false'>{random.randrange(9)}</guid><pubDate>{date(random)}</pubDate><description>{told}"
        f"</description><author>desk@example.org (The Desk)</author><category>War</category></item>"
    )


def _atom_entry(random: Random, pool: Sequence[str]) -> str:
    kind = random.choice(("html", "text", "xhtml"))
    html = markup(random, pool)
    told = f"<div xmlns='http://www.w3.org/1999/xhtml'>{html}</div>" if kind == "xhtml" else escape(html)
    return (
        f"<entry><title type='{kind}'>{escape(text_of(random, pool)[:200])}</title><id>urn:{random.randrange(9)}</id>"
        f"<link rel='alternate' href={quoteattr(random.choice(URLS))}/><updated>{date(random)}</updated>"
        f"<content type='{kind}' xml:base='http://example.org/a/'>{told}</content><author><name>D</name></author></entry>"
    )


def _json_feed(random: Random, pool: Sequence[str]) -> str:
    item = {
        "id": random.choice((7, "7", None, *VALUES)),
        "url": random.choice(URLS),
        "title": text_of(random, pool)[:200],
        "content_html": markup(random, pool),
        "date_published": date(random),
        "authors": random.choice(([{"name": "D"}], {"name": "D"}, *VALUES)),
        "tags": random.choice((["War"], *VALUES)),
    }
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [item, item]})


def feeds_file(random: Random) -> str:
    """A list of feeds: its format in the first line, then TOML or OPML."""
    url = random.choice(URLS)
    if random.random() < 0.4:
        outline = f"<outline text='F' title='F' type='rss' xmlUrl={quoteattr(url)} htmlUrl='http://example.org'/>"
        inner = f"<outline text='G'>{outline * 2}</outline>"
        return f"opml\\n<?xml version='1.0'?><opml version='2.0'><head/><body>{inner}</body></opml>"
    more = 'interval_seconds = 600\\nheaders = {Accept = "text/xml"}\\nlanguage = "pt-BR"\\nauth_env = "TOKEN"\\n'
    return "toml\n" + f'[[feed]]\nid = "f{random.randrange(3)}"\nurl = {json.dumps(url)}\nname = "F"\n{more}' * 2


def environment(random: Random) -> str:
    """Some settings, one a line."""
    table = random.choices(describe(), k=random.randrange(1, 6))
    other = (
        "",
        "0",
        "-1",
        "1e3",
        "nan",
        "inf",
        "١٢",
        "1_000",
        "true",
        "127.0.0.0/33",
        "[::1]:9092",
        "a:99999999999",
        "²:²",
    )
    return "\n".join(f"{name}={random.choice((default, *other))}" for name, default, _ in table)
