"""Things that a text numbers with an act: weapons used or taken, vehicles and buildings destroyed.

A thing is found from its noun: the number stands before it with nothing but its own attributes between, whatever else
these words may mean ("two strike drones", "four settlers' houses").
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import ITEM_CLASS
from agents.extract.groups import ActorKind
from agents.extract.hits import Around, any_of
from agents.extract.language import Language
from agents.extract.no_count import is_year
from agents.extract.numerals import Number, numbers_of
from agents.extract.quantifiers import after_hit, bounds, count_of, quantifier_of
from agents.extract.results import Draft
from agents.extract.text import PUNCT, Hit, Sentence
from agents.extract.view import View
from streams.records import Count, Item
from streams.vocabulary import Quantifier
from streams.vocabulary import SubEventType as T

_REACH: Final = 4
_RUIN_REACH: Final = 8
_WRONG_SIDE: Final = 4
"""How much farther a verb seems on the side where its things do not stand."""

_HYPHENS: Final = frozenset("-‐‑")
_INNER_MARKS: Final = _HYPHENS | frozenset("־\"«»“”'’")
_ENDS: Final = any_of(
    *("func.stop", "func.verb", "func.pronoun", "say", "quant", "cue.and", "cue.clause", "term", "move", "group"),
    *("unit.duration", "unit.length", "unit.money", "unit.mass", "unit.age"),
)
_JOINS: Final = any_of("func.link", "func.article")
_NO_THINGS: Final = any_of("group", "unit", "time")
_MODIFIED: Final = any_of("noun.strike", "noun.attack", "noun.explosion", "noun.air_strike")
_RUINS: Final = ("act.destroy", "act.burn", "act.damage", "act.loot")
_FLYING: Final = frozenset(
    f"item.{item}" for item, kind in ITEM_CLASS.items() if kind in ("missile", "drone", "aircraft")
)
_ARMS: Final = frozenset(("artillery", "missile", "drone", "explosive", "grenade", "small_arms", "air_bomb"))
_RUINED: Final = frozenset(("artillery", "building", "vehicle", "aircraft", "small_arms"))
_BY_FORM: Final = (("cue.dual", 2), ("cue.single", 1))
"""Concepts of nouns that tell their own number."""

_SAME: Final = MappingProxyType(
    {"ballistic_missile": "missile", "ied": "explosive_device", "mine": "landmine", "pickup": "truck"}
)
"""Nouns that are told by a shorter one."""

_OF_TYPE: Final = MappingProxyType(
    {
        T.DISRUPTED_WEAPONS_USE: _ARMS | {"vehicle", "aircraft", "vest"},
        T.AIR_DRONE_STRIKE: frozenset(("drone", "air_bomb", "aircraft")),
        T.SHELLING_ARTILLERY_MISSILE_ATTACK: frozenset(("missile",)),
        T.CHEMICAL_WEAPON: frozenset(("air_bomb",)),
        T.REMOTE_EXPLOSIVE_LANDMINE_IED: frozenset(("explosive",)),
        T.SUICIDE_BOMB: frozenset(("explosive",)),
        T.GRENADE: frozenset(("grenade",)),
        T.LOOTING_PROPERTY_DESTRUCTION: frozenset(("building", "vehicle")),
        T.MOB_VIOLENCE: frozenset(("building", "vehicle")),
        T.VIOLENT_DEMONSTRATION: frozenset(("building", "vehicle")),
        T.GOVERNMENT_REGAINS_TERRITORY: frozenset(("ground",)),
        T.NON_STATE_ACTOR_OVERTAKES_TERRITORY: frozenset(("ground",)),
        T.CHANGE_TO_GROUP_ACTIVITY: frozenset(("small_arms", "artillery")),
    }
)
"""Sub-event type → classes of the things that such acts use, take or destroy."""

_BESIDE: Final = MappingProxyType(
    {
        T.AIR_DRONE_STRIKE: frozenset(("missile",)),
        T.SHELLING_ARTILLERY_MISSILE_ATTACK: frozenset(("drone",)),
        T.LOOTING_PROPERTY_DESTRUCTION: frozenset(("small_arms",)),
    }
)
"""What belongs to an act only where no other act of the sentence has it: "with 400 drones and 40 missiles"."""

_RUINOUS: Final = frozenset((T.AIR_DRONE_STRIKE, T.SHELLING_ARTILLERY_MISSILE_ATTACK, T.REMOTE_EXPLOSIVE_LANDMINE_IED))


@dataclass(slots=True)
class Thing:
    """A numbered thing in tokens `first`..`last`; `ruined`: a word of destruction stands by it."""

    first: int
    last: int
    name: str
    figure: Count
    ruined: bool

    @property
    def kind(self) -> str:
        """Its class."""
        return ITEM_CLASS[self.name]


def items(
    analysis: Analysis, language: Language, draft: Draft, drafts: Sequence[Draft], behind: Sentence | None
) -> tuple[Item, ...]:
    """The things that belong to a draft, `drafts` being all of its sentence; the sentence behind may tell of ruins."""
    if draft.type not in _OF_TYPE:
        return ()
    reader = _Things(analysis, language)
    sentence = draft.view.sentence
    own = [t for t in reader.of(sentence) if reader.nearest(t, drafts) is draft]
    if draft.type is T.DISRUPTED_WEAPONS_USE:
        own = reader.unnamed(draft) or own
    if draft.type in _RUINOUS and behind is not None:
        own += [t for t in reader.of(behind) if t.ruined and _may_be_of(t, draft)]
    return tuple(dict.fromkeys(_item(thing, draft) for thing in own))


def _item(thing: Thing, draft: Draft) -> Item:
    name, count = thing.name, thing.figure
    if name == "rocket_or_missile":
        name = "rocket" if draft.actor is not None and draft.actor.kind is ActorKind.ARMED_GROUP else "missile"
    name = _SAME.get(name, name).replace("_", " ")
    return Item(item=name, quantifier=count.quantifier, reported=count.reported, low=count.low, high=count.high)


def _may_be_of(thing: Thing, draft: Draft) -> bool:
    if thing.kind in _OF_TYPE.get(draft.type, ()):
        return True
    return draft.type in _RUINOUS and thing.ruined and thing.kind in _RUINED


class _Things:
    """Reads the numbered things of an article's sentences, each sentence once."""

    def __init__(self, analysis: Analysis, language: Language) -> None:
        self.analysis = analysis
        self.language = language

    def of(self, sentence: Sentence) -> tuple[Thing, ...]:
        """All numbered things of a sentence, in order."""
        key = ("things", sentence.index)
        if key not in self.analysis.memo:
            self.analysis.memo[key] = tuple(self._read(sentence))
        found: tuple[Thing, ...] = self.analysis.memo[key]
        return found

    def _read(self, sentence: Sentence) -> Iterator[Thing]:
        nouns = [h for h in sentence.hits if h.concept.startswith("item.")]
        if not nouns:
            return
        view = View.of(self.analysis, sentence)
        around = Around.of(sentence)
        numbers = self._numbers(sentence)
        starts = frozenset(n.first for n in numbers)
        counted = set()
        for number in numbers:
            noun = self._noun(around, number, nouns, starts)
            if noun is not None:
                quantifier, first = quantifier_of(around, number, number.last)
                count = count_of(number, quantifier)
                counted.add(noun.first)
                if count is not None:
                    yield Thing(first, noun.last, noun.concept[5:], count, _is_ruined(view, noun))
        for concept, value in _BY_FORM:
            for form in view.hits(concept):
                noun = max((h for h in nouns if h.first <= form.first < h.last), key=lambda h: h.last, default=None)
                if noun is not None and noun.first not in counted:
                    counted.add(noun.first)
                    yield Thing(noun.first, noun.last, noun.concept[5:], bounds(Quantifier.EXACT, value), ruined=False)

    def nearest(self, thing: Thing, drafts: Iterable[Draft]) -> Draft | None:
        """Of the drafts that may have the thing, the one told nearest to it, verbs that stand last behind it."""
        last = self.language.pack.verb_order == "sov"

        def distance(draft: Draft) -> int:
            behind = thing.first >= draft.trigger.last
            gap = thing.first - draft.trigger.last if behind else draft.trigger.first - thing.last
            return gap + _WRONG_SIDE * (behind is last)

        fit = [d for d in drafts if _may_be_of(thing, d)]
        beside = [] if fit else [d for d in drafts if thing.kind in _BESIDE.get(d.type, ())]
        return min(fit or beside, key=distance, default=None)

    def _numbers(self, sentence: Sentence) -> list[Number]:
        return numbers_of(self.language.figures.numerals, sentence)

    def _noun(self, around: Around, number: Number, nouns: Sequence[Hit], starts: frozenset[int]) -> Hit | None:
        """The noun that a number counts: the first behind it, or the last of a run where heads stand last."""
        if number.percent or is_year(around, number):
            return None
        tokens = around.tokens
        found: Hit | None = None
        at = number.last
        while at < min(len(tokens), number.last + _REACH):
            if tokens[at].kind == PUNCT and tokens[at].text not in _INNER_MARKS:
                break
            noun = max((h for h in nouns if h.first == at), key=lambda h: h.last, default=None)
            bound = after_hit(around.starting(at)) if found is None else None
            if bound is not None:
                at = bound.last
                continue
            if noun is not None:
                found, at = noun, noun.last
                if self.language.pack.noun_order == "head_first":
                    break
                continue
            if found is not None and tokens[at].text in _HYPHENS:
                at += 1
                continue
            joins = around.at(at, _JOINS) is not None
            if found is not None or at in starts or (not joins and around.at(at, _ENDS) is not None):
                break
            if joins and number.value == 1:  # "a salvo of missiles"
                break
            at += 1
        return None if found is None or _modifies(around, found) else found

    def unnamed(self, draft: Draft) -> list[Thing]:
        """ "Shot down 124 of them": a number right beside the verb counts what was last told to fly."""
        view, trigger = draft.view, draft.trigger
        around = Around.of(view.sentence)
        for number in self._numbers(view.sentence):
            gap = number.first - trigger.last if number.first >= trigger.last else trigger.first - number.last
            if not 0 <= gap <= 2 or view.part[number.first] != view.part[trigger.first]:
                continue
            if any(t.first <= number.first < t.last for t in self.of(view.sentence)) or is_year(around, number):
                continue
            noun = around.at(number.last, _NO_THINGS)
            flying = None if noun is not None else self._told_to_fly(view.sentence, number.first)
            quantifier, first = quantifier_of(around, number, number.last)
            count = count_of(number, quantifier)
            if flying is not None and count is not None:
                return [Thing(first, number.last, flying, count, ruined=False)]
        return []

    def _told_to_fly(self, sentence: Sentence, before: int) -> str | None:
        """What flew last before a token of a sentence, there or in the sentence before."""
        for index, end in ((sentence.index, before), (sentence.index - 1, len(self.analysis.text))):
            if index < 0 or self.analysis.sentences[index].paragraph != sentence.paragraph:
                return None
            hits = [h for h in self.analysis.sentences[index].hits if h.first < end]
            armed = {i for h in hits if h.concept.startswith("actor.") for i in range(h.first, h.last)}
            told = [h.concept[5:] for h in hits if h.concept in _FLYING and h.first not in armed]
            if told:
                return told[-1]
        return None


def _modifies(around: Around, noun: Hit) -> bool:
    """Whether a noun of an act stands behind the thing and so is what is counted: "three drone strikes"."""
    return around.at(noun.last, _MODIFIED) is not None


def _is_ruined(view: View, noun: Hit) -> bool:
    return view.near(noun, _RUINS, _RUIN_REACH, _RUIN_REACH) is not None
