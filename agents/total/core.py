"""The verb of the stage: what each article led to in; running evacuation totals out."""

from collections.abc import Iterable
from typing import Final

import msgspec

from agents.total import ledger
from agents.total.fuse import fuse
from agents.total.ledger import KEPT_SECONDS, Contribution, Ledger, Scope, figure, told_by
from streams import codec
from streams.aging import Forgetting
from streams.records import EvacuationCount, ExtractedArticle, SourceFigure
from streams.stage import Message, PoisonError, Send, State, fetched_seconds
from streams.vocabulary import DeadReason, Stage

TOTALS: Final = "evacuation.totals"
_ARTICLE: Final = b"a/"
_LEDGER: Final = b"t/"


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """The message of an article that was applied last, when the article was fetched, and the totals it tells of."""

    revision: int
    offset: int
    seen: int
    totals: tuple[str, ...]


class Totals:
    """Replaces what an article told of each total, and tells the totals that it touches.

    One writer of one partition. A message that comes again changes nothing and is answered with the totals as they
    are; a message that a later one of its article has overtaken says nothing.
    """

    stage = Stage.TOTAL

    def __init__(self) -> None:
        self._old = Forgetting(_ARTICLE, lambda value: _decode_mark(value).seen, KEPT_SECONDS)

    def opened(self, partition: int, state: State) -> None:
        """Read which articles are due to be forgotten, and when."""
        self._old.opened(partition, state)

    def closed(self, partition: int) -> None:
        """Forget the partition."""
        self._old.closed(partition)

    def process(self, message: Message, state: State) -> list[Send]:
        """One EvacuationTotal for each total that the article tells or told of; a tombstone for one left empty.

        Raises:
            PoisonError: the value is no ExtractedArticle, or its `fetched` is no instant.
        """
        article, seen = _read(message)
        mark = _mark(article.article_id, state)
        if mark and (mark.revision, mark.offset) > (article.revision, message.offset):
            return []
        told = _by_total(article.counts)
        sends = []
        for total_id in sorted({*told, *(mark.totals if mark else ())}):
            scope, figures = told.get(total_id, (None, ()))
            before = _ledger(total_id, state) or (Ledger(scope, 0, {}) if scope else None)
            after = before and told_by(before, article.article_id, Contribution(message.offset, seen, figures))
            sends.append(_write(total_id, after, state))
        mark = Mark(article.revision, message.offset, seen, tuple(sorted(told)))
        state.put(_ARTICLE + article.article_id.encode(), msgspec.msgpack.encode(mark))
        self._old.note(message.partition, _ARTICLE + article.article_id.encode(), seen, state)
        return sends


def _read(message: Message) -> tuple[ExtractedArticle, int]:
    """The article, and when it was fetched, in seconds since 1970."""
    try:
        article = codec.decode(message.value, ExtractedArticle)
    except codec.DecodeError as error:
        raise PoisonError(DeadReason.UNDECODABLE, str(error)) from error
    return article, fetched_seconds(message, article.fetched)


def _by_total(counts: Iterable[EvacuationCount]) -> dict[str, tuple[Scope, tuple[SourceFigure, ...]]]:
    """The article's figures by the total that they belong to."""
    totals: dict[str, tuple[Scope, tuple[SourceFigure, ...]]] = {}
    for count in counts:
        scope = Scope(_story(count), count.origin, count.place_geoname_id, count.term, count.unit)
        first, figures = totals.get(scope.total_id, (scope, ()))
        totals[scope.total_id] = (first, (*figures, figure(count)))
    return totals


def _story(count: EvacuationCount) -> str | None:
    """None where the origin binds the figures of many articles; a figure without one stays with its article."""
    return None if count.origin or count.place_geoname_id is not None else count.article_id


def _mark(article_id: str, state: State) -> Mark | None:
    data = state.get(_ARTICLE + article_id.encode())
    return _decode_mark(data) if data is not None else None


def _decode_mark(data: bytes) -> Mark:
    return msgspec.msgpack.decode(data, type=Mark)


def _ledger(total_id: str, state: State) -> Ledger | None:
    data = state.get(_LEDGER + total_id.encode())
    return ledger.decode(data) if data is not None else None


def _write(total_id: str, after: Ledger | None, state: State) -> Send:
    """Keep the ledger and tell its total; one that is empty is deleted and told by a tombstone."""
    kept = after if after and after.articles else None
    state.put(_LEDGER + total_id.encode(), ledger.encode(kept) if kept else None)
    return Send(topic=TOTALS, key=total_id.encode(), value=codec.encode(fuse(kept)) if kept else None)
