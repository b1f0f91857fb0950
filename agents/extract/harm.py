"""What an act did and used: casualties with who, and things with their number, out of the figures of a sentence."""

from collections.abc import Iterable, Sequence
from typing import Final

from agents.extract.concepts import ITEM_CLASS
from agents.extract.quantity import Figure
from agents.extract.text import Hit
from agents.extract.view import View
from streams.records import Casualties, Item
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
_CAPTURES: Final = frozenset((T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE))
_REACH: Final = 12

_CIVIL_WHO: Final = {"people": None, "villagers": "civilians", "residents": "civilians", "families": None}
_NO_ITEM_CLASS: Final = frozenset(("vest", "fire"))
_DESTROYED: Final = frozenset(("building", "vehicle"))


def casualties(view: View, figures: Sequence[Figure], kind: T, first: int, last: int) -> tuple[Casualties, ...]:
    """People killed, wounded, missing or captured by an act of type `kind` that stands in tokens `first`..`last`.

    Each figure of people goes to the nearest word of harm; captured ones only to arrests and abductions.
    """
    found: list[Casualties] = []
    for figure in figures:
        if figure.share is not None or not _may_count_people(figure):
            continue
        harm = _harm(view, figure, kind)
        if harm is None:
            continue
        entry = _entry(harm, figure)
        if entry not in found:
            found.append(entry)
    return tuple(found)


def _may_count_people(figure: Figure) -> bool:
    return figure.of_people or (figure.noun is None)


def _harm(view: View, figure: Figure, kind: T) -> CasualtyKind | None:
    """The kind of harm that the nearest word of harm tells of a figure."""
    best: tuple[int, CasualtyKind] | None = None
    for concept, harm in _KINDS.items():
        if (harm is CasualtyKind.CAPTURED) != (kind in _CAPTURES) and harm is CasualtyKind.CAPTURED:
            continue
        for hit in view.hits(concept):
            cost = _cost(view, figure, hit, concept)
            if cost is not None and (best is None or cost < best[0]):
                best = (cost, harm)
    return best[1] if best else None


def _cost(view: View, figure: Figure, hit: Hit, concept: str) -> int | None:
    if figure.first <= hit.first < figure.last:
        return 0
    gap = figure.first - hit.last if figure.first >= hit.last else hit.first - figure.last
    if gap < 0 or gap > _REACH or view.part[hit.first] != view.part[figure.first]:
        return None
    return gap + 4 * (concept in _WEAK) + 3 * (not view.same_clause(hit.first, figure.first))


def _entry(kind: CasualtyKind, figure: Figure) -> Casualties:
    count = figure.count
    return Casualties(
        kind=kind,
        who=who(figure),
        quantifier=count.quantifier,
        reported=count.reported,
        low=count.low,
        high=count.high,
    )


def who(figure: Figure) -> str | None:
    """The English plural noun of whom a figure counts, None for people as such."""
    noun = figure.noun or ""
    if not noun.startswith("group."):
        return figure.group
    word = noun.partition(".")[2]
    return _CIVIL_WHO.get(word, word.replace("_", " "))


def things(view: View, figures: Iterable[Figure], first: int, last: int) -> tuple[Item, ...]:
    """Things that the text numbers in tokens `first`..`last`: weapons, vehicles, buildings."""
    found: list[Item] = []
    for figure in figures:
        noun = figure.noun or ""
        if not noun.startswith("item.") or figure.share is not None or not first <= figure.first < last:
            continue
        word = noun.partition(".")[2]
        if ITEM_CLASS.get(word) in _NO_ITEM_CLASS:
            continue
        count = figure.count
        found.append(
            Item(
                item=word.replace("_", " "),
                quantifier=count.quantifier,
                reported=count.reported,
                low=count.low,
                high=count.high,
            )
        )
    return tuple(found)


def one(kind: CasualtyKind, word: str | None) -> Casualties:
    """A single person, told without a number."""
    return Casualties(kind=kind, who=word, quantifier=Quantifier.EXACT, reported=1, low=1, high=1)
