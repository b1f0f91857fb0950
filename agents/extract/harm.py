"""What an act did to people: casualties with who, out of the figures of a sentence."""

from collections.abc import Iterable, Sequence
from typing import Final

from agents.extract.figures import Figure
from agents.extract.hits import Around, any_of
from agents.extract.names import Phrase, Phrases
from agents.extract.numerals import Number
from agents.extract.parts import parts_of
from agents.extract.quantifiers import count_of, quantifier_of
from agents.extract.text import Hit
from agents.extract.view import View
from streams.records import Casualties, Count
from streams.vocabulary import CasualtyKind, Quantifier
from streams.vocabulary import SubEventType as T

_KINDS: Final = {
    "act.kill": CasualtyKind.KILLED,
    "act.murder": CasualtyKind.KILLED,
    "act.die": CasualtyKind.KILLED,
    "noun.massacre": CasualtyKind.KILLED,
    "act.lynch": CasualtyKind.KILLED,
    "act.shoot": CasualtyKind.KILLED,
    "act.wound": CasualtyKind.WOUNDED,
    "act.beat": CasualtyKind.WOUNDED,
    "act.missing": CasualtyKind.MISSING,
    "act.arrest": CasualtyKind.CAPTURED,
    "act.abduct": CasualtyKind.CAPTURED,
    "act.surrender": CasualtyKind.CAPTURED,
    "noun.abduction": CasualtyKind.CAPTURED,
    "noun.arrest": CasualtyKind.CAPTURED,
}
_ACTS: Final = {concept: kind for concept, kind in _KINDS.items() if concept.startswith("act.")}
_AGE: Final = any_of("unit.age")
_HARMS: Final = frozenset(_KINDS)
_WEAK: Final = frozenset(("act.shoot", "act.beat", "noun.massacre"))
_BY_NOUN: Final = {
    "group.wounded": CasualtyKind.WOUNDED,
    "group.bodies": CasualtyKind.KILLED,
}
_CAPTURES: Final = frozenset((T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE))
_MILD: Final = _CAPTURES | {
    T.LOOTING_PROPERTY_DESTRUCTION,
    T.NON_VIOLENT_TRANSFER_OF_TERRITORY,
    T.PEACEFUL_PROTEST,
    T.SEXUAL_VIOLENCE,
}
"""Types that do not kill: who is told dead beside them died of another act of the sentence, where there is one."""

_REACH: Final = 12
_RELATIVE_REACH: Final = 3
"""Words between "who" and what was done to them."""

_TOLL_REACH: Final = 4
"""Words between "the number of" and the word of harm that it counts."""

_UNKNOWN_REACH: Final = 7
"""Words between a word of capture and a number of people whose noun no list knows."""

_SPARED_REACH: Final = 2
"""Words between people and the verb that frees or saves them."""

_SAME_WHO: Final = {"villagers": "civilians", "residents": "civilians", "police officers": "police"}
_NO_WHO: Final = frozenset(("people", "families", "wounded", "injured", "bodies", "hostages", "prisoners", "detainees"))
_KILLING_ALONE: Final = frozenset((T.ATTACK, T.MOB_VIOLENCE))


def casualties(view: View, figures: Sequence[Figure], kind: T) -> tuple[Casualties, ...]:
    """People killed, wounded, missing or captured by an act of type `kind`, out of the figures that belong to it.

    Each figure of people goes to the nearest word of harm; captured ones only to arrests and abductions.
    """
    if kind is T.DISRUPTED_WEAPONS_USE:  # who dies beside arms that are seized dies of another act
        return ()
    found: list[Casualties] = []
    whole = _wholes(view, figures)
    for figure in figures:
        if figure.share is None and (figure.of_people or figure.noun is None):
            harm = _harm(view, whole.get(figure.first, figure), kind)
            if harm is not None:
                found.append(_entry(harm, figure, _who(view, figure)))
    return tuple(dict.fromkeys(found))


def suffered(found: tuple[Casualties, ...], kind: T, beside: Iterable[T]) -> tuple[Casualties, ...]:
    """Of casualties beside an act, those that are its own, where the sentence also tells acts of types `beside`."""
    if kind not in _MILD or all(other in _MILD for other in beside):
        return found
    return tuple(c for c in found if c.kind is CasualtyKind.CAPTURED)


def _wholes(view: View, figures: Sequence[Figure]) -> dict[int, Figure]:
    """First token of each figure that tells a part of another → that other: "34 killed, among them two children"."""
    return {
        piece.figure.first: whole
        for index, whole in enumerate(figures)
        if whole.share is None
        for piece in parts_of(view, figures, index)
    }


def alone(view: View, numbers: Sequence[Number], figures: Sequence[Figure]) -> tuple[Casualties, ...]:
    """Casualties whose number stands right before the word of harm: "three dead, 34 wounded"."""
    if not numbers or _HARMS.isdisjoint(view.by_concept):
        return ()
    taken = {i for f in figures for i in range(f.first, f.last)}
    acts = view.held_by("unit.event")  # "three murders" are no three dead
    harm = {
        hit.first: kind
        for c, kind in _ACTS.items()
        if c in view.by_concept
        for hit in view.by_concept[c]
        if hit.first not in acts
    }
    around = Around.of(view.sentence)
    found = []
    for number in numbers:
        kind = harm.get(number.last)
        if kind in (CasualtyKind.KILLED, CasualtyKind.WOUNDED) and number.first not in taken:
            if around.before(number.first, _AGE) is not None:
                continue  # "ילד בן 8 נהרג": a boy aged eight was killed
            quantifier, _ = quantifier_of(around, number, number.last)
            count = count_of(number, quantifier)
            if count is not None:
                found.append(_of_count(kind, count, None))
    return tuple(found)


def lone_victims(phrases: Phrases, kind: T) -> tuple[Casualties, ...]:
    """One person beside a word of harm, in languages whose nouns tell one or many by their endings."""
    many = phrases.language.pack.morphology.plural_suffixes
    if not many:
        return ()
    found = []
    for concept, harm in _KINDS.items():
        if concept not in _WEAK and (harm is not CasualtyKind.CAPTURED or kind in _CAPTURES):
            for hit in phrases.view.hits(concept):
                who = _lone(phrases, hit, many)
                if who is not None:
                    found.append(Casualties(kind=harm, who=who, quantifier=Quantifier.EXACT, reported=1, low=1, high=1))
    return tuple(dict.fromkeys(found))


def _lone(phrases: Phrases, harm: Hit, many: tuple[str, ...]) -> str | None:
    """Whom a word of harm tells of right beside it, None where that is nobody alone."""
    view, tokens = phrases.view, phrases.tokens
    for hit in view.sentence.hits:
        near = hit.first - harm.last if hit.first >= harm.last else harm.first - hit.last
        who = _plural(hit) if hit.concept.startswith("group.") and 0 <= near <= 1 else None
        if who is None or tokens[hit.last - 1].norm.endswith(many):
            continue
        counted = hit.first and phrases.is_number(hit.first - 1)
        bound = any(q.last == hit.first for q in view.sentence.hits if q.concept.startswith("quant."))
        if not counted and not bound and view.same_clause(hit.first, harm.first):
            return who
    return None


def follow_up(view: View, figures: Sequence[Figure], kind: T) -> tuple[Casualties, ...]:
    """Casualties told in the sentence behind the act: "Five residents died, two of them children"."""
    if not view.has("act.die", "act.kill", "act.wound", "noun.casualties"):
        return ()
    return casualties(view, figures, kind)


def single(view: View, target: Phrase | None, kind: T) -> tuple[Casualties, ...]:
    """One person told without a number: "a trader was kidnapped"."""
    harm = CasualtyKind.CAPTURED if kind in _CAPTURES else CasualtyKind.KILLED if kind in _KILLING_ALONE else None
    if harm is None or target is None:
        return ()
    if harm is CasualtyKind.KILLED and not view.has("act.kill", "act.murder", "act.die", "act.lynch"):
        return ()
    begins = range(target.first - 2, target.first + 1)
    if not any(hit.first in begins for hit in view.hits("cue.one")):
        return ()
    who = next(
        (
            _plural(h)
            for h in view.sentence.hits
            if _in(h, target.first, target.last) and h.concept.startswith("group.")
        ),
        None,
    )
    return (Casualties(kind=harm, who=who, quantifier=Quantifier.EXACT, reported=1, low=1, high=1),)


def _harm(view: View, figure: Figure, kind: T) -> CasualtyKind | None:
    """The kind of harm that the figure's own noun, or the nearest word of harm, tells."""
    own = _BY_NOUN.get(figure.noun or "") or _told_behind(view, figure)
    if own is not None:
        return own
    best: tuple[int, CasualtyKind] | None = None
    told = view.by_concept
    for concept, harm in _KINDS.items():
        if concept not in told or (harm is CasualtyKind.CAPTURED and kind not in _CAPTURES):
            continue
        for hit in told[concept]:
            cost = _cost(view, figure, hit, concept)
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, harm)
    if best is None or _is_spared(view, figure, best[0]) or _is_captured(view, figure, best[0], kind):
        return None
    return best[1]


def _told_behind(view: View, figure: Figure) -> CasualtyKind | None:
    """The harm that a relative clause tells of those whom it follows: "shot with five others who were wounded"."""
    relative = next((hit for hit in view.hits("cue.relative") if 0 <= hit.first - figure.last <= 1), None)
    if relative is None:
        return None
    harmed = [
        (hit.first, kind)
        for concept, kind in _ACTS.items()
        for hit in view.hits(concept)
        if kind is not CasualtyKind.CAPTURED
        and 0 <= hit.first - relative.last <= _RELATIVE_REACH
        and view.same_clause(hit.first, relative.first)
    ]
    return min(harmed)[1] if harmed else None


def _is_captured(view: View, figure: Figure, cost: int, kind: T) -> bool:
    """Whether a word of capture beside a figure counts prisoners of a fight: "10 were killed and 3 captured"."""
    if kind in _CAPTURES or not cost:
        return False
    captures = view.hits("act.seize", "act.arrest", "act.abduct", "act.surrender")
    return any(_apart(hit, figure) == 0 for hit in captures)


def _is_spared(view: View, figure: Figure, cost: int) -> bool:
    """Whether a word beside a figure says that its people got off: "346 passengers were freed, 33 gunmen killed"."""
    return any(
        _apart(hit, figure) <= min(_SPARED_REACH, cost - 1) and view.same_clause(hit.first, figure.first)
        for hit in view.hits("act.release", "term.evacuated")
    )


def _apart(hit: Hit, figure: Figure) -> int:
    """Words between a word and a figure, 0 where they touch."""
    return min(abs(hit.first - figure.last), abs(figure.first - hit.last))


def _cost(view: View, figure: Figure, hit: Hit, concept: str) -> int | None:
    """Words between a figure and a word of harm, more across clauses; None where they have nothing to do."""
    if figure.first < hit.last and hit.first < figure.last:
        return 0
    behind = figure.first >= hit.last
    gap = figure.first - hit.last if behind else hit.first - figure.last
    reach = _REACH if figure.noun is not None else 3 if behind else 2
    if figure.unknown and _KINDS[concept] is CasualtyKind.CAPTURED:
        reach = _UNKNOWN_REACH
    elif behind and figure.noun is None and not figure.unknown and _is_toll(view, hit):
        reach = _REACH
    if gap > reach or view.part[hit.first] != view.part[figure.first]:
        return None
    if not behind and gap and _is_named_act(view, hit):
        return None
    return gap + 4 * (concept in _WEAK) + 3 * (not view.same_clause(hit.first, figure.first))


def _is_toll(view: View, harm: Hit) -> bool:
    """Whether a word of harm is what a number is told of: "the number of those killed in the strike rose to 31"."""
    return any(
        harm.first - _TOLL_REACH <= told.first < harm.last and view.same_clause(told.first, harm.first)
        for told in view.hits("part.number_of")
    )


def _is_named_act(view: View, hit: Hit) -> bool:
    """Whether the word of harm is a noun that takes no number before it ("103 civilians, the murder took place")."""
    return any(article.last == hit.first for article in view.hits("func.article"))


def _entry(kind: CasualtyKind, figure: Figure, who: str | None) -> Casualties:
    return _of_count(kind, figure.count, who)


def _of_count(kind: CasualtyKind, count: Count, who: str | None) -> Casualties:
    return Casualties(
        kind=kind, who=who, quantifier=count.quantifier, reported=count.reported, low=count.low, high=count.high
    )


def _who(view: View, figure: Figure) -> str | None:
    """The English plural noun of whom a figure counts, None for people as such."""
    names = [
        _plural(h) for h in view.sentence.hits if h.concept.startswith("group.") and _in(h, figure.first, figure.last)
    ]
    return next((name for name in reversed(names) if name is not None), None)


def _in(hit: Hit, first: int, last: int) -> bool:
    return first <= hit.first and hit.last <= last


def _plural(hit: Hit) -> str | None:
    name = hit.concept.partition(".")[2].replace("_", " ")
    return None if name in _NO_WHO else _SAME_WHO.get(name, name)
