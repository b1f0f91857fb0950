"""The article's own page instead of the feed's teaser, for feeds with `full_text`: as polite and as wary as a poll."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from agents.poll.entry import Entry
from agents.poll.fetch import Fetcher
from agents.poll.page import robots
from agents.poll.politeness import Politeness
from agents.poll.pool import Parsers
from agents.poll.publish import with_page
from agents.poll.result import Fetched, Request
from streams.records import Feed
from streams.settings import Settings
from streams.vocabulary import PollOutcome

MOST_PAGES: Final = 20
"""Pages asked for in one poll; a feed that brings more entries at once gets them with the feed's own text."""

_ROBOTS_FOR: Final = timedelta(hours=24)
_MOST_ROBOTS: Final = 5_000


class FullText:
    """Reads pages; remembers each host's robots.txt for a day (RFC 9309 2.4)."""

    def __init__(self, settings: Settings, fetcher: Fetcher, parsers: Parsers, politeness: Politeness) -> None:
        self._agent = settings.user_agent
        self._fetcher = fetcher
        self._parsers = parsers
        self._politeness = politeness
        self._robots: OrderedDict[str, tuple[Any, datetime]] = OrderedDict()

    async def read(self, feed: Feed, entry: Entry, now: datetime) -> Entry:
        """The entry with its page's text where that may be fetched and is longer than the feed's, else as it is."""
        if entry.url is None:
            return entry
        agent = feed.user_agent or self._agent
        if not (await self._rules(entry.url, agent, now)).can_fetch(agent, entry.url):
            return entry
        async with self._politeness.turn(entry.url), self._politeness.slots:
            fetched = await self._get(entry.url, agent)
            if fetched.outcome is not PollOutcome.READ:
                return entry
            page = await self._parsers.page(fetched.body, fetched.content_type, fetched.url)
        return with_page(entry, page) if page is not None and len(page.body) > len(entry.body) else entry

    async def _rules(self, url: str, agent: str, now: datetime) -> Any:
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        known = self._robots.pop(host, None)
        if known is None or known[1] < now:
            async with self._politeness.turn(url), self._politeness.slots:
                answer = await self._get(f"{host}/robots.txt", agent)
            known = (robots(answer.status, answer.body), now + _ROBOTS_FOR)
        self._robots[host] = known
        if len(self._robots) > _MOST_ROBOTS:
            self._robots.popitem(last=False)
        return known[0]

    async def _get(self, url: str, agent: str) -> Fetched:
        return await self._fetcher.get(Request(url=url, headers=(("User-Agent", agent), ("Accept", "text/html, */*"))))
