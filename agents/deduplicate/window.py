"""The articles of the last hours, found by their keys: an index over the state of one partition."""

from collections import deque
from typing import Final

import msgspec

from agents.deduplicate import memory
from agents.deduplicate.memory import Entry
from streams.stage import State

_PREFIX: Final = b"a/"
_SWEEP: Final = 8
"""Entries looked at for expiry with each message: a bounded step, and more than a message can add."""


class Window:
    """One partition's entries: written to its state, found by article id and by key, forgotten after `seconds`.

    Only the state is durable; the index is read from it and holds nothing else.
    """

    def __init__(self, state: State, seconds: int) -> None:
        self.state = state
        self._seconds = seconds
        self._clock = 0
        self._by_key: dict[bytes, str] = {}
        self._queue: deque[tuple[int, str]] = deque()
        entries = (memory.decode(value) for _, value in state.scan(_PREFIX))
        for entry in sorted(entries, key=lambda entry: entry.seen):
            self._index(entry)

    def get(self, article_id: str) -> Entry | None:
        """The entry of an article id."""
        data = self.state.get(_PREFIX + article_id.encode())
        return memory.decode(data) if data is not None else None

    def find(self, key: bytes, seen: int) -> Entry | None:
        """The article that this key leads to, if it was seen within the window before `seen`."""
        article_id = self._by_key.get(key)
        entry = self.get(article_id) if article_id is not None else None
        return entry if entry and entry.seen >= seen - self._seconds else None

    def put(self, entry: Entry) -> None:
        """Remember an entry, and forget some of what has left the window.

        A key has one owner, so that an index read from the state is the one that was kept in memory: the entry gets no
        key that leads to another article within the window.
        """
        self._release(entry.article_id)
        owned = tuple(key for key in entry.keys if self.find(key, entry.seen) is None)
        entry = msgspec.structs.replace(entry, keys=owned)
        self.state.put(_PREFIX + entry.article_id.encode(), memory.encode(entry))
        self._index(entry)
        self._sweep()

    def _index(self, entry: Entry) -> None:
        self._clock = max(self._clock, entry.seen)
        self._queue.append((entry.seen, entry.article_id))
        for key in entry.keys:
            self._by_key[key] = entry.article_id

    def _release(self, article_id: str) -> None:
        entry = self.get(article_id)
        for key in entry.keys if entry else ():
            if self._by_key.get(key) == article_id:
                del self._by_key[key]

    def _sweep(self) -> None:
        horizon = self._clock - self._seconds
        for _ in range(_SWEEP):
            if not self._queue or self._queue[0][0] >= horizon:
                return
            seen, article_id = self._queue.popleft()
            entry = self.get(article_id)
            if entry and entry.seen == seen:
                self._release(article_id)
                self.state.put(_PREFIX + article_id.encode(), None)
