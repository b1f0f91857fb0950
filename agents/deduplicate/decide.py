"""Repeat or news: what to answer to an article, given what is remembered."""

from typing import Final

from agents.deduplicate.compare import Relation, compare
from agents.deduplicate.fingerprint import GUID, TEXT, URL
from agents.deduplicate.memory import Decision, Entry, Publish, Repeat
from agents.deduplicate.text import Text
from agents.deduplicate.window import Moment, Window
from streams.records import RawArticle
from streams.stage import State
from streams.vocabulary import DuplicateKind

_KINDS: Final = {URL: DuplicateKind.SAME_URL, GUID: DuplicateKind.SAME_GUID, TEXT: DuplicateKind.SAME_TEXT}


def decide(
    article: RawArticle, keys: tuple[bytes, ...], text: Text, at: Moment, window: Window, state: State
) -> Decision | None:
    """The answer to an article that no earlier delivery of its message answered; None says nothing new.

    `keys` and `text` are those of the article, `at` is its message's place.
    """
    known = window.get(article.article_id, state)
    if known:
        return _again(article, keys, known)
    owners = window.owners(keys, at, state)
    for key in keys:
        if key in owners:
            return Repeat(owners[key].original_id, _KINDS[key[:1]], 1.0)
    return _alike(article, text, at, window, state)


def _alike(article: RawArticle, text: Text, at: Moment, window: Window, state: State) -> Decision:
    for entry, known in window.alike(text, at, state):
        found = compare(known, text)
        if found.relation is not Relation.DIFFERENT:
            kind = DuplicateKind.EXCERPT if found.relation is Relation.EXCERPT else DuplicateKind.NEAR
            return Repeat(entry.original_id, kind, round(found.similarity, 3))
    return Publish(article.article_id, article.revision, None)


def _again(article: RawArticle, keys: tuple[bytes, ...], known: Entry) -> Decision | None:
    """A further sighting of an article id: a new revision, the same by way of another feed, or a redelivery."""
    if known.told(article.feed_id, article.revision):
        return None
    text = next((key for key in keys if key[:1] == TEXT), None)
    if text in known.keys and known.original_id != known.article_id:
        return Repeat(known.original_id, DuplicateKind.SAME_TEXT, 1.0)
    if article.feed_id not in known.feeds and (text in known.keys or article.revision <= known.revision):
        return Repeat(known.original_id, DuplicateKind.SAME_URL, 1.0)
    return Publish(article.article_id, max(article.revision, known.revision + 1), known.revision or None)
