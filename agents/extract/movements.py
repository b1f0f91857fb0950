"""Which movement of people a figure tells: the term that governs it, or none.

Words of movement compete for a figure by their distance, across marks and other figures; words of killing, arresting
or gathering compete too, and win figures that are no movement. A figure without words of its own follows the figure
before it ("3,204 of them in the past week", "the town hall counted 250").
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.extract.concepts import bits, starting
from agents.extract.figures import Figure
from agents.extract.text import PUNCT, Hit, Sentence
from agents.extract.view import View
from streams.vocabulary import Term

MAX_COST: Final = 26
"""Beyond this distance, in tokens and penalties, a word says nothing about a figure."""

FEW: Final = 10
"""Fewer of a thing that no list knows are taken for things."""

_ACROSS_FIGURE: Final = 8
_ACROSS_NUMBER: Final = 8
_ACROSS_HARD: Final = 6
_ACROSS_SOFT: Final = 1
_ACROSS_BUT: Final = 4
_ACROSS_AND: Final = 1
_DASHES: Final = "—–"
_PAIR: Final = 2
"""Two dashes set off what stands between them: "a million —half of the people— have fled"."""

_BEFORE_ITS_FIGURE: Final = 6
"""What a verb that should stand last but stands before its figure weighs more."""

_STILL: Final = 3
"""What "affected" and the like weigh more than a movement told beside them."""

_OUTCOMES: Final = {
    Term.AWAITING_EVACUATION: (Term.EVACUATED,),
    Term.RELOCATED: (Term.RETURNED,),
    Term.DISPLACED: (Term.RETURNED,),
    Term.REFUGEE: (Term.RETURNED,),
}
"""What a verb before a figure may tell of people whom the word behind it describes by how they were until then."""

_REFUSAL_REACH: Final = 3
"""Tokens between a word of refusal and the movement refused."""

_OF_A_NOUN: Final = 4
"""What a word weighs more that is a noun for people as well ("displaced", "перемещённые")."""

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

MOVING: Final = bits(*_TERMS, *_OF_NOUN, *starting("move."))
"""What a sentence must name for a figure of it to tell a movement of its own."""

_TREATED: Final = frozenset(
    ("wounded", "patients", "soldiers", "prisoners", "hostages", "inmates", "detainees", "sick")
)
"""Groups that are taken somewhere without being evacuated: to hospital, to prison."""

_IN_CARE: Final = ("patients", "sick")
"""Those of them who are elsewhere already, and evacuated with others if they are taken somewhere."""

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


_TELLING: Final = starting("move.") | {*_TERMS, *_OF_NOUN, *_NO_MOVEMENT}


@dataclass(slots=True)
class Movement:
    """The term of a figure and the tokens of the words that say so (None: it follows the figure before it)."""

    term: Term
    trigger: tuple[int, int] | None
    ordered: bool
    rule: str


@dataclass(slots=True)
class _Candidate:
    term: Term | None
    first: int
    last: int
    handicap: int
    rule: str


ORDERABLE: Final = frozenset((Term.EVACUATED, Term.FORCED_TO_FLEE, Term.DISPLACED, Term.RELOCATED))
"""Movements that, told as an order, are planned evacuations."""


@dataclass(slots=True)
class Context:
    """What stands around a figure: all figures of its sentence, and whether a figure before it may be continued.

    `flight`, `evacuation`: the article speaks of it somewhere. `verb_last`: verbs stand at the end.
    `before` is the term of that figure, None where there is none near enough. `acts` says whether a verb's subject
    acts ("they took"), False where it is acted on ("they were taken") or the language does not tell; `host` whether a
    country stands before a verb in its clause, whose guests have crossed a border ("Poland has taken in a million").
    """

    figures: Sequence[Figure]
    before: Term | None
    flight: bool
    evacuation: bool
    verb_last: bool
    acts: Callable[[Hit], bool]
    host: Callable[[Hit], bool]


def movement(view: View, figure: Figure, context: Context) -> Movement | None:
    """The movement that a figure of people tells; None for none."""
    if not view.sentence.concepts & MOVING:
        return None
    rated = sorted(
        (cost, candidate.term is None, index, candidate)
        for index, candidate in enumerate(_candidates(view, figure, context))
        if (cost := _weight(view, context, figure, candidate)) <= MAX_COST
        and _may_govern(view, context, figure, candidate)
    )
    if not rated or rated[0][3].term is None:
        return None
    best = rated[0][3]
    if best.first == figure.last and best.term in _OUTCOMES:
        best = _outcome(view, figure, [candidate for *_, candidate in rated])
    assert best.term is not None
    if _is_refused(view, best, context.verb_last):
        return None
    if best.term in ORDERABLE and _is_ordered(view, best, context.verb_last):
        return Movement(Term.EVACUATED, (best.first, best.last), True, "move.order")
    saved = best.term is Term.RELOCATED and view.has("site.safety") and not view.has("site.new_site")
    term = Term.EVACUATED if saved else best.term  # "moved to higher ground" is no organised permanent move
    return Movement(term, (best.first, best.last), False, best.rule)


def _outcome(view: View, figure: Figure, rated: Sequence[_Candidate]) -> _Candidate:
    """The first of the candidates; for people whom it only describes, what became of them: "rescued 200 trapped"."""
    best = rated[0]
    ends = _OUTCOMES[best.term] if best.term is not None else ()
    ahead = (c for c in rated if c.term in ends and c.last <= figure.first and view.same_clause(c.first, best.first))
    return next(ahead, best)


def _is_ordered(view: View, best: _Candidate, verb_last: bool) -> bool:
    """Whether people are told to leave: by the word itself or by an order before it; not "since the order".

    Where verbs stand last, an order may hold the movement ("terk etme emri").
    """
    for order in view.hits("move.order"):
        if verb_last and best.first <= order.first < best.last:
            return True
        same_part = view.part[order.first] == view.part[best.first]
        if same_part and order.first <= best.first and best.first - order.last <= MAX_COST:
            return not any(
                0 <= order.first - since.last <= 3 and view.same_clause(since.first, order.first)
                for since in view.hits("flow.cumulative")
            )
    return False


def _is_refused(view: View, best: _Candidate, verb_last: bool) -> bool:
    """Whether people will not go: "200 families refused to leave" moves nobody."""
    return any(
        view.same_clause(cue.first, best.first)
        and (
            0 <= best.first - cue.last <= _REFUSAL_REACH or (verb_last and 0 <= cue.first - best.last <= _REFUSAL_REACH)
        )
        for cue in view.hits("cue.refusal")
    )


def _candidates(view: View, figure: Figure, context: Context) -> Iterator[_Candidate]:
    escapes = view.held_by("act.escape")
    told = _telling(view.sentence)
    nouns = {(hit.first, hit.last) for hit in told if hit.concept in _OF_NOUN}
    for hit in told:
        inside = figure.first <= hit.first and hit.last <= figure.last
        if (inside and hit.concept not in _OF_NOUN) or hit.first in escapes:
            continue
        term = _TERMS.get(hit.concept)
        if term is Term.SHELTERED and _is_taking_in(view, hit) and context.host(hit):
            term = Term.REFUGEE
        if term is not None:
            as_noun = (hit.first, hit.last) in nouns
            yield _Candidate(term, hit.first, hit.last, _OF_A_NOUN if as_noun else 0, hit.concept)
        elif hit.concept == "move.order":
            yield _Candidate(Term.EVACUATED, hit.first, hit.last, 0, hit.concept)
        elif hit.concept == "move.none":
            yield _Candidate(None, hit.first, hit.last, _STILL, hit.concept)
        elif hit.concept in _NO_MOVEMENT and (hit.concept != "act.march" or view.has("noun.protest", "noun.protester")):
            yield _Candidate(None, hit.first, hit.last, 0, hit.concept)
        elif hit.concept in _OF_NOUN and (inside or not figure.of_people or view.has("part.number_of")):
            yield _Candidate(_OF_NOUN[hit.concept], hit.first, hit.last, 8, hit.concept)
        elif hit.concept.startswith("move.") and _may_be_weak(view, figure, context, hit):
            weak = _weak(view, figure, hit, context)
            if weak is not None:
                yield _Candidate(weak[0], hit.first, hit.last, weak[1], hit.concept)


def _telling(sentence: Sentence) -> list[Hit]:
    """The hits of a sentence that may tell a movement, or that there is none; picked out once for all its figures."""
    known: list[Hit] | None = sentence.memo.get("telling")
    if known is None:
        known = sentence.memo["telling"] = [hit for hit in sentence.hits if hit.concept in _TELLING]
    return known


def _is_taking_in(view: View, verb: Hit) -> bool:
    """Whether a verb of sheltering is one of receiving, too: "accueillir", "acoger"."""
    return any(hit.first == verb.first for hit in view.hits("move.receive"))


def _may_be_weak(view: View, figure: Figure, context: Context, hit: Hit) -> bool:
    """Whether a common verb of motion may govern the figure: one of people as such, or one that continues another."""
    if figure.of_people and (figure.group not in _TREATED or (figure.group in _IN_CARE and context.evacuation)):
        return True
    return context.before is not None and not figure.unknown and view.same_clause(hit.first, figure.first)


def _weak(view: View, figure: Figure, hit: Hit, context: Context) -> tuple[Term, int] | None:
    """What a common verb of motion says where people move: its term and how much less it weighs; None for nothing."""
    if hit.concept in ("move.take", "move.leave") and any(s.first >= hit.first for s in view.hits("site.safety")):
        return (Term.EVACUATED, 0)
    if hit.concept == "move.take":
        if figure.last <= hit.first and context.acts(hit):
            return None
        if any(_is_beside(again, hit) or again.first == figure.last for again in view.hits("move.again")):
            return (Term.RETURNED, 2)
        new_site = any(s.first > hit.first or context.verb_last for s in view.hits("site.new_site"))
        return (Term.RELOCATED, 0) if new_site else (Term.EVACUATED, 3)
    if hit.concept == "move.cross":
        if any(again.first >= hit.first for again in view.hits("move.again")):
            return (Term.RETURNED, 2)
        return (Term.REFUGEE, 2) if view.has("site.border", "displaced.refugee") else None
    if hit.concept == "move.leave":
        return (Term.FORCED_TO_FLEE, 6)
    if hit.concept == "move.arrive":
        return (context.before or Term.FORCED_TO_FLEE, 8) if context.before or context.flight else None
    if hit.concept == "move.stay":
        return (Term.SHELTERED, 4) if view.has("site.shelter") or context.before else None
    if hit.concept == "move.remain":
        return (Term.AWAITING_EVACUATION, 4)
    if hit.concept == "move.receive":
        abroad = context.before is Term.REFUGEE or view.has("site.border", "displaced.refugee") or context.host(hit)
        return (Term.REFUGEE if abroad else Term.SHELTERED, 5)
    return None


def _is_beside(a: Hit, b: Hit) -> bool:
    return a.first == b.last or a.last == b.first


def _weight(view: View, context: Context, figure: Figure, candidate: _Candidate) -> int:
    early = context.verb_last and candidate.last <= figure.first
    return _cost(view, context, figure, candidate) + (_BEFORE_ITS_FIGURE if early else 0)


def _may_govern(view: View, context: Context, figure: Figure, candidate: _Candidate) -> bool:
    """Whether a word may govern a figure although another one stands nearer to it.

    Figures of people may share a word on one side of it ("300 men and 200 women fled"); a verb takes them from both
    sides only one by one, and a figure without a noun shares no word at all. A verb that ends the clause of its figure
    is rather its own than that of a figure behind.
    """
    if not figure.of_people:
        return _is_nearest(view, context, figure, candidate)
    behind = figure.first >= candidate.last
    weight = _weight if view.same_clause(figure.first, candidate.first) else _cost
    own = weight(view, context, figure, candidate)
    return not any(
        other.of_people
        and other.share is None
        and (other.first >= candidate.last) != behind
        and other.first >= candidate.last
        and weight(view, context, other, candidate) < own
        for other in context.figures
    )


def _is_nearest(view: View, context: Context, figure: Figure, candidate: _Candidate) -> bool:
    """Whether no other figure stands nearer to the word: a figure without a noun shares no word."""
    own = _cost(view, context, figure, candidate)
    return all(
        other is figure or _is_slight(other) or _cost(view, context, other, candidate) > own
        for other in context.figures
    )


def _is_slight(figure: Figure) -> bool:
    """Whether a figure is a share, a number of things, or a small one of what no list knows: it takes no word."""
    if figure.noun is not None and figure.unit is None:
        return True
    return figure.share is not None or (figure.unknown and (figure.count.reported or FEW) < FEW)


def _cost(view: View, context: Context, figure: Figure, candidate: _Candidate) -> int:
    """Tokens between figure and word, with what stands between them."""
    if candidate.first >= figure.last:
        first, last = figure.last, candidate.first
    elif candidate.last <= figure.first:
        first, last = candidate.last, figure.first
    else:
        return candidate.handicap
    cost = last - first + candidate.handicap
    dashes = 0
    for token in view.sentence.tokens[first:last]:
        if token.kind == PUNCT:
            cost += _ACROSS_HARD if token.text in ";؛—–:•▪" else _ACROSS_SOFT
            dashes += token.text in _DASHES
    if dashes == _PAIR:
        cost -= _PAIR * (_ACROSS_HARD - _ACROSS_SOFT)
    for hit in view.hits("cue.and"):
        if hit.first == last - 1:
            cost += _ACROSS_AND
    crossed = [f for f in context.figures if f.share is None and first <= f.first and f.last <= last]
    cost += sum(_ACROSS_FIGURE if f.of_people else _ACROSS_NUMBER for f in crossed if f.noun is None or f.of_people)
    for hit in view.hits("cue.but"):
        if first <= hit.first < last:
            cost += _ACROSS_BUT
    return cost


def own_term(figure: Figure) -> Term | None:
    """The term that a figure's own noun says ("541,527 displaced people")."""
    return _OF_NOUN.get(figure.noun or "")
