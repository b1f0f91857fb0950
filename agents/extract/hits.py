"""A sentence's hits by where they begin and end, for modules that look around a token."""

from collections.abc import Iterator
from typing import Final

from agents.extract.concepts import CONCEPTS
from agents.extract.text import Hit, Sentence


class Around:
    """Hits of one sentence by their first token and by the token after their last."""

    __slots__ = ("ending", "hits", "starting", "tokens")

    def __init__(self, sentence: Sentence) -> None:
        self.tokens = sentence.tokens
        self.hits = sentence.hits
        self.starting: dict[int, list[Hit]] = {}
        self.ending: dict[int, list[Hit]] = {}
        starting, ending = self.starting, self.ending
        for hit in self.hits:
            if hit.first in starting:
                starting[hit.first].append(hit)
            else:
                starting[hit.first] = [hit]
            if hit.last in ending:
                ending[hit.last].append(hit)
            else:
                ending[hit.last] = [hit]

    @classmethod
    def of(cls, sentence: Sentence) -> "Around":
        """Those of a sentence, sorted once."""
        known: Around | None = sentence.memo.get("around")
        if known is None:
            known = sentence.memo["around"] = cls(sentence)
        return known

    def at(self, first: int, *families: str) -> Hit | None:
        """The longest hit of these families (or full names) that begins at token `first`."""
        return _longest(self.starting.get(first), families)

    def before(self, last: int, *families: str) -> Hit | None:
        """The longest hit of these families (or full names) that ends right before token `last`."""
        return _longest(self.ending.get(last), families)

    def within(self, first: int, last: int, *families: str) -> Iterator[Hit]:
        """Hits of these families (or full names) that lie in tokens `first`..`last`."""
        for hit in self.hits:
            if hit.first >= last:
                break
            if hit.first >= first and hit.last <= last and is_one(hit.concept, families):
                yield hit

    def any(self, first: int, last: int, *families: str) -> bool:
        """Whether a hit of these families (or full names) lies in tokens `first`..`last`."""
        return next(self.within(first, last, *families), None) is not None


_MASK: Final = "mask"
"""The family of concepts that packs name as they like."""

_FAMILY: Final = {concept: concept.split(".", 1)[0] for concept in CONCEPTS}


def is_one(concept: str, families: tuple[str, ...]) -> bool:
    """Whether a concept is one of `families`, each a family or a full name."""
    return concept in families or _FAMILY.get(concept, _MASK) in families


def _longest(hits: list[Hit] | None, families: tuple[str, ...]) -> Hit | None:
    if hits is None:
        return None
    best: Hit | None = None
    for hit in hits:
        concept = hit.concept
        if concept not in families and _FAMILY.get(concept, _MASK) not in families:
            continue
        if best is None or hit.last - hit.first > best.last - best.first:
            best = hit
    return best
