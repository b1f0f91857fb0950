"""Who gives a figure of people moved: the body that stands beside it, else the source of its sentence."""

from typing import Final

from agents.extract.actors import ActorKind
from agents.extract.analysis import Analysis
from agents.extract.attribution import attribution
from agents.extract.evacuation import Telling
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.quantity import figures_of
from agents.extract.text import Sentence
from agents.extract.view import View
from streams.vocabulary import Modality

_BODIES: Final = frozenset(
    (ActorKind.STATE, ActorKind.POLICE, ActorKind.PEACEKEEPERS, ActorKind.AID, ActorKind.ARMED_GROUP)
)

_AHEAD: Final = (Modality.PLANNED, Modality.HYPOTHETICAL)
_PLANS: Final = ("cue.plan", "cue.threat", "move.order", "cue.urge")


def teller(analysis: Analysis, language: Language, view: View, telling: Telling, own: range) -> str | None:
    """The source of a figure as the text writes it; `own` are the tokens that no other figure claims."""
    rival = telling.movement.rule == "follows" and not telling.continues
    source = _body_before(Phrases.of(analysis, language, view), telling, own) if rival else None
    source = source or attribution(analysis, language, telling.sentence)
    at = _place_of(analysis, telling.sentence, source) if source is not None else None
    if at is not None and any(f.first <= at < f.last for f in figures_of(language.figures, telling.sentence)):
        source = _body_before(Phrases.of(analysis, language, view), telling, own)
    elif at is not None and any(t.text == ";" for t in telling.sentence.tokens[telling.figure.first : at]):
        source = None
    ahead = telling.modality in _AHEAD
    return source or (_planner(Phrases.of(analysis, language, view), telling) if ahead else None)


def _place_of(analysis: Analysis, sentence: Sentence, source: str) -> int | None:
    """The token at which a sentence names a source; None where another sentence does."""
    start = analysis.text.find(source, sentence.start, sentence.end)
    return next(i for i, token in enumerate(sentence.tokens) if token.end > start) if start >= 0 else None


def _planner(phrases: Phrases, telling: Telling) -> str | None:
    """The body that plans, orders or proposes what lies ahead, and so says it: "the UNHCR plans to move 1,500"."""
    if telling.movement.trigger is None:
        return None
    view, trigger = phrases.view, telling.movement.trigger
    for hit in view.hits_of(_PLANS):
        if hit.first >= trigger[1] or not view.same_clause(hit.first, trigger[0]):
            continue
        phrase = next(phrases.left_of(hit.first), None)
        if phrase is None or hit.first - phrase.last > 1 or phrases.after_preposition(phrase):
            continue
        if _is_office(phrases, phrase) or _is_subject(phrases, phrase) or phrases.is_named(phrase):
            return phrases.write(phrase)
    return None


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
