"""One GET at a time, by the rules of a polite and wary reader; every failure is a value.

Addresses are checked where names resolve, where a socket is made for one (also for literals, and at every redirect)
and once more for the peer of the connection. Redirects are followed by hand, at most five. Bodies stream through
caps on size and growth. What only the first origin may see is never sent to another.
"""

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, Self
from urllib.parse import unquote, urljoin

import aiohttp
import can_ada
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from agents.poll.guard import Network, networks, why_forbidden
from agents.poll.headers import max_age, outcome_of, retry_after, text_of
from agents.poll.inflate import ACCEPTED, BombError, EncodingError, Inflater, TooLargeError
from agents.poll.result import Fetched, Request
from streams.settings import Settings
from streams.vocabulary import PollOutcome

_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_PERMANENT: Final = frozenset((301, 308))
_MOST_REDIRECTS: Final = 5
_RESOLVER_THREADS: Final = 32
_LARGE: Final = 1 << 20
_LARGE_AT_ONCE: Final = 6
"""Bodies over 1 MiB that are in memory at once; the others wait, and no server can fill ours."""

_ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


class ForbiddenAddressError(OSError):
    """The guard does not let this address through."""


class _FailedError(Exception):
    """A fetch ends here with this outcome."""

    def __init__(self, outcome: PollOutcome, error: str) -> None:
        super().__init__(error)
        self.outcome = outcome


class _Resolver(AbstractResolver):
    """The system's resolver, in threads of its own; forbidden addresses are left out of its answers."""

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="resolver")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        def look_up() -> list[Any]:
            return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)

        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        whys = [(why_forbidden(info[4][0], self._allowed), info) for info in found]
        good = [_resolved(host, info) for why, info in whys if why is None]
        if not good:
            raise ForbiddenAddressError(f"{host} resolves to {next(why for why, _ in whys)}")
        return good

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _resolved(host: str, info: Any) -> ResolveResult:
    family, _, protocol, _, address = info
    return ResolveResult(
        hostname=host, host=address[0], port=address[1], family=family, proto=protocol, flags=socket.AI_NUMERICHOST
    )


class Fetcher:
    """Fetches for one worker. Use as an async context manager; `get` never raises for what a server does."""

    def __init__(self, settings: Settings, resolver: AbstractResolver | None = None) -> None:
        """`resolver` None takes the system's; whatever it answers is checked again before a socket is opened."""
        self._settings = settings
        self._allowed = networks(settings.allowed_addresses)
        self._resolver = resolver or _Resolver(self._allowed)
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=self._resolver,
            socket_factory=self._socket,
            limit=self._settings.poll_concurrency * 2,
            keepalive_timeout=5,
            ttl_dns_cache=60,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            skip_auto_headers=("User-Agent", "Accept-Encoding"),
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        assert self._session is not None
        await self._session.close()
        await self._resolver.close()

    async def get(self, request: Request) -> Fetched:
        """Fetch; the answer tells the outcome, and holds the body if there is one to read."""
        try:
            async with asyncio.timeout(self._settings.poll_timeout):
                return await self._follow(request)
        except _FailedError as failed:
            return Fetched(outcome=failed.outcome, url=request.url, error=str(failed))
        except (TooLargeError, BombError, EncodingError) as error:
            return Fetched(outcome=_of_body(error), url=request.url, error=str(error))
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError, TypeError) as error:
            outcome, text = _classify(error, self._settings)
            return Fetched(outcome=outcome, url=request.url, error=text)

    async def _follow(self, request: Request) -> Fetched:
        url, private = _address(request.url), request.private_headers
        private = (*private, *_credentials(url))
        origin, permanent, hops = url.origin, True, 0
        while True:
            async with self._ask(url, request.headers, private if url.origin == origin else ()) as response:
                if response.status not in _REDIRECTS or "Location" not in response.headers:
                    return await self._answer(response, url, permanent=permanent and hops > 0)
                following = _address(response.headers["Location"], url.href)
            hops += 1
            if hops > _MOST_REDIRECTS:
                raise _FailedError(PollOutcome.TOO_MANY_REDIRECTS, f"over {_MOST_REDIRECTS} redirects")
            if private and url.protocol == "https:" and following.protocol == "http:":
                raise _FailedError(PollOutcome.UNSAFE_REDIRECT, "https redirects to http, and there are credentials")
            permanent = permanent and response.status in _PERMANENT
            url = following

    @asynccontextmanager
    async def _ask(
        self, url: Any, headers: Sequence[tuple[str, str]], private: Sequence[tuple[str, str]]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        assert self._session is not None
        usual = {"User-Agent": self._settings.user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED}
        response = await self._session.get(
            URL(_plain(url), encoded=True),
            headers={**usual, **dict(headers), **dict(private)},
            allow_redirects=False,
            timeout=self._timeouts(),
        )
        try:
            self._check_peer(response)
            yield response
        finally:
            response.close()

    def _timeouts(self) -> aiohttp.ClientTimeout:
        s = self._settings
        return aiohttp.ClientTimeout(total=None, sock_connect=s.poll_connect_timeout, sock_read=s.poll_read_timeout)

    async def _answer(self, response: aiohttp.ClientResponse, url: Any, *, permanent: bool) -> Fetched:
        now = datetime.now(UTC)
        headers = response.headers
        outcome = outcome_of(response.status, headers)
        body, received = b"", 0
        if outcome is PollOutcome.READ:
            body, received = await self._read(response)
            if not body.strip():
                outcome = PollOutcome.EMPTY
        told = "the body is empty" if outcome is PollOutcome.EMPTY else f"the server answers {response.status}"
        return Fetched(
            outcome=outcome,
            url=_plain(url),
            error=None if outcome in (PollOutcome.READ, PollOutcome.NOT_MODIFIED) else told,
            status=response.status,
            body=body,
            content_type=text_of(headers, "Content-Type") or "",
            etag=text_of(headers, "ETag"),
            last_modified=text_of(headers, "Last-Modified"),
            permanent=permanent,
            received=received,
            retry_after_seconds=retry_after(headers, now),
            max_age_seconds=max_age(headers, now),
        )

    async def _read(self, response: aiohttp.ClientResponse) -> tuple[bytes, int]:
        inflater = Inflater(
            response.headers.get("Content-Encoding", ""), self._settings.poll_max_bytes, self._settings.poll_max_ratio
        )
        if (response.content_length or 0) > self._settings.poll_max_bytes:
            raise TooLargeError(f"{response.content_length} bytes; FRONTWIRE_POLL_MAX_BYTES sets the limit")
        holds_permit = False
        try:
            async for data in response.content.iter_any():
                inflater.feed(data)
                if not holds_permit and inflater.size > _LARGE:
                    await self._large.acquire()
                    holds_permit = True
            return inflater.finish(), inflater.received
        finally:
            if holds_permit:
                self._large.release()

    def _socket(self, info: Any) -> socket.socket:
        """A socket for an address about to be dialled: nothing can come between this check and the connection."""
        family, kind, protocol, _, address = info
        if (why := why_forbidden(address[0], self._allowed)) is not None:
            raise ForbiddenAddressError(why)
        return socket.socket(family, kind, protocol)

    def _check_peer(self, response: aiohttp.ClientResponse) -> None:
        transport = response.connection.transport if response.connection is not None else None
        peer = transport.get_extra_info("peername") if transport is not None else None
        if peer and (why := why_forbidden(peer[0], self._allowed)) is not None:
            raise _FailedError(PollOutcome.FORBIDDEN_ADDRESS, why)


def _address(url: str, base: str | None = None) -> Any:
    """A URL by the WHATWG rules, which also read `0x7f.1` as 127.0.0.1, as can_ada's object."""
    try:
        parsed = can_ada.parse(urljoin(base, url) if base else url)
    except (ValueError, TypeError, UnicodeError):
        raise _FailedError(PollOutcome.BAD_URL, "this is no URL") from None
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        raise _FailedError(PollOutcome.BAD_URL, f"{parsed.protocol[:20]} is not fetched, only http and https")
    return parsed


def _plain(url: Any) -> str:
    """The URL without user, password and fragment."""
    return f"{url.protocol}//{url.host}{url.pathname}{url.search}"


def _credentials(url: Any) -> list[tuple[str, str]]:
    if not (url.username or url.password):
        return []
    pair = f"{unquote(url.username)}:{unquote(url.password)}".encode()
    return [("Authorization", "Basic " + b64encode(pair).decode("ascii"))]


def _of_body(error: ValueError) -> PollOutcome:
    kinds = {TooLargeError: PollOutcome.TOO_LARGE, BombError: PollOutcome.BOMB}
    return kinds.get(type(error), PollOutcome.BROKEN_HTTP)


def _classify(error: BaseException, settings: Settings) -> tuple[PollOutcome, str]:
    cause = getattr(error, "os_error", None) or error
    if isinstance(cause, ForbiddenAddressError):
        return PollOutcome.FORBIDDEN_ADDRESS, str(cause)
    if isinstance(error, TimeoutError):
        return PollOutcome.TIMED_OUT, f"no whole answer in {settings.poll_timeout:g} seconds, or a silence in it"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return PollOutcome.NO_ADDRESS, f"the name {error.host} has no address"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return PollOutcome.TLS_FAILED, f"TLS failed: {type(error).__name__}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return PollOutcome.UNREACHABLE, f"no connection to {error.host}: {error.strerror}"
    if isinstance(error, aiohttp.InvalidURL | ValueError | TypeError):
        return PollOutcome.BAD_URL, f"no request can be made of it ({type(error).__name__})"
    return PollOutcome.BROKEN_HTTP, f"the answer is no proper HTTP ({type(error).__name__})"
