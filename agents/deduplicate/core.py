"""The verb of the stage: RawArticle in; Article or Duplicate out."""

from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Final

from agents.deduplicate import fingerprint
from agents.deduplicate.decide import decide
from agents.deduplicate.memory import Decision, Publish, sighted
from agents.deduplicate.text import read
from agents.deduplicate.window import Moment, Window
from streams import codec
from streams.records import Article, Duplicate, RawArticle
from streams.stage import Message, PoisonError, Send, State
from streams.urls import canonical_url
from streams.vocabulary import DeadReason, Stage

_RAW_FIELDS: Final = tuple(field.name for field in fields(RawArticle))


class Deduplicator:
    """Decides for each article of a partition whether it repeats one of the last `window_seconds`.

    One writer a partition. The index of a partition is read from its state when the partition opens.
    """

    stage = Stage.DEDUPLICATE

    def __init__(self, window_seconds: int) -> None:
        self._window_seconds = window_seconds
        self._windows: dict[int, Window] = {}

    def opened(self, partition: int, state: State) -> None:
        """Read the partition's index from its state."""
        self._windows[partition] = Window(state, self._window_seconds)

    def closed(self, partition: int) -> None:
        """Forget the partition."""
        self._windows.pop(partition, None)

    def process(self, message: Message, state: State) -> list[Send]:
        """An Article, a Duplicate, or nothing for what was told before.

        Raises:
            PoisonError: the value is no RawArticle, or its `fetched` is no instant.
        """
        article = _article_of(message)
        window = self._window(message.partition, state)
        known = window.get(article.article_id, state)
        if known and known.answered(message.offset):
            decision = known.sightings.get(message.offset)
            return [_send(article, decision)] if decision else []
        at, keys = Moment(message.offset, _seconds(article.fetched)), fingerprint.keys(article)
        text = read(article.title, article.body)
        decision = decide(article, keys, text, at, window, state)
        if decision is None:
            return []
        window.put(
            sighted(
                known,
                article_id=article.article_id,
                seen=at.seen,
                feed=(article.feed_id, article.revision),
                keys=keys,
                offset=message.offset,
                decision=decision,
                text=text,
            ),
            at,
            state,
        )
        return [_send(article, decision)]

    def _window(self, partition: int, state: State) -> Window:
        if partition not in self._windows:
            self.opened(partition, state)
        return self._windows[partition]


def _article_of(message: Message) -> RawArticle:
    try:
        return codec.decode(message.value, RawArticle)
    except codec.DecodeError as error:
        raise PoisonError(DeadReason.UNDECODABLE, str(error)) from error


def _seconds(instant: str) -> int:
    try:
        time = datetime.fromisoformat(instant)
    except ValueError as error:
        raise PoisonError(DeadReason.INVALID, f"fetched is {instant!r}, which is no instant") from error
    if time.tzinfo is None:
        raise PoisonError(DeadReason.INVALID, f"fetched is {instant!r}, which has no zone")
    return int(time.timestamp())


def _send(article: RawArticle, decision: Decision) -> Send:
    if isinstance(decision, Publish):
        unique = _article(article, decision)
        return Send(topic="articles.unique", key=unique.article_id.encode(), value=codec.encode(unique))
    duplicate = Duplicate(
        duplicate_id=_duplicate_id(article),
        article_id=article.article_id,
        revision=article.revision,
        original_id=decision.original_id,
        kind=decision.kind,
        similarity=decision.similarity,
        feed_id=article.feed_id,
        source=article.source,
        url=canonical_url(article.url),
        title=article.title,
        language=article.language,
        published=article.published,
        fetched=article.fetched,
    )
    return Send(topic="articles.duplicates", key=duplicate.article_id.encode(), value=codec.encode(duplicate))


def _article(raw: RawArticle, decision: Publish) -> Article:
    told = {name: getattr(raw, name) for name in _RAW_FIELDS}
    changed = {
        "article_id": decision.article_id,
        "revision": decision.revision,
        "supersedes": decision.supersedes,
        "url": canonical_url(raw.url),
    }
    return Article(**(told | changed))


def _duplicate_id(article: RawArticle) -> str:
    """One id for one telling: an article id comes through several feeds, each a record of its own."""
    told = "\n".join((article.article_id, str(article.revision), article.feed_id))
    return sha256(told.encode()).hexdigest()[:32]
