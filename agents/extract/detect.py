"""From the hits of one sentence to drafts of events: frames fire, types are chosen, results kept apart from acts."""

from dataclasses import dataclass
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.choose import CHOOSERS
from agents.extract.concept_sets import FIRED, items
from agents.extract.concepts import bits, starting
from agents.extract.dates import days
from agents.extract.domain import Evidence
from agents.extract.frame import Frame, Near
from agents.extract.frames import BY_TRIGGER, FRAMES
from agents.extract.language import Language
from agents.extract.modality import Mood, mood
from agents.extract.places import ArticlePlaces
from agents.extract.results import PROTESTS, Draft, acts
from agents.extract.roles import roles
from agents.extract.scene import Scene
from agents.extract.text import Hit, Sentence
from streams.vocabulary import SubEventType as T


@dataclass(slots=True)
class Vetoed:
    """A frame that fired and made no record, and why: for explain."""

    frame: Frame
    trigger: Hit
    reason: str


@dataclass(slots=True)
class Detected:
    """What one sentence led to."""

    drafts: tuple[Draft, ...]
    vetoed: tuple[Vetoed, ...]


_ACTS: Final = starting("act.")
_TRIGGERS: Final = bits(*BY_TRIGGER)
_NEEDS: Final = tuple(tuple(need.bits for need in frame.needs) for frame in FRAMES)
"""What each frame needs near its trigger, as bits: where a sentence names none of one need, the frame cannot fire."""

_NOTHING: Final = Detected((), ())
_TIMES: Final = tuple(starting("time."))
_SOURCES: Final = ("say.after", "say.according")
_SOURCE_BITS: Final = bits(*_SOURCES)
_NAMES: Final = frozenset((*items("aircraft"), "cue.unopposed", "act.disperse"))
_EXERCISE_REACH: Final = (9, 6)


def detect(
    analysis: Analysis, language: Language, places: ArticlePlaces, evidence: Evidence, sentence: Sentence
) -> Detected:
    """All drafts of one sentence."""
    if not sentence.concepts & _TRIGGERS:
        return _NOTHING
    may_fire = _candidates(sentence)
    if not may_fire:
        return _NOTHING
    return _Detector(Scene(analysis, language, places, sentence), evidence).run(may_fire)


def _candidates(sentence: Sentence) -> list[tuple[int, int, int, int]]:
    """Frames that may fire, by the table, then the frame's own order of triggers, then where the trigger stands.

    Each as number of the frame, rank of the trigger, first token and number of its hit.
    """
    found: list[tuple[int, int, int, int]] = []
    concepts = sentence.concepts
    for at, hit in enumerate(sentence.hits):
        for number, rank in BY_TRIGGER.get(hit.concept, ()):
            for need in _NEEDS[number]:
                if not concepts & need:
                    break
            else:
                found.append((number, rank, hit.first, at))
    if len(found) > 1:
        found.sort()
    return found


class _Detector:
    """One sentence, its frames in the table's order."""

    def __init__(self, scene: Scene, evidence: Evidence) -> None:
        self.scene = scene
        self.evidence = evidence
        self.view = scene.view
        self.vetoed: list[Vetoed] = []
        sourced = scene.sentence.concepts & _SOURCE_BITS
        self.sources: set[int] = self.view.held_by(*_SOURCES) if sourced else set()
        self.verb_last = scene.language.pack.verb_order == "sov" and not scene.language.cases

    def run(self, candidates: list[tuple[int, int, int, int]]) -> Detected:
        """What frames with their triggers lead to; see `_candidates`."""
        drafts: list[Draft] = []
        used: list[Hit] = []
        hits = self.scene.sentence.hits
        for number, _, _, at in candidates:
            hit = hits[at]
            if hit.first in self.sources or (used and _overlaps(hit, used)):
                continue
            draft = self._fire(FRAMES[number], hit)
            if draft is not None:
                drafts += [draft, *self._also(draft)]
                used.append(hit)
        if drafts:
            drafts = acts(drafts, lambda d, reason: self._veto(d.frame, d.trigger, reason), self.scene.elsewhere)
        return Detected(tuple(drafts), tuple(self.vetoed))

    def _also(self, draft: Draft) -> list[Draft]:
        """ "Launched 90 drones and three missiles" is two attacks."""
        if draft.frame.rule != "drones launched":
            return []
        missile = self.view.near(draft.trigger, FIRED, 0, 10)
        if missile is None or missile.concept == "item.shell":
            return []
        return [draft.of_type(T.SHELLING_ARTILLERY_MISSILE_ATTACK)]

    def _fire(self, frame: Frame, hit: Hit) -> Draft | None:
        """The draft that a frame makes of a hit; None where a need is not met, or a veto noted."""
        for need in frame.needs:
            if not self._met(need, hit):
                return None
        told = mood(self.scene.analysis, self.view, hit.first, hit.last)
        reason = self._against(frame, hit, told)
        if reason is None and told.modality is not None:
            found = roles(self.scene.phrases, hit, _is_nominal(frame, hit))
            actor = self.scene.actor(found.actor)
            kind = CHOOSERS[frame.choose](self.scene, hit, found, actor) if frame.choose else frame.type
            if kind is not None:
                return Draft(frame, kind, told.modality, self.view, hit, found, actor, told)
            reason = "who or what is meant does not fit"
        self._veto(frame, hit, reason or told.reason)
        return None

    def _against(self, frame: Frame, hit: Hit, told: Mood) -> str | None:
        """What speaks against the frame."""
        for veto in frame.vetoes:
            if self._met(veto, hit, inside=False):
                return f"next to {'/'.join(veto.concepts[:2])}"
        for denial in self.view.hits("cue.denial"):
            if denial.first <= hit.first and hit.last < denial.last:
                return "a part of a denial"
        if self._is_in_set_phrase(hit):
            return "a part of a set phrase"
        if _is_nominal(frame, hit) and self._points_back(hit):
            return "points back at an act already told"
        if frame.weak and not (hit.last - hit.first > 1 and hit.concept not in _ACTS) and not self.evidence.allows_weak:
            return "no other sign of conflict in the article"
        if self.view.near(hit, ("cue.exercise",), *_EXERCISE_REACH) is not None and frame.type not in PROTESTS:
            return "an exercise or a test"
        if told.modality is None:
            return told.reason
        if self.evidence.is_history and not days(self.scene.analysis, self.view):
            return "an anniversary's history"
        return None

    def _is_in_set_phrase(self, hit: Hit) -> bool:
        """Whether a longer phrase holds a word that is then no act: "attack helicopter", "fire into the air"."""
        for other in self.scene.sentence.hits:
            if other.first > hit.first:
                break
            longer = hit.last <= other.last and other.last - other.first > hit.last - hit.first
            if longer and other.concept in _NAMES:
                return True
        return False

    def _points_back(self, hit: Hit) -> bool:
        """ "That attack", "serangan itu", "since the attack": such a word right beside a noun of action."""
        if any(
            0 <= hit.first - h.last <= 1 and not self._is_time(h.last, hit.first) for h in self.view.hits("cue.since")
        ):
            return True
        if self.scene.language.pack.noun_order == "head_last":
            return any(0 <= hit.first - h.last <= 1 for h in self.view.hits("cue.anaphor"))
        return any(hit.last == h.first or h.last == hit.first for h in self.view.hits("cue.anaphor"))

    def _is_time(self, first: int, last: int) -> bool:
        """Whether only a time stands there: "since dawn clashes" are new."""
        return first < last and any(h.first == first for h in self.view.hits(*_TIMES))

    def _veto(self, frame: Frame, hit: Hit, reason: str) -> None:
        self.vetoed.append(Vetoed(frame, hit, reason))

    def _met(self, need: Near, hit: Hit, inside: bool = True) -> bool:
        """Whether a need or veto stands in its window; objects stand before verbs that stand last (Persian)."""
        if not self.view.sentence.concepts & need.bits:
            return False
        left, right = need.left, need.right
        if inside and self.verb_last:
            left = max(left, right) + 1
        return self.view.near(hit, need.concepts, left, right, inside) is not None


def _is_nominal(frame: Frame, hit: Hit) -> bool:
    return frame.nominal or hit.concept not in _ACTS


def _overlaps(hit: Hit, others: list[Hit]) -> bool:
    """Whether a hit shares a token with one of others."""
    for other in others:  # noqa: SIM110 - asked of every frame, and a generator is a call for each hit
        if hit.first < other.last and other.first < hit.last:
            return True
    return False
