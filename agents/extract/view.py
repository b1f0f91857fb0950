"""A sentence with its hits sorted for questions: what is near a word, which clause holds it, where phrases end."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import bits
from agents.extract.text import PUNCT, Hit, Phrase, Sentence

_HARD_MARKS: Final = frozenset(";؛:—–…•▪►●■|")
_SOFT_MARKS: Final = frozenset(",،、()[]")
_STOPS: Final = frozenset(".!?؟۔։")
_MARKS: Final = _HARD_MARKS | _SOFT_MARKS | _STOPS | {"-"}
"""What may part a sentence; other marks never do."""
_NONE: Final[tuple[Hit, ...]] = ()
_DATELINE: Final = 3
"""Words of a dateline at most."""

_FEW: Final = 4
"""Of so many concepts each is looked up; more are compared with the sentence's as a set."""

_FAR: Final = 1_000_000
"""More tokens than any sentence has."""

_CLAUSE_CUES: Final = ("cue.clause", "cue.but", "cue.relative")
_CLAUSE_BITS: Final = bits(*_CLAUSE_CUES)


class View:
    """Hits of one sentence by concept, and the clauses they stand in.

    A hard border (semicolon, colon, dash) parts what has nothing to do with each other; a soft border (comma, "that",
    "while") begins a new clause of the same thought. `part` and `clause` number them, one entry a token.
    """

    __slots__ = ("by_concept", "clause", "part", "sentence", "size")

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.size = len(sentence.tokens)
        self.by_concept: dict[str, list[Hit]] = {}
        for hit in sentence.hits:
            same = self.by_concept.get(hit.concept)
            if same is None:
                self.by_concept[hit.concept] = [hit]
            else:
                same.append(hit)
        self.part: list[int] = []
        self.clause: list[int] = []
        self._number()

    @classmethod
    def of(cls, analysis: Analysis, sentence: Sentence) -> "View":
        """The one view of a sentence of this analysis."""
        key = ("view", sentence.index)
        view = analysis.memo.get(key)
        if view is None:
            view = analysis.memo[key] = cls(sentence)
        return view

    def _number(self) -> None:
        cues = self._clause_cues()
        tokens = self.sentence.tokens
        part = clause = done = 0
        for index, form in enumerate(self.sentence.forms):
            if form.kind != PUNCT:
                if not cues or index not in cues:
                    continue
                border, hard = True, False
            else:
                mark = tokens[index].text
                if mark not in _MARKS:
                    continue
                hard = mark in _HARD_MARKS and not self._in_figure(index)
                if mark == "-" and 0 < index <= _DATELINE:
                    hard = self._stands_apart(index)
                soft = mark in _SOFT_MARKS and not self._brackets_one(index)
                border = hard or soft or mark in _STOPS
            if border:
                self.part += [part] * (index - done)
                self.clause += [clause] * (index - done)
                part += hard
                clause += 1
                done = index
        self.part += [part] * (self.size - done)
        self.clause += [clause] * (self.size - done)

    def _clause_cues(self) -> set[int]:
        """The tokens at which words begin a clause."""
        cues: set[int] = set()
        if self.sentence.concepts & _CLAUSE_BITS:
            for concept in _CLAUSE_CUES:
                for hit in self.by_concept.get(concept, _NONE):
                    cues.add(hit.first)
        return cues

    def _stands_apart(self, index: int) -> bool:
        """Whether a hyphen between blanks ends a dateline: "کابل - ..."."""
        tokens = self.sentence.tokens
        if index + 1 >= self.size:
            return False
        return tokens[index - 1].end < tokens[index].start and tokens[index].end < tokens[index + 1].start

    def _in_figure(self, index: int) -> bool:
        """Whether a mark stands inside a figure or time: 20:52, 5–7."""
        tokens = self.sentence.tokens
        if not 0 < index < self.size - 1:
            return False
        return tokens[index - 1].text[-1].isdigit() and tokens[index + 1].text[0].isdigit()

    def _brackets_one(self, index: int) -> bool:
        """Whether a bracket holds one word, as a short name behind a long one does: "(SDF)"."""
        tokens = self.sentence.tokens
        mark = tokens[index].text
        if mark == "(":
            return index + 2 < self.size and tokens[index + 2].text == ")"
        return mark == ")" and index >= 2 and tokens[index - 2].text == "("

    def hits(self, *concepts: str) -> Sequence[Hit]:
        """All hits of these concepts, by concept."""
        return self.hits_of(concepts)

    def hits_of(self, concepts: tuple[str, ...]) -> Sequence[Hit]:
        """The same of a list of them: to unpack one takes longer than to look them up."""
        by_concept = self.by_concept
        if len(concepts) == 1:
            return by_concept.get(concepts[0], _NONE)
        if len(concepts) > _FEW and _set_of(concepts).isdisjoint(by_concept):
            return _NONE
        return [hit for concept in concepts if concept in by_concept for hit in by_concept[concept]]

    def has(self, *concepts: str) -> bool:
        """Whether the sentence names one of these concepts."""
        return not self.by_concept.keys().isdisjoint(concepts)

    def touch(self, phrase: Phrase, *concepts: str) -> bool:
        """Whether a hit of one of these concepts shares a token with the phrase."""
        return self.touches(phrase, concepts)

    def touches(self, phrase: Phrase, concepts: tuple[str, ...]) -> bool:
        """The same of a list of them."""
        first, last = phrase.first, phrase.last
        for hit in self.hits_of(concepts):  # noqa: SIM110 - asked of most phrases, and a generator is a call for each hit
            if hit.first < last and hit.last > first:
                return True
        return False

    def held_by(self, *concepts: str) -> set[int]:
        """The indexes of the tokens that hits of these concepts hold."""
        return {index for hit in self.hits_of(concepts) for index in range(hit.first, hit.last)}

    def near(self, hit: Hit, concepts: tuple[str, ...], left: int, right: int, inside: bool = True) -> Hit | None:
        """The nearest hit of these concepts at most so many tokens away, inside the same part of the sentence.

        `inside` False leaves out what is a part of the hit itself ("bomb" in "could bomb").
        """
        by_concept = self.by_concept
        if len(concepts) > _FEW:
            if _set_of(concepts).isdisjoint(by_concept):
                return None
            concepts = tuple(concept for concept in concepts if concept in by_concept)
        best: Hit | None = None
        least = max(left, right) + 1
        first, last = hit.first, hit.last
        for concept in concepts:
            for other in by_concept.get(concept, _NONE):
                if not inside and first <= other.first and other.last <= last:
                    continue
                distance = _distance(first, last, other, left, right)
                if distance < least and self.part[first] == self.part[other.first]:
                    best, least = other, distance
        return best

    def same_clause(self, a: int, b: int) -> bool:
        """Whether two tokens stand in one clause."""
        return self.clause[a] == self.clause[b]

    def clause_bounds(self, index: int) -> tuple[int, int]:
        """First and last (exclusive) token of the clause that holds a token."""
        return self._bounds(self.clause, index)

    def part_bounds(self, index: int) -> tuple[int, int]:
        """First and last (exclusive) token of the part that holds a token."""
        return self._bounds(self.part, index)

    def _bounds(self, numbers: list[int], index: int) -> tuple[int, int]:
        number, first, last = numbers[index], index, index + 1
        while first > 0 and numbers[first - 1] == number:
            first -= 1
        while last < self.size and numbers[last] == number:
            last += 1
        return first, last


def _distance(first: int, last: int, other: Hit, left: int, right: int) -> int:
    """Tokens between a span and a hit, 0 where they touch or overlap; `_FAR` if too many, or if they are the same."""
    if other.first >= last:
        gap = other.first - last
        return gap if gap <= right else _FAR
    if other.last <= first:
        gap = first - other.last
        return gap if gap <= left else _FAR
    return _FAR if (first, last) == (other.first, other.last) else 0


@lru_cache(maxsize=1000)
def _set_of(concepts: tuple[str, ...]) -> frozenset[str]:
    """The same concepts as a set; the engine has some dozens of such lists, all written in its code."""
    return frozenset(concepts)
