"""Who does what a verb tells: the party before it, in languages whose subjects stand there."""

from agents.extract.cases import Case
from agents.extract.names import Phrase, Phrases
from agents.extract.parties import ARMED_KINDS, is_party
from agents.extract.text import COMMAS, Hit


def subject_of(phrases: Phrases, trigger: Hit, any_phrase: bool = False) -> Phrase | None:
    """The nearest party before the verb that is no adjunct, no speaker and no object of a verb before.

    Of a passive any phrase will do, but one that names people or things rather than another.
    """
    speaker: Phrase | None = None
    other: Phrase | None = None
    nearest = True
    for phrase in phrases.left_of(trigger.first):
        adjunct = phrases.after_preposition(phrase) or phrases.case(phrase) is Case.GOAL
        if adjunct or _belongs_to_verb_before(phrases, phrase, trigger):
            continue
        if not any_phrase and (phrases.is_mere_place(phrase) or phrases.is_nameless(phrase)):
            nearest = False
            continue
        if phrases.acts(phrase) or (nearest and phrases.is_named(phrase)) or (any_phrase and phrases.is_known(phrase)):
            first = _joined(phrases, phrase)
            found = Phrase(first.first, phrase.last) if first is not None else phrase
            if _is_said_aside(phrases, phrase):
                continue
            if not _speaks(phrases, phrase, trigger):
                return found
            speaker = speaker or found
        other = other or phrase
        nearest = False
    if other is not None and other != speaker and (any_phrase or _is_bare_subject(phrases, other, trigger)):
        return other
    return speaker if speaker is not None and _may_act_itself(phrases, speaker, trigger) else None


def _is_bare_subject(phrases: Phrases, phrase: Phrase, trigger: Hit) -> bool:
    """Whether a noun that no list knows stands right before the verb, but for auxiliaries: "looters had emptied"."""
    if phrases.is_known(phrase) or not phrases.view.same_clause(phrase.first, trigger.first):
        return False
    closed = phrases.view.held_by("func.stop", "func.verb")
    return all(i in closed for i in range(phrase.last, trigger.first))


def _speaks(phrases: Phrases, phrase: Phrase, trigger: Hit) -> bool:
    """Whether a verb of saying stands right behind the phrase, before the trigger."""
    return any(0 <= h.first - phrase.last <= 2 and h.last <= trigger.first for h in phrases.view.hits("say.verb"))


def _is_said_aside(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether a phrase is who speaks in a remark: "the soldiers, | as activists report, | executed"."""
    tokens = phrases.tokens
    if phrase.last >= len(tokens) or tokens[phrase.last].text not in COMMAS:
        return False
    return any(
        h.last == phrase.first and any(t.text in COMMAS for t in tokens[max(0, h.first - 2) : h.first])
        for h in phrases.view.hits("say.verb", "say.according")
    )


def _may_act_itself(phrases: Phrases, speaker: Phrase, trigger: Hit) -> bool:
    """Whether who speaks may be who acts: no "that" between them, or an armed speaker before an unnamed subject."""
    clauses = phrases.view.hits("cue.relative", "cue.clause")
    if not any(speaker.last <= h.first < trigger.first for h in clauses):
        return True
    return phrases.language.actors.of(phrases.view.sentence, speaker).kind in ARMED_KINDS


def _joined(phrases: Phrases, phrase: Phrase) -> Phrase | None:
    """The party that "and" joins in front of a party: "soldiers and mercenaries executed"."""
    joints = [h for h in phrases.view.hits("cue.and") if 0 <= phrase.first - h.last <= 1]
    if not joints:
        return None
    before = next((p for p in phrases.all if p.last == joints[0].first), None)
    if before is None or not is_party(phrases, before) or phrases.after_preposition(before):
        return None
    verbs = (h for h in phrases.view.sentence.hits if h.concept.startswith("act."))
    return before if not any(0 <= before.first - verb.last <= 3 for verb in verbs) else None


def _belongs_to_verb_before(phrases: Phrases, phrase: Phrase, trigger: Hit) -> bool:
    """Whether a phrase is the object of another verb: "took the town AND killed", not "and the army killed"."""
    tokens = phrases.tokens
    between = range(phrase.last, trigger.first)
    joined = any(tokens[i].text in COMMAS for i in between) or any(
        h.first in between for h in phrases.view.hits("cue.and", "cue.clause")
    )
    if not joined:
        return False
    return any(
        h.concept.startswith("act.") and 0 <= phrase.first - h.last <= 3 and h.last <= phrase.first
        for h in phrases.view.sentence.hits
    )
