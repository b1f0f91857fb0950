"""Where to look for an article: 32-bit keys to offsets of messages, in tables of fixed size that are dropped whole.

A table never grows, so that no message waits for one to be built anew. What an index tells is where to look, never what
is there: keys collide, and what a message wrote may be forgotten.
"""

from array import array
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_SLOTS: Final = 16
"""Keys a bucket holds; the seventeenth takes the place of the first."""

_FIRST: Final = 1 << 10
_MOST: Final = 1 << 18
"""Articles of the first table and of the largest. Each has room for as many as all before it: few tables to look
through, and never more than twice the room that the articles need."""

Keys = NDArray[np.uint32]
Owners = NDArray[np.int64]


class Hit(NamedTuple):
    """One of the keys looked for, by its place among them, stands under the message at `offset`."""

    key: int
    offset: int


class Step(NamedTuple):
    """How a table was before articles were added: how many it held, the newest, and what stood in the slots taken."""

    table: "Table"
    held: int
    newest: int
    buckets: Keys
    slots: NDArray[np.uint8]
    keys: Keys
    owners: NDArray[np.uint32]


class Added(NamedTuple):
    """What takes an addition to an index back: the tables before it, and what was added to them."""

    tables: list["Table"]
    steps: list[Step]


class Table:
    """Keys of up to `capacity` articles, numbered as they came; `offsets` are those of their messages."""

    def __init__(self, capacity: int, keys: int) -> None:
        self.capacity = capacity
        self.offsets = array("q")
        self.newest = 0
        buckets = capacity * keys // (_SLOTS * 3 // 4)
        self._mask = np.uint32((1 << (buckets - 1).bit_length()) - 1)
        self._keys: Keys = np.zeros((int(self._mask) + 1, _SLOTS), np.uint32)
        self._owners: NDArray[np.uint32] = np.zeros((int(self._mask) + 1, _SLOTS), np.uint32)
        self._filled: NDArray[np.uint8] = np.zeros(int(self._mask) + 1, np.uint8)

    @property
    def room(self) -> int:
        """How many articles more it takes."""
        return self.capacity - len(self.offsets)

    def add(self, offsets: Sequence[int], owners: Owners, keys: Keys, newest: int) -> Step:
        """Note articles under their keys: each of the `keys` is that of the message at `offsets[owners[...]]`."""
        held, before = len(self.offsets), self.newest
        numbers = (owners + held).astype(np.uint32)
        self.offsets.extend(offsets)
        self.newest = max(self.newest, newest)
        buckets = keys & self._mask
        # Keys of one bucket take slot after slot in their order: noted one by one or at once, the table is the same.
        order = np.argsort(buckets, kind="stable")
        keys, numbers, buckets = keys[order], numbers[order], buckets[order]
        slots = (self._filled[buckets] + (np.arange(len(buckets)) - np.searchsorted(buckets, buckets))) % _SLOTS
        old_keys, old_owners = self._keys[buckets, slots], self._owners[buckets, slots]
        np.add.at(self._filled, buckets, np.uint8(1))
        self._keys[buckets, slots] = keys
        self._owners[buckets, slots] = numbers
        return Step(self, held, before, buckets, slots.astype(np.uint8), old_keys, old_owners)

    def undo(self, step: Step) -> None:
        """Be as before the last step that was not undone yet."""
        del self.offsets[step.held :]
        self.newest = step.newest
        np.subtract.at(self._filled, step.buckets, np.uint8(1))
        self._keys[step.buckets, step.slots] = step.keys
        self._owners[step.buckets, step.slots] = step.owners

    def find(self, keys: Keys) -> list[Hit]:
        """Which of the keys are here, and whose they are."""
        buckets = keys & self._mask
        places, slots = np.nonzero(self._keys[buckets] == keys[:, None])
        if not len(places):
            return []
        owners = self._owners[buckets[places], slots].tolist()
        return [Hit(place, self.offsets[owner]) for place, owner in zip(places.tolist(), owners, strict=True)]


class Index:
    """All tables of a window, oldest first.

    Args:
        keys: how many keys an article has, rather more than fewer: what finds no room pushes older keys out.
    """

    def __init__(self, keys: int) -> None:
        self._keys = keys
        self._tables: list[Table] = []

    def add(self, offsets: Sequence[int], owners: Owners, keys: Keys, newest: int) -> Added:
        """Note articles as `Table.add` does; `newest` is when the last of them was seen, in seconds since 1970."""
        before = list(self._tables)
        if not self._tables or not self._tables[-1].room:
            held = sum(len(table.offsets) for table in self._tables)
            self._tables.append(Table(min(max(held, _FIRST), _MOST), self._keys))
        room = self._tables[-1].room
        if room >= len(offsets):
            return Added(before, [self._tables[-1].add(offsets, owners, keys, newest)])
        fits = owners < room
        step = self._tables[-1].add(offsets[:room], owners[fits], keys[fits], newest)
        return Added(before, [step, *self.add(offsets[room:], owners[~fits] - room, keys[~fits], newest).steps])

    def undo(self, added: Added) -> None:
        """Be as before the last addition that was not undone yet, and before what was dropped since."""
        for step in reversed(added.steps):
            step.table.undo(step)
        self._tables = added.tables

    def find(self, keys: Keys) -> list[Hit]:
        """Every message under one of the keys."""
        return [hit for table in self._tables for hit in table.find(keys)]

    def drop(self, horizon: int) -> None:
        """Forget the tables in which no article was seen at `horizon` or later."""
        while len(self._tables) > 1 and self._tables[0].newest < horizon:
            del self._tables[0]
