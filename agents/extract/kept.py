"""Answers about words, kept as long as they are asked for: several memories of several languages share one room."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from agents.extract.text import MAX_FORM

Key = TypeVar("Key", bound=Sequence[str])
Value = TypeVar("Value")

_WORDS: Final = 320_000
"""Answers about written words, one for each: some 110 MB. With two thirds of it, 22 words an article of twelve
languages' papers have to be read anew after 8,000 of them, with this 13."""

_NAMES: Final = 60_000
"""Answers about words that stand in names or behind their beginnings."""


class Room:
    """Room for `size` answers of all memories that are `Kept` in it.

    Half of it is for new ones: when that is full, all memories forget what nobody asked for since it was full before.
    A language that writes many words so takes what others leave, and words that stand in every text always stay.
    """

    def __init__(self, size: int) -> None:
        self._half = self._left = max(1, size // 2)
        self._memories: list[Kept[Any, Any]] = []

    def add(self, memory: "Kept[Any, Any]") -> None:
        """Let `memory` keep its answers here."""
        self._memories.append(memory)

    def take(self) -> None:
        """Make room for one more answer."""
        self._left -= 1
        if self._left < 0:
            for memory in self._memories:
                memory.age()
            self._left = self._half - 1


class Kept(dict[Key, Value]):
    """A word, or words → what `make` makes of it. What is longer than any word is hostile, and not kept."""

    def __init__(self, make: Callable[[Key], Value], room: Room) -> None:
        super().__init__()
        self._make = make
        self._room = room
        self.older: dict[Key, Value] = {}
        room.add(self)

    def __missing__(self, key: Key) -> Value:
        value = self.older.pop(key) if key in self.older else self._make(key)
        if len(key) <= MAX_FORM:
            self._room.take()
            self[key] = value
        return value

    def age(self) -> None:
        """Forget what was not asked for since the last time; all that is left may be forgotten the next time."""
        self.older = dict(self)
        self.clear()


class Rooms:
    """Where all languages of a process keep what they know of written words, and of names."""

    def __init__(self, words: int = _WORDS, names: int = _NAMES) -> None:
        self.words = Room(words)
        self.names = Room(names)
