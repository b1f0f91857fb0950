"""Denials that name no act: "The army denied it", "lo negó", "bu iddiayı reddetti" deny what was told just before.

The contract asks for two records of a disputed act: the one asserted, and a negated one by whoever denies it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from agents.extract.attribution import source
from agents.extract.concept_sets import items
from agents.extract.concepts import bits
from agents.extract.frame import Frame
from agents.extract.frames import BY_TRIGGER
from agents.extract.modality import Mood
from agents.extract.results import Draft
from agents.extract.roles import Roles
from agents.extract.scene import Scene
from agents.extract.text import Hit, Sentence
from streams.vocabulary import Modality, SubEventType

DENIED: Final = Frame("act denied", ("cue.denial",), confidence=0.6)
"""What explain and the records call it; not in the table of frames, as it takes the type of another act."""

_HARM: Final = frozenset(("act.die", "group.wounded"))

NAMELESS_ACTS: Final = ("noun.attack", "noun.strike")
"""Nouns of an act that say nothing of it: "denied responsibility for the attack" denies what was told, as a denied
use of arms does, but for the arms."""

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


def denial(scene: Scene, own: Sequence[Draft], before: Sequence[Draft]) -> Draft | None:
    """The negated twin of the last act told before a denial that names none, None where there is nothing to deny.

    `own` are the drafts of the denial's sentence, `before` those of the sentences before it, in their order.
    """
    hit = _bare(scene, own)
    if hit is None or not _has_speaker(scene, hit):
        return None
    means = _means(scene, hit)
    if means is not None:
        mood = Mood(Modality.NEGATED, "denied", hit)
        return Draft(DENIED, means, Modality.NEGATED, scene.view, hit, Roles(None, None), None, mood)
    told = [d for d in own if d.trigger.last <= hit.first] or [d for d in before if _is_near(scene, d)]
    if not told or told[-1].modality is not Modality.ASSERTED:
        return None
    twin = told[-1]
    mood = replace(twin.mood, modality=Modality.NEGATED, reason="denied", cue=hit)
    return Draft(DENIED, twin.type, Modality.NEGATED, scene.view, hit, Roles(None, None), None, mood)


def _bare(scene: Scene, own: Sequence[Draft]) -> Hit | None:
    """The denial of a sentence that denies nothing it names, nor what an act word in its clause names."""
    view = scene.view
    hit = next(iter(view.hits("cue.denial")), None)
    if hit is None or any(d.modality is not Modality.ASSERTED for d in own):
        return None
    if hit.last < view.size and scene.sentence.tokens[hit.last].text == ":":
        return None
    part = view.part[hit.first]
    behind = [h for h in scene.sentence.hits if view.part[h.first] == part and h.first >= hit.last]
    beside = [h for h in scene.sentence.hits if view.same_clause(h.first, hit.first)]
    named = {(h.first, h.last): h for h in (*behind, *beside) if h.concept in BY_TRIGGER or h.concept in _HARM}
    blames = view.hits("cue.blame")
    if blames and any(hit.first <= blame.first <= hit.last + _BLAME_REACH for blame in blames):
        return hit
    back = {(h.first, h.last) for h in view.hits(*NAMELESS_ACTS, "act.launch")}
    return hit if named.keys() <= back | {(hit.first, hit.last)} else None


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
    """Whether the sentence itself names who denies."""
    told_by = source(scene.analysis, scene.language, scene.sentence, denied.first, denied, ())
    return told_by is not None and told_by.name in scene.analysis.text[scene.sentence.start : scene.sentence.end]


def _is_near(scene: Scene, draft: Draft) -> bool:
    other = draft.view.sentence
    return other.paragraph == scene.sentence.paragraph and 0 < scene.sentence.index - other.index <= _BACK
