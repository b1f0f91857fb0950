"""Conflict events: what the sentences of an article tell, each distinct act once, with evidence and attributes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.attributes import Act, AttributeReader
from agents.extract.denials import NAMELESS_ACTS, denial
from agents.extract.detect import Detected, Vetoed, detect
from agents.extract.domain import Evidence
from agents.extract.fold import fold
from agents.extract.ids import evidence_of, record_id
from agents.extract.language import Language
from agents.extract.places import ArticlePlaces
from agents.extract.results import EXPLOSIVE, PROTESTS, Draft, is_aftermath
from agents.extract.scene import Scene
from streams.records import ConflictEvent
from streams.vocabulary import EVENT_TYPE_OF, PLOVER_TYPE_OF, Modality, PlacePrecision
from streams.vocabulary import SubEventType as T

TOPIC: Final = "conflict.events"
MAX_EVENTS: Final = 200
"""No article tells more acts; hostile ones would."""


_GENERAL: Final = frozenset(
    (
        "armed attack",
        "civilians attacked",
        "strike, means untold",
        "burnt or destroyed",
        "destruction",
        "killed",
        "clashes",
    )
)
"""Frames that tell little more than that harm was done."""

_HARMFUL: Final = EXPLOSIVE | PROTESTS | {T.ATTACK, T.ARMED_CLASH, T.ABDUCTION_FORCED_DISAPPEARANCE}

_STOPPED_IN_FLIGHT: Final = frozenset(("shot down", "brought down", "intercepted"))


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
        found = _without_aftermath(found, before)
        if detected:
            found = _as_told(_without_blame(found), detected)
        if before or found.drafts:
            twin = denial(Scene(analysis, language, places, sentence), found.drafts, before)
            found = found if twin is None else replace(found, drafts=(*found.drafts, twin))
        before = list(found.drafts) or before
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
    acts = _distinct([_deadly(reader.act(draft)) for draft in drafts])
    return Conflict(tuple(_records(analysis, acts, extractor)), detected)


def _deadly(act: Act) -> Act:
    """A protest whose breaking up kills is excessive force, whatever it was broken up with (ACLED's codebook)."""
    if act.draft.type is not T.PROTEST_WITH_INTERVENTION or not any(c.kind == "killed" for c in act.casualties):
        return act
    return replace(act, draft=act.draft.of_type(T.EXCESSIVE_FORCE_AGAINST_PROTESTERS))


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
    """A denied strike whose means nobody tells is of the type of the last strike told before."""
    if not any(_is_denied_strike(draft) for draft in found.drafts):
        return found
    strikes = [d for other in before.values() for d in other.drafts if d.type in EXPLOSIVE]
    told = [d for d in strikes if d.modality is Modality.ASSERTED]
    if not told:
        return found
    drafts = tuple(d.of_type(told[-1].type) if _is_denied_strike(d) else d for d in found.drafts)
    return replace(found, drafts=drafts)


def _is_denied_strike(draft: Draft) -> bool:
    denied = draft.modality is Modality.NEGATED and draft.trigger.concept == "noun.strike"
    return denied and draft.frame.choose == "strike"


# Each distinct act once.


def _distinct(acts: Sequence[Act]) -> list[Act]:
    """Body before title; of two sentences that tell one act, the one that tells more of it."""
    kept: list[Act] = []
    for act in sorted(acts, key=lambda a: (a.sentence.in_title, a.sentence.index, a.draft.trigger.first)):
        twin = next((i for i, other in enumerate(kept) if _same(other, act)), None)
        if twin is None:
            kept.append(act)
        elif not act.sentence.in_title and act.told > kept[twin].told:
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


def _sums_up(title: Act, told: Act) -> bool:
    """Whether a title says in a general word what the body tells: "raid", "house destroyed" of a massacre, a strike."""
    if title.draft.frame.rule not in _GENERAL or title.draft.modality is not told.draft.modality:
        return False
    return told.draft.type in _HARMFUL and _agree(_own_place(title), _own_place(told))


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


# Records.


def _records(analysis: Analysis, acts: Iterable[Act], extractor: str) -> Iterable[ConflictEvent]:
    article = analysis.article
    ordinals: Counter[tuple[str, str, str]] = Counter()
    for act in acts:
        start, end = act.sentence.span(act.first, act.last)
        draft, place = act.draft, act.place.place
        evidence = evidence_of(analysis.text, act.sentence)
        key = (draft.type, draft.modality, evidence)
        ordinals[key] += 1
        yield ConflictEvent(
            event_id=record_id(
                article.article_id, TOPIC, draft.type, draft.modality, evidence=evidence, ordinal=ordinals[key]
            ),
            article_id=article.article_id,
            revision=article.revision,
            extractor=extractor,
            language=article.language,
            published=article.published,
            source=article.source,
            url=article.url,
            event_type=EVENT_TYPE_OF[draft.type],
            sub_event_type=draft.type,
            plover_type=PLOVER_TYPE_OF.get(draft.type),
            modality=draft.modality,
            quote=analysis.text[start:end],
            start=start,
            end=end,
            actor=act.actor,
            target=act.target,
            place=act.place.text,
            country=act.place.country,
            place_geoname_id=place.geoname_id if place else None,
            lat=place.lat if place else None,
            lon=place.lon if place else None,
            place_precision=place.precision if place else None,
            attribution=act.attribution,
            date=act.date,
            casualties=act.casualties,
            items=act.items,
            rule=draft.frame.rule,
            confidence=draft.frame.confidence,
        )
