"""Where to look for an article: 32-bit keys to offsets of messages, in tables of fixed size that are dropped whole.

A table never grows, so that no message waits for one to be built anew. What an index tells is where to look, never what
is there: keys collide, and what a message wrote may be forgotten.
"""

from array import array
from collections import Counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SLOTS: Final = 16
"""Keys a bucket holds; the seventeenth takes the place of the first."""

_KEYS_AN_ARTICLE: Final = 48
_FIRST: Final = 1 << 10
_MOST: Final = 1 << 16
"""Articles of the first table and of the largest: each has four times the room of the one before."""


class Table:
    """Keys of up to `capacity` articles, numbered as they came; `offsets` are those of their messages."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.offsets = array("q")
        self.newest = 0
        buckets = capacity * _KEYS_AN_ARTICLE // (_SLOTS * 5 // 8)
        self._mask = np.uint32((1 << buckets.bit_length()) - 1)
        self._keys: NDArray[np.uint32] = np.zeros((int(self._mask) + 1, _SLOTS), np.uint32)
        self._owners: NDArray[np.uint16] = np.zeros((int(self._mask) + 1, _SLOTS), np.uint16)
        self._filled: NDArray[np.uint8] = np.zeros(int(self._mask) + 1, np.uint8)

    @property
    def is_full(self) -> bool:
        """Whether another article needs another table."""
        return len(self.offsets) >= self.capacity

    def add(self, offset: int, keys: NDArray[np.uint32], seen: int) -> None:
        """Note the article of a message under its keys."""
        number = len(self.offsets)
        self.offsets.append(offset)
        self.newest = max(self.newest, seen)
        buckets = keys & self._mask
        slots = self._filled[buckets] % _SLOTS
        self._keys[buckets, slots] = keys
        self._owners[buckets, slots] = number
        self._filled[buckets] += np.uint8(1)

    def find(self, keys: NDArray[np.uint32]) -> NDArray[np.uint16]:
        """The numbers of articles that have one of the keys, each as often as it has keys."""
        buckets = keys & self._mask
        found: NDArray[np.uint16] = self._owners[buckets][self._keys[buckets] == keys[:, None]]
        return found


class Index:
    """All tables of a window, oldest first."""

    def __init__(self) -> None:
        self._tables: list[Table] = []

    def add(self, offset: int, keys: NDArray[np.uint32], seen: int) -> None:
        """Note the article of a message, seen at `seen` (seconds since 1970), under its keys."""
        if not self._tables or self._tables[-1].is_full:
            before = self._tables[-1].capacity if self._tables else _FIRST // 4
            self._tables.append(Table(min(before * 4, _MOST)))
        self._tables[-1].add(offset, keys, seen)

    def find(self, keys: NDArray[np.uint32], least: int, most: int) -> list[int]:
        """At most `most` messages whose articles have at least `least` of the keys: most keys first, then newest."""
        found: list[tuple[int, int]] = []
        for table in self._tables:
            counts = Counter(table.find(keys).tolist())
            found += [(-count, -table.offsets[number]) for number, count in counts.items() if count >= least]
        return [-offset for _, offset in sorted(found)[:most]]

    def drop(self, horizon: int) -> None:
        """Forget the tables in which no article was seen at `horizon` or later."""
        while len(self._tables) > 1 and self._tables[0].newest < horizon:
            del self._tables[0]
