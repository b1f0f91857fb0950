"""The verb of the stage: RawArticle in; Article or Duplicate out."""

from dataclasses import fields
from hashlib import sha256
from operator import attrgetter
from typing import Final

from agents.deduplicate import fingerprint
from agents.deduplicate.decide import again, first
from agents.deduplicate.memory import Decision, Moment, Publish, Record, Repeat, published, sighted
from agents.deduplicate.text import read
from agents.deduplicate.window import Window
from streams import codec
from streams.cloudevents import wrapped
from streams.records import Article, Duplicate, RawArticle
from streams.stage import LARGEST_BATCH, Message, PoisonError, Send, State, fetched_seconds, is_known
from streams.urls import canonical_url
from streams.vocabulary import DeadReason, Stage
from streams.words import cased_words

_RAW_FIELDS: Final = tuple(field.name for field in fields(RawArticle))
_RAW_VALUES: Final = attrgetter(*_RAW_FIELDS)


class Deduplicator:
    """Decides for each article of a partition whether it repeats one of the last `window_seconds`.

    One writer a partition. The index of a partition is read from its state when the partition opens. Of the messages
    last processed, `batch_size` may come again after their state was not kept: as many as are kept at once.
    """

    stage = Stage.DEDUPLICATE

    def __init__(self, window_seconds: int, batch_size: int = LARGEST_BATCH) -> None:
        self._window_seconds = window_seconds
        self._batch_size = batch_size
        self._windows: dict[int, Window] = {}

    def opened(self, partition: int, state: State) -> None:
        """Read the partition's index from its state."""
        self._windows[partition] = Window(state, self._window_seconds, self._batch_size)

    def closed(self, partition: int) -> None:
        """Forget the partition."""
        self._windows.pop(partition, None)

    def process(self, message: Message, state: State) -> list[Send]:
        """An Article, a Duplicate, both where an article takes another's place, or nothing for what was told before.

        A message that is marked as known is remembered as any other, but nothing is told.

        Raises:
            PoisonError: the value is no RawArticle, or its `fetched` is no instant.
        """
        article = _article_of(message)
        at = Moment(message.offset, fetched_seconds(message, article.fetched))
        window = self._window(message.partition, state)
        window.settle(state)
        record = window.answer(message.offset, state)
        if record is None:
            record = _decide(article, at, window, state)
            if record is None:
                return []
            window.put(message.offset, record, state)
        return [] if is_known(message) else _sends(article, record.decision)

    def _window(self, partition: int, state: State) -> Window:
        if partition not in self._windows:
            self.opened(partition, state)
        return self._windows[partition]


def _article_of(message: Message) -> RawArticle:
    try:
        return codec.decode(message.value, RawArticle)
    except codec.DecodeError as error:
        raise PoisonError(DeadReason.UNDECODABLE, str(error)) from error


def _decide(article: RawArticle, at: Moment, window: Window, state: State) -> Record | None:
    """The answer to an article, and what is known from then on; None if it says nothing new."""
    title, body = cased_words(article.title), cased_words(article.body)
    keys, text = fingerprint.keys(article, title + body), read(title, body, article.body)
    places = window.places(article.article_id, keys, text, at)
    owners = window.owners(keys, places.by_key, at, state)
    known = window.known(article.article_id, places.by_id, at, state)
    if known:
        decision = again(article, keys, text, known, window.get(known.original_id, at, state) or known)
    else:
        alike = window.current(places.by_words, at, state)
        decision = first(article, owners, alike, text, lambda one: window.get(one, at, state))
    if decision is None:
        return None
    free = tuple(key for key in keys if key not in owners)
    entries = [sighted(known, article, at.seen, free, decision, text)]
    if isinstance(decision, Publish) and decision.article_id != article.article_id:
        original = window.get(decision.article_id, at, state)
        entries += [published(original, article, at.seen, decision, text)] if original else []
    return Record(decision, tuple(entries))


def _sends(article: RawArticle, decision: Decision) -> list[Send]:
    if isinstance(decision, Repeat):
        return [_duplicate(article, decision)]
    sends = [wrapped("articles.unique", decision.article_id, _article(article, decision))]
    return [*sends, _duplicate(article, decision.joins)] if decision.joins else sends


def _duplicate(article: RawArticle, repeat: Repeat) -> Send:
    duplicate = Duplicate(
        duplicate_id=_duplicate_id(article),
        article_id=article.article_id,
        revision=article.revision,
        original_id=repeat.original_id,
        kind=repeat.kind,
        similarity=repeat.similarity,
        feed_id=article.feed_id,
        source=article.source,
        url=canonical_url(article.url),
        title=article.title,
        language=article.language,
        published=article.published,
        fetched=article.fetched,
    )
    return wrapped("articles.duplicates", article.article_id, duplicate)


def _article(raw: RawArticle, decision: Publish) -> Article:
    told = dict(zip(_RAW_FIELDS, _RAW_VALUES(raw), strict=True))
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
