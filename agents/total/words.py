"""How rare words are in the window, and which stories they tell of. Whole numbers only: sums in any order are equal."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import mul, neg
from typing import Final

_SCALE: Final = 1024
_LOGARITHMS: Final = tuple(int(_SCALE * math.log(n + 0.5)) for n in range(100_000))
"""Of all the frequencies that a window can hold, and twice as many (`agents.total.window.MOST_ARTICLES`)."""

_VECTOR: Final = 64
_RAREST: Final = 24
"""Terms of an article, the most telling, that it is compared by; and of these those that lead to stories."""

_MOST_TIMES: Final = 100
_WEIGHTS: Final = tuple(int(16 * (1 + math.log(max(1, n)))) for n in range(_MOST_TIMES + 1))


class Words:
    """Frequencies of terms over the articles of the window, and the stories that have them.

    Args:
        crowd: stories that one term may lead to; a term of more says nothing.
    """

    def __init__(self, crowd: int) -> None:
        self._crowd = crowd
        self._documents = 0
        self._frequency: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self._stories: dict[str, str | set[str]] = {}  # most terms tell of one story: a set each is much memory
        self._one: dict[str, str] = {}

    def own(self, terms: Collection[str]) -> list[str]:
        """The same terms, each always as one and the same object, so that all who keep it share its memory."""
        return list(map(self._one.setdefault, terms, terms))

    def count(self, terms: Iterable[str], names: Iterable[str] = ()) -> None:
        """Count an article's terms, and those of them that are names."""
        self._documents += 1
        self._frequency.update(terms)
        self._named.update(names)

    def discount(self, terms: Iterable[str], names: Iterable[str] = ()) -> None:
        """Undo `count`."""
        self._documents -= 1
        for term in subtract(self._frequency, terms):
            self._one.pop(term, None)
        subtract(self._named, names)

    def scores(self, vector: Mapping[str, int]) -> dict[str, int]:
        """The terms of a vector by weight and rarity; names, which differ between alike events, count 2.2 times."""
        frequency, named, logarithms = self._frequency.get, self._named.get, _LOGARITHMS
        everywhere = logarithms[self._documents + 4]
        return {
            term: weight * ((everywhere - logarithms[times]) * 11 // 5)
            if 2 * named(term, 0) >= (times := frequency(term, 0))
            else weight * (everywhere - logarithms[times])
            for term, weight in vector.items()
        }

    def telling(self, vector: Mapping[str, int]) -> dict[str, int]:
        """The terms that an article is compared by, with their weights."""
        scores = self.scores(vector)
        return {term: vector[term] for _, term in sorted(zip(map(neg, scores.values()), scores, strict=True))[:_VECTOR]}

    def tell(self, story_id: str, terms: Iterable[str]) -> None:
        """Note that a story has these terms."""
        for term in terms:
            stories = self._stories.setdefault(term, story_id)
            if isinstance(stories, set):
                stories.add(story_id)
            elif stories != story_id:
                self._stories[term] = {stories, story_id}

    def forget(self, story_id: str, terms: Iterable[str]) -> None:
        """Note that a story has these terms no longer."""
        for term in terms:
            stories = self._stories.get(term)
            if isinstance(stories, set):
                stories.discard(story_id)
            if not stories or stories == story_id:
                self._stories.pop(term, None)

    def stories_of(self, scores: Mapping[str, int]) -> Counter[str]:
        """The stories that have the most telling of these terms, and how many of them."""
        known = sorted((-score, term) for term, score in scores.items() if term in self._stories)
        hits: Counter[str] = Counter()
        for _, term in known[:_RAREST]:
            stories = self._stories[term]
            if isinstance(stories, str):
                hits[stories] += 1
            elif len(stories) <= self._crowd:
                hits.update(stories)
        return hits

    def cosines(self, scores: Mapping[str, int], others: Iterable[Mapping[str, int]]) -> Iterator[float]:
        """The cosines of a vector, given by its scores, and each of the others."""
        length = _length(scores)
        for other in others:
            theirs = self.scores(other)
            shared = sum(scores[term] * theirs[term] for term in scores.keys() & theirs.keys())
            yield shared / (length * _length(theirs)) if shared > 0 else 0.0


def weights(times: Iterable[int]) -> list[int]:
    """The weights of terms that stand so often in an article."""
    return [_WEIGHTS[number if 0 < number < _MOST_TIMES else min(max(number, 0), _MOST_TIMES)] for number in times]


def year_of(terms: Iterable[str]) -> str | None:
    """The latest year that an article names."""
    years = (term for term in terms if term.isdecimal() and len(term) == len("2024") and "1900" <= term < "2100")
    return max(years, default=None)


def subtract(counts: Counter[str], taken: Iterable[str] | Mapping[str, int]) -> list[str]:
    """Take counts away, one each or as many as told; the names of which none is left."""
    gone = []
    for name, number in (taken if isinstance(taken, Mapping) else dict.fromkeys(taken, 1)).items():
        if name in counts:
            counts[name] -= number
            if counts[name] <= 0:
                del counts[name]
                gone.append(name)
    return gone


def _length(scores: Mapping[str, int]) -> float:
    return math.sqrt(sum(map(mul, scores.values(), scores.values())))
