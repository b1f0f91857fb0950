"""What servers do to feed readers: one row a behaviour, with the outcome that the poller must name."""

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import cycle

import brotli

from streams.vocabulary import PollOutcome
from tests.support.web import Answer, Asked, fixed, item, response, rss

NEWS = "Двадцать тысяч человек покинули город за два дня, сообщили власти области."


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour. `answer` serves the feed; or `url` is its whole address. `host` is the last part of 127.0.0.x.

    `entries` is how many articles come of it, `text` is in each of them. `hold_seconds`: not asked again before.
    """

    name: str
    outcome: PollOutcome
    answer: Answer | None = None
    url: str | None = None
    host: int = 1
    entries: int = 0
    text: str = ""
    hold_seconds: float = 0


def _to(location: str, status: str = "302 Found") -> Answer:
    return fixed(response(status=status, location=location))


def _feed(body: bytes, **headers: str) -> Answer:
    return fixed(response(body, **headers))


async def _slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(response(rss(item(1)))[:-200])
    for byte in rss(item(1))[:200]:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.3)


async def _silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def _endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n<rss>")
    while not writer.is_closing():
        writer.write(b"<item>" * 10_000)
        await writer.drain()


def _flapping() -> Answer:
    tags: Iterator[str] = (f'"{n}"' for n in cycle(range(1_000_000)))

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(response(rss(item(1)), etag=next(tags)))

    return answer


def _later(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def _chain(length: int) -> Answer:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        hop = int(asked.path.partition("?")[2] or 0)
        path = asked.path.partition("?")[0]
        last = response(rss(item(1)))
        writer.write(last if hop >= length else response(status="302 Found", location=f"{path}?{hop + 1}"))

    return answer


_XXE = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
_XXE += b"<item><title>Before &x; after</title><guid>1</guid></item></channel></rss>"
_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">' + b"".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'.encode() for n in range(1, 12)
)
_LAUGHS += b"]><rss version='2.0'><channel><item><title>&a11;</title><guid>1</guid></item></channel></rss>"
_BLOWUP = b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 50_000 + b'">]><rss version="2.0"><channel><item><guid>1</guid><title>'
_BLOWUP += b"&a;" * 50_000 + b"</title></item></channel></rss>"
_DEEP = b'<rss version="2.0"><channel><item><guid>1</guid>' + b"<a>" * 100_000 + b"</a>" * 100_000
_DEEP += b"</item></channel></rss>"
_DEEP_HTML = rss(f"<guid>1</guid><description>{'&lt;div&gt;' * 50_000} {NEWS}</description>")
_AUTHOR = rss(f"<guid>1</guid><title>{NEWS}</title><author>{'a.' * 10_000}</author>")
_LONG_AUTHOR = rss(f"<guid>1</guid><title>{NEWS}</title><author>{'a.' * 200_000}</author>")
_MANY = rss(*(item(number) for number in range(5_000)))
_WIDE = rss(f"<guid>1</guid><title>{NEWS}</title>").decode().replace('encoding="UTF-8"', 'encoding="{}"')
_HTML = b"<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>503</h1><p>Try later</p></body></html>"

P = PollOutcome
ROWS = (
    Row("redirect-loop", P.TOO_MANY_REDIRECTS, _to("/redirect-loop")),
    Row("redirects-six", P.TOO_MANY_REDIRECTS, _chain(6)),
    Row("redirects-five", P.READ, _chain(5), entries=1),
    Row("redirect-to-loopback", P.FORBIDDEN_ADDRESS, _to("http://127.0.0.2/")),
    Row("redirect-to-loopback-hex", P.FORBIDDEN_ADDRESS, _to("http://0x7f.2/")),
    Row("redirect-to-loopback-number", P.FORBIDDEN_ADDRESS, _to("http://2130706434/")),
    Row("redirect-to-loopback-ipv6", P.FORBIDDEN_ADDRESS, _to("http://[::1]/")),
    Row("redirect-to-loopback-mapped", P.FORBIDDEN_ADDRESS, _to("http://[::ffff:127.0.0.2]/")),
    Row("redirect-to-metadata", P.FORBIDDEN_ADDRESS, _to("http://169.254.169.254/latest/meta-data/")),
    Row("redirect-to-private", P.FORBIDDEN_ADDRESS, _to("//10.0.0.1/feed")),
    Row("redirect-to-nat64", P.FORBIDDEN_ADDRESS, _to("http://[64:ff9b::7f00:2]/")),
    Row("redirect-to-file", P.BAD_URL, _to("file:///etc/passwd")),
    Row("redirect-to-nothing", P.BAD_URL, _to("http://[nowhere/")),
    Row("loopback-literal", P.FORBIDDEN_ADDRESS, url="http://127.0.0.2:1/feed"),
    Row("metadata-literal", P.FORBIDDEN_ADDRESS, url="http://169.254.169.254/feed"),
    Row("gzip-bomb", P.BOMB, _feed(gzip.compress(bytes(100 << 20)), content_encoding="gzip")),
    Row("brotli-bomb", P.BOMB, _feed(brotli.compress(bytes(300 << 20), quality=1), content_encoding="br")),
    Row("gzip-members", P.BOMB, _feed(gzip.compress(b"") * 100_000, content_encoding="gzip")),
    Row("gzip-cut", P.BROKEN_HTTP, _feed(gzip.compress(_MANY)[:-9], content_encoding="gzip")),
    Row("gzip-not-applied", P.READ, _feed(rss(item(1)), content_encoding="gzip"), entries=1),
    Row("encoding-not-asked-for", P.BROKEN_HTTP, _feed(rss(item(1)), content_encoding="zstd")),
    Row("endless", P.TOO_LARGE, _endless),
    Row("length-told-huge", P.TOO_LARGE, fixed(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<rss>")),
    Row("slow-bytes", P.TIMED_OUT, _slow),
    Row("silent", P.TIMED_OUT, _silent),
    Row("length-too-long", P.BROKEN_HTTP, _feed(rss(item(1)), content_length="99999")),
    Row("length-negative", P.BROKEN_HTTP, _feed(rss(item(1)), content_length="-5")),
    Row(
        "garbage-chunks", P.BROKEN_HTTP, fixed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n")
    ),
    Row("garbage-answer", P.BROKEN_HTTP, fixed(b"\x00\xff<<< 220 smtp ready\r\n\r\n")),
    Row("header-flood", P.BROKEN_HTTP, fixed(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n")),
    Row("closed-at-once", P.BROKEN_HTTP, fixed(b"")),
    Row("nobody-listens", P.UNREACHABLE, url="http://127.0.0.1:9/feed"),
    Row("no-such-name", P.NO_ADDRESS, url="http://no-such-name.invalid/feed"),
    Row("429-seconds", P.RATE_LIMITED, _feed(b"", status="429 Slow", retry_after="900"), host=3, hold_seconds=880),
    Row("429-date", P.RATE_LIMITED, _feed(b"", status="429 Slow", retry_after=_later(9000)), host=4, hold_seconds=7200),
    Row("503-seconds", P.UNAVAILABLE, _feed(b"", status="503 Busy", retry_after="900"), hold_seconds=880),
    Row("503-absurd", P.UNAVAILABLE, _feed(b"", status="503 Busy", retry_after="9" * 40), hold_seconds=80_000),
    Row("500", P.SERVER_ERROR, _feed(_HTML, status="500 Oops")),
    Row("404", P.CLIENT_ERROR, _feed(_HTML, status="404 Not Found")),
    Row("410", P.GONE, _feed(b"", status="410 Gone"), hold_seconds=80_000),
    Row("403", P.FORBIDDEN, _feed(_HTML, status="403 Forbidden"), host=6),
    Row("403-challenge", P.CHALLENGE, _feed(_HTML, status="403 Forbidden", cf_mitigated="challenge"), host=6),
    Row("html-with-200", P.NOT_A_FEED, _feed(_HTML, content_type="text/html")),
    Row("json-no-feed", P.NOT_A_FEED, _feed(b'{"error": "no such feed"}', content_type="application/json")),
    Row("binary", P.NOT_A_FEED, _feed(bytes(range(256)).replace(b"<", b"") * 400, content_type="image/png")),
    Row("empty-with-200", P.EMPTY, _feed(b"")),
    Row("white-space", P.EMPTY, _feed(b" \r\n\t" * 100)),
    Row("flapping-etag", P.UNCHANGED, _flapping(), entries=1),
    Row("author-of-20-kB", P.READ, _feed(_AUTHOR), entries=1, text=NEWS),
    Row("author-of-400-kB", P.PARSE_TIMED_OUT, _feed(_LONG_AUTHOR)),
    Row("items-5000", P.READ, _feed(_MANY), entries=5_000),
    Row("lying-charset", P.READ, _feed(_WIDE.format("windows-1252").encode()), entries=1, text=NEWS),
    Row(
        "lying-charset-header",
        P.READ,
        _feed(_WIDE.format("UTF-8").encode(), content_type="text/xml; charset=iso-8859-1"),
        entries=1,
        text=NEWS,
    ),
    Row("windows-1251", P.READ, _feed(_WIDE.format("windows-1251").encode("cp1251")), entries=1, text=NEWS),
    Row("utf-16", P.READ, _feed(_WIDE.format("UTF-16").encode("utf-16")), entries=1, text=NEWS),
    Row("utf-16-without-mark", P.READ, _feed(_WIDE.format("UTF-16").encode("utf-16-be")), entries=1, text=NEWS),
    Row("utf-32", P.READ, _feed(_WIDE.format("UTF-32").encode("utf-32")), entries=1, text=NEWS),
    Row("xxe", P.READ, _feed(_XXE), entries=1),
    Row("entity-bomb", P.READ, _feed(_LAUGHS), entries=1),
    Row("entity-blow-up", P.READ, _feed(_BLOWUP), entries=1),
    Row("deep-xml", P.READ, _feed(_DEEP), entries=1),
    Row("deep-html", P.READ, _feed(_DEEP_HTML), entries=1, text=NEWS),
    Row("cut-short", P.READ, _feed(rss(item(1), item(2))[:-60]), entries=2),
    Row("junk-before", P.READ, _feed(b"Warning: mysql gone away\n" + rss(item(1))), entries=1),
)
