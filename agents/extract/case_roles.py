"""Who acts and who is acted on where endings of nouns tell it, and verbs stand last."""

from typing import Final

from agents.extract.cases import Case
from agents.extract.names import Phrase, Phrases
from agents.extract.objects import object_of
from agents.extract.parties import (
    ARMED_KINDS,
    MUTUAL,
    OBJECT_REACH,
    OPEN,
    PRONOUN_REACH,
    Roles,
    agent_of,
    is_party,
    owner_of,
)
from agents.extract.text import Hit

_BETWEEN_REACH: Final = 12
"""Words behind a noun of action within which "between" may close its two sides."""


def by_cases(phrases: Phrases, trigger: Hit) -> Roles:
    """The object by its ending, or right before the verb; the subject without one, or an owner where the verb is told.

    In "A, B'nin köyü aldığını açıkladı" A speaks and B acts; in "A köyü aldığını açıkladı" A does both.
    """
    sources = {h.first for h in phrases.view.hits("say.after")}
    said = max((h.last for h in phrases.view.hits("say.verb") if h.last <= trigger.first), default=0)
    before = (p for p in phrases.left_of(trigger.first) if p.last not in sources and p.first >= said)
    found = [p for p in before if not phrases.after_preposition(p)][:6]
    subjects = [p for p in found if phrases.case(p) in (None, Case.OWNER) and _may_act(phrases, p)]
    told = any(h.first >= trigger.last for h in phrases.view.hits("say.verb", "cue.denial"))
    actor = _acting_by_case(phrases, subjects, told)
    rest = [p for p in found if p != actor and (actor is None or p.first >= actor.last)]
    marked = [p for p in rest if phrases.case(p) in (Case.OBJECT, Case.GOAL)]
    parties = [p for p in rest if is_party(phrases, p) and phrases.case(p) is not None]
    known = [p for p in rest if phrases.names_something(p)]
    target = next(iter(parties), None) or next(iter(marked), None) or next(iter(known), None)
    if target is None and not phrases.language.cases.marks_objects:
        target = object_of(phrases, trigger)
    if trigger.concept in MUTUAL:
        joined = any(actor and actor.last <= h.first < p.first for p in known for h in phrases.view.hits("cue.and"))
        target = next((p for p in reversed(known) if phrases.case(p) is None and joined), target)
    return Roles(actor, target)


def _may_act(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether a phrase is a party with a name or nature of its own: no ground, no mere people."""
    ground = any(h.last == phrase.last for h in phrases.view.hits("noun.territory"))
    return (
        is_party(phrases, phrase)
        and not phrases.is_nameless(phrase)
        and not (ground and not phrases.is_anchored(phrase))
    )


def _acting_by_case(phrases: Phrases, subjects: list[Phrase], told: bool) -> Phrase | None:
    """Of subjects, nearest to the verb first: the owner in what is told, else the first that can act, or its owner."""
    owners = [p for p in subjects if phrases.case(p) is Case.OWNER and not _holds_a_place(phrases, p)]
    plain = [p for p in subjects if phrases.case(p) is None]
    if (told or not plain) and owners:
        return owners[-1]
    acting = [p for p in plain if phrases.acts(p)] or plain
    if not acting:
        return None
    return next((p for p in owners if p.last == acting[-1].first and phrases.acts(p)), acting[-1])


def _holds_a_place(phrases: Phrases, owner: Phrase) -> bool:
    """Whether an owner holds a thing, and does not act: "isyancıların elindeki kent", the town in the rebels' hands."""
    tokens, at = phrases.tokens, owner.last
    if at + 2 < len(tokens) and tokens[at].text == "(" and tokens[at + 2].text == ")":
        at += 3
    return at < len(tokens) and phrases.language.cases.is_attributive(tokens[at].norm)


def noun_by_cases(phrases: Phrases, trigger: Hit) -> Roles:
    """Actor and target around a noun of action that stands before its verb."""
    sides = sides_before(phrases, trigger)
    if sides is not None:
        return sides
    found = by_cases(phrases, trigger)
    if trigger.concept in MUTUAL and found.target is not None:
        return found
    own = next((p for p in phrases.all if p.first <= trigger.first < p.last), None)
    actor = agent_of(phrases, trigger) or (own if trigger.concept == "noun.mob" else None) or owner_of(phrases, trigger)
    if actor is None and found.actor is not None:
        kind = phrases.language.actors.of(phrases.view.sentence, found.actor).kind
        actor = found.actor if kind in ARMED_KINDS or trigger.concept.startswith(OPEN) else None
    target = target_by_case(phrases, trigger) or found.target
    return Roles(actor, target if target != actor else None)


def target_by_case(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """What a noun of action is done to stands before it: "okula hava saldırısı", "polise karşı saldırı"."""
    for phrase in phrases.left_of(trigger.first):
        if trigger.first - phrase.last > PRONOUN_REACH:
            return None
        if phrases.case(phrase) is Case.GOAL:
            return phrase
    return None


def sides_before(phrases: Phrases, trigger: Hit) -> Roles | None:
    """ "A ile B arasında": the two parties before a "between" that stands behind them."""
    between = phrases.view.near(trigger, ("cue.between",), OBJECT_REACH, _BETWEEN_REACH)
    if between is None:
        return None
    found = [p for p in phrases.left_of(between.first) if between.first - p.last <= OBJECT_REACH][:2]
    if len(found) < 2 or found[0].last != between.first:
        return None
    return Roles(found[1], found[0])
