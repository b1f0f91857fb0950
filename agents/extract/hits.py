"""A sentence's hits by where they begin and end, for modules that look around a token."""

from collections.abc import Sequence
from typing import Final

from agents.extract.concepts import CONCEPTS
from agents.extract.text import Hit, Sentence

_FAMILY: Final = {concept: concept.split(".", 1)[0] for concept in CONCEPTS}


def any_of(*names: str) -> frozenset[str]:
    """The concepts of these families, or of these full names: what is asked for around a token."""
    return frozenset(concept for concept, family in _FAMILY.items() if concept in names or family in names)


class Around:
    """Hits of one sentence by where they begin or end: some ten, looked through sooner than they are sorted.

    `concepts` has the bits of all that hits may be of.
    """

    __slots__ = ("concepts", "hits", "tokens")

    def __init__(self, sentence: Sentence) -> None:
        self.tokens = sentence.tokens
        self.hits = sentence.hits
        self.concepts = sentence.concepts

    @classmethod
    def of(cls, sentence: Sentence) -> "Around":
        """Those of a sentence."""
        known: Around | None = sentence.memo.get("around")
        if known is None:
            known = sentence.memo["around"] = cls(sentence)
        return known

    def starting(self, first: int) -> list[Hit]:
        """The hits that begin at token `first`."""
        found: list[Hit] = []
        for hit in self.hits:
            if hit.first > first:
                break
            if hit.first == first:
                found.append(hit)
        return found

    def ending(self, last: int) -> list[Hit]:
        """The hits that end right before token `last`, the longest first."""
        found: list[Hit] = []
        for hit in self.hits:
            if hit.first >= last:
                break
            if hit.last == last:
                found.append(hit)
        return found

    def at(self, first: int, concepts: frozenset[str]) -> Hit | None:
        """The longest hit of these concepts that begins at token `first`."""
        best: Hit | None = None
        for hit in self.hits:
            if hit.first > first:
                break
            if hit.first == first and (best is None or hit.last > best.last) and hit.concept in concepts:
                best = hit
        return best

    def before(self, last: int, concepts: frozenset[str]) -> Hit | None:
        """The longest hit of these concepts that ends right before token `last`."""
        for hit in self.hits:
            if hit.first >= last:
                break
            if hit.last == last and hit.concept in concepts:
                return hit
        return None

    def any(self, first: int, last: int, concepts: frozenset[str]) -> bool:
        """Whether a hit of these concepts lies in tokens `first`..`last`."""
        for hit in self.hits:
            if hit.first >= last:
                break
            if hit.first >= first and hit.last <= last and hit.concept in concepts:
                return True
        return False


def longest(hits: Sequence[Hit], concepts: frozenset[str]) -> Hit | None:
    """The longest of these hits that is of these concepts."""
    best: Hit | None = None
    for hit in hits:
        if (best is None or hit.last > best.last) and hit.concept in concepts:
            best = hit
    return best
