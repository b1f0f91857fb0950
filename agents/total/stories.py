"""Which articles tell the same event: one pass over the stream, a story growing with each article.

Within a language an article joins the story whose words it shares most, weighed by how rare they are in the window
(TF-IDF, cosine with the sum of the story's articles); names weigh more than other words, since two events of one kind
differ in them, and another year weighs against. Where no story of its language is like it, it joins the story of other
languages with which it has places, figures and names in common. A story of a single article that a growing story comes
to resemble is merged into it, and so are two of different languages: order must not decide, and a merge is told.

All is whole numbers, so that what is taken away again leaves no trace and a restart finds the same.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import Final

from agents.total.features import Features, Placing
from agents.total.links import LINKS, likeness, may_be_one
from agents.total.terms import Bag, Story, Term
from agents.total.words import Words, length_of, nth_highest, weights, year_of

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
        self._stories: dict[str, Story] = {}
        self._words: dict[str, Words] = defaultdict(partial(Words, _WORD_CROWD))
        self._anchors = Words(_ANCHOR_CROWD)
        self._horizon = 0

    def forget_before(self, horizon: int) -> None:
        """Let no article join a story whose last article was seen before this time, in seconds since 1970."""
        self._horizon = max(self._horizon, horizon)

    def close(self) -> None:
        """Be of no use any more, and leave nothing to the collector."""
        self._anchors.close()
        for words in self._words.values():
            words.close()

    def place(
        self, article_id: str, language: str, terms: Mapping[str, int], anchors: tuple[str, ...], seen: int
    ) -> Placing:
        """Add an article, `seen` in seconds since 1970, to the story that it tells, or begin one with its id.

        `terms` are as `StoryFeatures` has them, `anchors` as `agents.total.links` makes them.
        """
        words = self._words[language]
        plain = {term.casefold(): times for term, times in terms.items()}
        names = [term.casefold() for term in terms if term[0].isupper()]
        bag, scores = words.telling(words.count(plain, names), weights(plain.values()))
        told = Bag(self._anchors.count(anchors), [1] * len(anchors))
        year = year_of(plain)
        story = self._like(language, year, scores, self._joins, None) or self._linked(told, {language}, None)
        if story and _is_told_enough(story, language):
            bag = Bag()
        features = Features(
            language, tuple(plain), tuple(names), {term.text: n for term, n in bag.items()}, anchors, year
        )
        grown = self._grow(story.story_id if story else article_id, features, bag, told, seen)
        merged = self._merge(grown, language, year) if story else None
        if merged is None:
            return Placing(grown.story_id, (), features)
        survivor, gone = merged
        self.absorb(survivor, gone)
        return Placing(survivor, (gone,), features)

    def add(self, story_id: str, features: Features, seen: int) -> None:
        """Add an article that was placed before."""
        words = self._words[features.language]
        words.count(dict.fromkeys(features.terms), features.names)
        anchors = Bag(self._anchors.count(features.anchors), [1] * len(features.anchors))
        self._grow(story_id, features, words.bag(features.vector), anchors, seen)

    def remove(self, story_id: str, features: Features) -> None:
        """Take an article away again that has left the window."""
        language = features.language
        words = self._words[language]
        story = self._stories.get(story_id)
        if story is not None and story.size == 1:
            self._drop(story)
        elif story is not None:
            anchors = dict.fromkeys(features.anchors, 1)
            story.shrink(language, words.bag(features.vector), self._anchors.bag(anchors), features.year)
        words.discount(features.terms, features.names)
        self._anchors.discount(features.anchors)

    def absorb(self, survivor: str, gone: str) -> None:
        """Put all articles of one story into another."""
        story, other = self._stories[survivor], self._stories[gone]
        self._drop(other)
        story.absorb(other)

    def _grow(self, story_id: str, features: Features, bag: Bag, anchors: Bag, seen: int) -> Story:
        """Add an article, as its words and anchors weigh, to a story, or begin it; the story."""
        story = self._stories.get(story_id)
        if story is None:
            story = self._stories[story_id] = Story(story_id)
        story.grow(features.language, bag, anchors, features.year, seen)
        return story

    def _drop(self, story: Story) -> None:
        del self._stories[story.story_id]
        story.drop()

    def _merge(self, story: Story, language: str, year: str | None) -> tuple[str, str] | None:
        """The story that stays and the one that goes, where this one has come to resemble another."""
        scores = self._words[language].scores(story.own_part(language))
        other = self._like(language, year, scores, self._merges, story)
        other = other or self._linked(story.anchors, {part.language for part in story.parts}, story)
        if other is None:
            return None
        gone, stays = sorted((story, other), key=lambda each: (each.size, each.story_id))
        return stays.story_id, gone.story_id

    def _like(
        self, language: str, year: str | None, scores: dict[Term, int], least: float, story: Story | None
    ) -> Story | None:
        """The story that the words are most like, if enough so; of two stories one must be a single article."""
        words = self._words[language]
        best, found, length = least, None, length_of(scores.values())
        for other in self._nearest(words.stories_of(scores, _LEAST_WORDS), story):
            part = other.part(language)
            if part is None or (story is not None and 1 not in (other.size, story.size)):
                continue
            score = words.cosine(scores, length, part, best)
            if other.is_of_other_year(year):
                score *= _OTHER_YEAR
            if score > best:
                best, found = score, other
        return found

    def _linked(self, anchors: Bag, languages: set[str], story: Story | None) -> Story | None:
        """The story of other languages alone that has the most in common, if it has enough."""
        scores = self._anchors.scores(anchors.once())
        nearest = self._nearest(self._anchors.stories_of(scores, _LEAST_ANCHORS), story)
        foreign = [other for other in nearest if _is_of_others(other, languages)]
        ours = {term.text: score for term, score in scores.items()} if foreign else {}
        best, found = self._links, None
        for other in foreign:
            theirs = other.anchors.once()
            if may_be_one(ours, {term.text for term in theirs.terms()}):
                score = likeness(ours, {term.text: n for term, n in self._anchors.scores(theirs).items()})
                if score > best:
                    best, found = score, other
        return found

    def _nearest(self, hits: list[tuple[Story, int]], story: Story | None) -> list[Story]:
        """The live stories with the most hits, but the given one; of equal ones those first by their ids."""
        live = [each for each in hits if each[0] is not story and each[0].seen >= self._horizon]
        least = nth_highest([number for _, number in live], _CANDIDATES)
        nearest = sorted([(-number, other.story_id, other) for other, number in live if number >= least])
        return [other for _, _, other in nearest[:_CANDIDATES]]


def _is_told_enough(story: Story, language: str) -> bool:
    part = story.part(language)
    return part is not None and part.telling >= _MOST_TELLING


def _is_of_others(story: Story, languages: set[str]) -> bool:
    return not any(part.language in languages for part in story.parts)
