"""The articles of the last days as they were placed in stories: an index over the state of the one partition.

Only the state is believed: the index tells which story to look at, and a story that the state does not have is none.
"""

from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Final

import msgspec

from agents.total import ledger
from agents.total.features import Features
from agents.total.links import anchors
from agents.total.stories import Stories
from streams.records import ExtractedArticle
from streams.stage import State

PLACED: Final = b"d/"
STORY: Final = b"s/"
_SWEEP: Final = 4
_SWEEP_ALL: Final = 400
"""Articles, and messages of all kinds, that one message lets be forgotten at most."""

_MOST_TERMS: Final = 400
MOST_ARTICLES: Final = 50_000
"""Articles that are compared with, at most, whatever the window: the newest ones. They take about 250 MB."""


class Placed(msgspec.Struct, frozen=True, array_like=True):
    """What was decided for the message at one offset, stored before anything that follows from it.

    `features` is None for a further revision of an article, which stays where it is.
    """

    article_id: str
    seen: int
    story_id: str
    merged: tuple[str, ...]
    features: Features | None


class Window:
    """The stories that an article can join: those told within `seconds` before the newest article."""

    def __init__(self, state: State, seconds: int) -> None:
        self._seconds = seconds
        self._stories = Stories()
        self._newest = 0
        self._last = -1
        self._order: deque[tuple[int, int, bool]] = deque()
        self._articles = 0
        self._gone = dict(_gone(state))
        for key, value in state.scan(PLACED):
            placed = decode(value)
            self._note(int.from_bytes(key.removeprefix(PLACED)), placed)
            if placed.features:
                self._stories.add(self.survivor(placed.story_id), placed.features, placed.seen)

    def close(self) -> None:
        """Free its memory, which is too much to wait for the collector; nothing may be placed afterwards."""
        self._stories.close()

    def place(self, article: ExtractedArticle, offset: int, seen: int, state: State) -> Placed:
        """Decide which story a new article tells, remember it, and forget some articles that have left the window."""
        terms = dict(islice(article.features.terms.items(), _MOST_TERMS))
        terms.pop("", None)
        self._stories.forget_before(max(self._newest, seen) - self._seconds)
        placing = self._stories.place(article.article_id, article.language, terms, anchors(article), seen)
        self._gone |= dict.fromkeys(placing.merged, placing.story_id)
        placed = Placed(article.article_id, seen, placing.story_id, placing.merged, placing.features)
        self.put(placed, offset, state)
        return placed

    def get(self, offset: int, state: State) -> Placed | None:
        """What was decided for the message at an offset, if it was and is still remembered."""
        return _get(offset, state) if offset <= self._last else None

    def put(self, placed: Placed, offset: int, state: State) -> None:
        """Store what was decided for the message at `offset`, and forget some of what has left the window."""
        state.put(key_of(offset), encode(placed))
        self._note(offset, placed)
        swept = 0
        for _ in range(_SWEEP_ALL):
            if not self._order or swept == _SWEEP or not self._is_over(self._order[0][1]):
                return
            old, _, compared = self._order.popleft()
            self._articles -= compared
            swept += compared
            self._forget(old, state)

    def survivor(self, story_id: str) -> str:
        """The story that this one is part of today."""
        while story_id in self._gone:
            story_id = self._gone[story_id]
        return story_id

    def _is_over(self, seen: int) -> bool:
        return seen < self._newest - self._seconds or self._articles > MOST_ARTICLES

    def _forget(self, offset: int, state: State) -> None:
        placed = _get(offset, state)
        if placed is None:
            return
        state.put(key_of(offset), None)
        if placed.features:
            self._stories.remove(self.survivor(placed.story_id), placed.features)

    def _note(self, offset: int, placed: Placed) -> None:
        """Keep in mind what is to be forgotten; copies and revisions take no article's room."""
        self._newest = max(self._newest, placed.seen)
        self._last = max(self._last, offset)
        self._order.append((offset, placed.seen, placed.features is not None))
        self._articles += placed.features is not None


def _get(offset: int, state: State) -> Placed | None:
    data = state.get(key_of(offset))
    return decode(data) if data is not None else None


def key_of(offset: int) -> bytes:
    """The key of what was decided for the message at an offset; in the order of offsets."""
    return PLACED + offset.to_bytes(8)


def _gone(state: State) -> Mapping[str, str]:
    heads = (ledger.head(value) for _, value in state.scan(STORY))
    return {head.story_id: head.merged_into for head in heads if head.merged_into is not None}


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Placed)


def encode(placed: Placed) -> bytes:
    """The decision as it is stored."""
    return _ENCODER.encode(placed)


def decode(data: bytes) -> Placed:
    """Read a stored decision.

    Raises:
        msgspec.DecodeError: the bytes are none; the state is broken or of another version.
    """
    return _DECODER.decode(data)
