"""Denials that name no act: "The army denied it", "lo negó", "bu iddiayı reddetti" deny what was told just before.

The contract asks for two records of a disputed act: the one asserted, and a negated one by whoever denies it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from agents.extract.attribution import source
from agents.extract.concept_sets import UNARMED, items
from agents.extract.concepts import bits
from agents.extract.frame import Frame
from agents.extract.frames import BY_TRIGGER
from agents.extract.modality import Mood
from agents.extract.results import EXPLOSIVE, TERRITORY, Draft
from agents.extract.roles import Roles
from agents.extract.scene import Scene
from agents.extract.text import Hit, Phrase, Sentence
from streams.vocabulary import Modality, SubEventType

DENIED: Final = Frame("act denied", ("cue.denial",), confidence=0.6)
"""What explain and the records call it; not in the table of frames, as it takes the type of another act."""

_HARM: Final = frozenset(("act.die", "group.wounded"))

NAMELESS_ACTS: Final = ("noun.attack", "noun.strike")
"""Nouns of an act that say nothing of it: "denied responsibility for the attack" denies what was told, as a denied
use of arms does, but for the arms."""

_LOSSES: Final = frozenset(("noun.capture", "act.control"))
_HARMS: Final = frozenset(("act.strike", "act.kill", "act.wound", "act.attack", "act.murder", *NAMELESS_ACTS))
_VIOLENT: Final = EXPLOSIVE | {SubEventType.ATTACK}

_OPENING: Final = 3
"""Words of a party that opens a clause."""

_DENIAL: Final = bits("cue.denial")

_BLAME_REACH: Final = 2
"""Words between a denial and the responsibility denied, whatever act is told behind it."""

_MEANS_REACH: Final = 3
_BY_MEANS: Final = (
    (items("chemical"), SubEventType.CHEMICAL_WEAPON),
    (("noun.live_fire",), SubEventType.EXCESSIVE_FORCE_AGAINST_PROTESTERS),
    (items("artillery", "missile"), SubEventType.SHELLING_ARTILLERY_MISSILE_ATTACK),
    (items("drone", "aircraft", "air_bomb"), SubEventType.AIR_DRONE_STRIKE),
)

_BACK: Final = 1
"""Sentences back that a denial may point."""


def denies(sentence: Sentence) -> bool:
    """Whether a sentence may hold a word of denial."""
    return sentence.concepts & _DENIAL != 0


def denial(scene: Scene, own: Sequence[Draft], before: Sequence[Draft], earlier: Iterable[Draft]) -> Draft | None:
    """What a denial denies: an act of the kind or means that it names, else the last act told before it, negated.

    None where there is nothing to deny, or where the act it denies is read by itself.
    `own` are the drafts of the denial's sentence, `before` those of the last sentence that told an act, `earlier` all
    drafts of the article so far, in their order.
    """
    hit = next(iter(scene.view.hits("cue.denial")), None)
    if hit is None or any(d.modality is not Modality.ASSERTED for d in own):
        return None
    twin = _twin(scene, hit, own, before, earlier)
    return twin if twin is not None and _has_speaker(scene, hit) else None


def _twin(
    scene: Scene, hit: Hit, own: Sequence[Draft], before: Sequence[Draft], earlier: Iterable[Draft]
) -> Draft | None:
    """What a denial denies, None where that is read by itself or nothing."""
    bare = _is_bare(scene, hit)
    kind = (None if own else _of_family(scene, hit, earlier)) or (_means(scene, hit) if bare else None)
    if kind is not None:
        mood = Mood(Modality.NEGATED, "denied", hit)
        return Draft(DENIED, kind, Modality.NEGATED, scene.view, hit, Roles(None, None), None, mood)
    if not bare:
        return None
    told = [d for d in own if d.trigger.last <= hit.first] or [d for d in before if _is_near(scene, d)]
    told = [d for d in told if d.type is not SubEventType.PEACEFUL_PROTEST]
    if not told or told[-1].modality is not Modality.ASSERTED:
        return None
    twin = told[-1]
    mood = replace(twin.mood, modality=Modality.NEGATED, reason="denied", cue=hit)
    return Draft(DENIED, twin.type, Modality.NEGATED, scene.view, hit, Roles(None, None), None, mood)


def _is_bare(scene: Scene, hit: Hit) -> bool:
    """Whether a denial denies nothing that its sentence names, nor what an act word in its clause names."""
    view = scene.view
    if hit.last < view.size and scene.sentence.tokens[hit.last].text == ":":
        return False
    blames = view.hits("cue.blame")
    if blames and any(hit.first <= blame.first <= hit.last + _BLAME_REACH for blame in blames):
        return True
    named = {(h.first, h.last) for h in _named(scene, hit) if h.concept in BY_TRIGGER or h.concept in _HARM}
    back = {(h.first, h.last) for h in view.hits(*NAMELESS_ACTS, "act.launch")}
    return named <= back | {(hit.first, hit.last)}


def _named(scene: Scene, hit: Hit) -> list[Hit]:
    """What stands behind a denial in its part of the sentence, or beside it in its clause."""
    view, part = scene.view, scene.view.part[hit.first]
    return [
        h
        for h in scene.sentence.hits
        if view.same_clause(h.first, hit.first) or (view.part[h.first] == part and h.first >= hit.last)
    ]


def _of_family(scene: Scene, hit: Hit, earlier: Iterable[Draft]) -> SubEventType | None:
    """The type of the last act told of the kind that a denial names by a general word, whose means nobody tells again.

    "Denied targeting civilians" is of the strike told before, "denied the loss of the town" of its capture.
    """
    named = {h.concept for h in _named(scene, hit)}
    if not named.isdisjoint(_LOSSES):
        types = TERRITORY
    elif "act.strike" in named or (not named.isdisjoint(_HARMS) and not named.isdisjoint(UNARMED)):
        types = _VIOLENT
    else:
        return None
    told = [d.type for d in earlier if d.type in types and d.modality is Modality.ASSERTED]
    return told[-1] if told else None


def _means(scene: Scene, denied: Hit) -> SubEventType | None:
    """The type of an act whose denial names nothing but its means: "denied using artillery", "cluster munitions"."""
    view = scene.view
    behind = scene.language.pack.verb_order != "sov"
    for means, kind in _BY_MEANS:
        for hit in view.hits(*means):
            reach = hit.first - denied.last if behind else denied.first - hit.last
            if 0 <= reach <= _MEANS_REACH and view.same_clause(hit.first, denied.first):
                return kind
    return None


def _has_speaker(scene: Scene, denied: Hit) -> bool:
    """Whether the sentence itself names who denies, or a party that opens a clause whose verb stands last."""
    told_by = source(scene.analysis, scene.language, scene.sentence, denied.first, denied, ())
    if told_by is not None:
        return told_by.name in scene.analysis.text[scene.sentence.start : scene.sentence.end]
    if not scene.language.cases:
        return False
    start = scene.view.clause_bounds(denied.first)[0]
    words = range(start + 1, min(start + _OPENING, denied.first) + 1)
    openings = (Phrase(start, last) for last in words)
    return any(scene.phrases.case(p) is None and scene.phrases.acts(p) for p in openings)


def _is_near(scene: Scene, draft: Draft) -> bool:
    other = draft.view.sentence
    return other.paragraph == scene.sentence.paragraph and 0 < scene.sentence.index - other.index <= _BACK
