"""Results apart from acts: which drafts of one sentence are acts of their own, and which belong to others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.extract.actors import Actor
from agents.extract.frame import Frame
from agents.extract.modality import Mood
from agents.extract.roles import Roles
from agents.extract.text import PUNCT, Hit
from agents.extract.view import View
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T


@dataclass(slots=True)
class Draft:
    """An event as one sentence tells it, before it is compared with what other sentences tell."""

    frame: Frame
    type: T
    modality: Modality
    view: View
    trigger: Hit
    roles: Roles
    actor: Actor | None
    mood: Mood

    def of_type(self, kind: T) -> "Draft":
        """The same telling as another type of event."""
        return replace(self, type=kind)


EXPLOSIVE: Final = frozenset(
    (
        T.CHEMICAL_WEAPON,
        T.AIR_DRONE_STRIKE,
        T.SUICIDE_BOMB,
        T.SHELLING_ARTILLERY_MISSILE_ATTACK,
        T.REMOTE_EXPLOSIVE_LANDMINE_IED,
        T.GRENADE,
    )
)
"""Types whose deaths and damage are their result, not acts of their own."""

TERRITORY: Final = frozenset((T.GOVERNMENT_REGAINS_TERRITORY, T.NON_STATE_ACTOR_OVERTAKES_TERRITORY))
"""Types by which ground changes hands in a fight."""

PROTESTS: Final = frozenset(
    (T.PROTEST_WITH_INTERVENTION, T.EXCESSIVE_FORCE_AGAINST_PROTESTERS, T.VIOLENT_DEMONSTRATION, T.MOB_VIOLENCE)
)
_INSTEAD: Final = TERRITORY | {
    T.ATTACK,
    T.SEXUAL_VIOLENCE,
    T.ABDUCTION_FORCED_DISAPPEARANCE,
    T.ARRESTS,
    T.LOOTING_PROPERTY_DESTRUCTION,
    T.CHANGE_TO_GROUP_ACTIVITY,
    T.OTHER,
}
"""What a sentence tells instead of "an attack" or "fighting" named on the way."""

_RESULTS: Final = frozenset(("burnt or destroyed", "destruction"))
_KILLINGS: Final = frozenset(("killed", "shot", "shooting", "massacred", "killing", "beaten"))
_FIGHTS: Final = ("clashes", "fought")
_WEAK_FIGHTS: Final = frozenset(
    ("armed attack", "ambush", "clashes", "fought", "attacked with blades or guns", "civilians attacked")
)


def acts(
    drafts: Sequence[Draft], veto: Callable[[Draft, str], None], elsewhere: Callable[[Hit, Hit], bool]
) -> list[Draft]:
    """The drafts of one sentence that tell acts of their own, each act once; `veto` hears of the others.

    `elsewhere` tells whether two triggers stand in halves of the sentence that are set against each other.
    """
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: d.trigger.first):
        others = [
            d
            for d in drafts
            if d is not draft and d.modality == draft.modality and not elsewhere(d.trigger, draft.trigger)
        ]
        if _is_result(draft, others):
            veto(draft, "the result of another act in the sentence")
        elif any(_undoes(other, draft) for other in drafts):
            veto(draft, "the same act, told as not done in the same clause")
        elif not any(_same_act(draft, other) for other in kept):
            kept.append(draft)
    return kept


def _is_agreed(agreement: Draft, draft: Draft) -> bool:
    """Whether a withdrawal told by a noun is what was agreed on: "signed a protocol on a truce and a pull-out"."""
    nouns = {(h.first, h.last) for h in draft.view.hits("noun.withdrawal")}
    span = (draft.trigger.first, draft.trigger.last)
    return span in nouns and draft.view.part[agreement.trigger.first] == draft.view.part[draft.trigger.first]


def _is_part_of_fight(draft: Draft, others: list[Draft]) -> bool:
    """Whether a killing, or fighting named on the way, belongs to another act of the sentence."""
    types, rule = {d.type for d in others}, draft.frame.rule
    if rule in _KILLINGS and any(_is_toll(draft, d) for d in others):
        return True
    if rule in _FIGHTS and any(d.frame.rule in _KILLINGS and _is_toll(d, draft) for d in others):
        return False
    if types & EXPLOSIVE or types & PROTESTS:
        return True
    if rule in _KILLINGS and draft.type == T.ARMED_CLASH:
        return bool(types & (TERRITORY | {T.ARMED_CLASH}))
    if draft.roles.actor is not None and draft.roles.target is not None and rule in ("clashes", "fought"):
        return bool(types & {*TERRITORY, T.CHANGE_TO_GROUP_ACTIVITY})
    if rule == "armed attack" and any(_tells_better(d, draft) for d in others):
        return True
    part = draft.view.part
    beside = {d.type for d in others if part[d.trigger.first] == part[draft.trigger.first]}
    return rule in _WEAK_FIGHTS and bool(beside & _INSTEAD - {draft.type})


def _is_toll(killing: Draft, fight: Draft) -> bool:
    """Whether people are killed in a fight, by nobody who is named: "80 have been murdered in the clashes that ..."."""
    if fight.frame.rule not in _FIGHTS or killing.roles.actor is not None or not killing.roles.passive:
        return False
    first, last = sorted((killing.trigger, fight.trigger), key=lambda h: h.first)
    if any(token.kind == PUNCT for token in killing.view.sentence.tokens[first.last : last.first]):
        return False
    return not any(first.last <= h.first < last.first for h in killing.view.hits("cue.and", "cue.but"))


def _is_rampage(riot: Draft, damage: Draft) -> bool:
    """Whether what is burnt is but a part of a crowd's rampage told by a verb of the same part of the sentence."""
    violent = riot.type == T.VIOLENT_DEMONSTRATION and riot.trigger.concept != "noun.riot"
    return violent and riot.view.part[riot.trigger.first] == riot.view.part[damage.trigger.first]


def _is_deadly(fire: Draft) -> bool:
    """Whether protesters are killed, or die of shots."""
    return fire.trigger.concept == "act.kill" or (fire.trigger.concept == "noun.shooting" and fire.view.has("act.die"))


def _tells_better(other: Draft, attack: Draft) -> bool:
    """Whether another act is the one that an attack on armed people led to; their deaths are its result instead."""
    deaths = other.frame.rule in _KILLINGS and attack.type == T.ARMED_CLASH
    return other.type == attack.type and other.frame.rule != attack.frame.rule and not deaths


def is_aftermath(draft: Draft, before: Sequence[Draft]) -> bool:
    """Whether damage that nobody is said to do is the result of a strike told in the sentence before."""
    if draft.frame.rule not in _RESULTS or draft.roles.actor is not None:
        return False
    here = draft.view.sentence
    near = (d for d in before if (d.view.sentence.paragraph, d.view.sentence.index) == (here.paragraph, here.index - 1))
    return any(d.type in EXPLOSIVE and d.modality is Modality.ASSERTED for d in near)


def _undoes(denied: Draft, draft: Draft) -> bool:
    """Whether another word of the clause tells the act as not done: "did not fire ... with live rounds"."""
    if denied.modality is not Modality.NEGATED or draft.modality is Modality.NEGATED or denied.type != draft.type:
        return False
    first, last = sorted((denied.trigger.first, draft.trigger.first))
    joined = any(first < h.first < last for h in draft.view.hits("cue.but"))
    return not joined and draft.view.same_clause(first, last)


def _same_act(a: Draft, b: Draft) -> bool:
    """Whether two drafts of one sentence tell one act: same type and mood, in one part or with one target."""
    if a.type != b.type or a.modality != b.modality:
        return False
    if a.view.part[a.trigger.first] == b.view.part[b.trigger.first]:
        return True
    return a.roles.target is None or b.roles.target is None


def _is_result(draft: Draft, others: list[Draft]) -> bool:
    """Whether a draft tells what another act of the sentence led to."""
    types = {d.type for d in others}
    rule = draft.frame.rule
    if rule in _RESULTS:
        return bool(types & EXPLOSIVE) or any(_is_rampage(d, draft) for d in others)
    if rule in _KILLINGS or rule in _WEAK_FIGHTS:
        return _is_part_of_fight(draft, others)
    if rule == "deadly strike":
        return any(d.frame.rule not in _KILLINGS and d.frame.rule not in _WEAK_FIGHTS for d in others)
    if rule == "strike, means untold":
        return any(d.frame.rule not in _WEAK_FIGHTS or d.type not in (draft.type, T.ARMED_CLASH) for d in others)
    if rule in ("bomb went off", "planted bomb", "blown up"):
        return bool(types & {T.SUICIDE_BOMB, T.CHEMICAL_WEAPON, T.GRENADE})
    if rule == "riot" and draft.trigger.concept == "noun.riot":
        return bool(types & {T.LOOTING_PROPERTY_DESTRUCTION, T.ATTACK, *PROTESTS} - {draft.type})
    if rule == "protest broken up":
        return any(d.type == T.EXCESSIVE_FORCE_AGAINST_PROTESTERS and _is_deadly(d) for d in others)
    if rule == "disarmed":
        return T.ARRESTS in types
    if draft.type == T.NON_VIOLENT_TRANSFER_OF_TERRITORY and draft.view.by_concept.get("noun.withdrawal"):
        return any(d.type == T.AGREEMENT and _is_agreed(d, draft) for d in others)
    if rule == "surrendered":
        return T.ATTACK in types
    if draft.type == T.PEACEFUL_PROTEST:
        part = draft.view.part[draft.trigger.first]
        beside = {d.type for d in others if d.view.part[d.trigger.first] == part}
        return bool(beside & (PROTESTS | EXPLOSIVE | {T.ATTACK}))
    return draft.type == T.VIOLENT_DEMONSTRATION and T.MOB_VIOLENCE in types
