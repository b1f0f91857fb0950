"""An HTTP server for strangers: every connection is short, small, and one of a few."""

from asyncio import BaseTransport, TimerHandle, Transport
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

_MOST_LINE: Final = 2048
_MOST_FIELD: Final = 4096
_MOST_HEADERS: Final = 40
_READ_AHEAD: Final = 16_384

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class BoundedServer(web.Server):
    """Answers one request a connection.

    A connection is closed after `seconds`, however slowly its request comes or its answer goes; where more than
    `connections` are open, the oldest is closed, so that those who dawdle cannot keep others out.
    """

    def __init__(self, answer: Answer, *, seconds: float = 10, connections: int = 64) -> None:
        super().__init__(
            answer,
            access_log=None,
            keepalive_timeout=0,
            lingering_time=0,
            max_line_size=_MOST_LINE,
            max_field_size=_MOST_FIELD,
            max_headers=_MOST_HEADERS,
            read_bufsize=_READ_AHEAD,
        )
        self.seconds = seconds
        self._most = connections
        self._open: dict[_Connection, Transport] = {}

    def __call__(self) -> RequestHandler:
        """The protocol of a new connection."""
        return _Connection(self, loop=self._loop, **self._kwargs)

    def came(self, connection: "_Connection", transport: Transport) -> None:
        """A connection was made."""
        self._open[connection] = transport
        if len(self._open) > self._most:
            next(iter(self._open.values())).abort()

    def went(self, connection: "_Connection") -> None:
        """A connection is closed."""
        self._open.pop(connection, None)


class _Connection(RequestHandler):
    __slots__ = ("_bounded", "_end")

    def __init__(self, server: BoundedServer, **options: Any) -> None:
        super().__init__(server, **options)
        self._bounded = server
        self._end: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, Transport)
        self._end = self._loop.call_later(self._bounded.seconds, transport.abort)
        self._bounded.came(self, transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._end is not None:
            self._end.cancel()
        self._bounded.went(self)
        super().connection_lost(exc)
