"""Who moves, lodges or orders out the people that a figure counts."""

from typing import Final

from agents.extract.actors import ActorKind
from agents.extract.analysis import Analysis
from agents.extract.concept_sets import UNARMED, groups
from agents.extract.concepts import starting
from agents.extract.figures import Figure
from agents.extract.language import Language
from agents.extract.movements import Movement
from agents.extract.names import Phrase, Phrases
from agents.extract.roles import roles
from agents.extract.text import NUMBER, Hit
from agents.extract.view import View
from streams.vocabulary import Term

_MOVED_BY_OTHERS: Final = frozenset((Term.EVACUATED, Term.RELOCATED))
_ALSO_BY_THEMSELVES: Final = frozenset((Term.SHELTERED, Term.RETURNED))
"""Terms whose people are moved by others only where somebody does it to them: "UNRWA shelters 120 families"."""

_MOVERS: Final = frozenset(
    (ActorKind.STATE, ActorKind.POLICE, ActorKind.PEACEKEEPERS, ActorKind.AID, ActorKind.ARMED_GROUP)
)
_HELPERS: Final = ("say.office", *groups("rescuers firefighters volunteers officials aid_workers medics"))
"""Who moves people besides those that bear arms, govern or give aid by profession."""

_OBJECT_GAP: Final = 2
"""Tokens between a figure and the phrase that names whom it counts."""

_MOVED: Final = starting("unit.", "displaced.", "domain.", "term.", "move.", "cue.", "noun.") - {"noun.troops"}
"""What moves nobody: those who are counted, what drives them away, and words for the movement itself."""


def mover(analysis: Analysis, language: Language, view: View, told: Movement, figure: Figure) -> str | None:
    """Who moves the people, told by the verb or by the same verb in the sentence before."""
    term, trigger = told.term, told.trigger
    if trigger is None or (term not in _MOVED_BY_OTHERS and term not in _ALSO_BY_THEMSELVES):
        return None
    order = next((hit for hit in view.hits("move.order") if hit.first <= trigger[0]), None)
    phrases = Phrases.of(analysis, language, view)
    own = _actor(phrases, (order.first, order.last) if order is not None else trigger, term, figure)
    if own is not None or term is not Term.EVACUATED:
        return own
    index = view.sentence.index - 1
    if index < 0 or analysis.sentences[index].paragraph != view.sentence.paragraph:
        return None
    before = View.of(analysis, analysis.sentences[index])
    for hit in before.hits("term.evacuated"):
        return _actor(Phrases.of(analysis, language, before), (hit.first, hit.last), term, None)
    return None


def _actor(phrases: Phrases, trigger: tuple[int, int], term: Term, figure: Figure | None) -> str | None:
    found = roles(phrases, Hit("", *trigger), nominal=False)
    done = figure is not None and not found.passive and _is_object(phrases, found.target, trigger, figure)
    if not done and term in _ALSO_BY_THEMSELVES:
        return None
    actor = found.actor
    if actor is None or not _is_mover(phrases, actor, done):
        actor = _office_before(phrases, trigger[0]) if done else None
    return phrases.write(actor) if actor is not None else None


def _is_mover(phrases: Phrases, phrase: Phrase, done: bool) -> bool:
    """Whether a phrase names who moves people; of what no list knows, where it does something to those counted."""
    if any(token.kind == NUMBER for token in phrases.tokens[phrase.first : phrase.last]):
        return False
    if phrases.after_direction(phrase) or _is_source(phrases, phrase):
        return False
    known = phrases.language.actors.of(phrases.view.sentence, phrase).kind in _MOVERS
    return known or (done and _may_move(phrases, phrase))


def _office_before(phrases: Phrases, at: int) -> Phrase | None:
    """The office or the helpers before a verb, where the grammar of parties finds nobody."""
    free = (p for p in phrases.left_of(at) if not phrases.after_preposition(p))
    return next((p for p in free if _helps(phrases, p) and not _is_source(phrases, p)), None)


def _helps(phrases: Phrases, phrase: Phrase) -> bool:
    return phrases.view.sentence.names(phrase.first, phrase.last, _HELPERS)


def _is_source(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether "according to" stands before a phrase."""
    return any(0 <= phrase.first - hit.last <= 1 for hit in phrases.view.hits("say.according"))


def _is_object(phrases: Phrases, target: Phrase | None, trigger: tuple[int, int], figure: Figure) -> bool:
    """Whether those whom the figure counts are the ones that the verb is done to, or done good to ("alojó a 90")."""
    if target is not None and figure.first - _OBJECT_GAP <= target.first <= figure.last + _OBJECT_GAP:
        return True
    return any(h.first == trigger[1] and h.last == figure.first for h in phrases.view.hits("cue.recipient"))


def _may_move(phrases: Phrases, phrase: Phrase) -> bool:
    """Whether a subject that no list of actors knows may move people: helpers, offices, or what bears a name."""
    if _helps(phrases, phrase):
        return True
    hits = phrases.view.sentence.hits_on(phrase.first, phrase.last)
    people = any(hit.concept in UNARMED or hit.concept in _MOVED for hit in hits)
    return phrases.is_named(phrase) and not people and not phrases.is_mere_place(phrase)
