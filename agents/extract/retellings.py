"""Which tellings are of one act: of two sentences that tell it, one record is made."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from agents.extract.attributes import Act
from agents.extract.fold import fold
from agents.extract.results import EXPLOSIVE, PROTESTS
from streams.vocabulary import PlacePrecision
from streams.vocabulary import SubEventType as T

_GENERAL: Final = frozenset(
    (
        "armed attack",
        "civilians attacked",
        "strike, means untold",
        "deadly strike",
        "burnt or destroyed",
        "destruction",
        "killed",
        "clashes",
    )
)
"""Frames that tell little more than that harm was done."""

_HARMFUL: Final = EXPLOSIVE | PROTESTS | {T.ATTACK, T.ARMED_CLASH, T.ABDUCTION_FORCED_DISAPPEARANCE}

_STOPPED_IN_FLIGHT: Final = frozenset(("shot down", "brought down", "intercepted"))


def distinct(acts: Sequence[Act]) -> list[Act]:
    """Body before title; of two sentences that tell one act, the one that tells more of it."""
    kept: list[Act] = []
    for act in sorted(acts, key=lambda a: (a.sentence.in_title, a.sentence.index, a.draft.trigger.first)):
        twin = next((i for i, other in enumerate(kept) if _same(other, act)), None)
        if twin is None:
            kept.append(act)
        elif not act.sentence.in_title and act.told > kept[twin].told and not _sums_up(act, kept[twin]):
            kept[twin] = _joined(act, kept[twin])
        else:
            kept[twin] = _joined(kept[twin], act)
    return sorted(kept, key=lambda a: (a.sentence.index, a.draft.trigger.first))


def _same(a: Act, b: Act) -> bool:
    """Whether two tellings are of one act: nothing of what both name differs."""
    retold = b.sentence.in_title and not a.sentence.in_title
    if retold and (a.draft.trigger.concept == b.draft.trigger.concept or _sums_up(b, a)):
        return True
    if a.draft.type != b.draft.type or a.draft.modality != b.draft.modality:
        return False
    if retold:
        return True
    if a.sentence.index == b.sentence.index:
        return False
    if a.casualties and b.casualties and a.casualties != b.casualties:
        return False
    if _in_flight(a) is not _in_flight(b):
        return False
    if a.items and b.items and a.items != b.items:
        return False
    pairs = ((a.actor, b.actor), (a.target, b.target), (_own_place(a), _own_place(b)), (a.date, b.date))
    return all(_agree(x, y) for x, y in pairs)


def _in_flight(act: Act) -> bool:
    """Whether an act stops arms in the air; those found, seized or cleared on the ground are other arms."""
    return act.draft.frame.rule in _STOPPED_IN_FLIGHT


def _sums_up(again: Act, told: Act) -> bool:
    """Whether a title, or a later sentence, says in a general word what was told: "raid", "the blast" of a bomb."""
    if again.draft.frame.rule not in _GENERAL or again.draft.modality is not told.draft.modality:
        return False
    return told.draft.type in _HARMFUL and _agree(_own_place(again), _own_place(told))


def _own_place(act: Act) -> str | None:
    """The place that the evidence itself names; a country, or one carried over from elsewhere, parts no acts."""
    if act.place.place is not None and act.place.place.precision is PlacePrecision.COUNTRY:
        return None
    quoted = act.draft.view.sentence.tokens[act.first : act.last]
    words = {token.text for token in quoted}
    text = act.place.text
    return text if text and set(text.split()) & words else None


def _agree(a: str | None, b: str | None) -> bool:
    if a is None or b is None:
        return True
    x, y = fold(a), fold(b)
    return x == y or x in y or y in x


def _joined(main: Act, other: Act) -> Act:
    """The main telling with what only the other one names."""
    return replace(
        main,
        actor=main.actor or other.actor,
        target=main.target or other.target,
        date=main.date or other.date,
        attribution=main.attribution or (other.attribution if not other.sentence.in_title else None),
        casualties=main.casualties or other.casualties,
        items=main.items or other.items,
    )
