"""What a word or an ending of direction governs beside a movement, where no list knows it: "from the tents".

Camps, villages and listed places are `spots`; here is what else people leave or go to. Only what stands close to the
words of movement or to the figure counts, and never time, people, arms or acts ("fled from the shelling").
"""

from collections.abc import Iterator, Sequence
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import starting
from agents.extract.figures import Figure
from agents.extract.language import Language
from agents.extract.movements import Movement
from agents.extract.names import Phrase, Phrases
from agents.extract.spots import Spot
from agents.extract.text import NUMBER, PUNCT, WORD, Token
from agents.extract.view import View
from streams.vocabulary import Term

_REACH: Final = 4
"""Words between the movement, or the figure that it moves, and a word of direction."""

_BEHIND: Final = 3
"""Words that what is governed takes behind it."""

_OFFICE: Final = 2
"""Words behind a noun for an office that may belong to its name ("Organisation for Migration")."""

_NO_PLACE: Final = starting(
    *("act.", "term.", "move.", "say.", "cue.", "time.", "unit.", "group.", "displaced.", "quant.", "flow.", "part."),
    *("share.", "actor.", "item.", "domain.", "func.stop", "func.verb", "func.possessive", "site.home"),
    *("noun.",),
) - {"unit.place", "noun.territory", "noun.house", "noun.infrastructure", "noun.base", "noun.position"}


class GovernedReader:
    """Finds what directions govern in the sentences of one article."""

    def __init__(self, analysis: Analysis, language: Language) -> None:
        self.analysis = analysis
        self.language = language
        self.names = language.places
        self.spelling = language.places.spelling
        self.joined = frozenset(rule.cue for rule in self.spelling.prefixes) - {None, "at"}
        self.ended = frozenset(rule.cue for rule in self.spelling.endings) & {"source", "at"}

    def read(self, view: View, figure: Figure, told: Movement, spots: Sequence[Spot]) -> Iterator[Spot]:
        """What is governed near the movement, for each direction that no spot of the sentence has."""
        missing = {"source", "goal", *(["at"] if told.term is Term.AWAITING_EVACUATION else [])}
        missing -= {spot.cue for spot in spots}
        if not missing:
            return
        taken = {index for spot in spots for index in range(spot.first, spot.last)}
        taken.update(range(figure.first, figure.last))
        people = {hit.first for hit in view.hits("unit.person")}
        offices = (hit for hit in view.hits("say.office") if hit.first not in people)
        taken.update(index for hit in offices for index in range(hit.first, hit.last + _OFFICE))
        idiom = self._idiom(view, told)
        for _, at, cue in self._around(view, figure, told):
            if cue in missing and at not in taken and at not in idiom:
                spot = self._spot(view, at, cue)
                if spot is not None and taken.isdisjoint(range(spot.first, spot.last)):
                    missing.discard(cue)
                    yield spot

    def _idiom(self, view: View, told: Movement) -> Sequence[int]:
        """The tokens of "cut off from the world"; and what follows such a verb that stands last."""
        if told.term is not Term.AWAITING_EVACUATION or told.trigger is None:
            return ()
        return range(told.trigger[0], view.size if self.language.pack.verb_order == "sov" else told.trigger[1])

    def owner(self, view: View, figure: Figure) -> Spot | None:
        """The unlisted name, or the counted villages, whose people a figure counts: "жителей Шебекина"."""
        if figure.noun is None or self.language.pack.verb_order == "sov" or not self.language.pack.capitals:
            return None
        tokens, first = view.sentence.tokens, figure.last
        while first < view.size and (self.names.word(tokens[first]).link or self._is_link(tokens[first])):
            first += 1
        if first == figure.last and not self.spelling.locatives:
            return None  # without cases, a name right behind people says who they are: "keluarga Badui"
        if first >= view.size or not tokens[first].text[0].isupper() or first in view.sentence.taken():
            return None
        last = first + 1
        while last < view.size and tokens[last].text[0].isupper() and tokens[last].kind == WORD:
            last += 1
        return Spot(first, last, None, kind="governed")

    def _is_link(self, token: Token) -> bool:
        return self.names.word(token).folded in self.spelling.away

    def _around(self, view: View, figure: Figure, told: Movement) -> list[tuple[int, int, str]]:
        """The words close to movement and figure in their part of the sentence that point somewhere, closest first.

        Each with its distance before it, and behind it which way it points.
        """
        spans = [(figure.first, figure.last), *([told.trigger] if told.trigger else [])]
        part = view.part[spans[-1][0]]
        tokens = view.sentence.tokens
        first, last = min(spans[0][0], spans[-1][0]), max(spans[0][1], spans[-1][1])
        pointing: list[tuple[int, int, str]] = []
        for at in range(max(0, first - 1 - _REACH), min(view.size, last + _REACH + 1)):
            if tokens[at].kind == WORD and view.part[at] == part:
                cue = self._direction(view, at)
                distance = _gap(spans, at) if cue is not None else _REACH + 1
                if cue is not None and distance <= _REACH:
                    pointing.append((distance, at, cue))
        return sorted(pointing)

    def _direction(self, view: View, at: int) -> str | None:
        """Which way a word points: by itself, or by what is joined to it."""
        token = view.sentence.tokens[at]
        word = self.names.word(token)
        if word.folded in self.spelling.thence:
            return "source"
        if word.cue in ("source", "goal"):
            return word.cue
        if word.folded in self.spelling.toward and self.spelling.locatives:
            behind = view.sentence.tokens[at + 1].text.lower() if at + 1 < view.size else ""
            return "at" if behind.endswith(self.spelling.locatives) else "goal"
        if word.cue is not None:
            return word.cue
        beside = self.joined or self.ended
        free = at not in view.sentence.taken()
        if free and word.ending in beside and not (self.joined and self.language.places.in_dictionary(token.text)):
            return word.ending
        return None

    def _spot(self, view: View, at: int, cue: str) -> Spot | None:
        joined = self.names.word(view.sentence.tokens[at]).cue is None
        span = self._before(view, at) if joined and not self.joined else self._behind(view, at, joined)
        if span is None:
            return None
        first, last = span
        tokens = view.sentence.tokens
        if cue == "source" and not joined and tokens[first].text.lower().endswith(self.spelling.company):
            return None
        if self._means_there(view, first, last):
            return Spot(first, last, cue, kind="governed", bare=True)
        begun = first if joined and cue == "at" else at
        if any(self._is_no_place(view, index, begun) for index in range(first, last)):
            return None
        return Spot(first, last, cue, kind="governed")

    def _is_no_place(self, view: View, index: int, at: int) -> bool:
        """Whether a token belongs to time, people or acts; a phrase begun before the direction tells nothing of it."""
        return any(h.first <= index < h.last and h.first >= at and h.concept in _NO_PLACE for h in view.sentence.hits)

    def _means_there(self, view: View, first: int, last: int) -> bool:
        word = self.names.word(view.sentence.tokens[first]).folded
        return last - first == 1 and (word in self.spelling.thence or word in self.spelling.there)

    def _behind(self, view: View, at: int, joined: bool) -> tuple[int, int] | None:
        """The noun phrase behind a preposition, or the word that one is joined to with what names it further."""
        tokens = view.sentence.tokens
        first = at if joined else at + 1
        small = view.held_by("func.article")
        while first in small:
            first += 1
        last = first
        while last < view.size and last - first <= _BEHIND and self._belongs(view, first, last):
            if last > first and self._is_no_place(view, last, at):
                break
            last += 1
        links = view.held_by("func.link")
        while last > first and (last - 1 in links or tokens[last - 1].kind == PUNCT):
            last -= 1
        return (first, last) if last > first else None

    def _belongs(self, view: View, first: int, at: int) -> bool:
        token = view.sentence.tokens[at]
        if token.kind == NUMBER or (token.kind == PUNCT and token.text not in "-‑־"):
            return False
        whole = next((p for p in self._phrases(view) if p.first <= first < p.last), None)
        return at == first or (whole is not None and at < whole.last and self.names.word(token).cue is None)

    def _before(self, view: View, at: int) -> tuple[int, int] | None:
        """The noun phrase that ends with a word whose ending tells the direction."""
        whole = next((p for p in self._phrases(view) if p.first <= at < p.last), None)
        if whole is None:
            return None
        first = at
        while first > max(whole.first, at - _BEHIND) and view.sentence.tokens[first - 1].kind == WORD:
            first -= 1
        return first, at + 1

    def _phrases(self, view: View) -> Sequence[Phrase]:
        return Phrases.of(self.analysis, self.language, view).all


def _gap(spans: Sequence[tuple[int, int]], at: int) -> int:
    """Tokens between a token and the nearest of some spans, as far as that matters."""
    least = _REACH + 1
    for first, last in spans:
        least = min(least, max(first - at - 1, at - last, 0))
    return least
