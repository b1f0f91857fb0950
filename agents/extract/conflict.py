"""Conflict events: what the sentences of an article tell, each distinct act once, with evidence and attributes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents.extract.actors import ActorKind
from agents.extract.analysis import Analysis
from agents.extract.attribution import attribution
from agents.extract.dates import event_date
from agents.extract.detect import Detected, Draft, detect
from agents.extract.domain import is_conflict
from agents.extract.fold import fold
from agents.extract.harm import casualties, things
from agents.extract.ids import record_id
from agents.extract.language import Language
from agents.extract.names import Phrases
from agents.extract.places import ActPlace, ArticlePlaces
from agents.extract.quantity import Figure, figures_of
from agents.extract.text import PUNCT, Sentence
from streams.records import Casualties, ConflictEvent, Item
from streams.vocabulary import EVENT_TYPE_OF, PLOVER_TYPE_OF, Modality
from streams.vocabulary import SubEventType as T

TOPIC: Final = "conflict.events"
MAX_QUOTE_WORDS: Final = 25
MAX_EVENTS: Final = 200
"""No article tells more acts; hostile ones would."""

_NO_TARGET: Final = frozenset((T.PEACEFUL_PROTEST, T.NON_VIOLENT_TRANSFER_OF_TERRITORY, T.DISRUPTED_WEAPONS_USE))
_NO_CASUALTIES: Final = frozenset((T.AGREEMENT, T.CHANGE_TO_GROUP_ACTIVITY, T.HEADQUARTERS_OR_BASE_ESTABLISHED))


@dataclass(frozen=True, slots=True)
class Act:
    """A draft with its attributes read: what is compared with other acts and becomes a record."""

    draft: Draft
    actor: str | None
    target: str | None
    place: ActPlace
    attribution: str | None
    date: str | None
    casualties: tuple[Casualties, ...]
    items: tuple[Item, ...]
    first: int
    last: int

    @property
    def sentence(self) -> Sentence:
        """The sentence that tells it."""
        return self.draft.view.sentence

    @property
    def told(self) -> int:
        """How much of the act the sentence tells."""
        known = (self.actor, self.target, self.place.text, self.date)
        return 2 * len(self.casualties) + 2 * len(self.items) + sum(1 for k in known if k)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The events of an article, and what each sentence led to (by sentence number) for explain."""

    events: tuple[ConflictEvent, ...]
    detected: dict[int, Detected]


def conflict(analysis: Analysis, language: Language, places: ArticlePlaces, extractor: str) -> Conflict:
    """All conflict events of an article."""
    detected = {
        sentence.index: found
        for sentence in analysis.sentences
        if (found := detect(analysis, language, places, sentence)).drafts or found.vetoed
    }
    drafts = [draft for found in detected.values() for draft in found.drafts]
    if not drafts or not is_conflict(analysis):
        return Conflict((), detected)
    reader = _Reader(analysis, language, places)
    acts = _distinct([reader.act(draft) for draft in drafts[:MAX_EVENTS]])
    return Conflict(tuple(_records(analysis, acts, extractor)), detected)


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
    if retold and a.draft.trigger.concept == b.draft.trigger.concept:
        return True
    if a.draft.type != b.draft.type or a.draft.modality != b.draft.modality:
        return False
    if retold:
        return True
    if a.sentence.index == b.sentence.index:
        return False
    if a.casualties and b.casualties and a.casualties != b.casualties:
        return False
    if a.items and b.items and a.items != b.items:
        return False
    pairs = ((a.actor, b.actor), (a.target, b.target), (_own_place(a), _own_place(b)), (a.date, b.date))
    return all(_agree(x, y) for x, y in pairs)


def _own_place(act: Act) -> str | None:
    """The place that the evidence itself names; one carried over from elsewhere parts no acts."""
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


# Attributes.


class _Reader:
    """Reads the attributes of drafts."""

    def __init__(self, analysis: Analysis, language: Language, places: ArticlePlaces) -> None:
        self.analysis = analysis
        self.language = language
        self.places = places

    def act(self, draft: Draft) -> Act:
        sentence = draft.view.sentence
        phrases = Phrases.of(self.analysis, self.language, draft.view)
        first, last = self._quote(draft)
        figures = self._figures(sentence)
        hurt = casualties(draft.view, figures, draft.type, first, last) if self._may_hurt(draft) else ()
        items = things(draft.view, figures, first, last) if draft.modality is not Modality.NEGATED else ()
        return Act(
            draft=draft,
            actor=self._name(phrases, draft.roles.actor),
            target=self._target(phrases, draft),
            place=self.places.of_act(sentence, first, last),
            attribution=attribution(self.analysis, self.language, sentence),
            date=event_date(self.analysis, draft.view, first, last),
            casualties=hurt,
            items=items,
            first=first,
            last=last,
        )

    def _may_hurt(self, draft: Draft) -> bool:
        return draft.modality is Modality.ASSERTED and draft.type not in _NO_CASUALTIES

    def _figures(self, sentence: Sentence) -> list[Figure]:
        return figures_of(self.analysis, self.language.figures, sentence)

    def _name(self, phrases: Phrases, phrase: tuple[int, int] | None) -> str | None:
        if phrase is None:
            return None
        return phrases.write(phrases.all[0]._replace(first=phrase[0], last=phrase[1])) or None

    def _target(self, phrases: Phrases, draft: Draft) -> str | None:
        phrase = draft.roles.target
        if phrase is None or draft.type in _NO_TARGET:
            return None
        mentions = self.places.mentions(draft.view.sentence)
        if any(m.first <= phrase.first and phrase.last <= m.last for m in mentions):
            actor = self.language.actors.read(draft.view.sentence, *phrase)
            if actor.kind is not ActorKind.ARMED_GROUP:
                return None
        return self._name(phrases, phrase)

    def _quote(self, draft: Draft) -> tuple[int, int]:
        """Tokens of the clause that carries the act: from its actor to its target, filled up to clause borders."""
        view, trigger = draft.view, draft.trigger
        ends = [trigger.first, trigger.last - 1]
        for phrase in draft.roles:
            if phrase is not None and abs(phrase.first - trigger.first) <= 18:
                ends += [phrase.first, phrase.last - 1]
        first, last = min(ends), max(ends)
        first, last = view.clause_bounds(first)[0], view.clause_bounds(last)[1]
        return _trimmed(view.sentence, first, last, trigger.first)


def _trimmed(sentence: Sentence, first: int, last: int, keep: int) -> tuple[int, int]:
    """Marks off the ends, and not many more than `MAX_QUOTE_WORDS` words around token `keep`."""
    if last - first > MAX_QUOTE_WORDS:
        first = max(first, keep - MAX_QUOTE_WORDS // 2)
        last = min(last, first + MAX_QUOTE_WORDS)
    tokens = sentence.tokens
    while first < last - 1 and (tokens[first].kind == PUNCT):
        first += 1
    while last - 1 > first and tokens[last - 1].kind == PUNCT:
        last -= 1
    return first, last


# Records.


def _records(analysis: Analysis, acts: Iterable[Act], extractor: str) -> Iterable[ConflictEvent]:
    article = analysis.article
    ordinals: Counter[tuple[str, str, str]] = Counter()
    for act in acts:
        start, end = act.sentence.span(act.first, act.last)
        draft, place = act.draft, act.place.place
        evidence = analysis.text[act.sentence.start : act.sentence.end]
        key = (draft.type, draft.modality, fold(evidence))
        ordinals[key] += 1
        yield ConflictEvent(
            event_id=record_id(
                article.article_id, TOPIC, draft.type, draft.modality, sentence=evidence, ordinal=ordinals[key]
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
