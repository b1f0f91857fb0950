"""Which type of event it is where crowds gather, and where property is destroyed; None where nothing fits."""

from agents.extract.actors import Actor
from agents.extract.concept_sets import FIRED, GUNS, NO_ACT, PROTEST
from agents.extract.groups import ActorKind
from agents.extract.roles import Roles
from agents.extract.scene import Scene
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T


def broken_up(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """ "Police dispersed them": a protest that the sentence before told, broken up by police."""
    before = d.before()
    police = d.view.has("actor.police", "noun.tear_gas")
    return T.PROTEST_WITH_INTERVENTION if police and before is not None and before.has(*PROTEST) else None


def protesters_shot(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Students and activists who are shot are protesters only where somebody protests."""
    return T.EXCESSIVE_FORCE_AGAINST_PROTESTERS if d.is_protest() else None


def fired_on(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """ "Live rounds were used": on the protest that the same sentence or the one before told."""
    before = d.before()
    told = any(h.last <= hit.first for h in d.view.hits(*PROTEST)) or (before is not None and before.has(*PROTEST))
    return T.EXCESSIVE_FORCE_AGAINST_PROTESTERS if told else None


def property(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Property destroyed or looted, by a crowd or by armed people; no arms."""
    if d.near(hit, NO_ACT, 12, 12) is not None:
        return None
    if d.kind(actor) is ActorKind.PROTESTERS and hit.concept != "act.loot":
        return T.VIOLENT_DEMONSTRATION
    arms = ("noun.arms", "item.ammunition", *GUNS, *FIRED)
    if hit.concept != "act.loot" and d.holds(found.target, arms):
        return None
    return T.LOOTING_PROPERTY_DESTRUCTION


def protest(d: Scene, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """A protest with a sign of a crowd, without force in the same part of the sentence."""
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
