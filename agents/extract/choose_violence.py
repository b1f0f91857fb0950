"""Which type of event it is where people are attacked or fight hand to hand; None where nothing fits."""

from typing import Final, Literal

from agents.extract.actors import Actor
from agents.extract.concept_sets import ARMED, FOES, GROUND, NO_ACT, PEOPLE, PROPERTY, TRUCKS, UNARMED, items
from agents.extract.groups import ActorKind
from agents.extract.roles import Roles
from agents.extract.scene import SOLDIERS, Scene
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T

_IN_HAND: Final = items("small_arms")
_COACHES: Final = ("item.bus", "item.ambulance", "item.car", "item.van", "item.train")
"""What unarmed people travel in: who fires at it attacks them."""

_DWELLINGS: Final = ("item.house", "item.home", "item.hut", "item.apartment", "item.tent")
"""Where people live: an armed group that fires at it attacks them."""

_Victim = Literal["armed", "unarmed", "protesters"]


def violence(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Violence by who does it and against whom: people, protesters, armed people, what they travel in."""
    if d.near(hit, NO_ACT, 10, 10) is not None:
        return None
    kind = d.kind(actor)
    victim = _victim(d, hit, found)
    if victim == "protesters":
        return T.EXCESSIVE_FORCE_AGAINST_PROTESTERS
    if kind is ActorKind.PROTESTERS:
        return T.MOB_VIOLENCE if victim else T.VIOLENT_DEMONSTRATION
    if victim == "armed" and hit.concept != "act.murder":
        return T.ARMED_CLASH
    if victim is not None:
        return T.ATTACK
    if hit.concept == "act.open_fire" and d.near(hit, (*GROUND, *PROPERTY), 4, 6) is not None:
        if d.near(hit, _COACHES, 4, 6) is not None:
            return T.ATTACK if kind in SOLDIERS else None
        if kind is ActorKind.ARMED_GROUP and d.near(hit, _DWELLINGS, 4, 6) is not None:
            return T.ATTACK
        if d.is_shelled():
            return d.usual_strike()
        return T.ARMED_CLASH if kind in SOLDIERS else None
    if hit.concept in ("act.ambush", "noun.ambush"):
        prey = d.near(hit, ("noun.military_target", *TRUCKS), 4, 6)
        return T.ARMED_CLASH if prey is not None and kind in SOLDIERS else None
    if hit.concept == "act.murder" and kind is ActorKind.ARMED_GROUP:
        return T.ATTACK
    return T.ATTACK if d.named_party(hit) and hit.concept in ("act.murder", "act.shoot") else None


def _victim(d: Scene, hit: Hit, found: Roles) -> _Victim | None:
    """Whether the people acted on are armed, unarmed or protesters; by the target phrase, else by who is near."""
    if found.target is not None:
        kind = d.language.actors.of(d.sentence, found.target).kind
        if kind in (ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.POLICE, ActorKind.PEACEKEEPERS):
            civil = d.holds(found.target, UNARMED)
            return "unarmed" if civil else "armed"
        if kind is ActorKind.PROTESTERS and d.is_protest():
            return "protesters"
        if kind is not None or d.holds(found.target, UNARMED):
            return "unarmed"
        if d.holds(found.target, ARMED):
            return "armed"
        if found.passive and d.phrases.is_named(found.target):
            return "unarmed"
    own = found.actor
    near = [
        h
        for h in d.view.hits(*PEOPLE, "unit.person")
        if not (own and own.touches(h)) and d.view.part[h.first] == d.view.part[hit.first]
    ]
    behind = [h for h in near if 0 <= h.first - hit.last <= 6] or [h for h in near if 0 <= hit.first - h.last <= 6]
    if not behind:
        return None
    nearest = min(behind, key=lambda h: abs(h.first - hit.first))
    return "armed" if nearest.concept in ARMED else "unarmed"


def violence_told(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Killing alone is an act only if armed people do it, or a weapon in a hand is told."""
    kind = d.kind(actor)
    armed_actor = kind in (ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.POLICE, ActorKind.PROTESTERS)
    armed_phrase = d.holds(found.actor, ARMED)
    armed_thing = d.near(hit, _IN_HAND, 8, 8) is not None
    if not (armed_actor or armed_phrase or armed_thing or _goes_on(d, hit, found) or _is_denied(d, found)):
        return None
    return violence(d, hit, found, actor)


def ambush(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people fall into it as its subject: "a patrol of the Minusca was ambushed, one peacekeeper was killed"."""
    told = violence(d, hit, found, actor)
    if told is not None or d.near(hit, (*NO_ACT, *UNARMED), 10, 10) is not None:
        return told
    return T.ARMED_CLASH if d.near(hit, ARMED, 10, 10) is not None else None


def _is_denied(d: Scene, found: Roles) -> bool:
    """Whether armed people deny that unarmed ones were killed, which says who was told to have done it."""
    if not d.view.has("cue.denial") or not d.holds(found.target, UNARMED):
        return False
    return d.view.has("actor.army", "actor.armed_group", "actor.police")


def _goes_on(d: Scene, hit: Hit, found: Roles) -> bool:
    """Whether a verb without a subject of its own goes on about the armed group that opens the sentence."""
    if found.actor is not None or found.passive or found.target is None:
        return False
    return any(h.last <= hit.first and not found.target.touches(h) for h in d.view.hits("actor.armed_group"))


def foes_destroyed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Reports of armies "destroy" men as they destroy trucks."""
    target = found.target
    if not d.holds(target, FOES):
        return None
    return violence(d, hit, found, actor)


def clash(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Fighting needs armed sides: by kind of actor, by noun, or for the noun at least a place."""
    armed = any(d.is_armed(phrase) for phrase in (found.actor, found.target))
    if not armed and d.near(hit, ("domain.sport",), 8, 8) is not None:
        return None
    if d.near(hit, ("noun.protester", "group.protesters", "actor.protesters", "noun.rioter"), 8, 8) is not None:
        return T.VIOLENT_DEMONSTRATION
    if armed:
        return T.ARMED_CLASH
    if hit.concept != "noun.clash":
        return None
    near = d.near(hit, (*ARMED, "site.border"), 12, 12) is not None
    return T.ARMED_CLASH if near or d.places.mentions(d.sentence) else None


def assault(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people attacking armed people or what they hold."""
    if d.near(hit, NO_ACT, 10, 10) is not None:
        return None
    held = d.near(hit, ("noun.military_target", "noun.base"), 0, 5) is not None
    armed = d.kind(actor) in SOLDIERS or d.near(hit, ARMED, 10, 0) is not None
    if _against_unarmed(d, hit):
        return T.ATTACK if armed or d.near(hit, ARMED, 0, 10) is not None else None
    if held and armed:
        return T.ARMED_CLASH
    if d.kind(actor) is ActorKind.ARMED_GROUP and d.near(hit, (*PROPERTY, "noun.territory"), 0, 8) is not None:
        return T.ATTACK
    return T.ARMED_CLASH if _victim(d, hit, found) == "armed" else None


def _against_unarmed(d: Scene, hit: Hit) -> bool:
    """Whether "on" or "against" unarmed people follows the word of attack."""
    part = d.view.part[hit.first]
    people = [h for h in d.view.hits(*UNARMED) if d.view.part[h.first] == part and 0 <= h.first - hit.last <= 10]
    return any(c.last == h.first for c in d.view.hits("cue.against") for h in people)
