"""What is kept of one story: its articles with what each contributes, bounded in number and bytes."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from agents.total.contribution import Contribution, revised

KEPT_SECONDS: Final = 30 * 24 * 3600
"""As long as the articles themselves are kept on their topics."""

_MOST_ARTICLES: Final = 100
_MOST_BYTES: Final = 300_000
_MOST_MERGED: Final = 100


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The beginning of a stored ledger, read alone where the rest is not needed."""

    seen: int
    story_id: str
    merged_into: str | None


class Ledger(msgspec.Struct, frozen=True, array_like=True):
    """One story. `seen` is when its newest article was fetched, in seconds since 1970.

    A story that was merged into another keeps what it had then, so that a merge that is cut off by a crash can be done
    again. `revisions` holds by total id 1 + the offset of the last message that changed the total, `state_revision` the
    same of the story.
    """

    seen: int
    story_id: str
    merged_into: str | None
    title: str
    articles: dict[str, Contribution]
    left_out: int
    merged: tuple[str, ...]
    revisions: dict[str, int]
    state_revision: int


def begun(story_id: str, title: str) -> Ledger:
    """A story without articles."""
    return Ledger(0, story_id, None, title, {}, 0, (), {}, 0)


def told(ledger: Ledger, article_id: str, now: Contribution) -> Ledger:
    """The ledger with what an article says now.

    The ledger itself where that is nothing new, or the article is one of those that no longer fit.
    """
    before = ledger.articles.get(article_id)
    after = revised(before, now) if before else now
    if after is before:
        return ledger
    touched = {s.total_id(ledger.story_id) for s in after.scopes | (before.scopes if before else set())}
    changed = _changed(ledger, {**ledger.articles, article_id: after}, touched, now.offset)
    return changed if article_id in changed.articles else ledger


def absorbed(ledger: Ledger, other: Ledger, offset: int) -> Ledger:
    """The ledger with all of another story in it, by the message at `offset`; itself if it has it already."""
    if other.story_id in ledger.merged:
        return ledger
    touched = {s.total_id(ledger.story_id) for each in other.articles.values() for s in each.scopes}
    merged = _changed(ledger, {**other.articles, **ledger.articles}, touched, offset)
    names = (*ledger.merged, *(name for name in other.merged if name not in ledger.merged), other.story_id)
    first = min((ledger, other), key=lambda each: min((one.joined for one in each.articles.values()), default=offset))
    return msgspec.structs.replace(
        merged, title=first.title, merged=names[-_MOST_MERGED:], left_out=merged.left_out + other.left_out
    )


def pointing(ledger: Ledger, into: str, offset: int) -> Ledger:
    """The ledger of a story that is another's from the message at `offset` on."""
    return msgspec.structs.replace(ledger, merged_into=into, state_revision=max(ledger.state_revision, offset + 1))


def _changed(ledger: Ledger, articles: Mapping[str, Contribution], touched: Iterable[str], offset: int) -> Ledger:
    kept = _fit(articles)
    lost = {s.total_id(ledger.story_id) for name in articles.keys() - kept.keys() for s in articles[name].scopes}
    changed = sorted(lost.union(touched))
    revisions = ledger.revisions | {name: max(ledger.revisions.get(name, 0), offset + 1) for name in changed}
    scopes = {s.total_id(ledger.story_id) for each in kept.values() for s in each.scopes}
    return msgspec.structs.replace(
        ledger,
        seen=max(each.seen for each in kept.values()),
        articles=kept,
        left_out=ledger.left_out + len(articles) - len(kept),
        revisions={name: number for name, number in revisions.items() if name in scopes},
        state_revision=max(ledger.state_revision, offset + 1),
    )


def _fit(articles: Mapping[str, Contribution]) -> dict[str, Contribution]:
    """The first article and the latest that fit, in the order in which they joined."""
    order = sorted(articles, key=lambda name: (articles[name].joined, name))
    newest = max(each.seen for each in articles.values())
    kept, size = [order[0]], articles[order[0]].size
    for name in reversed(order[1:]):
        size += articles[name].size
        if len(kept) == _MOST_ARTICLES or size > _MOST_BYTES:
            break
        if articles[name].seen >= newest - KEPT_SECONDS:
            kept.append(name)
    return {name: articles[name] for name in (kept[0], *reversed(kept[1:]))}


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Ledger)
_HEAD: Final = msgspec.msgpack.Decoder(Head)


def encode(ledger: Ledger) -> bytes:
    """The ledger as it is stored."""
    return _ENCODER.encode(ledger)


def decode(data: bytes) -> Ledger:
    """Read a stored ledger.

    Raises:
        msgspec.DecodeError: the bytes are no ledger; the state is broken or of another version.
    """
    return _DECODER.decode(data)


def head(data: bytes) -> Head:
    """Read the beginning of a stored ledger. Raises as `decode`."""
    return _HEAD.decode(data)
