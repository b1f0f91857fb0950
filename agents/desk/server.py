"""The desk's HTTP surface: pages, exports and the stream of changes. It only reads, and keeps no state of a reader."""

import asyncio
import gzip
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from agents.desk import exports, filters, pages
from agents.desk.exports import Row
from agents.desk.filters import Filter, FilterError
from agents.desk.store import Store

_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS: Final = MappingProxyType(
    {
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
)
_TYPES: Final = MappingProxyType({".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"})
_STREAMS: Final = 200
"""Readers that may listen at once."""
_HEARTBEAT_SECONDS: Final = 15.0
_LEAST_PAUSE_SECONDS: Final = 0.1
_ATOM_ENTRIES: Final = 200


@dataclass(frozen=True, slots=True)
class _Static:
    body: bytes
    packed: bytes
    kind: str
    tag: str


class Desk:
    """The store with its HTTP handlers.

    Args:
        store: what is shown.
        host: the address it is bound to. On a loopback address it answers only requests that name it so: else a page
            of the web whose name resolves to this machine could read it through a visitor's browser.
    """

    def __init__(self, store: Store, host: str) -> None:
        self.store = store
        self.ready = False
        self._only_local = _is_loopback(host)
        self._changed = asyncio.Condition()
        self._streams = 0
        self._closing = False
        self._static = _static_files()

    async def tell(self) -> None:
        """Tell those who listen that the store has changed."""
        async with self._changed:
            self._changed.notify_all()

    async def close(self) -> None:
        """End all streams."""
        self._closing = True
        await self.tell()

    def application(self) -> web.Application:
        """The routes."""
        made = web.Application(client_max_size=1024, middlewares=[self._guard])
        made.on_response_prepare.append(_add_headers)
        made.router.add_get("/", self._desk)
        made.router.add_get("/stories", self._stories)
        made.router.add_get("/story/{id}", self._story)
        made.router.add_get("/article/{id}", self._article)
        made.router.add_get("/record/{id}.json", self._record_json)
        made.router.add_get("/record/{id}", self._record)
        made.router.add_get("/feeds", self._feeds)
        made.router.add_get("/records.{format:json|csv|atom}", self._export)
        made.router.add_get("/live", self._live, allow_head=False)
        made.router.add_get("/static/{name}", self._file)
        made.router.add_get("/healthz", self._health)
        made.router.add_get("/readyz", self._readiness)
        return made

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            if self._only_local and not _is_loopback(urlsplit(f"//{request.host}").hostname or ""):
                return _message(403, "Not here", "This desk answers only to localhost and 127.0.0.1.")
            return await handler(request)
        except FilterError as error:
            return _message(400, "This address asks for what there cannot be", str(error))
        except web.HTTPNotFound:
            return _message(404, "Not found", "There is nothing at this address, or the desk no longer holds it.")

    async def _desk(self, request: web.Request) -> web.Response:
        since = request.query.get("since", "")
        number = int(since) if since.isdecimal() and len(since) < 20 else None
        before = request.query.get("before", "")[:100]
        return _html(pages.desk(self.store, filters.read(request.query), _now(), before=before, since=number))

    async def _stories(self, request: web.Request) -> web.Response:
        return _html(pages.stories(self.store, _now()))

    async def _story(self, request: web.Request) -> web.Response:
        return _html(pages.story(self.store, request.match_info["id"], _now()))

    async def _article(self, request: web.Request) -> web.Response:
        return _html(pages.article(self.store, request.match_info["id"], _now()))

    async def _record(self, request: web.Request) -> web.Response:
        return _html(pages.record(self.store, request.match_info["id"], _now()))

    async def _feeds(self, request: web.Request) -> web.Response:
        return _html(pages.feeds(self.store, _now()))

    async def _record_json(self, request: web.Request) -> web.Response:
        row = pages.row(self.store, request.match_info["id"], _base(request))
        if row is None:
            raise web.HTTPNotFound
        return _packed(exports.as_json([row]), "application/json")

    async def _export(self, request: web.Request) -> web.Response:
        asked, kind = filters.read(request.query), request.match_info["format"]
        rows = pages.rows(self.store, asked, _now(), _base(request))
        # Rows are not changed once made, so that they can be written while the store goes on.
        body, content_type = await asyncio.to_thread(_write, kind, rows, asked, str(request.url))
        response = _packed(body, content_type)
        if kind == "csv":
            response.headers["Content-Disposition"] = 'attachment; filename="frontwire-records.csv"'
        return response

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """The number of the latest change, at once and after each change, as server-sent events."""
        if self._streams >= _STREAMS:
            return web.Response(status=503, text="Too many readers listen; the page works without.\n")
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        self._streams += 1
        try:
            await self._stream(response)
        except ConnectionError:
            pass  # the reader has gone
        finally:
            self._streams -= 1
        return response

    async def _stream(self, response: web.StreamResponse) -> None:
        told = -1
        while not self._closing:
            if self.store.change != told:
                told = self.store.change
                await response.write(b"data: %d\n\n" % told)
                await asyncio.sleep(_LEAST_PAUSE_SECONDS)
                continue
            try:
                async with asyncio.timeout(_HEARTBEAT_SECONDS), self._changed:
                    await self._changed.wait_for(self._is_news(told))
            except TimeoutError:
                await response.write(b": still here\n\n")

    def _is_news(self, told: int) -> Callable[[], bool]:
        return lambda: self._closing or self.store.change != told

    async def _file(self, request: web.Request) -> web.Response:
        file = self._static.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        headers = {"ETag": file.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if request.headers.get("If-None-Match") == file.tag:
            return web.Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(
                body=file.packed,
                content_type=file.kind,
                charset="utf-8",
                headers=headers | {"Content-Encoding": "gzip"},
            )
        return web.Response(body=file.body, content_type=file.kind, charset="utf-8", headers=headers)

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readiness(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n" if self.ready else "reading the topics\n", status=200 if self.ready else 503)


def _now() -> int:
    return int(time.time() * 1000)


def _base(request: web.Request) -> str:
    return str(request.url.origin())


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _static_files() -> dict[str, _Static]:
    found = {}
    for path in sorted((Path(__file__).parent / "static").iterdir()):
        body = path.read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        found[path.name] = _Static(body, gzip.compress(body, mtime=0), _TYPES[path.suffix], tag)
    return found


def _write(kind: str, rows: Sequence[Row], asked: Filter, address: str) -> tuple[bytes, str]:
    if kind == "json":
        return exports.as_json(rows), "application/json"
    if kind == "csv":
        return exports.as_csv(rows), "text/csv"
    title = "Frontwire" + (f": {asked.query}" if asked.is_narrow else "")
    return exports.as_atom(rows[:_ATOM_ENTRIES], address=address, title=title), "application/atom+xml"


def _html(text: str | None) -> web.Response:
    if text is None:
        raise web.HTTPNotFound
    return _packed(text.encode(errors="replace"), "text/html")


def _packed(body: bytes, content_type: str) -> web.Response:
    charset = None if content_type == "application/json" else "utf-8"
    response = web.Response(body=body, content_type=content_type, charset=charset)
    response.headers["Cache-Control"] = "no-store"
    response.enable_compression()
    return response


def _message(status: int, title: str, text: str) -> web.Response:
    response = _html(pages.message(title, text))
    response.set_status(status)
    return response


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
