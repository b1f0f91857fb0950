"""Where to look for an article: 32-bit keys to offsets of messages, in tables that are dropped whole.

The first table grows by being built anew twice as large, up to a size at which a message hardly waits for it; later
ones never grow. What an index tells is where to look, never what is there: keys collide, and what a message wrote may
be forgotten.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_SLOTS: Final = 16
"""Keys a bucket holds; the seventeenth takes the place of the first."""

_BYTE: Final = 256
_FIRST: Final = 1 << 10
_GROWN: Final = 1 << 14
_MOST: Final = 1 << 18
"""Articles of the first table when it is new and when it is grown, and of the largest. Each later one has room for as
many as all before it: few tables to look through, and never more than twice the room that the articles need. The last
step of growing takes a hundredth of a second."""

Keys = NDArray[np.uint32]
Owners = NDArray[np.int64]
Places = NDArray[np.intp] | list[int]


class Hit(NamedTuple):
    """One of the keys looked for, by its place among them, stands under the message at `offset`."""

    key: int
    offset: int


class Step(NamedTuple):
    """How a table was before articles were added: how many it held, the newest, and what stood in the slots taken."""

    table: "Table"
    held: int
    newest: int
    buckets: Places
    slots: Places
    keys: Keys | list[int]
    owners: NDArray[np.uint32] | list[int]


class Added(NamedTuple):
    """What takes an addition to an index back: the tables before it, and what was added to them."""

    tables: list["Table"]
    steps: list[Step]


class Table:
    """Keys of up to `capacity` articles, numbered as they came; `offsets` are those of their messages.

    Args:
        buckets: how many parts the keys are kept in, a power of two.
    """

    def __init__(self, capacity: int, buckets: int) -> None:
        self.capacity = capacity
        self.offsets = array("q")
        self.newest = 0
        self._mask = buckets - 1
        self._keys: Keys = np.zeros(buckets * _SLOTS, np.uint32)
        self._owners: NDArray[np.uint32] = np.zeros(buckets * _SLOTS, np.uint32)
        self._filled: NDArray[np.uint8] = np.zeros(buckets, np.uint8)
        # For a few keys numpy's calls take many times what they do.
        self._key_cells, self._owner_cells = self._keys.data, self._owners.data
        self._filled_cells = self._filled.data

    def grown(self) -> "Table":
        """A table of twice the size that knows the same articles; this one stays as it is."""
        buckets = self._mask + 1
        other = Table(2 * self.capacity, 2 * buckets)
        other.offsets.extend(self.offsets)
        other.newest = self.newest
        # Slots of a bucket from the oldest on: the keys of one are parted by one bit more, in their order.
        order = (np.arange(_SLOTS) + self._filled[:, None]) % _SLOTS
        keys = np.take_along_axis(self._keys.reshape(-1, _SLOTS), order, 1)
        owners = np.take_along_axis(self._owners.reshape(-1, _SLOTS), order, 1)
        upper = (keys & np.uint32(buckets)) != 0
        for begin, mine in ((0, ~upper & (keys != 0)), (buckets, upper)):
            rows, columns = mine.nonzero()
            slots = (rows + begin) * _SLOTS + (mine.cumsum(axis=1)[rows, columns] - 1)
            other._keys[slots], other._owners[slots] = keys[mine], owners[mine]
            other._filled[begin : begin + buckets] = mine.sum(axis=1)
        return other

    @property
    def room(self) -> int:
        """How many articles more it takes."""
        return self.capacity - len(self.offsets)

    def add(self, offsets: Sequence[int], owners: Owners, keys: Keys, newest: int) -> Step:
        """Note articles under their keys: each of the `keys` is that of the message at `offsets[owners[...]]`."""
        held, before = self._enter(offsets, newest)
        buckets = self._buckets(keys)
        # Keys of one bucket take slot after slot in their order: noted one by one or at once, the table is the same.
        order = buckets.argsort(kind="stable")
        keys, numbers, buckets = keys[order], owners[order] + held, buckets[order]
        taken: NDArray[np.intp] = self._filled[buckets].astype(np.intp)
        if (buckets[1:] == buckets[:-1]).any():
            taken += np.arange(len(buckets)) - np.searchsorted(buckets, buckets)
        slots = buckets * _SLOTS + taken % _SLOTS
        step = Step(self, held, before, buckets, slots, self._keys[slots], self._owners[slots])
        np.add.at(self._filled, buckets, np.uint8(1))
        self._keys[slots] = keys
        self._owners[slots] = numbers
        return step

    def add_few(self, offset: int, keys: Sequence[int], newest: int) -> Step:
        """Note one article, as `add` does, under a few keys."""
        held, before = self._enter([offset], newest)
        cells, owners, filled = self._key_cells, self._owner_cells, self._filled_cells
        buckets = [key & self._mask for key in keys]
        slots = []
        for bucket in buckets:
            slots.append(bucket * _SLOTS + filled[bucket] % _SLOTS)
            filled[bucket] = (filled[bucket] + 1) % _BYTE
        step = Step(self, held, before, buckets, slots, [cells[at] for at in slots], [owners[at] for at in slots])
        for slot, key in zip(slots, keys, strict=True):
            cells[slot] = key
            owners[slot] = held
        return step

    def undo(self, step: Step) -> None:
        """Be as before the last step that was not undone yet."""
        del self.offsets[step.held :]
        self.newest = step.newest
        if len(step.slots):
            np.subtract.at(self._filled, step.buckets, np.uint8(1))
            self._keys[step.slots] = step.keys
            self._owners[step.slots] = step.owners

    def find(self, keys: Keys) -> list[int]:
        """The messages that the keys lead to, each as often as keys do."""
        buckets = self._buckets(keys)
        places, slots = (self._keys.reshape(-1, _SLOTS).take(buckets, axis=0, mode="clip") == keys[:, None]).nonzero()
        owners = self._owners[buckets[places] * _SLOTS + slots].tolist()
        return [self.offsets[owner] for owner in owners]

    def find_few(self, keys: Sequence[int]) -> list[Hit]:
        """Which of a few keys are here, and whose they are."""
        hits = []
        for place, key in enumerate(keys):
            begin = (key & self._mask) * _SLOTS
            bucket = self._key_cells[begin : begin + _SLOTS].tolist()
            if key in bucket:
                slots = (begin + slot for slot, held in enumerate(bucket) if held == key)
                hits += [Hit(place, self.offsets[self._owner_cells[slot]]) for slot in slots]
        return hits

    def _buckets(self, keys: Keys) -> NDArray[np.intp]:
        return (keys & np.uint32(self._mask)).astype(np.intp)

    def _enter(self, offsets: Sequence[int], newest: int) -> tuple[int, int]:
        """Note that articles were added, and how many there were before, and the newest of them."""
        held, before = len(self.offsets), self.newest
        self.offsets.extend(offsets)
        self.newest = max(before, newest)
        return held, before


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
        table = self._with_room()
        room = table.room
        if room >= len(offsets):
            return Added(before, [table.add(offsets, owners, keys, newest)])
        fits = owners < room
        step = table.add(offsets[:room], owners[fits], keys[fits], newest)
        return Added(before, [step, *self.add(offsets[room:], owners[~fits] - room, keys[~fits], newest).steps])

    def add_few(self, offset: int, articles: Iterable[Sequence[int]], newest: int) -> Added:
        """Note the articles of one message, each under a few keys."""
        before = list(self._tables)
        return Added(before, [self._with_room().add_few(offset, keys, newest) for keys in articles])

    def _with_room(self) -> Table:
        if not self._tables:
            self._tables.append(self._table(_FIRST))
        last = self._tables[-1]
        if last.room:
            return last
        if last.capacity < _GROWN:
            self._tables[-1] = last.grown()
        else:
            held = sum(len(table.offsets) for table in self._tables)
            self._tables.append(self._table(min(held, _MOST)))
        return self._tables[-1]

    def _table(self, capacity: int) -> Table:
        return Table(capacity, 1 << (capacity * self._keys // (_SLOTS * 3 // 4) - 1).bit_length())

    def undo(self, added: Added) -> None:
        """Be as before the last addition that was not undone yet, and before what was dropped since."""
        for step in reversed(added.steps):
            step.table.undo(step)
        self._tables = added.tables

    def find(self, keys: Keys) -> list[int]:
        """Every message under one of the keys, as often as it is under them."""
        return [offset for table in self._tables for offset in table.find(keys)]

    def find_few(self, keys: Sequence[int]) -> list[Hit]:
        """Every message under one of a few keys."""
        return [hit for table in self._tables for hit in table.find_few(keys)]

    def drop(self, horizon: int) -> None:
        """Forget the tables in which no article was seen at `horizon` or later."""
        while len(self._tables) > 1 and self._tables[0].newest < horizon:
            del self._tables[0]
