"""The articles of the last hours, found by id, by key and by their words: an index over the state of one partition."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain, islice
from typing import Final, NamedTuple

import numpy as np

from agents.deduplicate import memory
from agents.deduplicate.index import Added, Index
from agents.deduplicate.memory import Entry, Moment, Record
from agents.deduplicate.text import Text, sketch, sketches
from streams.aging import Aging
from streams.stage import State

_PREFIX: Final = b"m/"
_SWEEP: Final = 4
"""Records looked at for expiry with each message: a bounded step, and more than a message adds."""

_LEAST_SHINGLES: Final = 2
_MOST_ALIKE: Final = 6
_MOST_HITS: Final = 16
"""Records looked at, at most, for the owner of a few keys of 32 bits, which may collide."""

_NAMES: Final = 12
_WORDS: Final = 48
"""Room for the id, address, guid and texts of an article, and for its shingles. They stand apart, because a shingle
that every article of an outlet has would push ids out."""

_AT_ONCE: Final = 1024
"""Records read at once when a window opens: enough to make the index quickly, and little memory."""


class _Put(NamedTuple):
    """What takes a message back: its key, when it was seen, the newest before it, what was added to the index of names
    and to that of words, and what was due to be forgotten."""

    key: bytes
    seen: int
    newest: int
    names: Added
    words: Added
    due: list[tuple[int, bytes]]


class Places(NamedTuple):
    """Where records may be found that know an article: by its id, its keys, its words; the likeliest first."""

    by_id: list[int]
    by_key: list[int]
    by_words: list[int]


class Window:
    """The records of one partition, forgotten after `seconds`; the last `undone` messages can be taken back.

    Only the state is believed: the index tells where to look. A message sees what messages before it wrote, also when
    it comes again after later ones, and after what it and others wrote was not kept (`settle`). No message after the
    latest that was entered is asked for: most come once.
    """

    def __init__(self, state: State, seconds: int, undone: int) -> None:
        self._seconds = seconds
        self._names = Index(_NAMES)
        self._words = Index(_WORDS)
        self._aging = Aging()
        self._latest = -1
        self._puts: deque[_Put] = deque(maxlen=undone)
        stored = state.scan(_PREFIX)
        while rows := list(islice(stored, _AT_ONCE)):
            self._note_many([(int.from_bytes(key.removeprefix(_PREFIX)), memory.decode(value)) for key, value in rows])

    def settle(self, state: State) -> None:
        """Take back what the last messages entered if the state did not keep it.

        A batch that is decided again, or a message that became a dead letter, would else be entered twice: one shared
        shingle would count as two, and buckets would lose older keys.
        """
        while self._puts and state.get(self._puts[-1].key) is None:
            last = self._puts.pop()
            self._names.undo(last.names)
            self._words.undo(last.words)
            self._aging.undo(last.seen, last.newest, last.due)

    def answer(self, offset: int, state: State) -> Record | None:
        """What the message at `offset` was answered, if it was."""
        if offset > self._latest:
            return None
        data = state.get(_key(offset))
        return memory.decode(data) if data is not None else None

    def places(self, article_id: str, keys: Sequence[bytes], text: Text, at: Moment) -> Places:
        """Where to look, among messages before this one, for an article with this id, these keys and this text."""
        named = self._names.find_few(_short(article_id, keys))
        by_id = sorted((hit.offset for hit in named if not hit.key and hit.offset < at.offset), reverse=True)
        by_key = Counter(hit.offset for hit in named if hit.key)
        by_words = Counter(self._words.find(sketch(text.body)))
        return Places(
            by_id[:_MOST_HITS],
            _likeliest(by_key, 1, _MOST_HITS, at),
            _likeliest(by_words, _LEAST_SHINGLES, _MOST_ALIKE, at),
        )

    def get(self, article_id: str, at: Moment, state: State) -> Entry | None:
        """What is known of an article id."""
        return self.known(article_id, self._told_of(article_id, at), at, state)

    def _told_of(self, article_id: str, at: Moment) -> list[int]:
        """Where to look for what is known of an article id, the latest first."""
        hits = self._names.find_few(_short(article_id, ()))
        return sorted((hit.offset for hit in hits if hit.offset < at.offset), reverse=True)[:_MOST_HITS]

    def known(self, article_id: str, offsets: Iterable[int], at: Moment, state: State) -> Entry | None:
        """What the first of these records that knows the article id tells of it."""
        entries = self._entries(offsets, at, state)
        return next((entry for _, entry in entries if entry.article_id == article_id), None)

    def owners(self, keys: Sequence[bytes], offsets: Iterable[int], at: Moment, state: State) -> dict[bytes, Entry]:
        """The article that each of the keys leads to, where there is one; in the order of the keys."""
        found: dict[bytes, Entry] = {}
        for entry in self.current(offsets, at, state):
            found = {key: entry for key in entry.keys if key in keys} | found
        return {key: found[key] for key in keys if key in found}

    def put(self, offset: int, record: Record, state: State) -> None:
        """Remember the answer to the message at `offset`, and forget some of what has left the window."""
        key, newest = _key(offset), self._aging.newest
        state.put(key, memory.encode(record))
        names, words = self._note(offset, record)
        horizon = self._aging.horizon(self._seconds)
        self._names.drop(horizon)
        self._words.drop(horizon)
        seen = _seen(record)
        due = self._aging.take(self._seconds, _SWEEP)
        if any(own == key for _, own in due):  # an old straggler stays for the next message, for `settle` to find
            due = [one for one in due if one[1] != key]
            self._aging.add(seen, key)
        for _, old in due:
            state.put(old, None)
        self._puts.append(_Put(key, seen, newest, names, words, due))

    def current(self, offsets: Iterable[int], at: Moment, state: State) -> Iterator[Entry]:
        """The articles of these records, each as it is known now, within the window."""
        told: set[str] = set()
        for offset, entry in self._entries(offsets, at, state):
            if entry.article_id not in told:
                told.add(entry.article_id)
                latest = self._told_of(entry.article_id, at)
                is_latest = latest[:1] == [offset]
                current = entry if is_latest else self.known(entry.article_id, latest, at, state) or entry
                if current.seen >= at.seen - self._seconds:
                    yield current

    def _entries(self, offsets: Iterable[int], at: Moment, state: State) -> Iterator[tuple[int, Entry]]:
        for offset in offsets:
            record = self.answer(offset, state) if offset < at.offset else None
            if record:
                yield from ((offset, entry) for entry in record.entries)

    def _note(self, offset: int, record: Record) -> tuple[Added, Added]:
        """Enter what the message at this offset wrote."""
        seen = _seen(record)
        self._latest = max(self._latest, offset)
        self._aging.add(seen, _key(offset))
        names = self._names.add_few(offset, [_short(entry.article_id, entry.keys) for entry in record.entries], seen)
        shingles = [sketch(entry.text.body if entry.text else b"") for entry in record.entries]
        owners = np.repeat(np.arange(len(shingles)), [len(own) for own in shingles])
        return names, self._words.add([offset] * len(shingles), owners, np.concatenate(shingles), seen)

    def _note_many(self, records: Sequence[tuple[int, Record]]) -> None:
        """Enter what the messages at these offsets wrote, as one after another."""
        newest = 0
        for offset, record in records:
            seen = _seen(record)
            newest = max(newest, seen)
            self._aging.add(seen, _key(offset))
            self._latest = max(self._latest, offset)
        told = [(offset, entry) for offset, record in records for entry in record.entries]
        short = [_short(entry.article_id, entry.keys) for _, entry in told]
        words, shingles = sketches([entry.text.body if entry.text else b"" for _, entry in told])
        offsets, numbers = [offset for offset, _ in told], np.arange(len(told))
        named = np.repeat(numbers, [len(own) for own in short])
        self._names.add(offsets, named, np.array(list(chain.from_iterable(short)), np.uint32), newest)
        self._words.add(offsets, np.repeat(numbers, shingles), words, newest)


def _seen(record: Record) -> int:
    return max(entry.seen for entry in record.entries)


def _likeliest(counts: Counter[int], least: int, most: int, at: Moment) -> list[int]:
    """Earlier offsets with at least so many hits: most hits first, then newest."""
    found = sorted((-count, -offset) for offset, count in counts.items() if count >= least and offset < at.offset)
    return [-offset for _, offset in found[:most]]


def _key(offset: int) -> bytes:
    return _PREFIX + offset.to_bytes(8)


def _short(article_id: str, keys: Iterable[bytes]) -> list[int]:
    """32 bits each of an article's id and of its keys."""
    own = blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return [int.from_bytes(key[-4:]) for key in (own, *keys)]
