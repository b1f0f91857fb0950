"""Which type of event it is where people are taken or let go, and where sides agree; None where nothing fits."""

from typing import Final

from agents.extract.actors import Actor
from agents.extract.concept_sets import ARMED, ARMS, CROWD, GROUND, PEOPLE, PROPERTY
from agents.extract.groups import ActorKind
from agents.extract.roles import Roles
from agents.extract.scene import Scene
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T

_COUNTED: Final = 4
"""Words from a number of people to the verb that stands last."""


def captive(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Arrests, or abduction where an armed group takes people."""
    if any((h.first, h.last) == (hit.first, hit.last) for h in d.view.hits("noun.prisoner")):
        return None
    if d.kind(actor) is ActorKind.ARMED_GROUP or d.near(hit, ("noun.hostage",), 3, 5) is not None:
        return T.ABDUCTION_FORCED_DISAPPEARANCE
    people = d.near(hit, (*PEOPLE, *CROWD, "unit.person", "noun.prisoner"), 6, 8)
    counted = _counts(d, hit, found.passive)
    if actor is None and people is None and not d.is_named_target(found) and not counted:
        return None
    return T.ARRESTS


def _counts(d: Scene, hit: Hit, passive: bool) -> bool:
    """Whether a number stands right behind the word, of people whom no list knows: "arrested were five organisers".

    Where verbs stand last, and before a passive, it stands before the word.
    """
    clause, last = d.view.clause, passive or d.language.pack.verb_order == "sov"
    own = [i for i in d.sentence.numbers if clause[i] == clause[hit.first]]
    return any(0 <= i - hit.last <= 2 or (last and 2 <= hit.first - i <= _COUNTED) for i in own)


def captive_seized(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Seizing people, told by the phrase that is seized: not a town, not those who speak of it."""
    if found.target is None:
        return None
    named = d.holds(found.target, (*PEOPLE, "unit.person"))
    thing = d.is_place(found.target) or d.holds(found.target, (*GROUND, *ARMS, *PROPERTY))
    return captive(d, hit, found, actor) if named or not thing else None


def surrender(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people who give themselves up."""
    return T.ARRESTS if d.near(hit, ARMED, 8, 4) is not None else None


def freed(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Captives whom an armed group lets go."""
    return T.AGREEMENT if d.kind(actor) is ActorKind.ARMED_GROUP else None


def agreement(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """A truce or an accord that is made, not one that is ended."""
    ended = d.near(hit, ("cue.end",), 5, 5)
    made = d.near(hit, ("act.agree", "act.declare"), 10, 8)
    return T.AGREEMENT if ended is None and (made is not None or d.view.has("act.agree")) else None
