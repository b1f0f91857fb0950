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
from functools import partial
from itertools import islice
from typing import Final

import msgspec

from agents.total.features import Features, Placing
from agents.total.links import LINKS, likeness, may_be_one
from agents.total.words import Words, length_of, subtract, weights, year_of

JOINS: Final = 0.28
MERGES: Final = 0.34
"""Least cosine for an article to join a story, and for a story of one article to be merged into another; chosen on the
topics of ECB+ by folds (`tests/quality/stories.py`)."""

_OTHER_YEAR: Final = 0.8
_CANDIDATES: Final = 8
_LEAST_WORDS: Final = 2
_LEAST_ANCHORS: Final = 3
"""Stories that an article is compared with, at most, and what it must share with them of what tells most."""

_WORD_CROWD: Final = 1000
_ANCHOR_CROWD: Final = 300
"""Stories that one word, and one anchor, may lead to; those of more tell none."""

_MOST_TELLING: Final = 20
"""Articles of a language whose words make a story; later ones join it, but do not change what it is about."""


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
        self._words: dict[str, Words] = defaultdict(partial(Words, _WORD_CROWD))
        self._anchors = Words(_ANCHOR_CROWD)
        self._horizon = 0

    def forget_before(self, horizon: int) -> None:
        """Let no article join a story whose last article was seen before this time, in seconds since 1970."""
        self._horizon = max(self._horizon, horizon)

    def place(
        self, article_id: str, language: str, terms: Mapping[str, int], anchors: tuple[str, ...], seen: int
    ) -> Placing:
        """Add an article, `seen` in seconds since 1970, to the story that it tells, or begin one with its id.

        `terms` are as `StoryFeatures` has them, `anchors` as `agents.total.links` makes them.
        """
        features, scores = self._counted(language, terms, anchors)
        story = self._like(features, scores, self._joins, None)
        story = story or self._linked(anchors, {language}, None)
        if story and story.telling[language] >= _MOST_TELLING:
            features = msgspec.structs.replace(features, vector={})
        story_id = story.story_id if story else article_id
        self._grow(story_id, features, seen)
        merged = self._merge(self._stories[story_id], features) if story else None
        if merged is None:
            return Placing(story_id, (), features)
        survivor, gone = merged
        self.absorb(survivor, gone)
        return Placing(survivor, (gone,), features)

    def add(self, story_id: str, features: Features, seen: int) -> None:
        """Add an article that was placed before."""
        words = self._words[features.language]
        words.count(words.own(features.terms), features.names)
        vector = dict(zip(words.own(features.vector), features.vector.values(), strict=True))
        anchors = tuple(self._anchors.own(features.anchors))
        self._anchors.count(anchors)
        self._grow(story_id, msgspec.structs.replace(features, vector=vector, anchors=anchors), seen)

    def remove(self, story_id: str, features: Features) -> None:
        """Take an article away again that has left the window."""
        words = self._words[features.language]
        story = self._stories.get(story_id)
        if story is not None:
            words.forget(story_id, subtract(story.vectors.get(features.language, Counter()), features.vector))
            self._anchors.forget(story_id, subtract(story.anchors, features.anchors))
            subtract(story.years, filter(None, [features.year]))
            subtract(story.languages, [features.language])
            subtract(story.telling, [features.language] if features.vector else [])
            story.size -= 1
            if story.size <= 0:
                self._drop(story)
        words.discount(features.terms, features.names)
        self._anchors.discount(features.anchors)

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

    def _counted(
        self, language: str, terms: Mapping[str, int], anchors: tuple[str, ...]
    ) -> tuple[Features, dict[str, int]]:
        """The features of a new article, counted in, and the scores of its vector."""
        words = self._words[language]
        plain = words.own([term.casefold() for term in terms])
        names = tuple([name for name, term in zip(plain, terms, strict=True) if term[0].isupper()])
        words.count(plain, names)
        anchors = tuple(self._anchors.own(anchors))
        self._anchors.count(anchors)
        vector, scores = words.telling(dict(zip(plain, weights(terms.values()), strict=True)))
        return Features(language, tuple(plain), names, vector, anchors, year_of(plain)), scores

    def _grow(self, story_id: str, features: Features, seen: int) -> None:
        """Add an article's features, whose terms and anchors are those that `Words.own` gave, to a story."""
        language = features.language
        story = self._stories.get(story_id)
        if story is None:
            story = self._stories[story_id] = _Story(story_id)
        story.size += 1
        story.seen = max(story.seen, seen)
        story.languages[language] += 1
        if features.year:
            story.years[features.year] += 1
        story.anchors.update(features.anchors)
        self._anchors.tell(story.story_id, features.anchors)
        if features.vector:
            story.telling[language] += 1
            story.vectors.setdefault(language, Counter()).update(features.vector)
            self._words[language].tell(story.story_id, features.vector)

    def _drop(self, story: _Story) -> None:
        del self._stories[story.story_id]
        self._anchors.forget(story.story_id, story.anchors)
        for language, vector in story.vectors.items():
            self._words[language].forget(story.story_id, vector)

    def _merge(self, story: _Story, features: Features) -> tuple[str, str] | None:
        """The story that stays and the one that goes, where this one has come to resemble another."""
        scores = self._words[features.language].scores(story.vectors.get(features.language, {}))
        other = self._like(features, scores, self._merges, story)
        other = other or self._linked(story.anchors, set(story.languages), story)
        if other is None:
            return None
        gone, stays = sorted((story, other), key=lambda each: (each.size, each.story_id))
        return stays.story_id, gone.story_id

    def _like(self, features: Features, scores: Mapping[str, int], least: float, story: _Story | None) -> _Story | None:
        """The story that the words are most like, if enough so; of two stories one must be a single article."""
        language, year = features.language, features.year
        words = self._words[language]
        best, found, length = least, None, length_of(scores)
        for other in self._nearest(words.stories_of(scores), _LEAST_WORDS, story):
            if story is not None and 1 not in (other.size, story.size):
                continue
            score = words.cosine(scores, length, other.vectors[language], best)
            if year and other.years and year not in other.years:
                score *= _OTHER_YEAR
            if score > best:
                best, found = score, other
        return found

    def _linked(self, anchors: Collection[str], languages: set[str], story: _Story | None) -> _Story | None:
        """The story of other languages alone that has the most in common, if it has enough."""
        scores = self._anchors.scores(dict.fromkeys(anchors, 1))
        best, found = self._links, None
        for other in self._nearest(self._anchors.stories_of(scores), _LEAST_ANCHORS, story):
            if languages.isdisjoint(other.languages) and may_be_one(scores, other.anchors):
                score = likeness(scores, self._anchors.scores(dict.fromkeys(other.anchors, 1)))
                if score > best:
                    best, found = score, other
        return found

    def _nearest(self, hits: Counter[str], least: int, story: _Story | None) -> list[_Story]:
        """The live stories with the most hits, at least so many, but the given one."""
        names = sorted([(-number, name) for name, number in hits.items() if number >= least])
        others = (self._stories[name] for _, name in names if self._stories[name] is not story)
        return list(islice((other for other in others if other.seen >= self._horizon), _CANDIDATES))
