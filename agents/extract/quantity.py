"""What the numbers of a sentence count, and how their wording bounds them.

A figure is a number with its quantifier and its noun. Dates, ages, times, prices, distances, unit numbers and the like
are none. Bounds follow the quantifier table of the contract.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from agents.extract.cases import Cases
from agents.extract.concepts import bits
from agents.extract.figures import Figure, group_name
from agents.extract.fold import fold_words
from agents.extract.hits import Around, any_of, longest
from agents.extract.no_count import is_age, is_named, is_time, is_year
from agents.extract.numeral_words import Numerals, NumeralsError
from agents.extract.numerals import Number, numbers_of
from agents.extract.pack import Pack, PackError
from agents.extract.quantifiers import after_hit, bounds, count_of, quantifier_of
from agents.extract.shares import SHARES, in_share, ratios_of, share_figure
from agents.extract.text import NUMBER, PUNCT, WORD, Hit, Sentence
from streams.vocabulary import Quantifier, Unit

MAX_NOUN_DISTANCE: Final = 4
"""Words that may stand between a figure and its noun ("42 heavily armed Russian soldiers")."""


_PART_REACH: Final = 4
"""Words after a number within which the number that it is a part of begins."""

_NO_COUNT_UNITS: Final = ("length", "money", "duration", "age", "mass", "thing", "place", "animal", "event")
_NO_COUNT: Final = frozenset(f"unit.{name}" for name in _NO_COUNT_UNITS)
_THINGS: Final = any_of(
    *("noun.territory", "noun.house", "noun.infrastructure", "noun.base", "noun.position", "noun.arms")
)
_OTHER_COUNTS: Final = _NO_COUNT | _THINGS
"""What is counted in figures that count nobody."""
_NOUNS: Final = _THINGS | any_of("unit", "group", "displaced", "item")
_ENDS_PHRASE: Final = any_of(
    *("func.stop", "func.verb", "say.verb", "say.according", "say.stated"),
    *("term", "move", "act", "time", "part", "share", "quant", "flow"),
)
_ENDS_NATION: Final = _ENDS_PHRASE | any_of("cue")
_NEVER_COUNTED: Final = _ENDS_NATION | any_of("site")
"""What is no noun that a figure may count, where no list knows it."""

_LINK: Final = any_of("func.link")
_LINKS: Final = any_of("func.link", "func.article", "part.another")
_BEHIND_PEOPLE: Final = any_of("term", "move", "act", "func.link", "func.article")
"""What stands behind people who are counted, and never inside what they are called."""

_AGE: Final = "unit.age"
_PERSON: Final = "unit.person"
_DESCRIBING: Final = any_of("group.elderly", "group.wounded", "group.sick", "group.disabled_people")
"""Groups by words that describe people: "elderly residents"."""

_HOUSEHOLDS: Final = any_of("unit.household")
_PERSONS: Final = any_of(_PERSON)
_DISPLACED: Final = any_of("displaced")
_GROUPS: Final = any_of("group")
_COUNTED: Final = _PERSONS | _HOUSEHOLDS | _GROUPS
_PEOPLE: Final = _COUNTED | _DISPLACED
_UNIT: Final = dict.fromkeys(_PEOPLE, Unit.PERSON) | dict.fromkeys(_HOUSEHOLDS | {"group.families"}, Unit.HOUSEHOLD)
"""What is counted in figures of people, by the concept of their noun."""

_SHARE_BITS: Final = bits(*SHARES)
_PERCENT: Final = any_of("unit.percent")
_PERCENT_BITS: Final = bits(*_PERCENT)
_AND: Final = any_of("cue.and")
_CROSSED: Final = any_of("part", "term", "move", "act")
"""What parts a figure from the whole that it is of."""


class FigureReader:
    """Reads the figures of sentences; `head_last` and `inverted` are facts of the language.

    `is_nation` knows words made of country names: what follows a figure then is people ("82 Turks"). `cases` tells
    endings that close a noun phrase.
    """

    def __init__(
        self, numerals: Numerals, head_last: bool, inverted: bool, is_nation: Callable[[str], bool], cases: Cases
    ) -> None:
        self.numerals = numerals
        self.cases = cases
        self.is_nation = is_nation
        self.head_last = head_last
        self.inverted = inverted

    @classmethod
    def of_pack(
        cls, pack: Pack, is_nation: Callable[[str], bool] = lambda _: False, cases: Cases | None = None
    ) -> "FigureReader":
        """The reader of a pack's language.

        Raises:
            PackError: its `[numerals]` table is wrong.
        """
        table = pack.data.get("numerals", {})
        try:
            numerals = Numerals.of(table, pack.spelling.normal)
        except NumeralsError as error:
            raise PackError(f"{pack.code}.toml", error.key, error.reason) from error
        return cls(
            numerals, pack.noun_order == "head_last", bool(table.get("inverted")), is_nation, cases or Cases.none()
        )

    def read(self, sentence: Sentence) -> list[Figure]:
        """All figures of a sentence that count something or might, in order; shares only beside a number."""
        numbers = numbers_of(self.numerals, sentence)
        if not numbers:
            return []
        around = Around.of(sentence)
        told = [hit for hit in sentence.hits if hit.concept in SHARES] if sentence.concepts & _SHARE_BITS else []
        numbers = [n for n in numbers if not in_share(told, n)] if told else numbers
        numbers, ratios = ratios_of(around, numbers)
        starts = {number.first: number.last for number in numbers}
        figures = [f for n in numbers if (f := self._figure(around, n, starts)) is not None]
        if len(figures) > 1:
            figures = _partitive(around, figures)
        shares = [f for hit in told if (f := self._share(around, hit, figures)) is not None] if told else []
        return sorted([*figures, *shares, *ratios], key=lambda f: f.first) if shares or ratios else figures

    def _figure(self, around: Around, number: Number, starts: Mapping[int, int]) -> Figure | None:
        if number.percent or (around.concepts & _PERCENT_BITS and any(_percent_words(around, number))):
            return self._percent(around, number)
        if is_named(around, number) or is_time(around, number):
            return None
        noun = self._noun(around, number.last, starts)
        if noun is None:
            return self._alone(around, number, starts)
        if noun.concept in _OTHER_COUNTS:
            return None
        quantifier, first = quantifier_of(around, number, noun.last)
        count = count_of(number, quantifier)
        if count is None:
            return None
        unit = _UNIT.get(noun.concept)
        group = self._group(around, number, noun)
        return Figure(first, max(noun.last, number.last), number, count, noun.concept, unit, group)

    def _group(self, around: Around, number: Number, noun: Hit) -> str | None:
        """What part of people a noun counts; none where it counts them with others ("tourists and residents")."""
        if noun.concept.startswith("group."):
            both = around.at(noun.last, _AND) is not None and around.at(noun.last + 1, _PERSONS) is not None
            return None if both else group_name(noun.concept)
        if noun.concept != _PERSON:
            return None
        beside = range(number.last, noun.first) if self.head_last else (noun.last,)
        found = next((hit for at in beside if (hit := around.at(at, _DESCRIBING)) is not None), None)
        return group_name(found.concept) if found is not None else None

    def _alone(self, around: Around, number: Number, starts: Mapping[int, int]) -> Figure | None:
        """A figure without a noun behind it: the noun may stand before it, be unknown, or be missing."""
        before = around.before(number.first, _COUNTED) if self.inverted else None
        if before is None and (number.weak or is_year(around, number)):
            return None
        if is_age(around, number) or self._is_of_things(around, number.last, starts):
            return None
        quantifier, first = quantifier_of(around, number, number.last)
        count = count_of(number, quantifier)
        if count is None:
            return None
        if before is not None:
            if count.quantifier is Quantifier.EXACT and count.reported is not None:
                count = bounds(Quantifier.APPROXIMATELY, count.reported)
            return Figure(before.first, number.last, number, count, before.concept, _UNIT.get(before.concept), None)
        if self._counts_nation(around, number.last):
            return Figure(first, number.last + 1, number, count, _PERSON, Unit.PERSON, None)
        unknown = _has_unknown_noun(around, number.last)
        return Figure(first, number.last, number, count, None, None, None, unknown)

    def _counts_nation(self, around: Around, at: int) -> bool:
        """Whether the word at `at` names people by their country, and no noun follows that it describes."""
        tokens = around.tokens
        if at >= len(tokens) or tokens[at].kind != WORD or not any(map(self.is_nation, fold_words(tokens[at].text))):
            return False
        if not self.head_last:
            return True
        after = at + 1
        return after >= len(tokens) or tokens[after].kind != WORD or around.at(after, _ENDS_NATION) is not None

    def _noun(self, around: Around, at: int, starts: Mapping[int, int]) -> Hit | None:
        """What is counted: the head of the noun phrase after the number, which ends where another number starts."""
        first = at
        found: Hit | None = None
        end = min(len(around.tokens), at + MAX_NOUN_DISTANCE + 1)
        while at < end:
            if at in starts:
                return None if around.at(first, _LINK) is not None else found
            token = around.tokens[at]
            if found is not None and self.cases and self._is_closed(around, found, at):
                break
            here = around.starting(at)
            bound = after_hit(here) if here and found is None and self.head_last else None
            if bound is not None:
                at = bound.last
                continue
            if here and found is not None and found.concept in _UNIT and longest(here, _BEHIND_PEOPLE) is not None:
                break
            hit = longest(here, _NOUNS)
            if hit is not None:
                found = _better(around, hit, here)
                at = hit.last
                if not self.head_last:
                    return self._household_behind(around, found)
                if hit.concept == _AGE:
                    return hit  # "an eight-year-old boy" is one
                continue
            if token.kind == NUMBER or (token.kind == PUNCT and token.text not in "-‐‑“”\"«»'’"):
                break
            if here and _ends_phrase(here, found):
                break
            at += 1
        return found

    def _is_of_things(self, around: Around, at: int, starts: Mapping[int, int]) -> bool:
        """Whether a number is a part of a number of things: "ten of the eighteen districts"."""
        if around.at(at, _LINK) is None:
            return False
        whole = next((starts[i] for i in range(at + 1, at + _PART_REACH) if i in starts), None)
        noun = self._noun(around, whole, starts) if whole is not None else None
        return noun is not None and noun.concept in _OTHER_COUNTS

    def _is_closed(self, around: Around, found: Hit, at: int) -> bool:
        """Whether a phrase that ended in `found` is over before token `at`: by its ending, a gap, or a name."""
        last, token = around.tokens[found.last - 1].norm, around.tokens[at]
        if at > found.last or self.cases.of(last) is not None or token.text[0].isupper():
            return True
        if found.concept == _AGE:
            return True
        people = found.concept in _UNIT and around.at(at, _PEOPLE) is None
        return people and not self.cases.is_possessed(token.norm)

    def _household_behind(self, around: Around, found: Hit) -> Hit:
        """`1028 переміщених родин`: the noun after an adjective that is also a noun for people."""
        behind = around.at(found.last, _HOUSEHOLDS)
        return behind if behind is not None and found.concept.startswith(("displaced.", "group.")) else found

    def _percent(self, around: Around, number: Number) -> Figure | None:
        """A percentage as a share of the figure before it."""
        if number.value is None or not 0 < number.value <= 100:
            return None
        quantifier, first = quantifier_of(around, number, number.last)
        part = round(float(number.value) / 100, 4)
        ahead, behind = _percent_words(around, number)
        first = min(first, ahead.first) if ahead else first
        return share_figure(first, behind.last if behind else number.last, quantifier or Quantifier.EXACT, part)

    def _share(self, around: Around, hit: Hit, figures: Sequence[Figure]) -> Figure | None:
        value = SHARES[hit.concept]
        if any(f.first <= hit.first < f.last for f in figures):
            return None
        if hit.concept == "share.most":
            return share_figure(hit.first, hit.last, Quantifier.MORE_THAN, 0.5)
        quantifier, first = quantifier_of(around, Number(hit.first, hit.last, None), hit.last)
        return share_figure(first, hit.last, quantifier or Quantifier.EXACT, value)


def _percent_words(around: Around, number: Number) -> tuple[Hit | None, Hit | None]:
    """The words for "per cent" right before a number ("yüzde 90'ı") and right behind it."""
    return around.before(number.first, _PERCENT), around.at(number.last, _PERCENT)


def _partitive(around: Around, figures: list[Figure]) -> list[Figure]:
    """`200 of the town's 9,000 inhabitants` counts 200 inhabitants; the whole is no figure of its own."""
    out: list[Figure] = []
    for figure in figures:
        part = out[-1] if out else None
        if part is not None and _is_whole_of(around, part, figure):
            out[-1] = replace(part, noun=figure.noun, unit=figure.unit, group=figure.group, unknown=False)
        else:
            out.append(figure)
    return out


def _is_whole_of(around: Around, part: Figure, whole: Figure) -> bool:
    if part.noun is not None or not whole.of_people or not 0 < whole.first - part.last <= MAX_NOUN_DISTANCE + 1:
        return False
    if around.at(part.last, _LINK) is None or around.any(part.last, whole.first, _CROSSED):
        return False
    tokens = around.tokens[part.last : whole.first]
    size = part.count.reported or part.count.low or part.count.high or 0
    return all(t.kind == WORD or t.text in "-'’" for t in tokens) and size < (whole.count.reported or 0)


def _better(around: Around, hit: Hit, here: Sequence[Hit]) -> Hit:
    """Of several readings of the same words, the one that says most about people; `here` begin where it does."""
    household = around.before(hit.last, _HOUSEHOLDS)
    if household is not None and household.first >= hit.first:
        return household
    if len(here) > 1:
        for concepts in (_DISPLACED, _PERSONS, _GROUPS):
            for candidate in here:
                if candidate.last == hit.last and candidate.concept in concepts:
                    return candidate
    return hit


def _ends_phrase(here: Sequence[Hit], found: Hit | None) -> bool:
    """Whether the word that these hits begin at ends the phrase in which `found` is what is counted so far.

    What may stand between a figure and its noun ends none ("300 of the", "another", "more").
    """
    if found is not None and found.concept in _NO_COUNT and longest(here, _LINK) is not None:
        return True
    if longest(here, _ENDS_PHRASE) is None or longest(here, _DISPLACED) is not None:
        return False
    return found is not None or longest(here, _LINKS) is None


def _has_unknown_noun(around: Around, at: int) -> bool:
    """Whether a word that no list knows follows, which may be what is counted ("612 Rohingya")."""
    tokens = around.tokens
    if at >= len(tokens) or tokens[at].kind != WORD:
        return False
    return around.at(at, _NEVER_COUNTED) is None


def figures_of(reader: FigureReader, sentence: Sentence) -> list[Figure]:
    """The figures of a sentence of this article, read once."""
    known: list[Figure] | None = sentence.memo.get("figures")
    if known is None:
        known = sentence.memo["figures"] = reader.read(sentence)
    return known
