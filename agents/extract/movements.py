"""Which movement of people a figure tells: the term that governs it, or none.

Words of movement compete for a figure by their distance, across marks and other figures; words of killing, arresting
or gathering compete too, and win figures that are no movement. A figure without words of its own follows the figure
before it ("3,204 of them in the past week", "the town hall counted 250").
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from agents.extract.quantity import Figure
from agents.extract.text import PUNCT
from agents.extract.view import View
from streams.vocabulary import Term

MAX_COST: Final = 26
"""Beyond this distance, in tokens and penalties, a word says nothing about a figure."""

_ACROSS_FIGURE: Final = 7
_ACROSS_HARD: Final = 6
_ACROSS_SOFT: Final = 1
_ACROSS_BUT: Final = 4

_TERMS: Final = {f"term.{term.value}": term for term in Term}

_OF_NOUN: Final = {
    "displaced.evacuee": Term.EVACUATED,
    "displaced.displaced": Term.DISPLACED,
    "displaced.fugitive": Term.FORCED_TO_FLEE,
    "displaced.refugee": Term.REFUGEE,
    "displaced.refugee_or_displaced": Term.DISPLACED,
    "displaced.arrival": Term.REFUGEE,
    "displaced.returnee": Term.RETURNED,
    "displaced.homeless": Term.HOMELESS,
    "displaced.stranded": Term.AWAITING_EVACUATION,
    "displaced.relocated": Term.RELOCATED,
    "group.refugees": Term.REFUGEE,
    "group.displaced_people": Term.DISPLACED,
    "group.evacuees": Term.EVACUATED,
}

_NO_MOVEMENT: Final = (
    "act.kill",
    "act.murder",
    "act.die",
    "act.wound",
    "act.missing",
    "act.shoot",
    "act.arrest",
    "act.abduct",
    "act.rape",
    "act.recruit",
    "act.protest",
    "act.march",
    "act.beat",
    "act.release",
    "act.deploy",
    "act.mobilise",
    "act.arm",
    "noun.casualties",
    "noun.protest",
    "noun.hostage",
)


class Movement(NamedTuple):
    """The term of a figure and the tokens of the words that say so (None: it follows the figure before it)."""

    term: Term
    trigger: tuple[int, int] | None
    ordered: bool
    rule: str


class _Candidate(NamedTuple):
    term: Term | None
    first: int
    last: int
    handicap: int
    ordered: bool
    rule: str


class Setting(NamedTuple):
    """What an article is about as a whole: whether people move in it, and whether they cross a border."""

    themed: bool
    flight: bool


def movement(view: View, figures: Sequence[Figure], figure: Figure, setting: Setting) -> Movement | None:
    """The movement that a figure of people tells; None for none."""
    rated = sorted(
        (cost, index, candidate)
        for index, candidate in enumerate(_candidates(view, figure, setting))
        if (cost := _cost(view, figures, figure, candidate)) <= MAX_COST
    )
    if not rated:
        return None
    _, _, best = rated[0]
    if best.term is None:
        return None
    return Movement(best.term, (best.first, best.last), best.ordered, best.rule)


def _candidates(view: View, figure: Figure, setting: Setting) -> Iterator[_Candidate]:
    for hit in view.sentence.hits:
        if figure.first <= hit.first and hit.last <= figure.last and hit.concept not in _OF_NOUN:
            continue
        term = _TERMS.get(hit.concept)
        if term is not None:
            yield _Candidate(term, hit.first, hit.last, 0, False, hit.concept)
        elif hit.concept == "move.order":
            yield _Candidate(Term.EVACUATED, hit.first, hit.last, 0, True, hit.concept)
        elif hit.concept in _NO_MOVEMENT:
            yield _Candidate(None, hit.first, hit.last, 0, False, hit.concept)
        elif hit.concept in _OF_NOUN:
            yield _Candidate(_OF_NOUN[hit.concept], hit.first, hit.last, 5, False, hit.concept)
        elif hit.concept.startswith("move."):
            weak = _weak(view, figure, hit.concept, setting)
            if weak is not None:
                yield _Candidate(weak[0], hit.first, hit.last, weak[1], False, hit.concept)


def _weak(view: View, figure: Figure, concept: str, setting: Setting) -> tuple[Term, int] | None:
    """What a common verb of motion says where people move: its term and how much less it weighs; None for nothing."""
    known = figure.of_people or setting.themed
    if concept == "move.cross":
        return (Term.REFUGEE, 2) if view.has("site.border", "displaced.refugee") else None
    if not known:
        return None
    if concept == "move.take":
        return (Term.EVACUATED, 3)
    if not setting.themed:
        return None
    if concept == "move.leave":
        return (Term.FORCED_TO_FLEE, 6)
    if concept == "move.arrive":
        return (Term.FORCED_TO_FLEE, 8)
    if concept == "move.stay":
        return (Term.SHELTERED, 2 if view.has("site.shelter") else 6)
    if concept == "move.remain":
        return (Term.AWAITING_EVACUATION, 4)
    if concept == "move.receive":
        return (Term.REFUGEE if view.has("site.border", "displaced.refugee") else Term.SHELTERED, 4)
    return None


def _cost(view: View, figures: Sequence[Figure], figure: Figure, candidate: _Candidate) -> int:
    """Tokens between figure and word, with what stands between them."""
    if candidate.first >= figure.last:
        first, last = figure.last, candidate.first
    elif candidate.last <= figure.first:
        first, last = candidate.last, figure.first
    else:
        return candidate.handicap
    cost = last - first + candidate.handicap
    for token in view.sentence.tokens[first:last]:
        if token.kind == PUNCT:
            cost += _ACROSS_HARD if token.text in ";—–:•▪" else _ACROSS_SOFT
    cost += sum(_ACROSS_FIGURE for f in figures if f.of_people and first <= f.first and f.last <= last)
    cost += sum(_ACROSS_BUT for hit in view.hits("cue.but") if first <= hit.first < last)
    return cost


def own_term(figure: Figure) -> Term | None:
    """The term that a figure's own noun says ("541,527 displaced people")."""
    return _OF_NOUN.get(figure.noun or "")
