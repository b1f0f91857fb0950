"""Who gives a figure of people moved: the body that stands beside it, else the source of its sentence."""

from typing import Final

from agents.extract.actors import ActorKind
from agents.extract.analysis import Analysis
from agents.extract.attribution import attribution
from agents.extract.evacuation import Telling
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.view import View

_BODIES: Final = frozenset(
    (ActorKind.STATE, ActorKind.POLICE, ActorKind.PEACEKEEPERS, ActorKind.AID, ActorKind.ARMED_GROUP)
)


def teller(analysis: Analysis, language: Language, view: View, telling: Telling, own: range) -> str | None:
    """The source of a figure as the text writes it; `own` are the tokens that no other figure claims."""
    phrases = Phrases.of(analysis, language, view)
    rival = telling.movement.rule == "follows" and not telling.continues
    source = _body_before(phrases, telling, own) if rival else None
    return source or attribution(analysis, language, telling.sentence)


def _body_before(phrases: Phrases, telling: Telling, own: range) -> str | None:
    """The body that stands before a figure without a verb of motion: "the town hall counted 250"."""
    for phrase in phrases.all:
        inside = phrase.first >= own.start and phrase.last <= telling.figure.first
        if inside and (_is_office(phrases, phrase) or _is_subject(phrases, phrase)):
            return phrases.write(phrase)
    return None


def _is_office(phrases: Phrases, phrase: Phrase) -> bool:
    return any(phrase.first <= hit.first and hit.last <= phrase.last for hit in phrases.view.hits("say.office"))


def _is_subject(phrases: Phrases, phrase: Phrase) -> bool:
    if phrases.after_preposition(phrase):
        return False
    return phrases.language.actors.of(phrases.view.sentence, phrase).kind in _BODIES
