"""Parties of an act: which phrases can act, who stands behind "by", who owns a noun of action."""

from dataclasses import dataclass
from typing import Final

from agents.extract.cases import Case
from agents.extract.groups import ActorKind
from agents.extract.names import Phrase, Phrases
from agents.extract.text import Hit

ARMED_KINDS: Final = frozenset((ActorKind.STATE, ActorKind.POLICE, ActorKind.ARMED_GROUP, ActorKind.PEACEKEEPERS))
"""Kinds of actors that bear arms."""

MUTUAL: Final = frozenset(
    ("act.fight", "act.agree", "act.exchange", "noun.clash", "noun.ceasefire", "noun.agreement", "noun.exchange")
)
"""What two sides do to each other."""

OPEN: Final = ("noun.protest", "noun.riot", "noun.ceasefire", "noun.agreement")
"""Nouns of what anybody may do, armed or not."""

OBJECT_REACH: Final = 8
PRONOUN_REACH: Final = 4


@dataclass(slots=True)
class Roles:
    """Actor and target, None where the words do not tell. `pronoun`: a pronoun stands where the actor would.

    `passive`: the verb's form makes its subject the target. `first_person`: who speaks acts ("we did not fire").
    """

    actor: Phrase | None
    target: Phrase | None
    pronoun: bool = False
    passive: bool = False
    first_person: bool = False


def is_party(phrases: Phrases, phrase: Phrase) -> bool:
    return phrases.acts(phrase) or phrases.is_named(phrase)


def is_armed(phrases: Phrases, phrase: Phrase) -> bool:
    return phrases.language.actors.of(phrases.view.sentence, phrase).kind in ARMED_KINDS


def agent_of(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The party after "by", or before it where it stands behind."""
    if phrases.language.cases:
        by = phrases.view.near(trigger, ("cue.by",), OBJECT_REACH, 0)
        return next((p for p in phrases.left_of(by.first) if p.last == by.first), None) if by is not None else None
    by = phrases.view.near(trigger, ("cue.by",), 0, OBJECT_REACH)
    if by is None or any(p.first < by.first and by.last < p.last and not p.touches(trigger) for p in phrases.all):
        return None  # "the hospital of Baghdad" joins two nouns
    return next((p for p in phrases.right_of(by.last) if p.first - by.last <= 2 and is_party(phrases, p)), None)


def adjacent_agent(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The party right behind a passive made by a prefix ("ditangkap polisi")."""
    after = next(phrases.right_of(trigger.last), None)
    if after is not None and in_agent_form(phrases, after):
        return after
    if not phrases.language.pack.morphology.passive_prefixes:
        return None
    return after if after is not None and after.first == trigger.last and is_party(phrases, after) else None


def in_agent_form(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether an ending of the phrase's party says that it does what the passive tells."""
    suffixes = phrases.language.pack.morphology.agent_suffixes
    if not suffixes or not is_party(phrases, phrase):
        return False
    return any(t.norm.endswith(suffixes) and len(t.norm) > 4 for t in phrases.tokens[phrase.first : phrase.first + 2])


def owner_of(phrases: Phrases, trigger: Hit) -> Phrase | None:
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
