"""A sentence's hits by where they begin and end, for modules that look around a token."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agents.extract.text import Hit, Sentence, Token


@dataclass(slots=True)
class Around:
    """Hits of one sentence by their first token and by the token after their last."""

    tokens: list[Token]
    hits: list[Hit]
    starting: dict[int, list[Hit]]
    ending: dict[int, list[Hit]]

    @classmethod
    def of(cls, sentence: Sentence) -> "Around":
        """Those of a sentence, sorted once."""
        known: Around | None = sentence.memo.get("around")
        if known is None:
            known = sentence.memo["around"] = cls._sorted(sentence)
        return known

    @classmethod
    def _sorted(cls, sentence: Sentence) -> "Around":
        starting: dict[int, list[Hit]] = {}
        ending: dict[int, list[Hit]] = {}
        for hit in sentence.hits:
            starting.setdefault(hit.first, []).append(hit)
            ending.setdefault(hit.last, []).append(hit)
        return cls(sentence.tokens, sentence.hits, starting, ending)

    def at(self, first: int, *families: str) -> Hit | None:
        """The longest hit of these families (or full names) that begins at token `first`."""
        return _longest(self.starting.get(first, ()), families)

    def before(self, last: int, *families: str) -> Hit | None:
        """The longest hit of these families (or full names) that ends right before token `last`."""
        return _longest(self.ending.get(last, ()), families)

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


@lru_cache(maxsize=100_000)
def is_one(concept: str, families: tuple[str, ...]) -> bool:
    """Whether a concept is one of `families`, each a family or a full name."""
    return concept in families or concept.split(".", 1)[0] in families


def _longest(hits: "list[Hit] | tuple[()]", families: tuple[str, ...]) -> Hit | None:
    best: Hit | None = None
    for hit in hits:
        if is_one(hit.concept, families) and (best is None or hit.last - hit.first > best.last - best.first):
            best = hit
    return best
