"""Which articles of one language tell the same event: one pass over the stream, a story growing with each article.

An article joins the story whose words it shares most, weighed by how rare they are so far (TF-IDF, cosine with the sum
of the story's articles); names weigh more than other words, since two events of one kind differ in them. A story of a
single article that a growing story comes to resemble is merged into it: order must not decide, and a merge is told.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from streams.words import cased_words

JOINS: Final = 0.30
MERGES: Final = 0.34
"""Least cosine for an article to join a story, and for a story of one article to be merged into another; chosen on the
topics of ECB+ by folds (`tests/quality/stories.py`)."""

_NAME_WEIGHT: Final = 2.2
_MOST_WORDS: Final = 400
_CANDIDATES: Final = 24
_TELLING: Final = 40
"""Terms of an article, the rarest, that lead to stories to compare with; and stories compared with, at most."""


def terms(title: str, body: str) -> dict[str, int]:
    """The words of an article's beginning and how often each stands there; names with a capital letter, others without.

    A name is a word that the text writes with a capital letter inside a sentence and never small.
    """
    words = [word for text in (title, body) for word in cased_words(text)][:_MOST_WORDS]
    small = {word for word in words if not word[0].isupper()}
    folded = (word if word[0].isupper() and word.casefold() not in small else word.casefold() for word in words)
    return dict(Counter(word.capitalize() if word[0].isupper() else word for word in folded if len(word) > 1))


@dataclass(slots=True)
class Story:
    """One event as its articles tell it. `weights` is the sum of its articles' term weights before rarity."""

    story_id: str
    articles: list[str] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True, slots=True)
class Placing:
    """The story that an article was placed in, and the stories that were merged into it by that."""

    story_id: str
    merged: tuple[str, ...] = ()


class Stories:
    """The stories of one language within a window, as far as they are told.

    The caller names the articles and keeps what is decided; the same articles in the same order give the same stories.
    """

    def __init__(self, joins: float = JOINS, merges: float = MERGES) -> None:
        self._joins = joins
        self._merges = merges
        self._stories: dict[str, Story] = {}
        self._telling: dict[str, set[str]] = defaultdict(set)
        self._documents = 0
        self._frequency: Counter[str] = Counter()
        self._named: Counter[str] = Counter()

    def place(self, article_id: str, counts: Mapping[str, int]) -> Placing:
        """Add an article to the story that it tells, or begin one named after it."""
        weights = {term.casefold(): 1 + math.log(count) for term, count in counts.items()}
        self._documents += 1
        self._frequency.update(weights.keys())
        self._named.update(term.casefold() for term in counts if term[0].isupper())
        story = self._nearest(weights, self._joins, self._candidates(weights)) or Story(article_id)
        self._grow(story, [article_id], weights)
        merged = self._merge_into(story)
        return Placing(story.story_id, merged)

    def _merge_into(self, story: Story) -> tuple[str, ...]:
        """Merge the nearest story into this one, if one of the two has a single article."""
        others = [other for other in self._candidates(story.weights) if other is not story]
        single = [other for other in others if 1 in (len(other.articles), len(story.articles))]
        other = self._nearest(story.weights, self._merges, single)
        if other is None:
            return ()
        del self._stories[other.story_id]
        self._grow(story, other.articles, other.weights)
        return (other.story_id,)

    def _grow(self, story: Story, articles: Iterable[str], weights: Mapping[str, float]) -> None:
        self._stories[story.story_id] = story
        story.articles += articles
        for term, weight in weights.items():
            story.weights[term] += weight
            self._telling[term].add(story.story_id)

    def _candidates(self, weights: Mapping[str, float]) -> list[Story]:
        """The stories that share the most of the rarest terms."""
        rarest = sorted(weights, key=lambda term: (-weights[term] * self._rarity(term), term))
        hits = Counter(name for term in rarest[:_TELLING] for name in self._telling[term] if name in self._stories)
        ranked = sorted(hits, key=lambda name: (-hits[name], name))
        return [self._stories[name] for name in ranked[:_CANDIDATES]]

    def _nearest(self, weights: Mapping[str, float], least: float, stories: Sequence[Story]) -> Story | None:
        vector = self._vector(weights)
        scored = [(_cosine(vector, self._vector(story.weights)), story) for story in stories]
        score, best = max(scored, key=lambda pair: (pair[0], pair[1].story_id), default=(0.0, None))
        return best if score >= least else None

    def _vector(self, weights: Mapping[str, float]) -> dict[str, float]:
        return {term: weight * self._rarity(term) for term, weight in weights.items()}

    def _rarity(self, term: str) -> float:
        frequency = self._frequency[term]
        rarity = math.log((self._documents + 5) / (frequency + 0.5))
        return rarity * _NAME_WEIGHT if 2 * self._named[term] >= frequency else rarity


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    size = math.sqrt(sum(map(_square, one.values())) * sum(map(_square, other.values())))
    return shared / size if size else 0.0


def _square(value: float) -> float:
    return value * value
