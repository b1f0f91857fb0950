"""The fetcher against real servers on loopback: DNS that lies, and who gets to see credentials."""

import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from agents.poll.fetch import Fetcher
from agents.poll.full_text import FullText
from agents.poll.parse import parse
from agents.poll.politeness import Politeness
from agents.poll.pool import Parsers
from agents.poll.result import Fetched, Request
from streams.records import Feed
from streams.settings import load
from streams.vocabulary import PollOutcome
from tests.support.web import Web, fixed, item, response, rss

ALLOWED = {"FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.1/32,127.0.0.3/32", "FRONTWIRE_POLL_HOST_RATE": "6000"}


class Scripted(AbstractResolver):
    """Answers what a test says, one answer a question, the last one for ever."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        address = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=6, flags=0)]

    async def close(self) -> None:
        return


@pytest.fixture
def other() -> Iterator[Web]:
    with Web(host="127.0.0.3") as server:
        yield server


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(load(ALLOWED)) as made:
        yield made


async def get_by(resolver: AbstractResolver, url: str) -> Fetched:
    async with Fetcher(load(ALLOWED), resolver) as fetcher:
        return await fetcher.get(Request(url=url))


@pytest.mark.parametrize(
    "address", ["127.0.0.2", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.2", "64:ff9b::7f00:2", "0.0.0.0"]
)
async def test_a_name_that_resolves_to_what_is_ours_is_not_dialled(address: str) -> None:
    fetched = await get_by(Scripted(address), "http://public.example/feed")
    assert fetched.outcome is PollOutcome.FORBIDDEN_ADDRESS
    assert "FRONTWIRE_ALLOWED_ADDRESSES" in (fetched.error or "")


async def test_a_name_that_resolves_differently_the_second_time_is_stopped_at_the_socket(web: Web) -> None:
    web.routes["/go"] = fixed(response(status="302 Found", location=f"http://rebind.example:{web.port}/go"))
    async with Fetcher(load(ALLOWED), Scripted("127.0.0.1", "127.0.0.2")) as fetcher:
        fetched = await fetcher.get(Request(url=f"http://first.example:{web.port}/go"))
    assert fetched.outcome is PollOutcome.FORBIDDEN_ADDRESS
    assert web.count("/go") == 1


async def test_the_systems_names_are_guarded_too() -> None:
    async with Fetcher(load({})) as fetcher:
        fetched = await fetcher.get(Request(url="http://localhost:1/"))
    assert fetched.outcome is PollOutcome.FORBIDDEN_ADDRESS


async def test_credentials_stay_with_their_origin(web: Web, other: Web, fetcher: Fetcher) -> None:
    web.routes["/moved"] = fixed(response(status="301 Moved", location=other.url("/feed")))
    other.serve("/feed", rss(item(1)))
    url = web.url("/moved").replace("http://", "http://me:p%40ss@")
    fetched = await fetcher.get(Request(url=url, private_headers=(("X-Key", "secret"),)))
    assert fetched.outcome is PollOutcome.READ
    assert (fetched.permanent, fetched.url) == (True, other.url("/feed"))
    first, second = web.asked[0].headers, other.asked[0].headers
    assert first["authorization"] == "Basic bWU6cEBzcw=="
    assert first["x-key"] == "secret"
    assert not {"authorization", "x-key", "cookie"} & set(second)
    assert "p%40ss" not in repr(fetched)


async def test_cookies_are_not_kept(web: Web, fetcher: Fetcher) -> None:
    web.routes["/feed"] = fixed(response(rss(item(1)), set_cookie="a=b"))
    for _ in range(2):
        await fetcher.get(Request(url=web.url("/feed")))
    assert not any("cookie" in asked.headers for asked in web.asked)


async def test_headers_that_are_no_utf_8_are_not_told(web: Web, fetcher: Fetcher) -> None:
    web.serve("/feed", rss(item(1)), content_type="text/xml; charset=\xff", etag='"\xff"', last_modified="\xe9")
    fetched = await fetcher.get(Request(url=web.url("/feed")))
    assert (fetched.content_type, fetched.etag, fetched.last_modified) == ("", None, None)
    assert fetched.outcome is PollOutcome.READ
    web.serve("/feed", rss(item(1)), etag='"\xc3\xa9"')
    assert (await fetcher.get(Request(url=web.url("/feed")))).etag == '"é"'


async def test_what_is_told_of_a_failure_holds_no_secret(fetcher: Fetcher) -> None:
    for url in ("http://me:hunter2@127.0.0.1:9/?key=hunter2", "http://me:hunter2@[bad/", "gopher://me:hunter2@x/"):
        fetched = await fetcher.get(Request(url=url))
        assert fetched.error
        assert "hunter2" not in fetched.error


PAGE = "<html><head><title>T</title></head><body><nav>Menu Home About</nav><article>{}</article></body></html>"
TEXT = "".join(
    f"<p>Rescue workers reached flooded villages {where} on Monday, and {n} families were still waiting for boats.</p>"
    for n, where in enumerate(("in the north", "by the river", "below the dam", "near the border"), 20)
)


@pytest.mark.parametrize(
    ("robots", "used"),
    [("User-agent: *\nDisallow:", "page"), ("User-agent: *\nDisallow: /", "summary")],
)
async def test_full_text_honours_robots_and_falls_back(web: Web, fetcher: Fetcher, robots: str, used: str) -> None:
    web.serve("/robots.txt", robots.encode(), content_type="text/plain")
    web.serve("/article", PAGE.format(TEXT).encode(), content_type="text/html")
    settings = load(ALLOWED)
    parsers = Parsers(settings)
    try:
        reader = FullText(settings, fetcher, parsers, Politeness(settings))
        body = rss(f"<guid>1</guid><title>T</title><link>{web.url('/article')}</link><description>Teaser</description>")
        [entry] = parse(body, "", web.url("/feed")).entries
        feed = Feed(feed_id="f", url=web.url("/feed"), name="F", full_text=True)
        read = await reader.read(feed, entry, datetime.now(UTC))
        again = await reader.read(feed, entry, datetime.now(UTC))
    finally:
        parsers.close()
    assert read.text_source == again.text_source == used
    assert ("flooded villages" in read.body) is (used == "page")
    assert "Menu" not in read.body
    assert web.count("/robots.txt") == 1
    assert web.count("/article") == (2 if used == "page" else 0)
