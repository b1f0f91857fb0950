"""A real HTTP server on loopback that answers byte for byte what a test tells it to, also what no server should."""

import asyncio
import contextlib
import threading
import time
import weakref
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in; header names in lower case, `at` in seconds of the monotonic clock."""

    path: str
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]
"""Writes the whole answer, status line and all; the connection is closed after it."""


def response(
    body: bytes = b"", status: str = "200 OK", content_type: str = "application/rss+xml", **headers: str
) -> bytes:
    """A proper answer; `headers` with underscores for hyphens."""
    given = {"content_type": content_type, "content_length": str(len(body)), "connection": "close", **headers}
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in given.items() if value)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def fixed(data: bytes) -> Answer:
    """Always these bytes."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


def rss(*items: str, title: str = "A feed", head: str = "") -> bytes:
    """An RSS feed of these items' inner XML."""
    inner = "".join(f"<item>{item}</item>" for item in items)
    channel = f"<title>{title}</title><link>http://example.org/</link>{head}{inner}"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{channel}</channel></rss>'.encode()


def item(number: object, text: str = "Twelve villages were evacuated before dawn, officials said on Monday.") -> str:
    """The inner XML of an item with its own guid, link and date."""
    return (
        f"<title>Article {number}</title><link>http://example.org/articles/{number}</link><guid>id-{number}</guid>"
        f"<pubDate>Wed, 20 Sep 2023 09:00:00 GMT</pubDate><description>{text} ({number})</description>"
    )


@dataclass
class Web:
    """The server. Set `routes`; read what was `asked`. A path without a route answers 404."""

    routes: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0
    _writers: "weakref.WeakSet[asyncio.StreamWriter]" = field(default_factory=weakref.WeakSet, repr=False)
    _answering: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def url(self, path: str) -> str:
        """The address of a path of this server."""
        return f"http://{self.host}:{self.port}{path}"

    def serve(self, path: str, body: bytes, **headers: str) -> None:
        """Answer a path with a body."""
        self.routes[path] = fixed(response(body, **headers))

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked.path == path for asked in list(self.asked))

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="web", daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(_PATIENCE)
        return self

    def __exit__(self, *exception: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(_PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    async def _start(self) -> asyncio.Server:
        server = await asyncio.start_server(self._connected, self.host, self.port, limit=1 << 20, backlog=1000)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _stop(self) -> None:
        for listening in self._server.sockets:
            self._loop.remove_reader(listening)
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in self._answering:
                task.cancel()
            await asyncio.wait(others)  # a server that is closed while it accepts a connection leaves it open for ever
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """No coroutine: one that is cancelled before its first step would not know of its connection."""
        self._writers.add(writer)
        task = self._loop.create_task(self._answer(reader, writer))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")
            pairs = (line.partition(":") for line in lines if line)
            asked = Asked(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs})
            self.asked.append(asked)
            answer = self.routes.get(asked.path.partition("?")[0], fixed(response(status="404 Not Found")))
            await answer(asked, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
