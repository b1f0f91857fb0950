"""The articles of the last hours, found by id, by key and by their words: an index over the state of one partition."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.deduplicate import memory
from agents.deduplicate.index import Index
from agents.deduplicate.memory import Entry, Moment, Record
from agents.deduplicate.text import Text, sketch
from streams.aging import Aging
from streams.stage import State

_PREFIX: Final = b"m/"
_SWEEP: Final = 4
"""Records looked at for expiry with each message: a bounded step, and more than a message adds."""

_LEAST_SHINGLES: Final = 2
_MOST_ALIKE: Final = 6
_MOST_HITS: Final = 16
"""Records looked at, at most, for the owner of a few keys of 32 bits, which may collide."""


class Window:
    """The records of one partition, forgotten after `seconds`.

    Only the state is believed: the index tells where to look, and may tell of writes that were never kept. A message
    sees what messages before it wrote, also when it comes again after later ones.
    """

    def __init__(self, state: State, seconds: int) -> None:
        self._seconds = seconds
        self._index = Index()
        self._aging = Aging()
        for key, value in state.scan(_PREFIX):
            self._note(int.from_bytes(key.removeprefix(_PREFIX)), memory.decode(value))

    def answer(self, offset: int, state: State) -> Record | None:
        """What the message at `offset` was answered, if it was."""
        data = state.get(_key(offset))
        return memory.decode(data) if data is not None else None

    def get(self, article_id: str, at: Moment, state: State) -> Entry | None:
        """What is known of an article id."""
        hits = self._index.find(_short([_id_key(article_id)]), 1, _MOST_HITS)
        entries = self._entries(sorted(hits, reverse=True), at, state)
        return next((entry for entry in entries if entry.article_id == article_id), None)

    def owners(self, keys: Sequence[bytes], at: Moment, state: State) -> dict[bytes, Entry]:
        """The article that each of the keys leads to, where there is one; in the order of the keys."""
        found: dict[bytes, Entry] = {}
        hits = self._index.find(_short(keys), 1, _MOST_HITS)
        for entry in self._current(hits, at, state):
            found = {key: entry for key in entry.keys if key in keys} | found
        return {key: found[key] for key in keys if key in found}

    def alike(self, text: Text, at: Moment, state: State) -> Iterator[Entry]:
        """The few articles that share most runs of words with this text."""
        hits = self._index.find(sketch(text), _LEAST_SHINGLES, _MOST_ALIKE)
        return (entry for entry in self._current(hits, at, state) if entry.text)

    def put(self, offset: int, record: Record, state: State) -> None:
        """Remember the answer to the message at `offset`, and forget some of what has left the window."""
        state.put(_key(offset), memory.encode(record))
        self._note(offset, record)
        horizon = self._aging.horizon(self._seconds)
        self._index.drop(horizon)
        for key in self._aging.due(self._seconds, _SWEEP):
            state.put(key, None)

    def _current(self, offsets: Iterable[int], at: Moment, state: State) -> Iterator[Entry]:
        """The articles of these records, each as it is known now, within the window."""
        told: set[str] = set()
        for entry in self._entries(offsets, at, state):
            if entry.article_id not in told:
                told.add(entry.article_id)
                current = self.get(entry.article_id, at, state) or entry
                if current.seen >= at.seen - self._seconds:
                    yield current

    def _entries(self, offsets: Iterable[int], at: Moment, state: State) -> Iterator[Entry]:
        for offset in offsets:
            record = self.answer(offset, state) if offset < at.offset else None
            if record:
                yield from record.entries

    def _note(self, offset: int, record: Record) -> None:
        self._aging.add(max(entry.seen for entry in record.entries), _key(offset))
        for entry in record.entries:
            keys = _short([_id_key(entry.article_id), *entry.keys])
            if entry.text:
                keys = np.concatenate((keys, sketch(entry.text)))
            self._index.add(offset, keys, entry.seen)


def _key(offset: int) -> bytes:
    return _PREFIX + offset.to_bytes(8)


def _id_key(article_id: str) -> bytes:
    return blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=4).digest()


def _short(keys: Iterable[bytes]) -> NDArray[np.uint32]:
    return np.array([int.from_bytes(key[-4:]) for key in keys], np.uint32)
