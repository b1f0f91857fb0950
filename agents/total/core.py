"""The verb of the stage: what each article led to in; stories, and running evacuation totals of each, out."""

from collections.abc import Iterable
from typing import Final

import msgspec

from agents.total import fuse, ledger, tell
from agents.total.contribution import TITLE, Contribution, contribution
from agents.total.ledger import KEPT_SECONDS, Ledger
from agents.total.window import STORY, Placed, Window
from streams import codec
from streams.aging import Forgetting
from streams.cloudevents import withdrawn, wrapped
from streams.records import EvacuationTotal, ExtractedArticle
from streams.stage import Message, PoisonError, Send, State, fetched_seconds
from streams.vocabulary import DeadReason, Stage

STORIES: Final = "stories"
TOTALS: Final = "evacuation.totals"
_ARTICLE: Final = b"a/"

WINDOW_SECONDS: Final = 3 * 24 * 3600
"""The setting's default."""


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """The message of an article that was applied last, when the article was fetched, and its story."""

    revision: int
    offset: int
    seen: int
    story_id: str


class Totals:
    """Puts each article in its story, and tells the story and the totals that it touches.

    One writer of one partition. What a message decides is stored under its offset before what follows from it, so that
    a message that comes again, at whatever point a crash cut it off, is applied as the first time, changes nothing that
    is there, and is answered with the story as it is. A message that a later one of its article has overtaken says
    nothing. A revision stays in the story of its article.
    """

    stage = Stage.TOTAL

    def __init__(self, window_seconds: int = WINDOW_SECONDS) -> None:
        self._window_seconds = window_seconds
        self._windows: dict[int, Window] = {}
        self._articles = Forgetting(_ARTICLE, lambda value: _decode_mark(value).seen, KEPT_SECONDS)
        self._stories = Forgetting(STORY, lambda value: ledger.head(value).seen, KEPT_SECONDS)

    def opened(self, partition: int, state: State) -> None:
        """Read which stories an article can join, and what is due to be forgotten."""
        self._windows[partition] = Window(state, self._window_seconds)
        self._articles.opened(partition, state)
        self._stories.opened(partition, state)

    def closed(self, partition: int) -> None:
        """Forget the partition."""
        index = self._windows.pop(partition, None)
        if index is not None:
            index.close()
        self._articles.closed(partition)
        self._stories.closed(partition)

    def process(self, message: Message, state: State) -> list[Send]:
        """The article's Story, the stories that became part of it, and its totals; a tombstone for a total left empty.

        Raises:
            PoisonError: the value is no ExtractedArticle, or its `fetched` is no instant.
        """
        article, seen = _read(message)
        mark = _mark(article.article_id, state)
        if mark and (mark.revision, mark.offset) > (article.revision, message.offset):
            return []
        if message.partition not in self._windows:
            self.opened(message.partition, state)
        index = self._windows[message.partition]
        placed = index.get(message.offset, state) or _placed(article, seen, message.offset, mark, index, state)
        key = _ARTICLE + article.article_id.encode()
        story_id, stored = _survivor(placed.story_id, state)
        state.put(key, _encode_mark(Mark(article.revision, message.offset, seen, placed.story_id)))
        before = ledger.decode(stored) if stored is not None else ledger.begun(story_id, article.title[:TITLE])
        sends = _applied(article, placed, before, message.offset, state)
        self._articles.note(message.partition, key, seen, state)
        self._stories.note(message.partition, STORY + story_id.encode(), seen, state)
        return sends


def _read(message: Message) -> tuple[ExtractedArticle, int]:
    """The article, and when it was fetched, in seconds since 1970."""
    try:
        article = codec.decode(message.value, ExtractedArticle)
    except codec.DecodeError as error:
        raise PoisonError(DeadReason.UNDECODABLE, str(error)) from error
    return article, fetched_seconds(message, article.fetched)


def _placed(
    article: ExtractedArticle, seen: int, offset: int, mark: Mark | None, index: Window, state: State
) -> Placed:
    if mark is None:
        return index.place(article, offset, seen, state)
    placed = Placed(article.article_id, seen, _survivor(mark.story_id, state)[0], (), None)
    index.put(placed, offset, state)
    return placed


def _applied(article: ExtractedArticle, placed: Placed, before: Ledger, offset: int, state: State) -> list[Send]:
    """Write the story with the article in it, and what was merged into it; what to tell."""
    story_id = before.story_id
    now = contribution(article, offset, placed.seen)
    gone = [other for name in placed.merged if name != story_id and (other := _ledger(name, state))]
    after = before
    for other in gone:
        after = ledger.absorbed(after, other, offset)
    if before.state_revision <= offset or article.article_id in before.articles:  # else it dropped out of a large story
        after = ledger.told(after, article.article_id, now)
    touched = {s.total_id(story_id) for told in _of(article.article_id, before, after) for s in told.scopes}
    touched |= {s.total_id(story_id) for other in gone for told in other.articles.values() for s in told.scopes}
    touched |= {name for name, _ in before.revisions.items() ^ after.revisions.items()}
    if after is not before:
        state.put(STORY + story_id.encode(), ledger.encode(after))
    totals = fuse.totals(after)
    sends = [wrapped(STORIES, story_id, tell.story(after, totals))]
    for other in gone:
        sends += _merged(other, story_id, offset, state)
    return [*sends, *(_total(name, totals.get(name), after) for name in sorted(touched))]


def _of(article_id: str, *ledgers: Ledger) -> Iterable[Contribution]:
    return (each.articles[article_id] for each in ledgers if article_id in each.articles)


def _merged(gone: Ledger, story_id: str, offset: int, state: State) -> list[Send]:
    """Tell that a story is part of another, and withdraw its totals. It is kept as it was: see `Ledger`."""
    pointing = gone if gone.merged_into else ledger.pointing(gone, story_id, offset)
    if pointing is not gone:
        state.put(STORY + gone.story_id.encode(), ledger.encode(pointing))
    totals = sorted({s.total_id(gone.story_id) for told in gone.articles.values() for s in told.scopes})
    return [
        wrapped(STORIES, gone.story_id, tell.story(pointing, {})),
        *(_total(name, None, pointing) for name in totals),
    ]


def _total(name: str, total: EvacuationTotal | None, story: Ledger) -> Send:
    """A total of a story as it is now. A tombstone takes its place in the order of the story."""
    if total is not None:
        return wrapped(TOTALS, name, total)
    return withdrawn(TOTALS, name, story.state_revision, sequence=story.state_revision)


def _survivor(story_id: str, state: State) -> tuple[str, bytes | None]:
    """The story that this one is part of today, and what is stored of it."""
    data = state.get(STORY + story_id.encode())
    into = ledger.head(data).merged_into if data is not None else None
    return _survivor(into, state) if into is not None else (story_id, data)


def _mark(article_id: str, state: State) -> Mark | None:
    data = state.get(_ARTICLE + article_id.encode())
    return _decode_mark(data) if data is not None else None


def _encode_mark(mark: Mark) -> bytes:
    return msgspec.msgpack.encode(mark)


def _decode_mark(data: bytes) -> Mark:
    return msgspec.msgpack.decode(data, type=Mark)


def _ledger(story_id: str, state: State) -> Ledger | None:
    data = state.get(STORY + story_id.encode())
    return ledger.decode(data) if data is not None else None
