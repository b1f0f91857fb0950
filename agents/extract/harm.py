"""What an act did to people: casualties with who, out of the figures of a sentence."""

from collections.abc import Sequence
from typing import Final

from agents.extract.figures import Figure
from agents.extract.names import Phrase
from agents.extract.text import Hit
from agents.extract.view import View
from streams.records import Casualties
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
_WEAK: Final = frozenset(("act.shoot", "act.beat", "noun.massacre"))
_BY_NOUN: Final = {
    "group.wounded": CasualtyKind.WOUNDED,
    "group.injured": CasualtyKind.WOUNDED,
    "group.bodies": CasualtyKind.KILLED,
}
_CAPTURES: Final = frozenset((T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE))
_REACH: Final = 12
_SAME_WHO: Final = {"villagers": "civilians", "residents": "civilians", "police officers": "police"}
_NO_WHO: Final = frozenset(("people", "families", "wounded", "injured", "bodies", "hostages", "prisoners", "detainees"))
_KILLING_ALONE: Final = frozenset((T.ATTACK, T.MOB_VIOLENCE))


def casualties(view: View, figures: Sequence[Figure], kind: T) -> tuple[Casualties, ...]:
    """People killed, wounded, missing or captured by an act of type `kind`, out of the figures that belong to it.

    Each figure of people goes to the nearest word of harm; captured ones only to arrests and abductions.
    """
    found: list[Casualties] = []
    for figure in figures:
        if figure.share is None and (figure.of_people or figure.noun is None):
            harm = _harm(view, figure, kind)
            if harm is not None:
                found.append(_entry(harm, figure, _who(view, figure)))
    return tuple(dict.fromkeys(found))


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
    who = next((_plural(h) for h in view.sentence.hits if _in(h, *target) and h.concept.startswith("group.")), None)
    return (Casualties(kind=harm, who=who, quantifier=Quantifier.EXACT, reported=1, low=1, high=1),)


def _harm(view: View, figure: Figure, kind: T) -> CasualtyKind | None:
    """The kind of harm that the figure's own noun, or the nearest word of harm, tells."""
    own = _BY_NOUN.get(figure.noun or "")
    if own is not None:
        return own
    best: tuple[int, CasualtyKind] | None = None
    for concept, harm in _KINDS.items():
        if harm is CasualtyKind.CAPTURED and kind not in _CAPTURES:
            continue
        for hit in view.hits(concept):
            cost = _cost(view, figure, hit, concept)
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, harm)
    return best[1] if best else None


def _cost(view: View, figure: Figure, hit: Hit, concept: str) -> int | None:
    """Words between a figure and a word of harm, more across clauses; None where they have nothing to do."""
    if figure.first < hit.last and hit.first < figure.last:
        return 0
    behind = figure.first >= hit.last
    gap = figure.first - hit.last if behind else hit.first - figure.last
    reach = _REACH if figure.noun is not None else 3 if behind else 2
    if gap > reach or view.part[hit.first] != view.part[figure.first]:
        return None
    return gap + 4 * (concept in _WEAK) + 3 * (not view.same_clause(hit.first, figure.first))


def _entry(kind: CasualtyKind, figure: Figure, who: str | None) -> Casualties:
    count = figure.count
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
