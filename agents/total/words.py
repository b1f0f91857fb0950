"""How rare words are in the window, and which stories they tell of."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nsmallest
from itertools import islice
from typing import Final

_NAME_WEIGHT: Final = 2.2
_VECTOR: Final = 64
_RAREST: Final = 24
"""Terms of an article, the most telling, that it is compared by; and of these those that lead to stories."""

_SCALE: Final = 64
_CROWD: Final = 2000
"""Stories that one term may lead to: a term of more says nothing."""


class Words:
    """Frequencies of terms over the articles of the window, and the stories that have them."""

    def __init__(self) -> None:
        self._documents = 0
        self._frequency: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self._stories: dict[str, set[str]] = {}

    def count(self, terms: Mapping[str, int], times: int = 1) -> None:
        """Count an article's terms, or with -1 no longer; names have a capital letter."""
        self._documents += times
        frequency, named = self._frequency, self._named
        for term in terms:
            plain = term.casefold()
            frequency[plain] += times
            if plain is not term and term[0].isupper():
                named[plain] += times
            if times < 0:
                _trim(frequency, plain)
                _trim(named, plain)

    @staticmethod
    def weights(terms: Mapping[str, int], telling: int) -> dict[str, int]:
        """The first so many terms, weighed by how often they stand there."""
        made: dict[str, int] = {}
        for term, number in islice(terms.items(), telling):
            made[term.casefold()] = weight(number)
        return made

    def telling(self, terms: Mapping[str, int]) -> dict[str, int]:
        """The terms that an article is compared by, with their weights."""
        weighed = self.weights(terms, len(terms))
        rarity = self.rarity
        scored = {term: -number * rarity(term) for term, number in weighed.items()}
        return {term: weighed[term] for term in nsmallest(_VECTOR, weighed, key=lambda term: (scored[term], term))}

    def rarity(self, term: str) -> int:
        """How telling a term is by its rarity, names more so."""
        frequency = self._frequency[term]
        rarity = math.log((self._documents + 5) / (frequency + 0.5))
        return int(_SCALE * (rarity * _NAME_WEIGHT if 2 * self._named[term] >= frequency else rarity))

    def tell(self, story_id: str, terms: Iterable[str]) -> None:
        """Note that a story has these terms."""
        for term in terms:
            self._stories.setdefault(term, set()).add(story_id)

    def forget(self, story_id: str, terms: Iterable[str]) -> None:
        """Note that a story has these terms no longer."""
        for term in list(terms):
            stories = self._stories.get(term)
            if stories is not None:
                stories.discard(story_id)
                if not stories:
                    del self._stories[term]

    def stories_of(self, vector: Mapping[str, int]) -> Counter[str]:
        """The stories that have the rarest of these terms, and how many of them."""
        rarity = self.rarity
        scored = {term: -number * rarity(term) for term, number in vector.items() if term in self._stories}
        hits: Counter[str] = Counter()
        for term in nsmallest(_RAREST, scored, key=lambda term: (scored[term], term)):
            stories = self._stories[term]
            if len(stories) <= _CROWD:
                hits.update(stories)
        return hits

    def cosine(self, one: Mapping[str, int], other: Mapping[str, int]) -> float:
        """The cosine of two vectors of terms, each weighed by its rarity."""
        rarity = self.rarity
        shared = sum(one[term] * other[term] * rarity(term) ** 2 for term in one.keys() & other.keys())
        if not shared:
            return 0.0
        sizes = [sum((number * rarity(term)) ** 2 for term, number in vector.items()) for vector in (one, other)]
        return shared / (math.sqrt(sizes[0]) * math.sqrt(sizes[1]))


def weight(number: int) -> int:
    """The weight of a term that stands so often in an article."""
    return int(16 * (1 + math.log(max(1, min(number, 1000)))))


def year_of(terms: Mapping[str, int]) -> str | None:
    """The latest year that an article names."""
    return max(
        (term for term in terms if len(term) == 4 and term.isdecimal() and "1900" <= term < "2100"), default=None
    )


def _trim(counts: Counter[str], name: str) -> None:
    if counts[name] <= 0:
        del counts[name]
