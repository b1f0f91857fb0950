"""Who acts and who is acted on: read off the phrases around a verb or a noun of action.

It follows from the word order that the pack declares, from passives and from words like "by", "on" and "between".
Where that does not decide, the answer is None.
"""

from typing import Final, NamedTuple

from agents.extract.cases import Case
from agents.extract.groups import ActorKind
from agents.extract.names import Phrase, Phrases
from agents.extract.text import PUNCT, Hit

_ARMED: Final = frozenset((ActorKind.STATE, ActorKind.POLICE, ActorKind.ARMED_GROUP, ActorKind.PEACEKEEPERS))
_OBJECT_REACH: Final = 8
_SIDE_REACH: Final = 14
_PRONOUN_REACH: Final = 4
_MUTUAL: Final = frozenset(
    ("act.fight", "act.agree", "act.exchange", "noun.clash", "noun.ceasefire", "noun.agreement", "noun.exchange")
)
"""What two sides do to each other."""
_OPEN: Final = ("noun.protest", "noun.riot", "noun.ceasefire", "noun.agreement")
"""Nouns of what anybody may do, armed or not."""


_MINE: Final = "act.hit_mine"
_NO_OBJECT: Final = frozenset(
    f"act.{verb}" for verb in ("withdraw", "leave", "surrender", "fight", "advance", "protest", "march", "riot")
)
"""Verbs whose phrase behind them, in free word order, is who does it ("ушли танки")."""

_STRIKES: Final = frozenset(("act.strike", "act.attack", "act.bomb", "act.shell", "act.open_fire", "act.launch"))
_THINGS: Final = ("item.", "noun.house", "noun.infrastructure", "noun.military_target", "noun.position", "noun.base")


class Roles(NamedTuple):
    """Actor and target, None where the words do not tell. `pronoun`: a pronoun stands where the actor would.

    `passive`: the verb's form makes its subject the target.
    """

    actor: Phrase | None
    target: Phrase | None
    pronoun: bool = False
    passive: bool = False


def roles(phrases: Phrases, trigger: Hit, nominal: bool) -> Roles:
    """Read actor and target of a verb, or of a noun of action."""
    found = _of_noun(phrases, trigger) if nominal else _of_verb(phrases, trigger)
    if trigger.concept == _MINE:
        return Roles(None, _on_mine(phrases, trigger, found))
    if found.actor is None and _has_pronoun(phrases, trigger):
        return found._replace(pronoun=True)
    return found


def _on_mine(phrases: Phrases, trigger: Hit, found: Roles) -> Phrase | None:
    """Who hits a mine is the one that suffers."""
    return found.actor or _subject(phrases, trigger, any_phrase=True) or found.target


def is_passive(phrases: Phrases, trigger: Hit) -> bool:
    """Whether the verb's form makes its subject the one acted on."""
    morphology = phrases.language.pack.morphology
    norms = [t.norm for t in phrases.tokens[trigger.first : trigger.last]]
    if any(n.startswith(p) and len(n) > len(p) + 3 for n in norms[:1] for p in morphology.passive_prefixes):
        return True
    shaped = any(n.endswith(morphology.passive_suffixes) or n in morphology.passive_forms for n in norms)
    if not phrases.language.pack.concepts.get("cue.passive"):
        return shaped
    return shaped and phrases.view.near(trigger, ("cue.passive",), 3, 0) is not None


def _of_verb(phrases: Phrases, trigger: Hit) -> Roles:
    order = phrases.language.pack.verb_order
    agent = _agent(phrases, trigger)
    if is_passive(phrases, trigger):
        return _of_passive(phrases, trigger, agent or _adjacent_agent(phrases, trigger))
    if order == "sov":
        return _before_verb(phrases, trigger)
    before, after = _subject(phrases, trigger), _object(phrases, trigger)
    free = bool(phrases.language.pack.morphology.agent_suffixes)
    if free and before is None and agent is None and trigger.concept in _NO_OBJECT and after is not None:
        return Roles(after if _is_party(phrases, after) else None, None)
    if before is not None and after is None:
        return _two_sides(phrases, before)
    if order == "vso" and before is None:
        return _after_verb(phrases, trigger)
    return Roles(before or agent, after)


def _of_passive(phrases: Phrases, trigger: Hit, agent: Phrase | None) -> Roles:
    """The subject before the verb is the target; where none stands there, in free word order, what follows is."""
    before = _subject(phrases, trigger, any_phrase=True)
    if before is not None and _in_agent_form(phrases, before):
        agent, before = agent or before, None
    free = phrases.language.pack.morphology.agent_suffixes
    if before is None and free:
        before = next((p for p in phrases.right_of(trigger.last) if p != agent and p.first - trigger.last <= 3), None)
    return Roles(agent, before, passive=True)


def _in_agent_form(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether an ending of the phrase's party says that it does what the passive tells."""
    suffixes = phrases.language.pack.morphology.agent_suffixes
    if not suffixes or not _is_party(phrases, phrase):
        return False
    return any(t.norm.endswith(suffixes) and len(t.norm) > 4 for t in phrases.tokens[phrase.first : phrase.first + 2])


def _two_sides(phrases: Phrases, subject: Phrase) -> Roles:
    """ "A and B exchanged fire": one side each, where nobody else is fought."""
    joint = next((h for h in phrases.view.hits("cue.and") if subject.first < h.first and h.last < subject.last), None)
    if joint is None:
        return Roles(subject, None)
    return Roles(Phrase(subject.first, joint.first), Phrase(joint.last, subject.last))


def _agent(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The party after "by", or before it where it stands behind."""
    if phrases.language.cases:
        by = phrases.view.near(trigger, ("cue.by",), _OBJECT_REACH, 0)
        return next((p for p in phrases.left_of(by.first) if p.last == by.first), None) if by is not None else None
    by = phrases.view.near(trigger, ("cue.by",), 0, _OBJECT_REACH)
    if by is None:
        return None
    return next((p for p in phrases.right_of(by.last) if p.first - by.last <= 2 and _is_party(phrases, p)), None)


def _adjacent_agent(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The party right behind a passive made by a prefix ("ditangkap polisi")."""
    after = next(phrases.right_of(trigger.last), None)
    if after is not None and _in_agent_form(phrases, after):
        return after
    if not phrases.language.pack.morphology.passive_prefixes:
        return None
    return after if after is not None and after.first == trigger.last and _is_party(phrases, after) else None


def _is_party(phrases: Phrases, phrase: Phrase) -> bool:
    return phrases.acts(phrase) or phrases.is_named(phrase)


def _subject(phrases: Phrases, trigger: Hit, any_phrase: bool = False) -> Phrase | None:
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
        if phrases.acts(phrase) or (nearest and phrases.is_named(phrase)) or (any_phrase and phrases.is_known(phrase)):
            first = _joined(phrases, phrase)
            found = Phrase(first.first, phrase.last) if first is not None else phrase
            if not _speaks(phrases, phrase, trigger):
                return found
            speaker = speaker or found
        other = other or phrase
        nearest = False
    if any_phrase and other is not None and other != speaker:
        return other
    return speaker if speaker is not None and _may_act_itself(phrases, speaker, trigger) else None


def _speaks(phrases: Phrases, phrase: Phrase, trigger: Hit) -> bool:
    """Whether a verb of saying stands right behind the phrase, before the trigger."""
    return any(0 <= h.first - phrase.last <= 2 and h.last <= trigger.first for h in phrases.view.hits("say.verb"))


def _may_act_itself(phrases: Phrases, speaker: Phrase, trigger: Hit) -> bool:
    """Whether who speaks may be who acts: no "that" between them, or an armed speaker before an unnamed subject."""
    clauses = phrases.view.hits("cue.relative", "cue.clause")
    if not any(speaker.last <= h.first < trigger.first for h in clauses):
        return True
    return phrases.language.actors.read(phrases.view.sentence, *speaker).kind in _ARMED


def _joined(phrases: Phrases, phrase: Phrase) -> Phrase | None:
    """The party that "and" joins in front of a party: "soldiers and mercenaries executed"."""
    joints = [h for h in phrases.view.hits("cue.and") if 0 <= phrase.first - h.last <= 1]
    if not joints:
        return None
    before = next((p for p in phrases.all if p.last == joints[0].first), None)
    if before is None or not _is_party(phrases, before) or phrases.after_preposition(before):
        return None
    verbs = (h for h in phrases.view.sentence.hits if h.concept.startswith("act."))
    return before if not any(0 <= before.first - verb.last <= 3 for verb in verbs) else None


def _belongs_to_verb_before(phrases: Phrases, phrase: Phrase, trigger: Hit) -> bool:
    """Whether a phrase is the object of another verb: "took the town AND killed", not "and the army killed"."""
    tokens = phrases.tokens
    between = range(phrase.last, trigger.first)
    joined = any(tokens[i].text in ",،" for i in between) or any(
        h.first in between for h in phrases.view.hits("cue.and", "cue.clause")
    )
    if not joined:
        return False
    return any(
        h.concept.startswith("act.") and 0 <= phrase.first - h.last <= 3 and h.last <= phrase.first
        for h in phrases.view.sentence.hits
    )


def _object(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The nearest phrase behind the verb, or inside it ("took 11 men prisoner"); parties also behind a preposition."""
    inside = [p for p in phrases.all if trigger.first < p.first and p.last <= trigger.last]
    if inside:
        return inside[0]
    for phrase in phrases.right_of(trigger.last):
        if phrase.first - trigger.last > _OBJECT_REACH or _verb_between(phrases, trigger.last, phrase.first):
            return None
        if not phrases.after_preposition(phrase) or phrases.acts(phrase) or _is_hit(phrases, phrase, trigger):
            return phrase
    return None


def _is_hit(phrases: Phrases, phrase: Phrase, trigger: Hit) -> bool:
    """Whether the phrase is what a strike lands on: a thing behind "at", "on" or "in" ("ударил по колонне")."""
    if trigger.concept not in _STRIKES:
        return False
    against = any(0 <= phrase.first - h.last <= 1 for h in phrases.view.hits("cue.against"))
    return against and _holds(phrases, phrase, _THINGS)


def _holds(phrases: Phrases, phrase: Phrase, concepts: tuple[str, ...]) -> bool:
    hits = phrases.view.sentence.hits
    return any(h.first < phrase.last and h.last > phrase.first and h.concept.startswith(concepts) for h in hits)


def _verb_between(phrases: Phrases, first: int, last: int) -> bool:
    return any(
        first <= h.first < last and h.concept.startswith(("act.", "say.verb")) for h in phrases.view.sentence.hits
    )


def _before_verb(phrases: Phrases, trigger: Hit) -> Roles:
    """Verb-final: the object stands next to the verb, the subject before it."""
    if phrases.language.cases:
        return _by_cases(phrases, trigger)
    found = [p for p in phrases.left_of(trigger.first) if not phrases.after_preposition(p)][:4]
    parties = [p for p in found if _is_party(phrases, p)]
    if len(parties) >= 2:
        return Roles(parties[-1], parties[0])
    if parties and parties[0] != found[0]:
        return Roles(parties[0], found[0])
    if parties:
        return Roles(parties[0], None)
    return Roles(None, found[0] if found else None)


def _by_cases(phrases: Phrases, trigger: Hit) -> Roles:
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
    parties = [p for p in rest if _is_party(phrases, p) and phrases.case(p) is not None]
    known = [p for p in rest if phrases.names_something(p)]
    target = next(iter(parties), None) or next(iter(marked), None) or next(iter(known), None)
    if trigger.concept in _MUTUAL:
        joined = any(actor and actor.last <= h.first < p.first for p in known for h in phrases.view.hits("cue.and"))
        target = next((p for p in reversed(known) if phrases.case(p) is None and joined), target)
    return Roles(actor, target)


def _may_act(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether a phrase is a party with a name or nature of its own: no ground, no mere people."""
    ground = any(h.last == phrase.last for h in phrases.view.hits("noun.territory"))
    return (
        _is_party(phrases, phrase)
        and not phrases.is_nameless(phrase)
        and not (ground and not phrases.is_anchored(phrase))
    )


def _acting_by_case(phrases: Phrases, subjects: list[Phrase], told: bool) -> Phrase | None:
    """Of subjects, nearest to the verb first: the owner in what is told, else the first that can act, or its owner."""
    owners = [p for p in subjects if phrases.case(p) is Case.OWNER]
    plain = [p for p in subjects if phrases.case(p) is None]
    if (told or not plain) and owners:
        return owners[-1]
    acting = [p for p in plain if phrases.acts(p)] or plain
    if not acting:
        return None
    return next((p for p in owners if p.last == acting[-1].first and phrases.acts(p)), acting[-1])


def _noun_by_cases(phrases: Phrases, trigger: Hit) -> Roles:
    """Actor and target around a noun of action that stands before its verb."""
    sides = _sides_before(phrases, trigger)
    if sides is not None:
        return sides
    found = _by_cases(phrases, trigger)
    if trigger.concept in _MUTUAL and found.target is not None:
        return found
    own = next((p for p in phrases.all if p.first <= trigger.first < p.last), None)
    actor = _agent(phrases, trigger) or (own if trigger.concept == "noun.mob" else None) or _owner(phrases, trigger)
    if actor is None and found.actor is not None:
        kind = phrases.language.actors.read(phrases.view.sentence, *found.actor).kind
        actor = found.actor if kind in _ARMED or trigger.concept.startswith(_OPEN) else None
    target = _target_by_case(phrases, trigger) or found.target
    return Roles(actor, target if target != actor else None)


def _after_verb(phrases: Phrases, trigger: Hit) -> Roles:
    """Verb first: the subject follows, then the object; one that bears arms may stand inside the trigger."""
    found = [p for p in phrases.right_of(trigger.last) if p.first - trigger.last <= _OBJECT_REACH + 2][:3]
    inside = (p for p in phrases.right_of(trigger.first + 1) if p.last < trigger.last and _is_armed(phrases, p))
    actor = next(inside, None)
    if actor is not None:
        return Roles(actor, found[0] if found else None)
    parties = [p for p in found if _is_party(phrases, p) and not phrases.after_preposition(p)]
    if not parties:
        return Roles(None, None)
    rest = [p for p in found if p.first > parties[0].first]
    return Roles(parties[0], rest[0] if rest else None)


def _of_noun(phrases: Phrases, trigger: Hit) -> Roles:
    """Two sides between "between" and "and"; else who stands before the noun, and behind "on" or "against"."""
    if phrases.language.cases:
        return _noun_by_cases(phrases, trigger)
    sides = _sides(phrases, trigger)
    if sides is not None:
        return sides
    if phrases.view.near(trigger, ("cue.suffer",), 1, 0) is not None:
        return Roles(_agent(phrases, trigger), _subject(phrases, trigger, any_phrase=True), passive=True)
    target = _target_of_noun(phrases, trigger)
    actor = _agent(phrases, trigger) or _owner(phrases, trigger) or _armed_subject(phrases, trigger)
    return Roles(actor if actor != target else None, target)


def _armed_subject(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The subject before a noun of action, only if it bears arms: "40 people died in the clashes" fight nobody."""
    subject = _subject(phrases, trigger)
    if subject is None:
        return None
    return subject if _is_armed(phrases, subject) else None


def _is_armed(phrases: Phrases, phrase: Phrase) -> bool:
    return phrases.language.actors.read(phrases.view.sentence, *phrase).kind in _ARMED


def _owner(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """A party right beside the noun: "Israeli air strike", "serangan udara Israel"."""
    if phrases.language.pack.noun_order == "head_first":
        after = next(phrases.right_of(trigger.last), None)
        return after if after is not None and after.first == trigger.last and phrases.acts(after) else None
    before = next(phrases.left_of(trigger.first), None)
    if before is None or before.last != trigger.first or phrases.case(before) not in (None, Case.OWNER):
        return None
    if phrases.language.cases and phrases.case(before) is None and not phrases.is_named(before):
        return None
    return before if phrases.acts(before) else None


def _target_of_noun(phrases: Phrases, trigger: Hit) -> Phrase | None:
    against = phrases.view.near(trigger, ("cue.against",), 0, 4)
    if against is None:
        return None
    return next((p for p in phrases.right_of(against.last) if p.first - against.last <= 2), None)


def _target_by_case(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """What a noun of action is done to stands before it: "okula hava saldırısı", "polise karşı saldırı"."""
    for phrase in phrases.left_of(trigger.first):
        if trigger.first - phrase.last > _PRONOUN_REACH:
            return None
        if phrases.case(phrase) is Case.GOAL:
            return phrase
    return None


def _sides_before(phrases: Phrases, trigger: Hit) -> Roles | None:
    """ "A ile B arasında": the two parties before a "between" that stands behind them."""
    between = phrases.view.near(trigger, ("cue.between",), _OBJECT_REACH, 0)
    if between is None:
        return None
    found = [p for p in phrases.left_of(between.first) if between.first - p.last <= _OBJECT_REACH][:2]
    if len(found) < 2 or found[0].last != between.first:
        return None
    return Roles(found[1], found[0])


def _sides(phrases: Phrases, trigger: Hit) -> Roles | None:
    between = phrases.view.near(trigger, ("cue.between",), 1, 6)
    if between is None:
        return None
    found = [p for p in phrases.right_of(between.last) if p.first - between.last <= _SIDE_REACH]
    parties = [p for p in found if _is_party(phrases, p)]
    return Roles(parties[0], parties[1]) if len(parties) >= 2 else None


def _has_pronoun(phrases: Phrases, trigger: Hit) -> bool:
    """Whether a pronoun stands close before the verb, with no mark between."""
    for hit in phrases.view.hits("func.pronoun"):
        if 0 <= trigger.first - hit.last <= _PRONOUN_REACH:
            return not any(t.kind == PUNCT for t in phrases.tokens[hit.last : trigger.first])
    return False
