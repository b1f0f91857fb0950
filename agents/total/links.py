"""What articles of two languages on one event have in common: places, names, figures and kinds of acts.

They stand under the same words in all languages: places and groups under their English names, figures in digits.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from streams.records import ExtractedArticle
from streams.vocabulary import CasualtyKind, Modality

LINKS: Final = 0.35
"""Least share of the rarity of what two sides could have in common that they do; chosen by folds over the events of
`tests/corpus/stories` (`tests/quality/stories.py`)."""

_MOST: Final = 12
_PLACE: Final = "p "
_NUMBER: Final = "n "
_TOLLS: Final = tuple(f"k {kind} " for kind in CasualtyKind)
_COUNTRY_LETTERS: Final = 2
"""Countries stand under their two letters: too large to tell an event."""

_LEAST_BESIDES: Final = 2


def anchors(article: ExtractedArticle) -> tuple[str, ...]:
    """What may be found in articles of other languages, too: at most 12 of a kind."""
    return tuple(dict.fromkeys(_anchors(article)))


def _anchors(article: ExtractedArticle) -> Iterator[str]:
    features = article.features
    yield from (_PLACE + place for place in features.places[:_MOST])
    yield from ("m " + name for name in features.names[:_MOST] if name not in features.places)
    yield from (_NUMBER + number for number in features.numbers[:_MOST])
    yield from ("e " + kind for kind in features.event_types[:_MOST])
    asserted = [event for event in article.events[:_MOST] if event.modality is Modality.ASSERTED]
    yield from (f"k {c.kind} {c.reported}" for event in asserted for c in event.casualties if c.reported)
    yield from (f"{_NUMBER}{c.reported}" for event in asserted for c in event.casualties if c.reported)
    yield from (f"c {count.term} {count.unit} {count.reported}" for count in article.counts[:_MOST] if count.reported)


def may_be_one(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two sides with these anchors may tell one event.

    Both must tell one place smaller than a country and, besides, two figures or names or tolls of a kind. Figures, or
    tolls of one kind, of which both tell and none is shared speak against it.
    """
    shared = [anchor for anchor in one if anchor in other]
    return _is_told(shared) and not any(_differ(one, other, kind) for kind in (_NUMBER, *_TOLLS))


def likeness(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """How much of what they could have in common two sides have, in 0..1. Anchors come with their rarity."""
    least = min(sum(one.values()), sum(other.values()))
    return sum(rarity for anchor, rarity in one.items() if anchor in other) / least if least > 0 else 0.0


def _is_told(shared: Collection[str]) -> bool:
    place = any(anchor.startswith(_PLACE) and len(anchor) > len(_PLACE) + _COUNTRY_LETTERS for anchor in shared)
    return place and sum(anchor[0] in "mnkc" for anchor in shared) >= _LEAST_BESIDES


def _differ(one: Collection[str], other: Collection[str], kind: str) -> bool:
    """Whether both sides have such anchors and none in common."""
    ours = [anchor for anchor in one if anchor.startswith(kind)]
    theirs = any(anchor.startswith(kind) for anchor in other)
    return bool(ours) and theirs and not any(anchor in other for anchor in ours)
