"""Whom or what an act hits, by what acts of its kind hit: read where grammar alone does not tell.

A mine hits a vehicle or people, looters hit property, an arrest people, a truce binds the other side: the nearest
phrase of such a kind in the clause of the act is what it hits, whatever the word order.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from agents.extract.concept_sets import ARMED, CROWD, FOES, PEOPLE, PROPERTY, UNARMED
from agents.extract.concepts import ITEM_CLASS, starting
from agents.extract.groups import ActorKind
from agents.extract.names import Phrase, Phrases
from agents.extract.results import EXPLOSIVE, TERRITORY, Draft
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T

_SAYING: Final = starting("say.")
_REACH: Final = 9
_SIDE_REACH: Final = 16
_AGAINST_REACH: Final = 5
_POLICE: Final = frozenset(("actor.police", "group.police"))
_CAPTIVES: Final = frozenset(("noun.hostage", "noun.prisoner", "group.hostages", "group.prisoners"))
_CROWD: Final = frozenset(CROWD)
_PEOPLE: Final = frozenset(PEOPLE)
_ARMED: Final = frozenset(ARMED)
_UNARMED: Final = frozenset(UNARMED)
_PROPERTY: Final = frozenset(PROPERTY)
_PELTED: Final = _UNARMED | _PROPERTY
_TARGETS: Final = _PROPERTY | {"noun.military_target", "noun.base", "noun.position"}
_NAMELESS: Final = frozenset(("group.people", "group.families", "unit.person", "unit.household"))
_NOTHING: Final[frozenset[str]] = frozenset()

_GROUND: Final = TERRITORY | {T.ARMED_CLASH}
"""Types whose place is often a country or capital, which fights nobody by its name alone."""

WEAPONS: Final = frozenset(
    (
        *(f"item.{item}" for item, kind in ITEM_CLASS.items() if kind not in ("building", "vehicle", "ground")),
        *("noun.stones", "noun.tear_gas", "noun.shooting", "noun.ied_attack"),
    )
)
"""What is fired, thrown or blown up, and never what is hit."""

_AIMED: Final = EXPLOSIVE | {T.PROTEST_WITH_INTERVENTION, T.EXCESSIVE_FORCE_AGAINST_PROTESTERS, T.VIOLENT_DEMONSTRATION}
_SCATTERED: Final = frozenset((T.PROTEST_WITH_INTERVENTION, T.EXCESSIVE_FORCE_AGAINST_PROTESTERS))
DONE_TO_PEOPLE: Final = frozenset((T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE, T.ATTACK))
"""Types whose counted objects are people, even where no list knows their noun."""

_NOBODY: Final = ("item.", "noun.", "unit.", "act.", "domain.", "group.people", "cue.")
_HARM: Final = ("act.kill", "act.die", "act.wound")

_HIT_BY: Final = MappingProxyType(
    {
        T.ATTACK: _PEOPLE,
        T.SEXUAL_VIOLENCE: _PEOPLE,
        T.MOB_VIOLENCE: _PEOPLE,
        T.ARRESTS: (_PEOPLE | _CAPTIVES | _CROWD) - _POLICE,
        T.ABDUCTION_FORCED_DISAPPEARANCE: _PEOPLE | _CAPTIVES,
        T.EXCESSIVE_FORCE_AGAINST_PROTESTERS: _CROWD | _UNARMED,
        T.PROTEST_WITH_INTERVENTION: _CROWD | {"noun.protest"},
        T.LOOTING_PROPERTY_DESTRUCTION: _PROPERTY,
        T.VIOLENT_DEMONSTRATION: _PROPERTY | _POLICE,
        **dict.fromkeys(EXPLOSIVE, _TARGETS),
        T.REMOTE_EXPLOSIVE_LANDMINE_IED: _TARGETS | _PEOPLE,
        T.SUICIDE_BOMB: (_TARGETS | _PEOPLE | _CROWD | {"say.office"}) - {*FOES, "noun.suicide_attack"},
    }
)
"""Sub-event type → concepts of what it hits."""

_SIDES: Final = MappingProxyType(
    {
        T.AGREEMENT: frozenset((ActorKind.STATE, ActorKind.ARMED_GROUP)),
        T.ARMED_CLASH: frozenset((ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.POLICE)),
        T.GOVERNMENT_REGAINS_TERRITORY: frozenset((ActorKind.STATE, ActorKind.ARMED_GROUP)),
        T.NON_STATE_ACTOR_OVERTAKES_TERRITORY: frozenset((ActorKind.STATE, ActorKind.ARMED_GROUP)),
    }
)
"""Sub-event type → the kinds that the other side can be of."""


def fits(phrases: Phrases, phrase: Phrase, kind: T) -> bool:
    """Whether a phrase is of what acts of type `kind` hit; of types that hit anything, any phrase is."""
    wanted = _HIT_BY.get(kind)
    return wanted is None or _holds(phrases, phrase, wanted)


def victim(phrases: Phrases, draft: Draft, is_place: Callable[[Phrase], bool]) -> Phrase | None:
    """The nearest phrase that can be what the act hits, None where its clause names none but places."""
    if draft.type in _SIDES:
        return _other_side(phrases, draft, is_place)
    wanted = _HIT_BY.get(draft.type, _NOTHING)
    aimed = _aimed_at(phrases, draft, wanted)
    if aimed is not None and not is_place(aimed):
        return aimed
    near = [p for p in _within_reach(phrases, draft, wanted) if not is_place(p)] or _counted(phrases, draft)
    return min(near, key=lambda p: (_distance(phrases, p, draft), p.first, p.last), default=None)


def _within_reach(phrases: Phrases, draft: Draft, wanted: frozenset[str]) -> list[Phrase]:
    """Phrases of what such acts hit that are near enough."""
    near = [p for p in _free(phrases, draft) if _holds(phrases, p, wanted)]
    if draft.type not in _SCATTERED:
        near = [p for p in near if _distance(phrases, p, draft) <= _REACH]
    if draft.type is T.SUICIDE_BOMB:
        return [p for p in near if not _is_harmed(phrases, p) and not _holds(phrases, p, WEAPONS)]
    if draft.type is T.REMOTE_EXPLOSIVE_LANDMINE_IED:  # a mine hits the lorry, of which the driver dies
        return [p for p in near if _holds(phrases, p, _TARGETS)] or near
    return near


def _counted(phrases: Phrases, draft: Draft) -> list[Phrase]:
    """People behind a number whose noun no list knows: "seized seven smugglers"."""
    if draft.type not in DONE_TO_PEOPLE:
        return []
    return [
        p
        for p in _free(phrases, draft)
        if phrases.is_counted(p)
        and _distance(phrases, p, draft) <= _REACH
        and not phrases.view.sentence.names(p.first, p.last, _NOBODY)
    ]


def _aimed_at(phrases: Phrases, draft: Draft, wanted: frozenset[str]) -> Phrase | None:
    """What something is fired or thrown at; stones and tear gas are aimed at people or buildings only."""
    aimed = _thing_against(phrases, draft) if draft.type in _AIMED else None
    if aimed is None or draft.type in EXPLOSIVE or _holds(phrases, aimed, wanted | _PELTED):
        return aimed
    return None


def _thing_against(phrases: Phrases, draft: Draft) -> Phrase | None:
    """What stands right behind "at", "on", "into" and the act, where it names no place and nothing else."""
    at = draft.trigger.last
    for phrase in phrases.right_of(at):
        if phrase.first - at > _AGAINST_REACH + 3 or not phrases.view.same_clause(phrase.first, at - 1):
            return None
        if any(0 <= phrase.first - h.last <= 1 and h.first >= at for h in phrases.view.hits("cue.against")):
            return None if _holds(phrases, phrase, WEAPONS) else phrase
    return None


def _is_harmed(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether a word of killing or wounding stands right beside people: they are told as casualties."""
    return phrases.is_counted(phrase) or any(
        _beside(hit, phrase) for hit in phrases.view.sentence.hits if hit.concept in _HARM
    )


def _other_side(phrases: Phrases, draft: Draft, is_place: Callable[[Phrase], bool]) -> Phrase | None:
    """The armed party or state beside the one that acts; nobody where nobody acts."""
    actor = draft.roles.actor
    if actor is None:
        return None
    own, kinds = phrases.write(actor), _SIDES[draft.type]
    for phrase in sorted(_free(phrases, draft), key=lambda p: _distance(phrases, p, draft)):
        if _distance(phrases, phrase, draft) > _SIDE_REACH:
            return None
        kind = phrases.language.actors.of(phrases.view.sentence, phrase).kind
        stands_for_itself = _holds(phrases, phrase, _ARMED) or not (is_place(phrase) and draft.type in _GROUND)
        if kind in kinds and stands_for_itself and phrases.write(phrase) not in own:
            return phrase
    return None


def _free(phrases: Phrases, draft: Draft) -> list[Phrase]:
    """Phrases of the act's part of the sentence that neither act nor speak, and name more than people."""
    view, trigger, actor = phrases.view, draft.trigger, draft.roles.actor
    sources = [h for h in view.sentence.hits if h.concept in _SAYING]
    return [
        p
        for p in phrases.all
        if view.part[p.first] == view.part[trigger.first]
        and not (p.touches(trigger) or (actor is not None and p.first < actor.last and p.last > actor.first))
        and not phrases.in_brackets(p)
        and not _speaks(phrases, p, sources)
    ]


def _speaks(phrases: Phrases, phrase: Phrase, sources: list[Hit]) -> bool:
    """Whether a word for who speaks stands in or beside a phrase; an office may be a building that is hit."""
    for hit in sources:
        if _beside(hit, phrase) and not (hit.concept == "say.office" and _holds(phrases, phrase, _PROPERTY)):
            return True
    return False


def _beside(hit: Hit, phrase: Phrase) -> bool:
    """Whether a hit touches a phrase or stands right before or behind it."""
    return hit.first <= phrase.last and hit.last >= phrase.first


def _holds(phrases: Phrases, phrase: Phrase, wanted: frozenset[str]) -> bool:
    """Whether a phrase names one of these concepts, by a word that does not just say people."""
    inside = phrases.view.sentence.hits_on(phrase.first, phrase.last)
    for hit in inside:  # noqa: SIM110 - asked of most phrases, and a generator is a call for each hit
        if hit.concept in wanted and not _is_bare(hit, inside):
            return True
    return False


def _is_bare(hit: Hit, others: list[Hit]) -> bool:
    """Whether the words of a hit just say people."""
    for other in others:  # noqa: SIM110 - as above
        if other.first == hit.first and other.last == hit.last and other.concept in _NAMELESS:
            return True
    return False


def _distance(phrases: Phrases, phrase: Phrase, draft: Draft) -> int:
    """Words between the phrase and the act, more where objects do not stand, and across clauses."""
    trigger, view = draft.trigger, phrases.view
    behind = phrase.first >= trigger.last
    gap = phrase.first - trigger.last if behind else trigger.first - phrase.last
    before_verb = phrases.language.pack.verb_order == "sov"
    wrong_side = behind if before_verb or draft.roles.passive else not behind
    return gap + 3 * wrong_side + 4 * (not view.same_clause(phrase.first, trigger.first))
