"""Which articles tell the same event: one pass over the stream, a story growing with each article.

Within a language an article joins the story whose words it shares most, weighed by how rare they are in the window
(TF-IDF, cosine with the sum of the story's articles); names weigh more than other words, since two events of one kind
differ in them, and another year weighs against. Where no story of its language is like it, it joins the story of other
languages with which it has places, figures and names in common. A story of a single article that a growing story comes
to resemble is merged into it, and so are two of different languages: order must not decide, and a merge is told.

All is whole numbers, so that what is taken away again leaves no trace and a restart finds the same.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from heapq import nsmallest
from typing import Final

import msgspec

from agents.total.links import LINKS, likeness
from agents.total.words import Words, year_of

JOINS: Final = 0.30
MERGES: Final = 0.34
"""Least cosine for an article to join a story, and for a story of one article to be merged into another; chosen on the
topics of ECB+ by folds (`tests/quality/stories.py`)."""

_OTHER_YEAR: Final = 0.8
_CANDIDATES: Final = 8
_MOST_TELLING: Final = 40
"""Articles of a language whose words make a story; later ones join it, but do not change what it is about."""


class Features(msgspec.Struct, frozen=True, array_like=True):
    """What an article is compared by: its terms, of which the first `telling` make its story, and its anchors."""

    language: str
    terms: dict[str, int]
    telling: int
    anchors: tuple[str, ...]


class Placing(msgspec.Struct, frozen=True):
    """The story that an article was placed in, the stories that are merged into it, and the features as they count."""

    story_id: str
    merged: tuple[str, ...]
    features: Features


class _Story:
    """A story as its articles in the window tell it, the last of them `seen`; counters and vectors by language."""

    __slots__ = ("anchors", "languages", "seen", "size", "story_id", "telling", "vectors", "years")

    def __init__(self, story_id: str) -> None:
        self.story_id = story_id
        self.seen = 0
        self.size = 0
        self.languages: Counter[str] = Counter()
        self.vectors: dict[str, Counter[str]] = {}
        self.telling: Counter[str] = Counter()
        self.anchors: Counter[str] = Counter()
        self.years: Counter[str] = Counter()


class Stories:
    """The stories of a window. The same articles in the same order give the same stories.

    Args:
        joins, merges: least cosines, see `JOINS` and `MERGES`.
        links: least likeness across languages, see `LINKS`.
    """

    def __init__(self, joins: float = JOINS, merges: float = MERGES, links: float = LINKS) -> None:
        self._joins = joins
        self._merges = merges
        self._links = links
        self._stories: dict[str, _Story] = {}
        self._words: dict[str, Words] = defaultdict(Words)
        self._anchors = Words()
        self._horizon = 0

    def forget_before(self, horizon: int) -> None:
        """Let no article join a story whose last article was seen before this time, in seconds since 1970."""
        self._horizon = max(self._horizon, horizon)

    def place(
        self, article_id: str, language: str, terms: Mapping[str, int], anchors: tuple[str, ...], seen: int
    ) -> Placing:
        """Add an article, `seen` in seconds since 1970, to the story that it tells, or begin one with its id."""
        words = self._words[language]
        words.count(terms)
        self._anchors.count(dict.fromkeys(anchors, 1))
        vector = words.telling(terms)
        story = self._like(language, vector, self._joins, year_of(terms), None)
        story = story or self._linked(anchors, {language}, None)
        features = _features(language, terms, vector, anchors, story)
        story_id = story.story_id if story else article_id
        self._grow(story_id, features, seen)
        merged = self._merge(self._stories[story_id], language, year_of(terms)) if story else None
        if merged is None:
            return Placing(story_id, (), features)
        survivor, gone = merged
        self.absorb(survivor, gone)
        return Placing(survivor, (gone,), features)

    def add(self, story_id: str, features: Features, seen: int) -> None:
        """Add an article that was placed before."""
        self._words[features.language].count(features.terms)
        self._anchors.count(dict.fromkeys(features.anchors, 1))
        self._grow(story_id, features, seen)

    def remove(self, story_id: str, features: Features) -> None:
        """Take an article away again that has left the window."""
        words = self._words[features.language]
        words.count(features.terms, -1)
        self._anchors.count(dict.fromkeys(features.anchors, 1), -1)
        story = self._stories.get(story_id)
        if story is None:
            return
        vector = Words.weights(features.terms, features.telling)
        words.forget(story_id, _subtract(story.vectors.get(features.language), vector))
        self._anchors.forget(story_id, _subtract(story.anchors, dict.fromkeys(features.anchors, 1)))
        _subtract(story.years, dict.fromkeys(filter(None, [year_of(features.terms)]), 1))
        _subtract(story.languages, {features.language: 1})
        _subtract(story.telling, {features.language: 1 if features.telling else 0})
        story.size -= 1
        if story.size <= 0:
            self._drop(story)

    def absorb(self, survivor: str, gone: str) -> None:
        """Put all articles of one story into another."""
        story, other = self._stories[survivor], self._stories[gone]
        self._drop(other)
        story.size += other.size
        story.seen = max(story.seen, other.seen)
        story.languages.update(other.languages)
        story.telling.update(other.telling)
        story.anchors.update(other.anchors)
        story.years.update(other.years)
        self._anchors.tell(survivor, other.anchors)
        for language, vector in other.vectors.items():
            story.vectors.setdefault(language, Counter()).update(vector)
            self._words[language].tell(survivor, vector)

    def _grow(self, story_id: str, features: Features, seen: int) -> None:
        story = self._stories.setdefault(story_id, _Story(story_id))
        vector = Words.weights(features.terms, features.telling)
        story.size += 1
        story.seen = max(story.seen, seen)
        story.languages[features.language] += 1
        story.telling[features.language] += 1 if features.telling else 0
        story.anchors.update(features.anchors)
        if year := year_of(features.terms):
            story.years[year] += 1
        story.vectors.setdefault(features.language, Counter()).update(vector)
        self._words[features.language].tell(story_id, vector)
        self._anchors.tell(story_id, features.anchors)

    def _drop(self, story: _Story) -> None:
        del self._stories[story.story_id]
        self._anchors.forget(story.story_id, story.anchors)
        for language, vector in story.vectors.items():
            self._words[language].forget(story.story_id, vector)

    def _merge(self, story: _Story, language: str, year: str | None) -> tuple[str, str] | None:
        """The story that stays and the one that goes, where this one has come to resemble another."""
        vector = story.vectors[language]
        other = self._like(language, vector, self._merges, year, story)
        other = other or self._linked(story.anchors, set(story.languages), story)
        if other is None:
            return None
        gone, stays = sorted((story, other), key=lambda each: (each.size, each.story_id))
        return stays.story_id, gone.story_id

    def _like(
        self, language: str, vector: Mapping[str, int], least: float, year: str | None, story: _Story | None
    ) -> _Story | None:
        """The story that the words are most like, if enough so; of two stories one must be a single article."""
        words = self._words[language]
        hits = words.stories_of(vector)
        best, found = least, None
        for name in self._nearest(hits, story):
            other = self._stories[name]
            if story is None or 1 in (other.size, story.size):
                score = words.cosine(vector, other.vectors[language])
                if year and other.years and year not in other.years:
                    score *= _OTHER_YEAR
                if score > best:
                    best, found = score, other
        return found

    def _linked(self, anchors: Collection[str], languages: set[str], story: _Story | None) -> _Story | None:
        """The story of other languages alone that has the most in common, if it has enough."""
        hits = self._anchors.stories_of(dict.fromkeys(anchors, 1))
        best, found = self._links, None
        for name in self._nearest(hits, story):
            other = self._stories[name]
            if languages.isdisjoint(other.languages):
                score = likeness(anchors, other.anchors, self._anchors.rarity)
                if score > best:
                    best, found = score, other
        return found

    def _nearest(self, hits: Counter[str], story: _Story | None) -> list[str]:
        if story is not None:
            hits.pop(story.story_id, None)
        live = (name for name in hits if self._stories[name].seen >= self._horizon)
        return nsmallest(_CANDIDATES, live, key=lambda name: (-hits[name], name))


def _features(
    language: str, terms: Mapping[str, int], vector: Mapping[str, int], anchors: tuple[str, ...], story: _Story | None
) -> Features:
    """The features with the telling terms first; none are telling where the story has enough of them."""
    telling = [term for term in terms if term.casefold() in vector]
    full = story is not None and story.telling[language] >= _MOST_TELLING
    ordered = dict.fromkeys(telling, 0) | dict(terms)
    return Features(language, ordered, 0 if full else len(telling), anchors)


def _subtract(counts: Counter[str] | None, taken: Mapping[str, int]) -> list[str]:
    """Take counts away; the names of which none is left."""
    gone = []
    for name, number in taken.items():
        if counts is not None and name in counts:
            counts[name] -= number
            if counts[name] <= 0:
                del counts[name]
                gone.append(name)
    return gone
