"""Conflict events: what the sentences of an article tell, each distinct act once, with evidence and attributes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.attributes import Act, AttributeReader
from agents.extract.concept_sets import ARMED
from agents.extract.denials import NAMELESS_ACTS, denial, denies
from agents.extract.detect import Detected, Vetoed, detect
from agents.extract.domain import Evidence
from agents.extract.figures import group_name
from agents.extract.ids import RecordIds, evidence_of
from agents.extract.language import Language
from agents.extract.places import ArticlePlaces
from agents.extract.record_fields import record_fields
from agents.extract.results import EXPLOSIVE, TERRITORY, Draft, is_aftermath
from agents.extract.retellings import distinct
from agents.extract.scene import Scene
from streams.records import ConflictEvent
from streams.vocabulary import EVENT_TYPE_OF, PLOVER_TYPE_OF, CasualtyKind, Modality
from streams.vocabulary import SubEventType as T

TOPIC: Final = "conflict.events"
MAX_EVENTS: Final = 200
"""No article tells more acts; hostile ones would."""

_TOLD_BY_THE_DEAD: Final = ("killed", "armed attack", "civilians attacked", "deadly raid")
"""Frames that tell an attack by a word that fights share."""

_HARM: Final = (CasualtyKind.KILLED, CasualtyKind.WOUNDED)

_ARMED_PEOPLE: Final = frozenset(group_name(concept) for concept in ARMED if concept.startswith("group."))


@dataclass(frozen=True, slots=True)
class Conflict:
    """The events of an article, and what each sentence led to (by sentence number) for explain."""

    events: tuple[ConflictEvent, ...]
    detected: dict[int, Detected]


def conflict(
    analysis: Analysis, language: Language, places: ArticlePlaces, evidence: Evidence, extractor: str
) -> Conflict:
    """All conflict events of an article."""
    detected: dict[int, Detected] = {}
    told = 0
    before: list[Draft] = []
    for sentence in analysis.sentences:
        found = detect(analysis, language, places, evidence, sentence)
        if found.drafts:
            found = _without_aftermath(found, before)
        if found.drafts and detected:
            found = _as_told(_without_blame(found), detected)
        if denies(sentence) and (before or found.drafts):
            earlier = (d for other in detected.values() for d in other.drafts)
            twin = denial(Scene(analysis, language, places, sentence), found.drafts, before, earlier)
            found = found if twin is None else replace(found, drafts=(*found.drafts, twin))
        if found.drafts:
            before = list(found.drafts)
        if found.drafts or found.vetoed:
            detected[sentence.index] = found
        told += len(found.drafts)
        if told > MAX_EVENTS:
            analysis.complete = False
            break
    drafts = [draft for found in detected.values() for draft in found.drafts]
    if not drafts or evidence.is_play:
        return Conflict((), detected)
    drafts = drafts[:MAX_EVENTS]
    reader = AttributeReader(analysis, language, places, drafts)
    acts = distinct([_fought(_deadly(reader.act(draft))) for draft in drafts])
    return Conflict(tuple(_records(analysis, acts, extractor)), detected)


def _deadly(act: Act) -> Act:
    """A protest whose breaking up kills is excessive force, whatever it was broken up with (ACLED's codebook)."""
    if act.draft.type is not T.PROTEST_WITH_INTERVENTION or not any(c.kind == "killed" for c in act.casualties):
        return act
    return replace(act, draft=act.draft.of_type(T.EXCESSIVE_FORCE_AGAINST_PROTESTERS))


def _fought(act: Act) -> Act:
    """An attack told by its dead alone is fighting where all of them bore arms."""
    if act.draft.type is not T.ATTACK or act.draft.frame.rule not in _TOLD_BY_THE_DEAD or not act.casualties:
        return act
    hurt = [c.who for c in act.casualties if c.kind in _HARM]
    armed = _ARMED_PEOPLE.issuperset(hurt)
    return replace(act, draft=act.draft.of_type(T.ARMED_CLASH)) if hurt and armed else act


def _without_aftermath(found: Detected, before: Sequence[Draft]) -> Detected:
    """What a sentence tells but for the damage of a strike that was told before it."""
    after = [draft for draft in found.drafts if is_aftermath(draft, before)]
    return _without(found, after, "the result of the strike told before")


def _without_blame(found: Detected) -> Detected:
    """What a sentence tells but for the attack that it blames on somebody, which was told before."""
    back = [d for d in found.drafts if d.trigger.concept in NAMELESS_ACTS and _is_blamed(d)]
    return _without(found, back, "blames somebody for an act told before")


def _without(found: Detected, drafts: Sequence[Draft], reason: str) -> Detected:
    """What a sentence tells but for these drafts, vetoed for this reason."""
    if not drafts:
        return found
    vetoed = [Vetoed(d.frame, d.trigger, reason) for d in drafts]
    return Detected(tuple(d for d in found.drafts if d not in drafts), (*found.vetoed, *vetoed))


def _is_blamed(draft: Draft) -> bool:
    return any(draft.view.same_clause(h.first, draft.trigger.first) for h in draft.view.hits("cue.blame"))


def _as_told(found: Detected, before: Mapping[int, Detected]) -> Detected:
    """A denied strike whose means nobody tells, or a denied loss of ground, is of the type of the last told before."""
    if not any(map(_denied_types, found.drafts)):
        return found
    told = [d.type for other in before.values() for d in other.drafts if d.modality is Modality.ASSERTED]
    return replace(found, drafts=tuple(_as_last(draft, told) for draft in found.drafts))


def _as_last(draft: Draft, told: Sequence[T]) -> Draft:
    """The draft with the last type told that a denied act may be of, unchanged where there is none."""
    types = _denied_types(draft)
    last = next((kind for kind in reversed(told) if kind in types), None)
    return draft if last is None else draft.of_type(last)


def _denied_types(draft: Draft) -> frozenset[T]:
    """The types among which a denied act that its noun leaves open must be; none for other acts."""
    if draft.modality is not Modality.NEGATED:
        return frozenset()
    if draft.trigger.concept == "noun.strike" and draft.frame.choose == "strike":
        return EXPLOSIVE
    return TERRITORY if draft.trigger.concept == "noun.capture" and draft.mood.reason == "denied" else frozenset()


def _records(analysis: Analysis, acts: Iterable[Act], extractor: str) -> Iterable[ConflictEvent]:
    ids = RecordIds(analysis.article.article_id, TOPIC)
    for act in acts:
        draft = act.draft
        yield ConflictEvent(
            **record_fields(analysis, extractor, act.sentence, act.first, act.last, act.place.place),
            event_id=ids.next(draft.type, draft.modality, evidence=evidence_of(analysis.text, act.sentence)),
            event_type=EVENT_TYPE_OF[draft.type],
            sub_event_type=draft.type,
            plover_type=PLOVER_TYPE_OF.get(draft.type),
            modality=draft.modality,
            actor=act.actor,
            target=act.target,
            place=act.place.text,
            country=act.place.country,
            attribution=act.attribution,
            date=act.date,
            casualties=act.casualties,
            items=act.items,
            rule=draft.frame.rule,
            confidence=draft.frame.confidence,
        )
