"""How rare words are in the window, and which stories they tell of. Whole numbers only: sums in any order are equal."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import accumulate, chain
from operator import mul, neg
from typing import Final

_SCALE: Final = 1024
_LOGARITHMS: Final = tuple(int(_SCALE * math.log(n + 0.5)) for n in range(100_000))
"""Of all the frequencies that a window can hold, and twice as many (`agents.total.window.MOST_ARTICLES`)."""

_NAMED_BITS: Final = 20
_NAMED: Final = 1 << _NAMED_BITS
_TIMES: Final = _NAMED - 1
"""One number tells of a term how often it is there and how often it is a name: half of the looking up."""

_VECTOR: Final = 64
_RAREST: Final = 24
"""Terms of an article, the most telling, that it is compared by; and of these those that lead to stories."""

_MOST_STORIES: Final = 2000
"""Stories that the terms of an article lead to, at most, counted once a term: the terms of fewer first. They grow with
the window: with 35,000 articles in it one took 1.2 times as long without this."""

_SURELY: Final = 1 - 1e-9
"""More than floats are wrong by."""

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
        self._frequency: Counter[str] = Counter()  # of a term, and above `_NAMED` how often it was a name
        self._stories: dict[str, str | set[str]] = {}  # most terms tell of one story: a set each is much memory
        self._one: dict[str, str] = {}

    def own(self, terms: Collection[str]) -> list[str]:
        """The same terms, each always as one and the same object, so that all who keep it share its memory."""
        return list(map(self._one.setdefault, terms, terms))

    def count(self, terms: Iterable[str], names: Iterable[str] = ()) -> None:
        """Count an article's terms, each once, and those of them that are names."""
        self._documents += 1
        frequency = self._frequency
        frequency.update(set(terms))
        for name in set(names):
            frequency[name] += _NAMED

    def discount(self, terms: Iterable[str], names: Iterable[str] = ()) -> None:
        """Undo `count`."""
        self._documents -= 1
        frequency = self._frequency
        for name in set(names):
            if frequency[name] >= _NAMED:
                frequency[name] -= _NAMED
        for term in subtract(frequency, terms):
            self._one.pop(term, None)

    def scores(self, vector: Mapping[str, int]) -> dict[str, int]:
        """The terms of a vector by weight and rarity; names, which differ between alike events, count 2.2 times."""
        frequency, logarithms = self._frequency.get, _LOGARITHMS
        everywhere = logarithms[self._documents + 4]
        return {
            term: weight * ((everywhere - logarithms[times]) * 11 // 5)
            if (times := (told := frequency(term, 0)) & _TIMES) <= 2 * (told >> _NAMED_BITS)
            else weight * (everywhere - logarithms[times])
            for term, weight in vector.items()
        }

    def telling(self, vector: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        """The terms that an article is compared by, with their weights, and with their scores."""
        scores = self.scores(vector)
        best = sorted(zip(map(neg, scores.values()), scores, strict=True))[:_VECTOR]
        return {term: vector[term] for _, term in best}, {term: -score for score, term in best}

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
        """The stories that have the most telling of these terms, and how many of them; see `_MOST_STORIES`."""
        known = sorted([(-score, term) for term, score in scores.items() if term in self._stories])
        told = [self._stories[term] for _, term in known[:_RAREST]]
        groups = [{stories} if isinstance(stories, str) else stories for stories in told]
        groups = sorted([group for group in groups if len(group) <= self._crowd], key=len)
        ends = accumulate(map(len, groups))
        few = [group for group, end in zip(groups, ends, strict=True) if end <= _MOST_STORIES]
        return Counter(chain.from_iterable(few))

    def cosine(self, scores: Mapping[str, int], length: float, other: Mapping[str, int], least: float) -> float:
        """The cosine of a vector, given by its scores and their length, and another one; 0 where it is surely not over
        `least`, as what is shared is too little of the first for any other."""
        both = scores.keys() & other.keys()
        if sum([scores[term] ** 2 for term in both]) < (least * length) ** 2 * _SURELY:
            return 0.0
        theirs = self.scores(other)
        shared = sum([scores[term] * theirs[term] for term in both])
        return shared / (length * length_of(theirs)) if shared > 0 else 0.0


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


def length_of(scores: Mapping[str, int]) -> float:
    """The length of a vector that is given by its scores."""
    return math.sqrt(sum(map(mul, scores.values(), scores.values())))
