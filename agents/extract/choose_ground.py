"""Which type of event it is where ground changes hands or forces move; None where nothing fits."""

from typing import Final

from agents.extract.actors import Actor
from agents.extract.concept_sets import ARMED, CAPTIVES, CROWD, PEOPLE, UNARMED
from agents.extract.groups import ActorKind
from agents.extract.roles import Roles
from agents.extract.scene import SOLDIERS, Scene
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T

_SENT: Final = 8
"""Words between a verb of sending and the forces sent, a date between them."""


def territory(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Ground taken by force, by an armed group or by a state; nobody takes it where captives are freed."""
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
    if kind is None and (_is_armed_group_told(d, hit, found) or _falls_to_armed_group(d, hit)):
        return T.NON_STATE_ACTOR_OVERTAKES_TERRITORY
    if kind is None and not _is_war(d):
        return None
    return T.GOVERNMENT_REGAINS_TERRITORY


def _is_armed_group_told(d: Scene, hit: Hit, found: Roles) -> bool:
    """Whether only an armed group is named before a verb whose subject no phrase tells."""
    before = [h for h in d.view.hits("actor.armed_group", "actor.army", "actor.government") if h.last <= hit.first]
    own = [h for h in before if found.target is None or not found.target.touches(h)]
    return found.actor is None and bool(own) and all(h.concept == "actor.armed_group" for h in own)


def _falls_to_armed_group(d: Scene, hit: Hit) -> bool:
    """Whether "into the hands of" an armed group stands in the words of the fall or right behind them."""
    into = [h for h in d.view.hits("cue.by", "cue.recipient") if hit.first <= h.first <= hit.last]
    return any(h.last == group.first for h in into for group in d.view.hits("actor.armed_group"))


def _frees_people(d: Scene, hit: Hit, found: Roles) -> bool:
    """Whether a word that frees towns frees captives here."""
    if d.holds(found.target, CAPTIVES):
        return True
    if not any(h.first <= hit.first < h.last for h in d.view.hits("act.release")):
        return False
    return d.near(hit, CAPTIVES, 3, 4) is not None


def _is_war(d: Scene) -> bool:
    """Whether the sentence names armed people, a named force or a named place at all."""
    return d.view.has(*ARMED, "noun.position") or bool(d.places.mentions(d.sentence))


def territory_named(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Seizing what is a place by name."""
    following = [m for m in d.places.mentions(d.sentence) if 0 <= m.first - hit.last <= 2]
    passive = [m for m in d.places.mentions(d.sentence) if 0 <= hit.first - m.last <= 3 and m.cue is None]
    if not following and not (passive and found.target is not None and d.is_place(found.target)):
        return None
    return territory(d, hit, found, actor)


def territory_armed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Ground, if an army or an armed group takes it."""
    return territory(d, hit, found, actor) if d.kind(actor) in SOLDIERS else None


def territory_entered(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """A town or region by its name, if an army or an armed group enters it; who is taken there is no ground."""
    if d.kind(actor) not in SOLDIERS or d.holds(found.target, PEOPLE) or not _acts_on_place(d, hit):
        return None
    return territory(d, hit, found, actor)


def _acts_on_place(d: Scene, hit: Hit) -> bool:
    """Whether a place smaller than a country is the object of a verb: beside it, but for one word between."""
    ahead = d.language.pack.verb_order == "sov"
    return any(
        m.exactness > 0 and (0 <= m.first - hit.last <= 1 or (ahead and 0 <= hit.first - m.last <= 1))
        for m in d.places.mentions(d.sentence)
    )


def territory_held(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Ground that an armed group holds."""
    return territory(d, hit, found, actor) if d.kind(actor) is ActorKind.ARMED_GROUP else None


def withdrawal(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people, or a named party, who leave ground."""
    if d.holds(found.target, UNARMED) and not d.holds(found.target, ARMED):
        return None
    armed = d.kind(actor) in SOLDIERS or d.near(hit, (*ARMED, "noun.position"), 12, 8) is not None
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY if armed or d.named_party(hit) else None


def withdrawal_armed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people who leave a position; not people who flee."""
    if d.kind(actor) not in SOLDIERS or (_is_flight(d, hit) and not d.holds(found.actor, ARMED)):
        return None
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY


def withdrawal_named(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people, no peacekeepers, who leave a town or region that is named: "the troops left Homs"."""
    if d.kind(actor) is ActorKind.PEACEKEEPERS or not _acts_on_place(d, hit):
        return None
    return withdrawal_armed(d, hit, found, actor)


def _is_flight(d: Scene, hit: Hit) -> bool:
    """Whether the word is one for people's flight, too: "the Thais who fled" are no army."""
    return any(h.concept.startswith("term.") and h.first == hit.first for h in d.sentence.hits)


def handover(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Ground given up without a fight."""
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY if d.kind(actor) is not ActorKind.CIVILIANS else None


def forces(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Forces that are sent, not the police who move somebody else."""
    if d.holds(found.target, UNARMED) and not _is_unit(d, found):
        return None
    if d.holds(found.target, ARMED):
        return T.CHANGE_TO_GROUP_ACTIVITY
    behind = {
        h.first
        for h in d.view.hits("noun.troops")
        if 0 <= h.first - hit.last <= _SENT and d.view.same_clause(h.first, hit.first)
    }
    senders = sum(found.actor is not None and found.actor.first <= first < found.actor.last for first in behind)
    return T.CHANGE_TO_GROUP_ACTIVITY if len(behind) > min(senders, 1) else None


def _is_unit(d: Scene, found: Roles) -> bool:
    """Whether what is sent begins with a word of troops: "three companies of volunteers"."""
    own = [h for h in d.view.hits("noun.troops", *UNARMED) if found.target is not None and found.target.touches(h)]
    return min(own, key=lambda h: (h.first, h.concept != "noun.troops")).concept == "noun.troops"
