"""Noun phrases as the text writes them: runs of words that end at closed-class words, verbs and marks. No parse."""

from collections.abc import Iterator
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.cases import Case
from agents.extract.concepts import starting
from agents.extract.language import Language
from agents.extract.numerals import numbers_of
from agents.extract.place_names import PlaceNames
from agents.extract.places import PLACES, ArticlePlaces
from agents.extract.text import NUMBER, PUNCT, WORD, Hit, Phrase, Token
from agents.extract.view import View

__all__ = ["Phrase", "Phrases"]

_MAX_PHRASE: Final = 9
_REACH: Final = 16
_OFFICE_WORDS: Final = 4
_NOWHERE: Final = -1
_INNER_MARKS: Final = frozenset("-‑־/“”\"„«»‘’'&")
_BREAKING: Final = starting(
    "act.",
    "quant.",
    "time.",
    "flow.",
    "cue.threat",
    "cue.plan",
    "cue.attempt",
    "cue.possible",
    "cue.negation",
    "cue.without",
    "cue.future",
    "cue.conditional",
    "cue.denial",
    "cue.passive",
    "term.",
    "move.",
)
_MOVING: Final = starting("term.", "move.")
_MOVED_PEOPLE: Final = starting("displaced.", "group.", "unit.", "noun.")
_NOUNS: Final = starting("noun.", "displaced.", "group.", "unit.", "actor.")
_NAMELESS: Final = frozenset(
    ("group.people", "group.families", "group.residents", "actor.civilians", "unit.person", "unit.household")
)
_HEADS: Final = starting("actor.", "group.", "item.", "say.role", "say.office")
_PARTIES: Final = starting("actor.", "group.", "item.drone", "item.aircraft", "item.warplane") | {
    *("noun.mob", "noun.crowd", "noun.suicide_attack"),
}
_THINGS: Final = ("noun.", "item.", "group.", "actor.", "displaced.")
_COUNTED: Final = starting("group.", "item.", "unit.")
_ANCHORS: Final = starting("actor.", "group.") | {
    *("noun.troops", "noun.mob", "noun.rioter", "noun.protester", "noun.crowd", "noun.sides"),
}


class Phrases:
    """The noun phrases of one sentence."""

    def __init__(self, analysis: Analysis, language: Language, view: View) -> None:
        self.view = view
        self.language = language
        self.tokens = view.sentence.tokens
        self.text = analysis.text
        self._prepositions = language.prepositions
        self._numerals = language.figures.numerals
        self._broken = self._breaks()
        self._links = _covered(view, "func.link")
        self._articles = _covered(view, "func.article")
        self._numbers = {
            index for index, form in enumerate(view.sentence.forms) if not form.silent and self._counts(index)
        }
        self._counted = self._numbers_of_nouns()
        self._acting: dict[Phrase, bool] = {}
        self._anchors = [hit for hit in view.sentence.hits if hit.concept in _ANCHORS]
        self._places: ArticlePlaces | None = analysis.memo.get(PLACES)
        self._after_places = self._subjects_behind_places()
        self.all = self._run()

    @classmethod
    def of(cls, analysis: Analysis, language: Language, view: View) -> "Phrases":
        """The phrases of a sentence, found once."""
        key = ("phrases", view.sentence.index)
        phrases = analysis.memo.get(key)
        if phrases is None:
            phrases = analysis.memo[key] = cls(analysis, language, view)
        return phrases

    def _breaks(self) -> set[int]:
        """Tokens that no noun phrase holds."""
        broken = _covered(self.view, "func.stop", "func.verb", "say.verb", "say.according", "say.after", "say.stated")
        for hit in self.view.sentence.hits:
            if hit.concept in _BREAKING and not self._is_noun(hit) and not self._moves_people(hit):
                broken.add(hit.first)
                broken.add(hit.last - 1)
        return broken

    def _is_noun(self, verb: Hit) -> bool:
        """Whether the same words name people or things as well."""
        for hit in self.view.sentence.hits:
            if hit.first > verb.first:
                break
            if hit.first == verb.first and hit.last == verb.last and hit.concept in _NOUNS:
                return True
        return False

    def _moves_people(self, verb: Hit) -> bool:
        """Whether a word of moving stands in a name of people: "displaced people"."""
        if verb.concept not in _MOVING:
            return False
        for hit in self.view.sentence.hits:
            if hit.first > verb.first:
                break
            if verb.first < hit.last and hit.concept in _MOVED_PEOPLE:
                return True
        return False

    def _run(self) -> list[Phrase]:
        found: list[Phrase] = []
        start = _NOWHERE
        cases = bool(self.language.cases)
        anew, links, broken, part = self._beginnings(), self._links, self._broken, self.view.part
        for index, token in enumerate(self.tokens):
            if token.kind == PUNCT:
                belongs = token.text in _INNER_MARKS and (not index or part[index] == part[index - 1])
            else:
                belongs = index not in broken or index in links
            if not belongs:
                if start != _NOWHERE:
                    self._add(start, index, found)
                    start = _NOWHERE
            elif start == _NOWHERE:
                start = index
            elif index in anew or (cases and self._ended(start, index)):
                self._add(start, index, found)
                opens = cases or index in self._articles or index in self._after_places
                start = index if opens else _NOWHERE
        if start != _NOWHERE:
            self._add(start, len(self.tokens), found)
        return found

    def _add(self, first: int, last: int, found: list[Phrase]) -> None:
        """Add the phrase, or phrases, that a run of tokens is."""
        phrase = self._trim(first, last)
        if phrase is None:
            return
        cut = self._apart(phrase) if self.language.cases else 0
        if cut:
            found.append(Phrase(phrase.first, cut))
            phrase = Phrase(cut, phrase.last)
        found.append(phrase)

    def _beginnings(self) -> set[int]:
        """Where another phrase begins: at an article that no link joins ("by nightfall the gangs"), or so."""
        links = self._links
        articles = {index for index in self._articles if index not in links and index - 1 not in links}
        articles |= self._after_places
        articles |= self._counted
        return articles

    def _subjects_behind_places(self) -> frozenset[int]:
        """Where a place with a preposition ends and people or forces follow ("В провинции Деръа | спецслужбы")."""
        places = self._places
        if places is None or self.language.pack.noun_order != "head_first" or self.language.cases:
            return frozenset()
        ends = [m.last for m in places.mentions(self.view.sentence) if m.cue is not None]
        if not ends:
            return frozenset()
        parties = {h.first for h in self.view.sentence.hits if h.concept in _PARTIES}
        names = self.language.places
        return frozenset(e for e in ends if parties & {e, e + 1, e + 2} or _group_at(names, self.tokens, e))

    def _numbers_of_nouns(self) -> frozenset[int]:
        """Where a number counts the noun right behind it: no part of the phrase before ("police | 23 suspects")."""
        if not self._numbers:
            return frozenset()
        last = len(self.tokens) - 1
        return frozenset(
            [
                index
                for index in self._numbers
                if 0 < index < last
                and not (index - 1 in self._numbers or index - 1 in self._articles or index - 1 in self._links)
                and (self._is_figure_before_word(index) or self._is_countable(index + 1) or self._is_told(index))
            ]
        )

    def _is_countable(self, index: int) -> bool:
        """Whether something that is counted begins at a token or right behind it."""
        for hit in self.view.sentence.hits:  # noqa: SIM110 - asked of most numbers, and a generator is a call for each
            if index <= hit.first <= index + 1 and hit.concept in _COUNTED:
                return True
        return False

    def _is_told(self, index: int) -> bool:
        """Whether a number in words begins at a token that counts more than one of the word behind it."""
        if self.language.cases:
            return False
        for number in numbers_of(self._numerals, self.view.sentence):
            many = number.first == index and not number.digits and not number.weak and (number.count or 0) > 1
            if many and self._is_before_word(number.last - 1):
                return True
        return False

    def _is_figure_before_word(self, index: int) -> bool:
        return self.tokens[index].kind == NUMBER and self._is_before_word(index)

    def _is_before_word(self, index: int) -> bool:
        if index + 1 >= len(self.tokens):
            return False
        token, after = self.tokens[index], self.tokens[index + 1]
        return after.kind == WORD and after.start > token.end and not after.text[0].isupper()

    def _ended(self, start: int, index: int) -> bool:
        """Whether the word before has an ending of case that ends its phrase; an owner does so where it can act."""
        if "say.office" in self.view.by_concept:
            if self._in_office(index):
                return False
            if self._after_office(index):
                return True
        case = self.language.cases.of(self.tokens[index - 1].norm)
        if case is not Case.OWNER:
            return case is not None or self.language.cases.is_plural(self.tokens[index - 1].norm)
        owned = any(index <= h.first <= index + 2 for h in self.view.hits("say.office", "say.role"))
        owner = self.language.actors.read(self.view.sentence, start, index)
        return owner.kind is not None and not owned and not (owner.country and index - start == 1)

    def _in_office(self, index: int) -> bool:
        """Whether the words on both sides belong to the name of one office ("Fövqəladə | Hallar Nazirliyi")."""
        before = self.tokens[index - 1].text
        if not self.language.pack.capitals or "'" in before or "’" in before:
            return False
        for hit in self.view.hits("say.office"):
            if index <= hit.last - 1 < index + _OFFICE_WORDS:
                words = self.tokens[index - 1 : hit.last]
                named = all(t.kind == WORD and t.text[0].isupper() for t in words)
                case = self.language.cases.of(self.tokens[index - 1].norm)
                placed = case in (Case.ADJUNCT, Case.GOAL) and bool(self.language.places.word(words[0]).starts)
                return named and not placed
        return False

    def _after_office(self, index: int) -> bool:
        """Whether an office's name ends before a name of another kind ("Hallar Nazirliyi | Bayıl yamacında")."""
        if not self.tokens[index].text[0].isupper() or not any(h.last == index for h in self.view.hits("say.office")):
            return False
        return not any(index <= h.first < index + _OFFICE_WORDS for h in self.view.hits("say.office", "say.role"))

    def _apart(self, phrase: Phrase) -> int:
        """Where a subject without ending parts from the noun with one behind it, 0: "polis | göstericilere"."""
        case = self.case(phrase)
        if case is None or case is Case.OWNER or self.language.cases.is_compound(self.tokens[phrase.last - 1].norm):
            return 0
        cut = 0
        for hit in self.view.sentence.hits:
            if hit.first >= phrase.first and cut < hit.last < phrase.last and hit.concept in _HEADS:
                cut = hit.last
        return cut or self._after_name(phrase)

    def _after_name(self, phrase: Phrase) -> int:
        """The end of a name that can act before a noun of its own ("Paris | adaya"), 0 for none."""
        if not self.tokens[phrase.first].text[0].isupper() or phrase.last - phrase.first < 2:
            return 0
        actor = self.language.actors.read(self.view.sentence, phrase.first, phrase.first + 1)
        return phrase.first + 1 if actor.kind is not None else 0

    def case(self, phrase: Phrase) -> Case | None:
        """The case that the phrase's last word shows, None for none."""
        return self.language.cases.of(self.tokens[phrase.last - 1].norm)

    def _trim(self, first: int, last: int) -> Phrase | None:
        """Take articles, numbers, links and marks off the ends."""
        while first < last and (self._is_edge(first) or first in self._articles or self.is_number(first)):
            first += 1
        while first < last and self._is_edge(last - 1):
            last -= 1
        return Phrase(first, min(last, first + _MAX_PHRASE)) if first < last else None

    def is_number(self, index: int) -> bool:
        """Whether a token is a figure or a word of number."""
        return index in self._numbers

    def _counts(self, index: int) -> bool:
        return self.tokens[index].kind == NUMBER or self._numerals.counts(self.tokens, index)

    def _is_edge(self, index: int) -> bool:
        return index in self._links or (self.tokens[index].kind == PUNCT and self.tokens[index].text not in '“«"”»')

    def write(self, phrase: Phrase) -> str:
        """The phrase as the text writes it."""
        start, end = self.view.sentence.span(phrase.first, phrase.last)
        return self.text[start:end].strip('“”"«»„ ') if end > start else ""

    def is_counted(self, phrase: Phrase) -> bool:
        """Whether a figure or a word of number stands right before the phrase."""
        return phrase.first > 0 and self.is_number(phrase.first - 1)

    def is_anchored(self, phrase: Phrase) -> bool:
        """Whether the phrase names people or forces by a common noun."""
        for hit in self._anchors:  # noqa: SIM110 - asked of most phrases, and a generator is a call for each hit
            if phrase.touches(hit):
                return True
        return False

    def is_named(self, phrase: Phrase) -> bool:
        """Whether the phrase holds a name: a capital inside the sentence, or a word that the actor names know."""
        if self.language.pack.capitals:
            return any(
                t.kind == WORD and t.text[0].isupper() and (i > 0 or t.text.isupper() or phrase.last - phrase.first > 1)
                for i, t in enumerate(self.tokens[phrase.first : phrase.last], phrase.first)
            )
        actor = self.language.actors.of(self.view.sentence, phrase)
        return actor.kind is not None or actor.country is not None

    def acts(self, phrase: Phrase) -> bool:
        """Whether the phrase can act: people, forces, a named group or a state."""
        known = self._acting.get(phrase)
        if known is None:
            kind = self.language.actors.of(self.view.sentence, phrase).kind
            known = self._acting[phrase] = kind is not None or self.is_anchored(phrase)
        return known

    def names_something(self, phrase: Phrase) -> bool:
        """Whether the phrase holds a name, or a noun that the pack knows."""
        nouns = ("noun.", "group.", "actor.", "item.")
        return self.view.sentence.names(phrase.first, phrase.last, nouns) or self.is_named(phrase)

    def is_mere_place(self, phrase: Phrase) -> bool:
        """Whether the phrase is a place's name and stands for no state."""
        if self._places is None:
            return False
        mentions = self._places.mentions(self.view.sentence)
        if not any(m.first <= phrase.first and phrase.last <= m.last for m in mentions):
            return False
        return self.language.actors.read(self.view.sentence, phrase.first, phrase.last).kind is None

    def after_direction(self, phrase: Phrase) -> bool:
        """Whether the phrase begins with a place that one comes from, goes to or is at: "dari Iran"."""
        if self._places is None:
            return False
        first = phrase.first + (self.tokens[phrase.first].norm in self._prepositions)
        return any(m.cue is not None and m.first == first for m in self._places.mentions(self.view.sentence))

    def is_nameless(self, phrase: Phrase) -> bool:
        """Whether the phrase only says people, persons, families."""
        hits = self.view.sentence.hits_on(phrase.first, phrase.last)
        people = {h.concept for h in hits if h.concept.startswith(("group.", "actor.", "unit.", "noun."))}
        return bool(people) and people <= _NAMELESS and not self.is_named(phrase) and not self.is_described(phrase)

    def is_described(self, phrase: Phrase) -> bool:
        """Whether a word that no list knows tells more of the people: "unknown persons"."""
        known = self.view.sentence.taken()
        tokens = range(phrase.first, phrase.last)
        return any(self.tokens[i].kind == WORD and i not in known and not self.is_number(i) for i in tokens)

    def is_known(self, phrase: Phrase) -> bool:
        """Whether the lexicon knows people or things in the phrase."""
        return self.view.sentence.names(phrase.first, phrase.last, _THINGS)

    def in_brackets(self, phrase: Phrase) -> bool:
        """Whether the phrase stands alone in brackets: an acronym or a remark on the phrase before."""
        before = self.tokens[phrase.first - 1].text if phrase.first else ""
        after = self.tokens[phrase.last].text if phrase.last < len(self.tokens) else ""
        return before in ("(", "[") or after in (")", "]")

    def after_preposition(self, phrase: Phrase) -> bool:
        """Whether a preposition, or an ending that means as much, makes the phrase an adjunct."""
        if self.language.cases:
            return self.case(phrase) is Case.ADJUNCT
        at = self._before(phrase.first)
        if at > 0 and self.tokens[at].norm in self._prepositions and self._is_quantity(at - 1):
            at = self._before(at - 1)  # "thousands of students" are no adjunct
        return at >= 0 and self.tokens[at].norm in self._prepositions

    def _is_quantity(self, index: int) -> bool:
        """Whether a word tells how many of what follows: "thousands (of)"."""
        crowds = (h for h in self.view.hits("noun.crowd") if h.first == index and h.last == index + 1)
        return self.is_number(index) or any(crowds)

    def _before(self, index: int) -> int:
        """The word before a token, articles and figures left out; -1 for none."""
        index -= 1
        while index >= 0 and (index in self._articles or self.tokens[index].kind == NUMBER):
            index -= 1
        return index

    def left_of(self, index: int) -> Iterator[Phrase]:
        """Phrases of the same sentence part that end before a token, nearest first; one around it is cut there."""
        part = self.view.part[index - 1] if index else -1
        for phrase in reversed(self.all):
            if phrase.first >= index or self.view.part[phrase.first] != part:
                continue
            cut = phrase if phrase.last <= index else Phrase(phrase.first, index)
            if index - cut.last > _REACH:
                return
            if not self.in_brackets(phrase):
                yield cut

    def right_of(self, index: int) -> Iterator[Phrase]:
        """Phrases of the same sentence part that begin at or after a token, nearest first; one around it is cut."""
        part = self.view.part[index - 1]
        for phrase in self.all:
            if phrase.last <= index or self.view.part[phrase.first] != part:
                continue
            cut = phrase if phrase.first >= index else Phrase(index, phrase.last)
            if cut.first - index > _REACH:
                return
            if not self.in_brackets(phrase):
                yield cut


def _covered(view: View, *concepts: str) -> set[int]:
    covered: set[int] = set()
    for concept in concepts:
        for hit in view.by_concept.get(concept, ()):
            covered.update(range(hit.first, hit.last))
    return covered


def _group_at(names: PlaceNames, tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].kind == WORD and names.group_at(tokens, index) is not None
