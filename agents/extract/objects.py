"""Whom or what a verb is done to: the phrase behind it or inside it, or what no word parts from the subject."""

from typing import Final

from agents.extract.concept_sets import UNARMED
from agents.extract.names import Phrases
from agents.extract.parties import OBJECT_REACH, is_armed
from agents.extract.text import Hit, Phrase

SUFFERED: Final = frozenset(
    f"act.{verb}" for verb in ("kill", "murder", "shoot", "beat", "arrest", "abduct", "rape", "riot", "disperse")
)
"""Verbs that tell what happens to people: a lone party beside them that bears no arms is whom it happens to."""
_STRIKES: Final = frozenset(("act.strike", "act.attack", "act.bomb", "act.shell", "act.open_fire", "act.launch"))
_CAPTIVES: Final = ("group.hostages", "group.prisoners")
_PEOPLE_AT_END: Final = ("actor.", "group.", "noun.crowd", "noun.protest")
_THINGS_AT_END: Final = ("noun.house", "noun.infrastructure", "noun.military_target")
_OBJECTS: Final = ("noun.", "item.", "group.")
_BODIES: Final = frozenset(("actor.army", "actor.police", "actor.government", "actor.armed_group", "noun.troops"))
"""What a noun of people may belong to: "soldiers of the army"."""

_THINGS: Final = ("item.", "noun.house", "noun.infrastructure", "noun.military_target", "noun.position", "noun.base")


def object_of(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The nearest phrase behind the verb, or inside it ("took 11 men prisoner"); parties also behind a preposition."""
    inside = _object_in(phrases, trigger)
    if inside is not None:
        return inside
    for phrase in phrases.right_of(trigger.last):
        if phrase.first - trigger.last > OBJECT_REACH or _verb_between(phrases, trigger.last, phrase.first):
            return None
        if not phrases.after_preposition(phrase) or phrases.acts(phrase) or _is_hit(phrases, phrase, trigger):
            return phrase
    return None


def _object_in(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """People or things inside the verb's phrase, or at its end: "took 11 men prisoner", "pelted the police"."""
    inside = next((p for p in phrases.all if trigger.first < p.first and p.last <= trigger.last), None)
    if inside is not None:
        return inside if phrases.is_known(inside) or phrases.is_named(inside) else None
    wanted = _PEOPLE_AT_END if trigger.concept in SUFFERED else _THINGS_AT_END
    ends = (h for h in phrases.view.sentence.hits if h.last == trigger.last and h.first > trigger.first)
    found = next((h for h in ends if h.concept.startswith(wanted) and h.concept not in _CAPTIVES), None)
    if found is None:
        return None
    rest = next((p for p in phrases.all if p.first == found.last), None)
    return Phrase(found.first, rest.last if rest is not None else found.last)


def _is_hit(phrases: Phrases, phrase: Phrase, trigger: Hit) -> bool:
    """Whether the phrase is what a strike lands on: a thing behind "at", "on" or "in" ("ударил по колонне")."""
    if trigger.concept not in _STRIKES:
        return False
    against = any(0 <= phrase.first - h.last <= 1 for h in phrases.view.hits("cue.against"))
    return against and phrases.view.sentence.names(phrase.first, phrase.last, _THINGS)


def _verb_between(phrases: Phrases, first: int, last: int) -> bool:
    for hit in phrases.view.sentence.hits:
        if hit.first >= last:
            break
        if hit.first >= first and hit.concept.startswith(("act.", "say.verb")):
            return True
    return False


def subject_within(phrases: Phrases, marked: Phrase) -> Phrase | None:
    """The subject, if any, that no word parts from its object: "protesters | the parliament building"."""
    hits = [h for h in phrases.view.sentence.hits if marked.first < h.first and h.last <= marked.last]
    armed = {h.first for h in hits if h.concept in _BODIES}
    things = {h.first for h in hits if h.concept.startswith(_OBJECTS)} - armed
    if not things:
        return None
    last = min(things) - phrases.is_number(min(things) - 1)
    if last <= marked.first:
        return None
    kind = phrases.language.actors.read(phrases.view.sentence, marked.first, last).kind
    return Phrase(marked.first, last) if kind is not None else None


def is_unarmed(phrases: Phrases, phrase: Phrase) -> bool:
    return phrases.view.sentence.names(phrase.first, phrase.last, UNARMED) and not is_armed(phrases, phrase)
