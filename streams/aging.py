"""Which keys of a state are due to be forgotten: a queue by the hour, small enough to keep in memory."""

import heapq
from collections.abc import Callable, Sequence
from typing import Final

from streams.stage import State

_HOUR: Final = 3600
_SWEEP: Final = 8
"""Keys looked at for each one noted: more than one, so that the queue shrinks, and few, so that no message waits."""


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
        return [key for _, key in self.take(seconds, limit)]

    def take(self, seconds: int, limit: int) -> list[tuple[int, bytes]]:
        """Take as `due` does; each key with the beginning of its hour, in seconds since 1970."""
        taken: list[tuple[int, bytes]] = []
        while self._hours and len(taken) < limit and (self._hours[0] + 1) * _HOUR <= self.horizon(seconds):
            keys = self._keys[self._hours[0]]
            while keys and len(taken) < limit:
                taken.append((self._hours[0] * _HOUR, keys.pop()))
            if not keys:
                del self._keys[heapq.heappop(self._hours)]
        return taken

    def undo(self, seen: int, newest: int, taken: Sequence[tuple[int, bytes]]) -> None:
        """Be as before the last key was added, as seen at `seen`, and those `taken` since; `newest` was the newest."""
        keys = self._keys[seen // _HOUR]
        keys.pop()
        if not keys:
            del self._keys[seen // _HOUR]
            self._hours.remove(seen // _HOUR)
            heapq.heapify(self._hours)
        for hour, key in reversed(taken):
            self.add(hour, key)
        self._newest = newest

    @property
    def newest(self) -> int:
        """When the newest key was seen, in seconds since 1970; 0 without one."""
        return self._newest


class Forgetting:
    """Deletes what a stage has not seen for `kept` seconds, by the messages' own time, one partition beside another.

    `prefix` begins the keys that age; `seen` tells out of a stored value when it was last seen, in seconds since 1970.
    """

    def __init__(self, prefix: bytes, seen: Callable[[bytes], int], kept: int) -> None:
        self._prefix = prefix
        self._seen = seen
        self._kept = kept
        self._aging: dict[int, Aging] = {}

    def opened(self, partition: int, state: State) -> None:
        """Read which keys are due to be forgotten, and when."""
        aging = self._aging[partition] = Aging()
        for key, value in state.scan(self._prefix):
            aging.add(self._seen(value), key)

    def closed(self, partition: int) -> None:
        """Forget the partition."""
        self._aging.pop(partition, None)

    def note(self, partition: int, key: bytes, seen: int, state: State) -> None:
        """Note that `key` was stored as seen at `seen`, and delete some keys that are due."""
        if partition not in self._aging:
            self.opened(partition, state)
        aging = self._aging[partition]
        aging.add(seen, key)
        for due in aging.due(self._kept, _SWEEP):
            value = state.get(due)
            if value is not None and self._seen(value) < aging.horizon(self._kept):
                state.put(due, None)
