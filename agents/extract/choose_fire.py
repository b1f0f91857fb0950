"""Which type of event it is where fire comes from afar or arms are made harmless; None where nothing fits."""

from typing import Final

from agents.extract.actors import Actor
from agents.extract.concept_sets import (
    AIR_PLATFORM,
    ARMED,
    ARMS,
    FIRED,
    GROUND,
    GUNS,
    NO_ACT,
    PEOPLE,
    PLANTED,
    PROPERTY,
    TRUCKS,
    UNARMED,
    items,
)
from agents.extract.groups import ActorKind
from agents.extract.roles import Roles
from agents.extract.scene import SOLDIERS, Scene
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T

_DRONES: Final = items("drone")
_FLYING: Final = (*FIRED, *items("aircraft", "drone", "air_bomb"), "noun.shelling", "noun.air_strike", "noun.strike")
_OBJECT_AHEAD: Final = 6
"""Words between what is intercepted and a verb behind it, whose subject stands last: "ракет перехватила ПВО"."""


def strike(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """By means that nobody tells: those of the article's other strikes, else from the air."""
    if _is_no_strike(d, hit):
        return None
    if d.kind(actor) is ActorKind.ARMED_GROUP and d.holds(found.target, UNARMED) and not d.is_shelled():
        return T.ATTACK
    armed = d.is_armed(found.actor) or (hit.concept == "noun.strike" and d.named_party(hit))
    denied = d.kind(actor) is None and found.actor is None and d.view.has("cue.denial") and d.named_party(hit)
    return d.usual_strike() if armed or denied else None


def deadly(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """A strike or blast of which only the dead are told: a bomb that the article names, else fire from afar.

    What explodes in an article that names no bomb may be a boiler.
    """
    if _is_no_strike(d, hit):
        return None
    if not d.is_shelled() and d.is_bombed():
        return T.REMOTE_EXPLOSIVE_LANDMINE_IED
    if hit.concept == "noun.attack":
        armed = d.near(hit, ARMED, 12, 12) is not None or d.sentence.names(hit.first, hit.last, ARMED)
        return None if armed or d.is_shelled() else T.ATTACK
    return None if hit.concept == "noun.explosion" else d.usual_strike()


def _is_no_strike(d: Scene, hit: Hit) -> bool:
    """Whether no act is meant, or people who bear no arms stand right before: it is theirs ("the teachers' strike")."""
    if d.near(hit, NO_ACT, 12, 12) is not None:
        return True
    behind = range(hit.first - 1, hit.first + 1)
    return hit.concept == "noun.strike" and any(h.last in behind for h in d.view.hits(*UNARMED))


def bomb_killed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """A bomb or mine is what kills, and no one who is named before the verb; "shops near mines" are none."""
    if d.is_armed(found.actor) or d.holds(found.actor, PEOPLE) or d.holds(found.target, PLANTED):
        return None
    own = (h for h in d.view.hits(*PLANTED) if d.view.same_clause(h.first, hit.first))
    return T.REMOTE_EXPLOSIVE_LANDMINE_IED if any(h.first < hit.first or found.passive for h in own) else None


def _by_means(d: Scene, hit: Hit, found: Roles, means: tuple[str, ...]) -> bool:
    """Whether means stand near that are not what is hit: "tanks shelled" and not "destroyed four tanks"."""
    part = d.view.part[hit.first]
    near = [
        h
        for h in d.view.hits(*means)
        if d.view.part[h.first] == part and abs(h.first - hit.first) <= 9 and not _in_clash(d, h)
    ]
    return any(found.target is None or not found.target.touches(h) for h in near)


def _in_clash(d: Scene, hit: Hit) -> bool:
    """Whether a word of arms is a part of a noun of fighting: "gun battle", "tank battle"."""
    return any(c.first <= hit.first and hit.last <= c.last and c.last - c.first > 1 for c in d.view.hits("noun.clash"))


def by_guns(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Fired at by guns or missiles."""
    return T.SHELLING_ARTILLERY_MISSILE_ATTACK if _by_means(d, hit, found, (*GUNS, *FIRED)) else None


def from_air(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Struck by aircraft or drones."""
    if not _by_means(d, hit, found, AIR_PLATFORM) or _missiles_first(d, hit, found) or _by_own_guns(d, hit, found):
        return None
    return T.AIR_DRONE_STRIKE


def _missiles_first(d: Scene, hit: Hit, found: Roles) -> bool:
    """Of "missiles and drones" what is named first tells; missiles of aircraft come from the air."""
    part = d.view.part[hit.first]
    means = [h for h in d.view.hits(*AIR_PLATFORM, *FIRED) if d.view.part[h.first] == part]
    first = min(means, key=lambda h: h.first)
    if first.concept not in FIRED or (found.target and found.target.touches(first)):
        return False
    return all(h.concept in FIRED or h.concept in _DRONES for h in means)


def _by_own_guns(d: Scene, hit: Hit, found: Roles) -> bool:
    """Whether guns stand in the clause of the verb, and what flies in another one."""
    own = [h for h in d.view.hits(*GUNS, *AIR_PLATFORM) if d.view.same_clause(h.first, hit.first)]
    guns = any(h.concept in GUNS and not (found.target and found.target.touches(h)) for h in own)
    return guns and all(h.concept in GUNS for h in own)


def blown_up(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Somebody blows a thing up, or it is blown up; what blows up by itself may be a boiler."""
    by_somebody = d.kind(actor) in SOLDIERS or (found.passive and d.holds(found.target, PROPERTY))
    return T.REMOTE_EXPLOSIVE_LANDMINE_IED if by_somebody else None


def intercepted(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Missiles or drones intercepted; the sentence before may have named them."""
    object_ = None if found.passive else found.target
    stopped = d.holds(object_, (*ARMED, *TRUCKS)) and not d.holds(object_, _FLYING)
    if stopped and d.near(hit, (*FIRED, *_DRONES), _OBJECT_AHEAD, 0) is None:
        return None
    if d.near(hit, _FLYING, 14, 6) is not None:
        return T.DISRUPTED_WEAPONS_USE
    before = d.before()
    return T.DISRUPTED_WEAPONS_USE if before is not None and before.has(*_FLYING) else None


def brought_down(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Where one word means to shoot and to shoot down, it is what is shot that tells."""
    target = found.target
    flying = d.holds(target, AIR_PLATFORM)
    people = d.holds(target, PEOPLE)
    return T.DISRUPTED_WEAPONS_USE if flying and not people else None


def arms_seized(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Arms that this verb takes, not the next one: "captured three men and seized two pistols"."""
    arms = d.near(hit, (*ARMS, *TRUCKS), 5, 6)
    if arms is None or d.language.pack.verb_order == "sov":
        return T.DISRUPTED_WEAPONS_USE
    if arms.first < hit.last:
        behind = found.target if found.target is not None and found.target.first >= hit.last else None
        other = d.holds(behind, (*GROUND, *PROPERTY)) and not d.holds(behind, ARMS)
        return None if other and not found.passive else T.DISRUPTED_WEAPONS_USE
    verbs = d.view.hits("act.confiscate", "act.seize")
    return None if any(hit.last <= verb.first < arms.first for verb in verbs) else T.DISRUPTED_WEAPONS_USE
