"""The other of two sides that fight, agree or take each other's ground: who stands behind "if", "with", "against"."""

from typing import Final

from agents.extract.names import Phrase, Phrases
from agents.extract.parties import is_armed, is_party
from agents.extract.results import TERRITORY, Draft
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T

_TWO_SIDED: Final = TERRITORY | {T.AGREEMENT, T.ARMED_CLASH}
_GAP: Final = 1
"""Tokens between "if", "with" or "against" and the side that it governs: an article."""


def partner(phrases: Phrases, draft: Draft) -> Phrase | None:
    """The side that a word right before it marks as the other one, None where no such word stands there."""
    if draft.type not in _TWO_SIDED:
        return None
    if draft.type is T.AGREEMENT:
        return _on_condition(phrases, draft) or _joined(phrases, draft) or _agreed_with(phrases, draft)
    return _fought(phrases, draft)


def _on_condition(phrases: Phrases, draft: Draft) -> Phrase | None:
    """Who is to do something first: "a truce if Israel withdraws"."""
    if draft.modality is not Modality.HYPOTHETICAL:
        return None
    ends = [hit.last for hit in phrases.view.hits("cue.conditional")]
    return next((p for p in phrases.all if _stands_at(p, ends) and _is_other(phrases, draft, p)), None)


def _joined(phrases: Phrases, draft: Draft) -> Phrase | None:
    """The second of two that act together: "Bishkek and Dushanbe signed a truce"."""
    actor = draft.roles.actor
    if actor is None:
        return None
    ends = [hit.last for hit in phrases.view.hits("cue.and") if hit.first == actor.last]
    found = next((p for p in phrases.all if p.first in ends and _is_other(phrases, draft, p)), None)
    named = next((p for p in phrases.all if found and p.first == found.last and phrases.acts(p)), None)
    return Phrase(found.first, named.last) if found and named else found


def _agreed_with(phrases: Phrases, draft: Draft) -> Phrase | None:
    """With whom: a name or an armed party right behind "with", which many languages write as "and"."""
    at, part = draft.trigger.last, _part(draft)
    ends = [h.last for h in phrases.view.hits("cue.and") if h.first >= at and phrases.view.part[h.first] == part]
    behind = (p for p in phrases.all if p.first >= at and _stands_at(p, ends))
    return next((p for p in behind if is_armed(phrases, p) and _is_other(phrases, draft, p)), None)


def _fought(phrases: Phrases, draft: Draft) -> Phrase | None:
    """Whom the fight is with: armed people right behind "with" or "against" and a word for fighting."""
    view = phrases.view
    fights = [h.last for h in view.hits("noun.clash", "act.fight") if view.part[h.first] == _part(draft)]
    ends = [
        cue.last
        for cue in view.hits("cue.and", "cue.against")
        if any(0 <= cue.first - last <= _GAP + 1 for last in fights)
    ]
    return next(
        (p for p in phrases.all if _stands_at(p, ends) and is_armed(phrases, p) and _is_other(phrases, draft, p)), None
    )


def _stands_at(phrase: Phrase, ends: list[int]) -> bool:
    return any(0 <= phrase.first - end <= _GAP for end in ends)


def _is_other(phrases: Phrases, draft: Draft, phrase: Phrase) -> bool:
    """Whether a phrase is a party and not the one that acts, nor the act itself."""
    actor = draft.roles.actor
    if actor is not None and (phrase == actor or phrases.write(phrase) in phrases.write(actor)):
        return False
    return is_party(phrases, phrase) and not phrase.touches(draft.trigger)


def _part(draft: Draft) -> int:
    return draft.view.part[draft.trigger.first]
