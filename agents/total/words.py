"""How rare words are in the window, and which stories they tell of. Whole numbers only: sums in any order are equal."""

import math
from collections.abc import Collection, Iterable, Mapping
from itertools import compress
from operator import attrgetter, mul
from typing import Final

from agents.total.terms import Bag, Story, Term

_SCALE: Final = 1024
_LOGARITHMS: Final = tuple(int(_SCALE * math.log(n + 0.5)) for n in range(100_000))
"""Of all the frequencies that a window can hold, and twice as many (`agents.total.window.MOST_ARTICLES`)."""

_VECTOR: Final = 64
_RAREST: Final = 24
"""Terms of an article, the most telling, that it is compared by; and of these those that lead to stories."""

_MOST_STORIES: Final = 2000
"""Stories that the terms of an article lead to, at most, counted once a term: the terms of fewer first. They grow with
the window: with 35,000 articles in it one took 1.2 times as long without this."""

_SURELY: Final = 1 - 1e-9
"""More than floats are wrong by."""

_TEXT: Final = attrgetter("text")

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
        self._terms: dict[str, Term] = {}

    def count(self, texts: Iterable[str], names: Iterable[str] = ()) -> list[Term]:
        """Count an article's terms, none of which comes twice, and those of them that are names; the terms in order."""
        self._documents += 1
        known = self._terms
        terms = []
        for text in texts:
            term = known.get(text)
            if term is None:
                term = known[text] = Term(text)
            term.times += 1
            terms.append(term)
        for name in set(names):
            known[name].named += 1
        return terms

    def discount(self, texts: Iterable[str], names: Iterable[str] = ()) -> None:
        """Undo `count`."""
        self._documents -= 1
        known = self._terms
        for name in set(names):
            known[name].named -= 1
        for text in set(texts):
            term = known[text]
            term.times -= 1
            if term.times == 0:
                del known[text]

    def close(self) -> None:
        """Let no term tell of a story any more: as they know each other, only the collector would free them."""
        for term in self._terms.values():
            term.stories = None

    def bag(self, weights: Mapping[str, int]) -> Bag:
        """Terms that are counted, given by their texts, with their weights."""
        return Bag([self._terms[text] for text in weights], list(weights.values()))

    def scores(self, bag: Bag) -> dict[Term, int]:
        """The terms by weight and rarity, the most telling first; names, which differ between alike events, count 2.2
        times."""
        everywhere = _LOGARITHMS[self._documents + 4]
        return _in_order({term: weight * _rarity(term, everywhere) for term, weight in bag.items()})

    def telling(self, terms: list[Term], weights: list[int]) -> tuple[Bag, dict[Term, int]]:
        """Of an article's terms those that it is compared by, with their weights, and their scores as above."""
        everywhere = _LOGARITHMS[self._documents + 4]
        all_scores = [weight * _rarity(term, everywhere) for term, weight in zip(terms, weights, strict=True)]
        least = nth_highest(all_scores, _VECTOR)
        likely = [score >= least for score in all_scores]
        weighed = dict(compress(zip(terms, weights, strict=True), likely))
        scores = _in_order(dict(compress(zip(terms, all_scores, strict=True), likely)))
        while len(scores) > _VECTOR:
            scores.popitem()
        return Bag(scores, [weighed[term] for term in scores]), scores

    def stories_of(self, scores: Mapping[Term, int], least: int) -> list[tuple[Story, int]]:
        """The stories that have at least so many of the most telling of these terms, and how many of them they have;
        see `_MOST_STORIES`."""
        groups = self._groups(scores)
        found = []
        for group in groups:
            for story in group:
                story.hits += 1
                if story.hits == least:
                    found.append(story)
        hits = [(story, story.hits) for story in found]
        for group in groups:
            for story in group:
                story.hits = 0
        return hits

    def _groups(self, terms: Iterable[Term]) -> list[list[Story]]:
        """The stories of each of the most telling terms, which come first, that are no crowd; the smallest groups
        first."""
        groups: list[list[Story]] = []
        left = _RAREST
        for term in terms:
            stories = term.stories
            if stories is None:
                continue
            if isinstance(stories, Story):
                groups.append([stories])
            elif len(stories) <= self._crowd:
                groups.append(stories)
            left -= 1
            if left == 0:
                break
        groups.sort(key=len)
        number = 0
        for at, group in enumerate(groups):
            number += len(group)
            if number > _MOST_STORIES:
                return groups[:at]
        return groups

    def cosine(self, scores: dict[Term, int], length: float, other: Bag, least: float) -> float:
        """The cosine of a vector, given by its scores and their length, and another one; 0 where it is surely not over
        `least`, above 0: what is shared is too little of the first for any other, or of this other."""
        common = other.common(scores)
        least_squares = (least * length) ** 2 * _SURELY
        if sum([score * score for _, score, _ in common]) < least_squares:
            return 0.0
        everywhere = _LOGARITHMS[self._documents + 4]
        shared = sum([score * weight * _rarity(term, everywhere) for term, score, weight in common])
        if shared <= 0:
            return 0.0
        squares, most = 0, float(shared) ** 2 / least_squares
        for term, weight in other.items():
            score = weight * _rarity(term, everywhere)
            squares += score * score
            if squares > most:
                return 0.0
        return shared / (length * math.sqrt(squares))


def _rarity(term: Term, everywhere: int) -> int:
    rarity = everywhere - _LOGARITHMS[term.times]
    return rarity * 11 // 5 if term.times <= 2 * term.named else rarity


def _in_order(scores: dict[Term, int]) -> dict[Term, int]:
    """The same, the highest first; of equal ones the first in the alphabet."""
    terms = sorted(scores, key=_TEXT)
    # Sorting keeps the order of what is equal, also in reverse. Twice by one thing is quicker than once by two.
    terms.sort(key=scores.__getitem__, reverse=True)
    return {term: scores[term] for term in terms}


def nth_highest(numbers: list[int], most: int) -> int:
    """What so many of the numbers reach, at least; 0 where they are fewer. To sort numbers alone is quick."""
    return sorted(numbers)[-most] if len(numbers) > most else 0


def weights(times: Iterable[int]) -> list[int]:
    """The weights of terms that stand so often in an article."""
    return [_WEIGHTS[number if 0 < number < _MOST_TIMES else min(max(number, 0), _MOST_TIMES)] for number in times]


def year_of(terms: Iterable[str]) -> str | None:
    """The latest year that an article names."""
    years = [term for term in terms if len(term) == len("2024") and "1900" <= term < "2100" and term.isdecimal()]
    return max(years, default=None)


def length_of(scores: Collection[int]) -> float:
    """The length of a vector that is given by its scores."""
    return math.sqrt(sum(map(mul, scores, scores)))
