"""What the numbers of a sentence count, and how their wording bounds them.

A figure is a number with its quantifier and its noun. Dates, ages, times, prices, distances, unit numbers and the like
are none. Bounds follow the quantifier table of the contract.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.cases import Cases
from agents.extract.fold import fold_words
from agents.extract.hits import Around
from agents.extract.numeral_words import Numerals, NumeralsError
from agents.extract.numerals import Number, find_numbers
from agents.extract.pack import Pack, PackError
from agents.extract.quantity_concepts import MONTHS
from agents.extract.text import NUMBER, PUNCT, WORD, Hit, Sentence
from streams.records import Count
from streams.vocabulary import Quantifier, Unit

MAX_NOUN_DISTANCE: Final = 4
"""Words that may stand between a figure and its noun ("42 heavily armed Russian soldiers")."""

MAX_AGE: Final = 120
MAX_RATIO: Final = 10
"""Shares are told as so many in up to ten."""

_BOUNDED: Final = (Quantifier.MORE_THAN, Quantifier.AT_LEAST, Quantifier.LESS_THAN, Quantifier.UP_TO)
_NO_COUNT_UNITS: Final = ("length", "money", "duration", "age", "mass", "thing", "place", "animal", "event")
_NO_COUNT: Final = frozenset(f"unit.{name}" for name in _NO_COUNT_UNITS)
_NOUNS: Final = ("unit", "group", "displaced", "item")
_THINGS: Final = ("noun.territory", "noun.house", "noun.infrastructure", "noun.base", "noun.position", "noun.arms")
_ENDS_PHRASE: Final = ("func.stop", "func.verb", "term", "move", "act", "say", "time", "part", "share", "quant", "flow")
_PLAIN_GROUPS: Final = frozenset(
    [
        *("people", "residents", "villagers", "citizens", "nationals", "families", "refugees", "migrants"),
        *("evacuees", "relatives", "displaced_people", "homeless_people", "asylum_seekers"),
    ]
)
"""Words for people as such: a figure of them counts people, not a group of them."""

_SAME_GROUP: Final = {"injured": "wounded", "infants": "children", "babies": "children", "minors": "children"}
_TIMES_BEFORE: Final = (*(f"time.{name}" for name in MONTHS), "time.clock")
_TIMES_AFTER: Final = (*_TIMES_BEFORE, "time.year")
_PERSON: Final = "unit.person"
_HOUSEHOLD: Final = "unit.household"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that counts something, in tokens `first`..`last` (quantifier and noun included) of a sentence.

    `noun` is the concept of what is counted, None where the figure stands alone or its noun is unknown (`unknown`).
    `share` holds the bounds of a share in 0..1 instead of a count. `head` is the token after the number itself.
    """

    first: int
    last: int
    number: Number | None
    count: Count
    noun: str | None
    unit: Unit | None
    group: str | None
    unknown: bool = False
    share: tuple[float | None, float | None] | None = None

    @property
    def of_people(self) -> bool:
        """Whether its noun says that it counts people or households."""
        return self.unit is not None


def group_name(concept: str) -> str | None:
    """The English plural noun of a `group.*` concept, None for people as such."""
    word = concept.partition(".")[2]
    return None if word in _PLAIN_GROUPS else _SAME_GROUP.get(word, word).replace("_", " ")


def bounds(quantifier: Quantifier, value: int) -> Count:
    """The count of a value with a quantifier, by the contract's table."""
    low = value if quantifier in (Quantifier.EXACT, Quantifier.MORE_THAN, Quantifier.AT_LEAST) else None
    high = value if quantifier in (Quantifier.EXACT, Quantifier.LESS_THAN, Quantifier.UP_TO) else None
    return Count(quantifier=quantifier, reported=value, low=low, high=high)


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
        numbers = find_numbers(self.numerals, sentence.tokens)
        if not numbers:
            return []
        around = Around.of(sentence)
        numbers = [n for n in numbers if not _in_share(sentence, n)]
        numbers, ratios = _ratios(around, numbers)
        starts = frozenset(number.first for number in numbers)
        figures = _partitive(around, [f for n in numbers if (f := self._figure(around, n, starts)) is not None])
        told = [hit for hit in sentence.hits if hit.concept in _SHARES]
        shares = [f for hit in told if (f := self._share(around, hit, figures)) is not None]
        return sorted([*figures, *shares, *ratios], key=lambda figure: figure.first)

    def _figure(self, around: Around, number: Number, starts: frozenset[int]) -> Figure | None:
        percent = number.percent or around.at(number.last, "unit.percent") is not None
        if percent:
            return self._percent(around, number)
        if _is_named(around, number) or _is_time(around, number):
            return None
        noun = self._noun(around, number.last, starts)
        quantifier, first = _quantifier(around, number, noun.last if noun else number.last)
        count = _count(number, quantifier)
        if count is None or (noun is not None and noun.concept in _NO_COUNT) or _is_age(around, number, noun):
            return None
        if noun is None:
            return self._alone(around, number, first, count)
        if noun.concept.startswith(_THINGS):
            return None
        unit = _unit(noun.concept)
        group = group_name(noun.concept) if noun.concept.startswith("group.") else None
        return Figure(first, max(noun.last, number.last), number, count, noun.concept, unit, group)

    def _alone(self, around: Around, number: Number, first: int, count: Count) -> Figure | None:
        """A figure without a noun behind it: the noun may stand before it, be unknown, or be missing."""
        before = around.before(number.first, "unit.person", "unit.household", "group")
        if before is not None and self.inverted:
            if count.quantifier is Quantifier.EXACT and count.reported is not None:
                count = bounds(Quantifier.APPROXIMATELY, count.reported)
            return Figure(before.first, number.last, number, count, before.concept, _unit(before.concept), None)
        if number.weak or _is_year(around, number):
            return None
        if self._counts_nation(around, number.last):
            return Figure(first, number.last + 1, number, count, _PERSON, Unit.PERSON, None)
        unknown = _has_unknown_noun(around, number.last)
        return Figure(first, number.last, number, count, None, None, None, unknown)

    def _counts_nation(self, around: Around, at: int) -> bool:
        """Whether the word at `at` names people by their country, and no noun follows that it describes."""
        tokens = around.sentence.tokens
        if at >= len(tokens) or tokens[at].kind != WORD or not any(map(self.is_nation, fold_words(tokens[at].text))):
            return False
        if not self.head_last:
            return True
        after = at + 1
        return after >= len(tokens) or tokens[after].kind != WORD or around.at(after, *_ENDS_PHRASE, "cue") is not None

    def _noun(self, around: Around, at: int, starts: frozenset[int]) -> Hit | None:
        """What is counted: the head of the noun phrase after the number, which ends where another number starts."""
        first = at
        found: Hit | None = None
        end = min(len(around.sentence.tokens), at + MAX_NOUN_DISTANCE + 1)
        while at < end:
            if at in starts:
                return None if around.at(first, "func.link") is not None else found
            token = around.sentence.tokens[at]
            if found is not None and self.cases and self._is_closed(around, found, at):
                break
            bound = _after_hit(around, at) if found is None else None
            if bound is not None and self.head_last:
                at = bound.last
                continue
            if found is not None and _unit(found.concept) and around.at(at, "term", "move", "act") is not None:
                break
            hit = around.at(at, *_NOUNS, *_THINGS)
            if hit is not None and not (hit.concept.startswith("unit.") and found and not self.head_last):
                found = _better(around, hit)
                at = hit.last
                if not self.head_last:
                    return self._household_behind(around, found)
                continue
            if token.kind == NUMBER or (token.kind == PUNCT and token.text not in "-‐‑“”\"«»'’"):
                break
            if around.at(at, *_ENDS_PHRASE) is not None and not _links(around, at, found is None):
                break
            at += 1
        return found

    def _is_closed(self, around: Around, found: Hit, at: int) -> bool:
        """Whether a phrase that ended in `found` is over before token `at`: by its ending, a gap, or a name."""
        last, token = around.sentence.tokens[found.last - 1].norm, around.sentence.tokens[at]
        if at > found.last or self.cases.of(last) is not None or token.text[0].isupper():
            return True
        if found.concept == "unit.age":
            return True
        people = _unit(found.concept) is not None and around.at(at, "group", "displaced", _PERSON, _HOUSEHOLD) is None
        return people and not self.cases.is_possessed(token.norm)

    def _household_behind(self, around: Around, found: Hit) -> Hit:
        """`1028 переміщених родин`: the noun after an adjective that is also a noun for people."""
        behind = around.at(found.last, _HOUSEHOLD)
        return behind if behind is not None and found.concept.startswith(("displaced.", "group.")) else found

    def _percent(self, around: Around, number: Number) -> Figure | None:
        """A percentage as a share of the figure before it."""
        if number.value is None or not 0 < number.value <= 100:
            return None
        quantifier, first = _quantifier(around, number, number.last)
        part = round(float(number.value) / 100, 4)
        last = around.at(number.last, "unit.percent")
        return _share_figure(first, last.last if last else number.last, quantifier or Quantifier.EXACT, part)

    def _share(self, around: Around, hit: Hit, figures: Sequence[Figure]) -> Figure | None:
        value = _SHARES[hit.concept]
        if any(f.first <= hit.first < f.last for f in figures):
            return None
        if hit.concept == "share.most":
            return _share_figure(hit.first, hit.last, Quantifier.MORE_THAN, 0.5)
        quantifier, first = _quantifier(around, Number(hit.first, hit.last, None), hit.last)
        return _share_figure(first, hit.last, quantifier or Quantifier.EXACT, value)


_SHARES: Final = {
    "share.half": 0.5,
    "share.third": 0.33,
    "share.two_thirds": 0.67,
    "share.quarter": 0.25,
    "share.three_quarters": 0.75,
    "share.fifth": 0.2,
    "share.most": 0.5,
}


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
    if around.at(part.last, "func.link") is None or around.any(part.last, whole.first, "part", "term", "move", "act"):
        return False
    tokens = around.sentence.tokens[part.last : whole.first]
    size = part.count.reported or part.count.low or part.count.high or 0
    return all(t.kind == WORD or t.text in "-'’" for t in tokens) and size < (whole.count.reported or 0)


def _ratios(around: Around, numbers: list[Number]) -> tuple[list[Number], list[Figure]]:
    """`three in five` is a share of what stands before it; the other numbers stay."""
    kept: list[Number] = []
    ratios: list[Figure] = []
    for number in numbers:
        part = kept[-1] if kept else None
        link = around.at(part.last, "share.out_of") if part is not None else None
        if part is None or link is None or link.last != number.first or not _is_ratio(part, number):
            kept.append(number)
            continue
        kept.pop()
        quantifier, first = _quantifier(around, part, number.last)
        value = round((part.count or 0) / (number.count or 1), 2)
        ratios.append(_share_figure(first, number.last, quantifier or Quantifier.EXACT, value))
    return kept, ratios


def _is_ratio(part: Number, whole: Number) -> bool:
    return 0 < (part.count or 0) < (whole.count or 0) <= MAX_RATIO


def _share_figure(first: int, last: int, quantifier: Quantifier, value: float) -> Figure:
    low = value if quantifier in (Quantifier.EXACT, Quantifier.MORE_THAN, Quantifier.AT_LEAST) else None
    high = value if quantifier in (Quantifier.EXACT, Quantifier.LESS_THAN, Quantifier.UP_TO) else None
    count = Count(quantifier=quantifier, reported=None, low=None, high=None)
    return Figure(first, last, None, count, None, None, None, share=(low, high))


def _in_share(sentence: Sentence, number: Number) -> bool:
    """Whether a number is a word of a share ("two thirds", "üçte ikisi")."""
    return any(h.concept in _SHARES and h.first <= number.first and number.last <= h.last for h in sentence.hits)


def _unit(concept: str) -> Unit | None:
    if concept == _HOUSEHOLD or concept == "group.families":
        return Unit.HOUSEHOLD
    if concept == _PERSON or concept.startswith(("group.", "displaced.")):
        return Unit.PERSON
    return None


def _better(around: Around, hit: Hit) -> Hit:
    """Of several readings of the same words, the one that says most about people."""
    same = [h for h in around.starting[hit.first] if h.last == hit.last]
    for family in (_HOUSEHOLD, "displaced", _PERSON, "group"):
        for candidate in same:
            if candidate.concept == family or candidate.concept.split(".", 1)[0] == family:
                return candidate
    return hit


def _links(around: Around, at: int, unseen: bool) -> bool:
    """Whether the word at `at` may stand between a figure and its noun ("300 of the", "another", "more")."""
    if around.at(at, "displaced") is not None:
        return True
    return unseen and around.at(at, "func.link", "func.article", "part.another") is not None


def _has_unknown_noun(around: Around, at: int) -> bool:
    """Whether a word that no list knows follows, which may be what is counted ("612 Rohingya")."""
    tokens = around.sentence.tokens
    if at >= len(tokens) or tokens[at].kind != WORD:
        return False
    return around.at(at, *_ENDS_PHRASE, "cue", "site") is None


def _quantifier(around: Around, number: Number, after: int) -> tuple[Quantifier | None, int]:
    """The quantifier around a number, and the first token of its wording."""
    first, found = number.first, None
    for _ in range(3):
        hit = around.before(first, "quant") or _before_article(around, first)
        if hit is None or hit.concept.endswith("_after"):
            break
        first = hit.first
        name = hit.concept.removeprefix("quant.")
        if name != "exactly" and (found is None or found is Quantifier.APPROXIMATELY):
            found = Quantifier(name)
    if found is None or found is Quantifier.APPROXIMATELY:
        for at in dict.fromkeys((number.last, after)):
            hit = _after_hit(around, at)
            if hit is not None:
                return Quantifier(hit.concept.removeprefix("quant.").removesuffix("_after")), first
    return found, first


def _before_article(around: Around, first: int) -> Hit | None:
    """The quantifier before an article ("nearly a million")."""
    article = around.before(first, "func.article")
    return around.before(article.first, "quant") if article is not None else None


def _after_hit(around: Around, at: int) -> Hit | None:
    return next(
        (h for h in around.starting.get(at, ()) if h.concept.startswith("quant.") and h.concept.endswith("_after")),
        None,
    )


def _count(number: Number, quantifier: Quantifier | None) -> Count | None:
    if number.high is not None and number.low is not None:
        return Count(quantifier=Quantifier.BETWEEN, reported=None, low=int(number.low), high=int(number.high))
    if number.value is None:
        if quantifier in _BOUNDED and number.vague_value is not None:
            return bounds(quantifier, number.vague_value)
        return Count(quantifier=Quantifier.VAGUE, reported=None, low=int(number.low or 0), high=None)
    value = number.count
    if value is None or value <= 0:
        return None
    return bounds(quantifier or _own(number), value)


def _own(number: Number) -> Quantifier:
    """What the number's own form says: endings, plus signs, round words."""
    if number.more:
        return Quantifier.MORE_THAN
    if number.up_to:
        return Quantifier.UP_TO
    return Quantifier.APPROXIMATELY if number.approximate else Quantifier.EXACT


def _is_named(around: Around, number: Number) -> bool:
    """`Highway 10`, `Rp 20`, `USD 5 million`, `12 Gubkin street`, `улица Губкина, 55`."""
    if around.before(number.first, "unit.numbered", "unit.money") is not None:
        return True
    tokens, comma = around.sentence.tokens, number.first - 1
    if comma < 2 or tokens[comma].text != "," or not number.digits:
        return False
    return any(around.before(at, "unit.numbered") is not None for at in range(max(0, comma - 2), comma))


def _is_time(around: Around, number: Number) -> bool:
    """Whether the number is a day of a month, a year with its word, or an hour."""
    beside = (
        around.at(number.last, *_TIMES_AFTER),
        around.before(number.first, *_TIMES_BEFORE),
    )
    if not any(beside):
        return False
    return number.value is None or (number.scale == 1 and number.value < 2200)


def _is_year(around: Around, number: Number) -> bool:
    tokens = around.sentence.tokens[number.first : number.last]
    return len(tokens) == 1 and len(tokens[0].text) == 4 and number.digits and 1900 <= (number.count or 0) < 2100


def _is_age(around: Around, number: Number, noun: Hit | None) -> bool:
    """`Amina Salimo, 34, heard`: a small figure alone between commas or in brackets."""
    if noun is not None or not number.digits or (number.count or MAX_AGE) >= MAX_AGE:
        return False
    tokens = around.sentence.tokens
    before = tokens[number.first - 1].text if number.first else ""
    after = tokens[number.last].text if number.last < len(tokens) else "."
    return before in (",", "(", "،") and after in (",", ")", ".", "،", ";")


def figures_of(analysis: Analysis, reader: FigureReader, sentence: Sentence) -> list[Figure]:
    """The figures of a sentence of this article, read once."""
    key = ("figures", sentence.index)
    if key not in analysis.memo:
        analysis.memo[key] = reader.read(sentence)
    found: list[Figure] = analysis.memo[key]
    return found
