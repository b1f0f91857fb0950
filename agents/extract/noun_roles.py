"""Who acts and who is acted on around a noun of action: "clashes between", "air strike on", "arrest of"."""

from typing import Final

from agents.extract.case_roles import noun_by_cases
from agents.extract.names import Phrases
from agents.extract.objects import object_of
from agents.extract.parties import OBJECT_REACH, Roles, agent_of, is_armed, is_party, owner_of
from agents.extract.subjects import subject_of
from agents.extract.text import Hit, Phrase

_GATHERINGS: Final = frozenset(("noun.protest", "noun.riot"))
_TAKING: Final = ("noun.arrest", "noun.abduction")
_SIDE_REACH: Final = 14


def of_noun(phrases: Phrases, trigger: Hit) -> Roles:
    """Two sides between "between" and "and"; else who stands before the noun, and behind "on" or "against"."""
    if phrases.language.cases:
        return noun_by_cases(phrases, trigger)
    sides = _sides(phrases, trigger)
    if sides is not None:
        return sides
    if phrases.view.near(trigger, ("cue.suffer",), 1, 0) is not None:
        return Roles(agent_of(phrases, trigger), subject_of(phrases, trigger, any_phrase=True), passive=True)
    marked = _marked(phrases, trigger)
    if marked is not None:
        before = (p for p in phrases.left_of(marked.first) if not phrases.after_preposition(p))
        return Roles(next((p for p in before if is_armed(phrases, p)), None), marked)
    target = _target_of_noun(phrases, trigger) or _object_of_noun(phrases, trigger)
    actor = agent_of(phrases, trigger) or owner_of(phrases, trigger) or _armed_subject(phrases, trigger)
    return Roles(actor if actor != target else None, target)


def _marked(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The object before its mark, of a noun that a light verb makes one: "مواضع را بمباران کرد"."""
    marks = {hit.first for hit in phrases.view.hits("cue.object_mark") if hit.first < trigger.first}
    if not marks:
        return None
    found = next((p for p in phrases.left_of(trigger.first) if p.last in marks), None)
    if found is None or trigger.first - found.last > OBJECT_REACH:
        return None
    if phrases.after_preposition(found):  # "a market in Paktika (mark)": the market
        found = next((p for p in phrases.all if p.last == found.first - 1), found)
    verbs = (h for h in phrases.view.sentence.hits if h.concept.startswith(("act.", "say.verb")))
    return found if not any(found.last < h.first and h.last <= trigger.first for h in verbs) else None


def _armed_subject(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The subject before a noun of action, only if it bears arms: "40 people died in the clashes" fight nobody.

    Anybody holds a protest.
    """
    subject = subject_of(phrases, trigger)
    if subject is None or trigger.concept in _GATHERINGS:
        return subject
    return subject if is_armed(phrases, subject) else None


def _target_of_noun(phrases: Phrases, trigger: Hit) -> Phrase | None:
    against = phrases.view.near(trigger, ("cue.against",), 0, 4)
    if against is None:
        return None
    return next((p for p in phrases.right_of(against.last) if p.first - against.last <= 2), None)


def _object_of_noun(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """Whom a mob's verb is done to; whom an arrest takes, right behind the noun ("задержание депутатов")."""
    if trigger.concept == "noun.mob":
        verbs = (h for h in phrases.view.sentence.hits if h.concept.startswith("act.") and h.first >= trigger.last)
        verb = min(verbs, key=lambda h: h.first, default=None)
        return object_of(phrases, verb) if verb is not None else None
    if trigger.concept not in _TAKING or phrases.language.pack.noun_order != "head_first":
        return None
    behind = next(phrases.right_of(trigger.last), None)
    return behind if behind is not None and behind.first - trigger.last <= 1 else None


def _sides(phrases: Phrases, trigger: Hit) -> Roles | None:
    between = phrases.view.near(trigger, ("cue.between",), 1, 6)
    if between is None:
        return None
    found = [p for p in phrases.right_of(between.last) if p.first - between.last <= _SIDE_REACH]
    parties = [p for p in found if is_party(phrases, p)]
    joined = len(parties) >= 2 and any(
        parties[0].last <= h.first < parties[1].first for h in phrases.view.hits("cue.and")
    )
    sides = _two_in_one(phrases, parties[0]) if parties and not joined else None
    return sides or (Roles(parties[0], parties[1]) if len(parties) >= 2 else None)


def _two_in_one(phrases: Phrases, both: Phrase) -> Roles | None:
    """Two sides that only a prefix joins: "בין מיליציות ללוחמים"."""
    heads = (h for h in phrases.view.hits(*phrases.view.by_concept) if h.concept.startswith(("group.", "actor.")))
    starts = sorted({h.first for h in heads if both.first < h.first < both.last})
    return Roles(Phrase(both.first, starts[-1]), Phrase(starts[-1], both.last)) if starts else None
