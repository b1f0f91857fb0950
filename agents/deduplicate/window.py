"""The articles of the last hours, found by their keys and by their words: an index over the state of one partition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from agents.deduplicate import memory
from agents.deduplicate.index import Index
from agents.deduplicate.memory import Entry
from agents.deduplicate.text import Text, sketch
from streams.aging import Aging
from streams.stage import State

_PREFIX: Final = b"a/"
_SWEEP: Final = 8
"""Entries looked at for expiry with each message: a bounded step, and more than a message can add."""

_LEAST_SHINGLES: Final = 2
_MOST_ALIKE: Final = 6
_MOST_OWNERS: Final = 8
"""Articles looked at, at most, as the owner of one of a few keys of 32 bits, which may collide."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a message stands: its offset, and when its article was fetched, in seconds since 1970."""

    offset: int
    seen: int


class Window:
    """The entries of one partition by article id, by key and by their words, forgotten after `seconds`.

    Only the state is believed: the index tells where to look, and may tell of writes that were never kept. After a
    crash the state may hold what messages after the present one wrote; that is not looked at, so that a message is
    answered as it was before the crash.
    """

    def __init__(self, state: State, seconds: int) -> None:
        self._seconds = seconds
        self._index = Index()
        self._aging = Aging()
        entries = (memory.decode(value) for _, value in state.scan(_PREFIX))
        for entry in sorted(entries, key=lambda entry: entry.seen):
            self._note(entry)

    def get(self, article_id: str, state: State) -> Entry | None:
        """The entry of an article id."""
        data = state.get(_PREFIX + article_id.encode())
        return memory.decode(data) if data is not None else None

    def owners(self, keys: Iterable[bytes], at: Moment, state: State) -> dict[bytes, Entry]:
        """The article that each of the keys leads to, where there is one."""
        found: dict[bytes, Entry] = {}
        for entry in self._entries(self._index.find(_short(keys), 1, _MOST_OWNERS), at, state):
            own = (key for key in keys if entry.keys.get(key, at.offset) < at.offset)
            found |= {key: entry for key in own if key not in found}
        return found

    def alike(self, text: Text, at: Moment, state: State) -> list[tuple[Entry, Text]]:
        """The few articles that share most runs of words with this text, and their texts."""
        names = self._index.find(sketch(text), _LEAST_SHINGLES, _MOST_ALIKE)
        entries = self._entries(names, at, state)
        return [(entry, entry.text) for entry in entries if entry.text is not None and entry.text_at < at.offset]

    def put(self, entry: Entry, at: Moment, state: State) -> None:
        """Remember an entry, and forget some of what has left the window.

        A key has one owner, so that an index read from the state is the one that was kept in memory: the entry gets no
        key that leads to another article within the window.
        """
        owners = {key: owner.article_id for key, owner in self.owners(entry.keys, at, state).items()}
        owned = {
            key: since for key, since in entry.keys.items() if owners.get(key, entry.article_id) == entry.article_id
        }
        entry = msgspec.structs.replace(entry, keys=owned)
        state.put(_PREFIX + entry.article_id.encode(), memory.encode(entry))
        self._note(entry)
        self._sweep(state)

    def _entries(self, names: list[str], at: Moment, state: State) -> Iterator[Entry]:
        for name in names:
            entry = self.get(name, state)
            if entry and entry.seen >= at.seen - self._seconds:
                yield entry

    def _note(self, entry: Entry) -> None:
        self._aging.add(entry.seen, entry.article_id.encode())
        keys = _short(entry.keys)
        if entry.text:
            keys = np.concatenate((keys, sketch(entry.text)))
        self._index.add(entry.article_id, keys, entry.seen)

    def _sweep(self, state: State) -> None:
        horizon = self._aging.horizon(self._seconds)
        self._index.drop(horizon)
        for name in self._aging.due(self._seconds, _SWEEP):
            entry = self.get(name.decode(), state)
            if entry and entry.seen < horizon:
                state.put(_PREFIX + name, None)


def _short(keys: Iterable[bytes]) -> NDArray[np.uint32]:
    return np.array([int.from_bytes(key[-4:]) for key in keys], np.uint32)
