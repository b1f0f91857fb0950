"""Which keys of a state are due to be forgotten: a queue by the hour, small enough to keep in memory."""

import heapq
from typing import Final

_HOUR: Final = 3600


class Aging:
    """Keys by the hour they were last seen in, oldest first.

    A key that is added again stands in the queue twice; whoever forgets it looks at what is stored first.
    """

    def __init__(self) -> None:
        self._newest = 0
        self._hours: list[int] = []
        self._keys: dict[int, list[bytes]] = {}

    def add(self, seen: int, key: bytes) -> None:
        """Note that `key` was seen at `seen`, seconds since 1970."""
        self._newest = max(self._newest, seen)
        hour = seen // _HOUR
        if hour not in self._keys:
            heapq.heappush(self._hours, hour)
            self._keys[hour] = []
        self._keys[hour].append(key)

    def horizon(self, seconds: int) -> int:
        """The time so many seconds before the newest one seen: what was last seen before it may go."""
        return self._newest - seconds

    def due(self, seconds: int, limit: int) -> list[bytes]:
        """Take at most `limit` keys out of the queue whose hour ended before the horizon."""
        taken: list[bytes] = []
        while self._hours and len(taken) < limit and (self._hours[0] + 1) * _HOUR <= self.horizon(seconds):
            keys = self._keys[self._hours[0]]
            while keys and len(taken) < limit:
                taken.append(keys.pop())
            if not keys:
                del self._keys[heapq.heappop(self._hours)]
        return taken
