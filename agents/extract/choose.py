"""Which type of event a frame tells, given who acts on what: the choosers that frames name; None where nothing fits."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from agents.extract.actors import Actor
from agents.extract.frames import (
    AIR_PLATFORM,
    ARMED,
    ARMS,
    CROWD,
    FIRED,
    FOES,
    GROUND,
    GUNS,
    PEOPLE,
    PROPERTY,
    PROTEST,
    TRUCKS,
    UNARMED,
    items,
)
from agents.extract.groups import ActorKind
from agents.extract.names import Phrase
from agents.extract.roles import Roles
from agents.extract.scene import SOLDIERS, Scene, inside
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T

Chooser = Callable[[Scene, Hit, Roles, Actor | None], T | None]
_CAPTIVES: Final = ("noun.hostage", "noun.prisoner", "group.hostages", "group.prisoners", "group.detainees")
_DRONES: Final = items("drone")
_SENT: Final = 8
"""Words between a verb of sending and the forces sent, a date between them."""

_COACHES: Final = ("item.bus", "item.ambulance", "item.car", "item.van", "item.train")
"""What unarmed people travel in: who fires at it attacks them."""

_NO_ACT: Final = ("noun.accident", "domain.disaster", "domain.sport")


def _territory(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if _frees_people(d, hit, found):
        return None
    kind = d.kind(actor)
    if kind in (ActorKind.PROTESTERS, ActorKind.CIVILIANS, ActorKind.AID):
        return T.VIOLENT_DEMONSTRATION if kind is ActorKind.PROTESTERS else None
    if kind is None and found.actor is not None and d.near(hit, CROWD, 14, 2) is not None:
        return None
    if any(d.view.part[h.first] == d.view.part[hit.first] for h in d.view.hits("cue.unopposed")):
        return T.NON_VIOLENT_TRANSFER_OF_TERRITORY
    if kind is ActorKind.ARMED_GROUP:
        return T.NON_STATE_ACTOR_OVERTAKES_TERRITORY
    if kind is None and not _is_war(d):
        return None
    return T.GOVERNMENT_REGAINS_TERRITORY


def _frees_people(d: Scene, hit: Hit, found: Roles) -> bool:
    """Whether a word that frees towns frees captives here."""
    if _holds(d, found.target, _CAPTIVES):
        return True
    if not any(h.first == hit.first for h in d.view.hits("act.release")):
        return False
    return d.near(hit, _CAPTIVES, 3, 4) is not None


def _is_war(d: Scene) -> bool:
    """Whether the sentence names armed people, a named force or a named place at all."""
    return d.view.has(*ARMED, "noun.position") or bool(d.places.mentions(d.sentence))


def _territory_named(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Seizing what is a place by name."""
    following = [m for m in d.places.mentions(d.sentence) if 0 <= m.first - hit.last <= 2]
    passive = [m for m in d.places.mentions(d.sentence) if 0 <= hit.first - m.last <= 3 and m.cue is None]
    if not following and not (passive and found.target is not None and d.is_place(found.target)):
        return None
    return _territory(d, hit, found, actor)


def _territory_armed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return _territory(d, hit, found, actor) if d.kind(actor) in SOLDIERS else None


def _territory_held(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return _territory(d, hit, found, actor) if d.kind(actor) is ActorKind.ARMED_GROUP else None


def _captive(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if any((h.first, h.last) == (hit.first, hit.last) for h in d.view.hits("noun.prisoner")):
        return None
    if d.kind(actor) is ActorKind.ARMED_GROUP or d.near(hit, ("noun.hostage",), 3, 5) is not None:
        return T.ABDUCTION_FORCED_DISAPPEARANCE
    people = d.near(hit, (*PEOPLE, *CROWD, "unit.person", "noun.prisoner"), 6, 8)
    if actor is None and people is None and not d.is_named_target(found) and not _counts(d, hit):
        return None
    return T.ARRESTS


def _counts(d: Scene, hit: Hit) -> bool:
    """Whether a number stands right behind the word, of people whom no list knows: "arrested were five organisers"."""
    clause = d.view.clause
    return any(0 <= i - hit.last <= 2 and clause[i] == clause[hit.first] for i in d.sentence.numbers)


def _captive_seized(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Seizing people, told by the phrase that is seized: not a town, not those who speak of it."""
    if found.target is None:
        return None
    named = _holds(d, found.target, (*PEOPLE, "unit.person"))
    thing = d.is_place(found.target) or _holds(d, found.target, (*GROUND, *ARMS, *PROPERTY))
    return _captive(d, hit, found, actor) if named or not thing else None


def _surrender(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return T.ARRESTS if d.near(hit, ARMED, 8, 4) is not None else None


def _withdrawal(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if _holds(d, found.target, UNARMED) and not _holds(d, found.target, ARMED):
        return None
    armed = d.kind(actor) in SOLDIERS or d.near(hit, (*ARMED, "noun.position"), 12, 8) is not None
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY if armed or d.named_party(hit) else None


def _withdrawal_armed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if d.kind(actor) not in SOLDIERS or (_is_flight(d, hit) and not _holds(d, found.actor, ARMED)):
        return None
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY


def _is_flight(d: Scene, hit: Hit) -> bool:
    """Whether the word is one for people's flight, too: "the Thais who fled" are no army."""
    return any(h.concept.startswith("term.") and h.first == hit.first for h in d.sentence.hits)


def _handover(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY if d.kind(actor) is not ActorKind.CIVILIANS else None


def _agreement(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    ended = d.near(hit, ("cue.end",), 5, 5)
    made = d.near(hit, ("act.agree", "act.declare"), 10, 8)
    return T.AGREEMENT if ended is None and (made is not None or d.view.has("act.agree")) else None


def _violence(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if d.near(hit, _NO_ACT, 10, 10) is not None:
        return None
    kind = d.kind(actor)
    victim = _victim(d, hit, found)
    if victim == "protesters":
        return T.EXCESSIVE_FORCE_AGAINST_PROTESTERS
    if kind is ActorKind.PROTESTERS:
        return T.MOB_VIOLENCE if victim else T.VIOLENT_DEMONSTRATION
    if victim == "armed" and hit.concept != "act.murder":
        return T.ARMED_CLASH
    if victim == "armed":
        return T.ATTACK
    if victim == "unarmed":
        return T.ATTACK
    if hit.concept == "act.open_fire" and d.near(hit, (*GROUND, *PROPERTY), 4, 6) is not None:
        if d.near(hit, _COACHES, 4, 6) is not None:
            return T.ATTACK if kind in SOLDIERS else None
        if d.is_shelled():
            return d.usual_strike()
        return T.ARMED_CLASH if kind in SOLDIERS else None
    if hit.concept in ("act.ambush", "noun.ambush"):
        prey = d.near(hit, ("noun.military_target", *TRUCKS), 4, 6)
        return T.ARMED_CLASH if prey is not None and kind in SOLDIERS else None
    return T.ATTACK if d.named_party(hit) and hit.concept in ("act.murder", "act.shoot") else None


def _victim(d: Scene, hit: Hit, found: Roles) -> str | None:
    """Whether the people acted on are armed, unarmed or protesters; by the target phrase, else by who is near."""
    if found.target is not None:
        kind = d.language.actors.of(d.sentence, found.target).kind
        if kind in (ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.POLICE, ActorKind.PEACEKEEPERS):
            civil = _holds(d, found.target, UNARMED)
            return "unarmed" if civil else "armed"
        if kind is ActorKind.PROTESTERS:
            return "protesters"
        if kind is not None or _holds(d, found.target, UNARMED):
            return "unarmed"
        if _holds(d, found.target, ARMED):
            return "armed"
        if found.passive and d.phrases.is_named(found.target):
            return "unarmed"
    own = found.actor
    near = [
        h
        for h in d.view.hits(*PEOPLE, "unit.person")
        if not (own and inside(h, own)) and d.view.part[h.first] == d.view.part[hit.first]
    ]
    behind = [h for h in near if 0 <= h.first - hit.last <= 6] or [h for h in near if 0 <= hit.first - h.last <= 6]
    if not behind:
        return None
    nearest = min(behind, key=lambda h: abs(h.first - hit.first))
    return "armed" if nearest.concept in ARMED else "unarmed"


def _violence_told(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Killing alone is an act only if armed people do it, or a weapon in a hand is told."""
    kind = d.kind(actor)
    armed_actor = kind in (ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.POLICE, ActorKind.PROTESTERS)
    armed_phrase = _holds(d, found.actor, ARMED)
    armed_thing = d.near(hit, items("small_arms"), 8, 8) is not None
    if not (armed_actor or armed_phrase or armed_thing or _goes_on(d, hit, found)):
        return None
    return _violence(d, hit, found, actor)


def _ambush(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people fall into it as its subject: "a patrol of the Minusca was ambushed, one peacekeeper was killed"."""
    told = _violence(d, hit, found, actor)
    if told is not None or d.near(hit, (*_NO_ACT, *UNARMED), 10, 10) is not None:
        return told
    return T.ARMED_CLASH if d.near(hit, ARMED, 10, 10) is not None else None


def _goes_on(d: Scene, hit: Hit, found: Roles) -> bool:
    """Whether a verb without a subject of its own goes on about the armed group that opens the sentence."""
    if found.actor is not None or found.passive or found.target is None:
        return False
    return any(h.last <= hit.first and not inside(h, found.target) for h in d.view.hits("actor.armed_group"))


def _foes_destroyed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Reports of armies "destroy" men as they destroy trucks."""
    target = found.target
    if not _holds(d, target, FOES):
        return None
    return _violence(d, hit, found, actor)


def _clash(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
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
    near = d.near(hit, ARMED, 12, 12) is not None
    return T.ARMED_CLASH if near or d.places.mentions(d.sentence) else None


def _assault(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people attacking armed people or what they hold."""
    if d.near(hit, _NO_ACT, 10, 10) is not None:
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


def _blown_up(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Somebody blows a thing up, or it is blown up; what blows up by itself may be a boiler."""
    by_somebody = d.kind(actor) in SOLDIERS or (found.passive and _holds(d, found.target, PROPERTY))
    return T.REMOTE_EXPLOSIVE_LANDMINE_IED if by_somebody else None


def _against_unarmed(d: Scene, hit: Hit) -> bool:
    """Whether "on" or "against" unarmed people follows the word of attack."""
    part = d.view.part[hit.first]
    people = [h for h in d.view.hits(*UNARMED) if d.view.part[h.first] == part and 0 <= h.first - hit.last <= 10]
    return any(c.last == h.first for c in d.view.hits("cue.against") for h in people)


def _intercepted(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Missiles or drones intercepted; the sentence before may have named them."""
    flying = (*FIRED, *items("aircraft", "drone", "air_bomb"), "noun.shelling", "noun.air_strike", "noun.strike")
    object_ = None if found.passive else found.target
    if _holds(d, object_, (*ARMED, *TRUCKS)) and not _holds(d, object_, flying):
        return None
    if d.near(hit, flying, 14, 6) is not None:
        return T.DISRUPTED_WEAPONS_USE
    before = d.before()
    return T.DISRUPTED_WEAPONS_USE if before is not None and before.has(*flying) else None


def _brought_down(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Where one word means to shoot and to shoot down, it is what is shot that tells."""
    target = found.target
    flying = _holds(d, target, AIR_PLATFORM)
    people = _holds(d, target, PEOPLE)
    return T.DISRUPTED_WEAPONS_USE if flying and not people else None


def _strike(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """By means that nobody tells: those of the article's other strikes, else from the air."""
    if d.near(hit, _NO_ACT, 12, 12) is not None:
        return None
    if d.kind(actor) is ActorKind.ARMED_GROUP and _holds(d, found.target, UNARMED) and not d.is_shelled():
        return T.ATTACK
    armed = d.is_armed(found.actor) or (hit.concept == "noun.strike" and d.named_party(hit))
    denied = d.kind(actor) is None and found.actor is None and d.view.has("cue.denial") and d.named_party(hit)
    return d.usual_strike() if armed or denied else None


def _by_means(d: Scene, hit: Hit, found: Roles, means: tuple[str, ...]) -> bool:
    """Whether means stand near that are not what is hit: "tanks shelled" and not "destroyed four tanks"."""
    part = d.view.part[hit.first]
    near = [
        h
        for h in d.view.hits(*means)
        if d.view.part[h.first] == part and abs(h.first - hit.first) <= 9 and not _in_clash(d, h)
    ]
    return any(found.target is None or not inside(h, found.target) for h in near)


def _in_clash(d: Scene, hit: Hit) -> bool:
    """Whether a word of arms is a part of a noun of fighting: "gun battle", "tank battle"."""
    return any(c.first <= hit.first and hit.last <= c.last and c.last - c.first > 1 for c in d.view.hits("noun.clash"))


def _by_guns(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return T.SHELLING_ARTILLERY_MISSILE_ATTACK if _by_means(d, hit, found, (*GUNS, *FIRED)) else None


def _from_air(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if not _by_means(d, hit, found, AIR_PLATFORM) or _missiles_first(d, hit, found):
        return None
    return T.AIR_DRONE_STRIKE


def _missiles_first(d: Scene, hit: Hit, found: Roles) -> bool:
    """Of "missiles and drones" what is named first tells; missiles of aircraft come from the air."""
    part = d.view.part[hit.first]
    means = [h for h in d.view.hits(*AIR_PLATFORM, *FIRED) if d.view.part[h.first] == part]
    first = min(means, key=lambda h: h.first)
    if first.concept not in FIRED or (found.target and inside(first, found.target)):
        return False
    return all(h.concept in FIRED or h.concept in _DRONES for h in means)


def _forces(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Forces that are sent, not the police who move somebody else."""
    if _holds(d, found.target, UNARMED):
        return None
    if _holds(d, found.target, ARMED):
        return T.CHANGE_TO_GROUP_ACTIVITY
    behind = {
        h.first
        for h in d.view.hits("noun.troops")
        if 0 <= h.first - hit.last <= _SENT and d.view.same_clause(h.first, hit.first)
    }
    senders = sum(found.actor is not None and found.actor.first <= first < found.actor.last for first in behind)
    return T.CHANGE_TO_GROUP_ACTIVITY if len(behind) > min(senders, 1) else None


def _broken_up(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """ "Police dispersed them": a protest that the sentence before told, broken up by police."""
    before = d.before()
    police = d.view.has("actor.police", "noun.tear_gas")
    return T.PROTEST_WITH_INTERVENTION if police and before is not None and before.has(*PROTEST) else None


def _fired_on(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """ "Live rounds were used": on the protest that the same sentence or the one before told."""
    before = d.before()
    told = any(h.last <= hit.first for h in d.view.hits(*PROTEST)) or (before is not None and before.has(*PROTEST))
    return T.EXCESSIVE_FORCE_AGAINST_PROTESTERS if told else None


def _arms_seized(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Arms that this verb takes, not the next one: "captured three men and seized two pistols"."""
    arms = d.near(hit, (*ARMS, *TRUCKS), 5, 6)
    if arms is None or arms.first < hit.last or d.language.pack.verb_order == "sov":
        return T.DISRUPTED_WEAPONS_USE
    verbs = d.view.hits("act.confiscate", "act.seize")
    return None if any(hit.last <= verb.first < arms.first for verb in verbs) else T.DISRUPTED_WEAPONS_USE


def _freed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Captives whom an armed group lets go."""
    return T.AGREEMENT if d.kind(actor) is ActorKind.ARMED_GROUP else None


def _property(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if d.near(hit, _NO_ACT, 12, 12) is not None:
        return None
    if d.kind(actor) is ActorKind.PROTESTERS and hit.concept != "act.loot":
        return T.VIOLENT_DEMONSTRATION
    arms = ("noun.arms", "item.ammunition", *GUNS, *FIRED)
    if hit.concept != "act.loot" and _holds(d, found.target, arms):
        return None
    return T.LOOTING_PROPERTY_DESTRUCTION


def _protest(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    marks = ("act.protest", "noun.peaceful", "noun.protester", "noun.crowd", "group.protesters", "actor.protesters")
    others = [h for h in d.view.hits(*marks) if (h.first, h.last) != (hit.first, hit.last)]
    forceful = d.view.hits("noun.riot", "act.riot", "noun.tear_gas", "act.disperse", "noun.live_fire")
    part = d.view.part[hit.first]
    violent = any(d.view.part[h.first] == part and not d.elsewhere(hit, h) and not _ended(d, hit, h) for h in forceful)
    if violent or not any(d.view.part[h.first] == part for h in others):
        return None
    return T.PEACEFUL_PROTEST


def _ended(d: Scene, hit: Hit, force: Hit) -> bool:
    """Whether police who are named after the protest end it in a clause of their own."""
    if force.first < hit.last or d.view.same_clause(hit.first, force.first):
        return False
    return any(hit.last <= h.first and not d.view.same_clause(h.first, hit.first) for h in d.view.hits("actor.police"))


def _holds(d: Scene, phrase: Phrase | None, concepts: tuple[str, ...]) -> bool:
    """Whether a phrase, if there is one, names something of these concepts."""
    return phrase is not None and any(inside(h, phrase) for h in d.view.hits(*concepts))


CHOOSERS: Final = MappingProxyType[str, Chooser](
    {
        "territory": _territory,
        "territory_named": _territory_named,
        "territory_armed": _territory_armed,
        "territory_held": _territory_held,
        "captive": _captive,
        "captive_seized": _captive_seized,
        "captive_surrender": _surrender,
        "withdrawal": _withdrawal,
        "withdrawal_armed": _withdrawal_armed,
        "handover": _handover,
        "agreement": _agreement,
        "violence": _violence,
        "ambush": _ambush,
        "violence_told": _violence_told,
        "foes_destroyed": _foes_destroyed,
        "clash": _clash,
        "assault": _assault,
        "brought_down": _brought_down,
        "blown_up": _blown_up,
        "intercepted": _intercepted,
        "strike": _strike,
        "by_guns": _by_guns,
        "from_air": _from_air,
        "forces": _forces,
        "fired_on": _fired_on,
        "arms_seized": _arms_seized,
        "freed": _freed,
        "broken_up": _broken_up,
        "property": _property,
        "protest": _protest,
    }
)
"""Name in `Frame.choose` → chooser of (scene, trigger, roles, actor)."""
