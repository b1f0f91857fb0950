"""The articles of the last hours, found by their keys: an index over the state of one partition."""

from typing import Final

import msgspec

from agents.deduplicate import memory
from agents.deduplicate.memory import Entry
from streams.aging import Aging
from streams.stage import State

_PREFIX: Final = b"a/"
_SWEEP: Final = 8
"""Entries looked at for expiry with each message: a bounded step, and more than a message can add."""


class Window:
    """The entries of one partition by article id and by key, forgotten after `seconds`.

    Only the state is believed: the index tells where to look, and may tell of writes that were never kept.
    """

    def __init__(self, state: State, seconds: int) -> None:
        self._seconds = seconds
        self._by_key: dict[bytes, str] = {}
        self._aging = Aging()
        entries = (memory.decode(value) for _, value in state.scan(_PREFIX))
        for entry in sorted(entries, key=lambda entry: entry.seen):
            self._index(entry)

    def get(self, article_id: str, state: State) -> Entry | None:
        """The entry of an article id."""
        data = state.get(_PREFIX + article_id.encode())
        return memory.decode(data) if data is not None else None

    def find(self, key: bytes, seen: int, state: State) -> Entry | None:
        """The article that this key leads to, if it was seen within the window before `seen`."""
        article_id = self._by_key.get(key)
        entry = self.get(article_id, state) if article_id is not None else None
        return entry if entry and key in entry.keys and entry.seen >= seen - self._seconds else None

    def put(self, entry: Entry, state: State) -> None:
        """Remember an entry, and forget some of what has left the window.

        A key has one owner, so that an index read from the state is the one that was kept in memory: the entry gets no
        key that leads to another article within the window.
        """
        owned = tuple(key for key in entry.keys if self._is_free(key, entry, state))
        entry = msgspec.structs.replace(entry, keys=owned)
        state.put(_PREFIX + entry.article_id.encode(), memory.encode(entry))
        self._index(entry)
        self._sweep(state)

    def _is_free(self, key: bytes, entry: Entry, state: State) -> bool:
        owner = self.find(key, entry.seen, state)
        return owner is None or owner.article_id == entry.article_id

    def _index(self, entry: Entry) -> None:
        self._aging.add(entry.seen, entry.article_id.encode())
        for key in entry.keys:
            self._by_key[key] = entry.article_id

    def _sweep(self, state: State) -> None:
        horizon = self._aging.horizon(self._seconds)
        for name in self._aging.due(self._seconds, _SWEEP):
            entry = self.get(name.decode(), state)
            if entry and entry.seen < horizon:
                self._forget(entry, state)

    def _forget(self, entry: Entry, state: State) -> None:
        state.put(_PREFIX + entry.article_id.encode(), None)
        for key in entry.keys:
            if self._by_key.get(key) == entry.article_id:
                del self._by_key[key]
