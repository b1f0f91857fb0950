"""Repeat or news: what to answer to an article, given what is remembered."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from agents.deduplicate.compare import Comparison, Relation, compare, may_be_one
from agents.deduplicate.fingerprint import GUID, TEXT, URL
from agents.deduplicate.memory import Decision, Entry, Publish, Repeat
from agents.deduplicate.text import Text
from streams.records import RawArticle
from streams.vocabulary import DuplicateKind

_KINDS: Final = {URL: DuplicateKind.SAME_URL, GUID: DuplicateKind.SAME_GUID, TEXT: DuplicateKind.SAME_TEXT}
_BY_TEXT: Final = (DuplicateKind.NEAR, DuplicateKind.EXCERPT)


def first(
    article: RawArticle,
    owners: Mapping[bytes, Entry],
    alike: Iterable[Entry],
    text: Text,
    get: Callable[[str], Entry | None],
) -> Decision:
    """The answer to an unknown article id.

    `owners` are articles that its keys lead to, the best key first; `alike` those that share words with it; `get` tells
    what is known of an article id.
    """
    for key, owner in owners.items():
        original = get(owner.original_id) or owner
        found = _compare(original, text)
        if key[:1] != GUID or not found.relation.is_other:
            return _joined(article, original, _KINDS[key[:1]], found)
    for entry in alike:
        if entry.text and may_be_one(entry.text, text):
            found = compare(entry.text, text)
            if found.relation.is_one:
                return _joined(article, entry, DuplicateKind.NEAR, found)
    return Publish(article.article_id, article.revision, None)


def again(article: RawArticle, keys: tuple[bytes, ...], text: Text, known: Entry, original: Entry) -> Decision | None:
    """The answer to a further sighting of an article id: a new revision, or the same by way of another feed. None for
    one that was told before. `original` is the article that it repeats, or itself.
    """
    if known.told(article.feed_id, article.revision):
        return None
    own = original.article_id == article.article_id
    if any(key[:1] == TEXT and key in known.keys for key in keys) and not (own and article.feed_id in known.feeds):
        return Repeat(original.article_id, DuplicateKind.SAME_URL if own else DuplicateKind.SAME_TEXT, 1.0)
    found = _compare(original, text)
    if article.feed_id == original.teller and (own or found.relation.is_one):
        return _update(article, original, None)
    if article.feed_id not in known.feeds or found.relation is Relation.EXCERPT:
        newer = own and article.revision > original.revision and found.relation is not Relation.EXCERPT
        return _update(article, original, None) if newer else _joined(article, original, DuplicateKind.SAME_URL, found)
    if own:
        return _update(article, original, None)
    if found.relation.is_one:
        return _joined(article, original, DuplicateKind.NEAR, found)
    return Publish(article.article_id, article.revision, None)


def _compare(original: Entry, text: Text) -> Comparison:
    return compare(original.text, text) if original.text else Comparison(Relation.UNKNOWN, 0.0)


def _joined(article: RawArticle, original: Entry, kind: DuplicateKind, found: Comparison) -> Decision:
    """A repeat of the original; an update of it where it tells more, or tells the same with other numbers or names."""
    if found.relation is Relation.EXCERPT:
        kind = DuplicateKind.EXCERPT
    repeat = Repeat(original.article_id, kind, round(found.similarity, 3) if kind in _BY_TEXT else 1.0)
    if found.relation in (Relation.FULLER, Relation.CHANGED):
        return _update(article, original, repeat)
    return repeat


def _update(article: RawArticle, original: Entry, joins: Repeat | None) -> Publish:
    """The next revision of the original: the article's own where it is one, and higher than any that was published."""
    own = original.article_id == article.article_id
    revision = max(article.revision if own else 0, original.revision + 1)
    return Publish(original.article_id, revision, original.revision or None, None if own else joins)
