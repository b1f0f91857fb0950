"""A sentence's hits by where they begin and end, for modules that look around a token."""

from collections.abc import Iterator
from typing import Final

from agents.extract.concepts import CONCEPTS
from agents.extract.text import Hit, Sentence


class Around:
    """Hits of one sentence by where they begin or end: some ten, looked through sooner than they are sorted."""

    __slots__ = ("hits", "tokens")

    def __init__(self, sentence: Sentence) -> None:
        self.tokens = sentence.tokens
        self.hits = sentence.hits

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

    def at(self, first: int, *families: str) -> Hit | None:
        """The longest hit of these families (or full names) that begins at token `first`."""
        best: Hit | None = None
        for hit in self.hits:
            if hit.first > first:
                break
            if hit.first == first and (best is None or hit.last > best.last) and is_one(hit.concept, families):
                best = hit
        return best

    def before(self, last: int, *families: str) -> Hit | None:
        """The longest hit of these families (or full names) that ends right before token `last`."""
        for hit in self.hits:
            if hit.first >= last:
                break
            if hit.last == last and is_one(hit.concept, families):
                return hit
        return None

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
