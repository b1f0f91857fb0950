"""How hard the poller leans on anyone: requests a minute and at once to a site, fetches at once in all."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiolimiter import AsyncLimiter

from agents.poll.sites import site_of
from streams.settings import Settings

_MOST_SITES: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Site:
    limiter: AsyncLimiter
    connections: asyncio.Semaphore


class Politeness:
    """A token bucket and a connection limit per registrable domain, and the slots that all polls share.

    A slot is held while a body is in memory, so the number of slots bounds the memory.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sites: OrderedDict[str, _Site] = OrderedDict()
        self.slots = asyncio.Semaphore(settings.poll_concurrency)

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait until the site of `url` may be asked again, and hold one of its connections meanwhile."""
        site = self._site(site_of(url))
        async with site.connections:
            await site.limiter.acquire()
            yield

    def _site(self, name: str) -> _Site:
        site = self._sites.pop(name, None) or _Site(
            AsyncLimiter(max(1.0, self._settings.poll_host_rate), 60.0),
            asyncio.Semaphore(self._settings.poll_host_connections),
        )
        self._sites[name] = site
        if len(self._sites) > _MOST_SITES:
            self._sites.popitem(last=False)
        return site
