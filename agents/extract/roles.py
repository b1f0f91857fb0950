"""Who acts and who is acted on: read off the phrases around a verb or a noun of action.

It follows from the word order that the pack declares, from passives and from words like "by", "on" and "between".
Where that does not decide, the answer is None.
"""

from dataclasses import replace
from typing import Final

from agents.extract.case_roles import by_cases
from agents.extract.names import Phrases
from agents.extract.noun_roles import of_noun
from agents.extract.objects import SUFFERED, is_unarmed, object_of, subject_within
from agents.extract.parties import (
    MUTUAL,
    OBJECT_REACH,
    PRONOUN_REACH,
    Roles,
    adjacent_agent,
    agent_of,
    in_agent_form,
    is_armed,
    is_party,
)
from agents.extract.subjects import subject_of
from agents.extract.text import PUNCT, Hit, Phrase

__all__ = ["Roles", "is_passive", "roles"]

_MINE: Final = "act.hit_mine"
_FREE_REACH: Final = 6
_NO_OBJECT: Final = frozenset(
    f"act.{verb}" for verb in ("withdraw", "leave", "surrender", "fight", "advance", "protest", "march", "riot")
)
"""Verbs whose phrase behind them, in free word order, is who does it ("ушли танки")."""


def roles(phrases: Phrases, trigger: Hit, nominal: bool) -> Roles:
    """Read actor and target of a verb, or of a noun of action."""
    found = of_noun(phrases, trigger) if nominal else _of_verb(phrases, trigger)
    if trigger.concept == _MINE:
        return Roles(None, _on_mine(phrases, trigger, found))
    if _is_first_person(phrases, trigger):
        return replace(found, actor=None, target=found.target or found.actor, first_person=True)
    if trigger.concept in MUTUAL:
        found = _of_sides(phrases, trigger) or found
        if found.actor is not None and found.target is None and not found.passive:
            found = _two_sides(phrases, found.actor)
    if found.actor is None and _has_pronoun(phrases, trigger):
        return replace(found, pronoun=True)
    if found.actor is None and not nominal:
        return replace(found, actor=_shared_actor(phrases, trigger, found))
    return found


def _is_first_person(phrases: Phrases, trigger: Hit) -> bool:
    """Whether "we" stands close before the verb, or the verb's ending says it."""
    endings = phrases.language.pack.morphology.first_person_suffixes
    if endings and any(t.norm.endswith(endings) for t in phrases.tokens[trigger.first : trigger.last]):
        return trigger.concept.startswith("act.")
    return phrases.view.near(trigger, ("func.first_person",), PRONOUN_REACH, 1) is not None


def _of_sides(phrases: Phrases, trigger: Hit) -> Roles | None:
    """ "The sides agreed": nobody is named, and nobody who stands beside acts, such as who mediates."""
    sides = phrases.view.near(trigger, ("noun.sides",), OBJECT_REACH, OBJECT_REACH)
    if sides is None:
        return None
    own = next((p for p in phrases.all if p.first <= sides.first < p.last), None)
    return Roles(own, None) if own is not None and not phrases.after_preposition(own) else None


def _shared_actor(phrases: Phrases, trigger: Hit, found: Roles) -> Phrase | None:
    """Who does what the verb before tells, where one subject does both: "stormed the camp and killed a guard"."""
    verbs = [h for h in phrases.view.sentence.hits if h.concept.startswith("act.") and h.last <= trigger.first]
    before = max(verbs, key=lambda h: h.first, default=None)
    if before is None or phrases.view.part[before.first] != phrases.view.part[trigger.first]:
        return None
    other = _of_verb(phrases, before)
    if other.passive is not found.passive or other.actor is None or other.actor == found.target:
        return None
    return other.actor if other.actor.last <= trigger.first else None


def _on_mine(phrases: Phrases, trigger: Hit, found: Roles) -> Phrase | None:
    """Who hits a mine is the one that suffers."""
    return found.actor or subject_of(phrases, trigger, any_phrase=True) or found.target


def is_passive(phrases: Phrases, trigger: Hit) -> bool:
    """Whether the verb's form makes its subject the one acted on."""
    morphology = phrases.language.pack.morphology
    norms = [t.norm for t in phrases.tokens[trigger.first : trigger.last]]
    if any(n.startswith(p) and len(n) > len(p) + 3 for n in norms[:1] for p in morphology.passive_prefixes):
        return True
    shaped = any(n.endswith(morphology.passive_suffixes) or n in morphology.passive_forms for n in norms)
    if not phrases.language.pack.concepts.get("cue.passive") or not shaped:
        return shaped
    mark = phrases.view.near(trigger, ("cue.passive",), 3, 0, inside=False)
    if mark is None or not morphology.active_forms.isdisjoint(norms):
        return False
    return mark.first == 0 or phrases.tokens[mark.first - 1].norm not in morphology.reflexives


def _of_verb(phrases: Phrases, trigger: Hit) -> Roles:
    order = phrases.language.pack.verb_order
    agent = agent_of(phrases, trigger)
    if is_passive(phrases, trigger):
        return _of_passive(phrases, trigger, agent or adjacent_agent(phrases, trigger))
    if order == "sov":
        return _before_verb(phrases, trigger)
    before, after = _named_in(phrases, trigger) or subject_of(phrases, trigger), object_of(phrases, trigger)
    free = bool(phrases.language.pack.morphology.agent_suffixes)
    if free and before is None and agent is None and trigger.concept in _NO_OBJECT and after is not None:
        return Roles(after if is_party(phrases, after) else None, None)
    if before is not None and (after is None or trigger.concept in MUTUAL):
        sides = _two_sides(phrases, before)
        return sides if sides.target is not None else Roles(before, after)
    if order == "vso" and before is None:
        return _after_verb(phrases, trigger)
    return Roles(before or agent, after)


def _named_in(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The party that the verb's phrase begins with: "air defence shot down"."""
    hits = (h for h in phrases.view.sentence.hits if h.first == trigger.first and h.last < trigger.last)
    named = next((h for h in hits if h.concept.startswith(("actor.", "group.", "noun.rioter"))), None)
    return Phrase(named.first, named.last) if named is not None else None


def _of_passive(phrases: Phrases, trigger: Hit, agent: Phrase | None) -> Roles:
    """The subject before the verb is the target; where none stands there, in free word order, what follows is."""
    before = subject_of(phrases, trigger, any_phrase=True)
    if before is not None and in_agent_form(phrases, before):
        agent, before = agent or before, None
    free = phrases.language.pack.morphology.agent_suffixes
    if before is None and free:
        before = next(
            (p for p in phrases.right_of(trigger.last) if p != agent and p.first - trigger.last <= _FREE_REACH), None
        )
    return Roles(agent, before, passive=True)


def _two_sides(phrases: Phrases, subject: Phrase) -> Roles:
    """ "A and B exchanged fire": one side each, where nobody else is fought."""
    joint = next((h for h in phrases.view.hits("cue.and") if subject.first < h.first and h.last < subject.last), None)
    if joint is None:
        return Roles(subject, None)
    return Roles(Phrase(subject.first, joint.first), Phrase(joint.last, subject.last))


def _before_verb(phrases: Phrases, trigger: Hit) -> Roles:
    """Verb-final: the object stands next to the verb, the subject before it."""
    if phrases.language.cases:
        return by_cases(phrases, trigger)
    said = max((h.last for h in phrases.view.hits("say.verb") if h.last <= trigger.first), default=0)
    sources = {h.last for h in phrases.view.hits("say.according")}
    found = [p for p in phrases.left_of(trigger.first) if not phrases.after_preposition(p) and p.first not in sources]
    told = [p for p in found if p.first >= said][:4]
    marks = {h.first for h in phrases.view.hits("cue.object_mark")}
    target = next((p for p in told if p.last in marks), None)
    parties = [p for p in told if is_party(phrases, p) and p != target]
    if target is not None:
        own = subject_within(phrases, target)
        if own is not None:
            return Roles(own, Phrase(own.last, target.last))
    if target is None and len(parties) >= 2:
        return Roles(parties[-1], parties[0])
    if target is None and parties and trigger.concept in SUFFERED and is_unarmed(phrases, parties[0]):
        parties, target = [], parties[0]
    if target is None and (not parties or parties[0] != told[0]):
        target = told[0] if told else None
    if not parties:
        return Roles(next((p for p in found if p.last <= said and is_armed(phrases, p)), None), target)
    return Roles(parties[-1], target)


def _after_verb(phrases: Phrases, trigger: Hit) -> Roles:
    """Verb first: the subject follows, then the object; one that bears arms may stand inside the trigger."""
    found = [p for p in phrases.right_of(trigger.last) if p.first - trigger.last <= OBJECT_REACH + 2][:3]
    inside = (p for p in phrases.right_of(trigger.first + 1) if p.last < trigger.last and is_armed(phrases, p))
    actor = next(inside, None)
    if actor is not None:
        return Roles(actor, found[0] if found else None)
    parties = [p for p in found if is_party(phrases, p) and not phrases.after_preposition(p)]
    if not parties:
        return Roles(None, None)
    own = subject_within(phrases, parties[0])
    if own is not None:
        return Roles(own, Phrase(own.last, parties[0].last))
    rest = [p for p in found if p.first > parties[0].first]
    return Roles(parties[0], rest[0] if rest else None)


def _has_pronoun(phrases: Phrases, trigger: Hit) -> bool:
    """Whether a pronoun stands close before the verb, with no mark between."""
    for hit in phrases.view.hits("func.pronoun"):
        if 0 <= trigger.first - hit.last <= PRONOUN_REACH:
            return not any(t.kind == PUNCT for t in phrases.tokens[hit.last : trigger.first])
    return False
