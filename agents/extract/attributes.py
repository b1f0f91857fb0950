"""Attributes of an act: who, on whom, where, when, by whose word, with which casualties and things."""

from dataclasses import dataclass
from typing import Final

from agents.extract.act_dates import ActDates
from agents.extract.act_parties import ActParties
from agents.extract.act_places import ActPlaces
from agents.extract.analysis import Analysis
from agents.extract.anaphora import Anaphora
from agents.extract.attribution import Source, source
from agents.extract.figures import Figure
from agents.extract.harm import alone, casualties, follow_up, lone_victims, single, suffered
from agents.extract.language import Language
from agents.extract.names import Phrases
from agents.extract.numerals import numbers_of
from agents.extract.parties import ARMED_KINDS
from agents.extract.places import ActPlace, ArticlePlaces
from agents.extract.quantity import figures_of
from agents.extract.results import EXPLOSIVE, Draft
from agents.extract.text import PUNCT, WORD, Sentence
from agents.extract.things import items
from agents.extract.view import View
from streams.records import Casualties, Item
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T

MAX_QUOTE_WORDS: Final = 25
_ROLE_REACH: Final = 18

_NO_CASUALTIES: Final = frozenset((T.AGREEMENT, T.CHANGE_TO_GROUP_ACTIVITY, T.HEADQUARTERS_OR_BASE_ESTABLISHED))
_FOLLOWED_UP: Final = EXPLOSIVE | {T.ATTACK, T.ARMED_CLASH, T.EXCESSIVE_FORCE_AGAINST_PROTESTERS, T.MOB_VIOLENCE}
_LONE: Final = _FOLLOWED_UP | {T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE}
_FOLLOW_REACH: Final = 2
"""Sentences behind an act that may tell whom it killed."""

_DONE_TO_OTHERS: Final = frozenset(
    ("act.kill", "act.murder", "act.shoot", "act.open_fire", "act.attack", "act.storm", "act.abduct", "act.arrest")
)
"""Verbs whose subject does not suffer what they tell."""


@dataclass(slots=True)
class Act:
    """A draft with its attributes read: what is compared with other acts and becomes a record.

    `first`, `last` are the tokens of the quote.
    """

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


class AttributeReader:
    """Reads the attributes of the drafts of one article."""

    def __init__(self, analysis: Analysis, language: Language, places: ArticlePlaces, drafts: list[Draft]) -> None:
        self.analysis = analysis
        self.language = language
        self.places = places
        self.drafts: dict[int, list[Draft]] = {}
        for draft in drafts:
            self.drafts.setdefault(draft.view.sentence.index, []).append(draft)
        self._places = ActPlaces(places, Anaphora(analysis, language, places), self.drafts)
        self._dates = ActDates(analysis, language, self.drafts)
        self._parties = ActParties(language, places, self.drafts)

    def act(self, draft: Draft) -> Act:
        """The act that a draft tells."""
        sentence = draft.view.sentence
        phrases = Phrases.of(self.analysis, self.language, draft.view)
        cue = draft.mood.cue
        denied = cue if cue is not None and cue.concept == "cue.denial" else None
        others = [d.trigger.first for d in self.drafts[sentence.index] if d is not draft]
        told_by = source(self.analysis, self.language, sentence, draft.trigger.first, denied, others)
        actor = self._parties.actor(phrases, draft, told_by)
        first, last = self._quote(draft)
        place = self._places.of(draft, first, last)
        return Act(
            draft=draft,
            actor=actor,
            target=self._parties.target(phrases, draft),
            place=place,
            attribution=_attribution(draft, told_by, actor),
            date=self._dates.of(draft, place.text),
            casualties=self._casualties(phrases, draft),
            items=self._items(draft),
            first=first,
            last=last,
        )

    # What.

    def _casualties(self, phrases: Phrases, draft: Draft) -> tuple[Casualties, ...]:
        """Casualties that the sentence tells, else those that the next one does."""
        if draft.modality is not Modality.ASSERTED or draft.type in _NO_CASUALTIES:
            return ()
        sentence = draft.view.sentence
        figures = [f for f in figures_of(self.language.figures, sentence) if self._is_mine(draft, f.first)]
        figures = [f for f in figures if not self._is_of_name(draft.view, f) and not _counts_actors(draft, f)]
        beside = [d.type for d in self.drafts[sentence.index]]
        found = suffered(casualties(draft.view, figures, draft.type), draft.type, beside)
        numbers = numbers_of(self.language.figures.numerals, sentence)
        mine = [n for n in numbers if self._is_mine(draft, n.first)]
        found += tuple(c for c in alone(draft.view, mine, figures) if c not in found)
        if not found:
            found = single(draft.view, draft.roles.target, draft.type)
        if not found and draft.type in _LONE:
            found = lone_victims(phrases, draft.type)
        if found or draft.type not in _FOLLOWED_UP:
            return found
        return self._followed_up(draft)

    def _followed_up(self, draft: Draft) -> tuple[Casualties, ...]:
        """Casualties of the sentences behind the act, up to the next act.

        Who counts them need not say who did it: their source is not the act's.
        """
        following = self._next(draft.view.sentence)
        for _ in range(_FOLLOW_REACH):
            if following is None:
                break
            view = View.of(self.analysis, following)
            found = follow_up(view, figures_of(self.language.figures, following), draft.type)
            if found:
                return found
            following = self._next(following)
        return ()

    def _is_of_name(self, view: View, figure: Figure) -> bool:
        """Whether a number belongs to the name before it ("at Laboule 12")."""
        if figure.noun is not None or figure.first == 0 or not self.language.pack.capitals:
            return False
        before = view.sentence.tokens[figure.first - 1]
        return figure.first > 1 and before.kind == WORD and before.text[0].isupper()

    def _next(self, sentence: Sentence) -> Sentence | None:
        """The sentence behind in the paragraph, if it tells no act of its own."""
        index = sentence.index + 1
        if index >= len(self.analysis.sentences) or index in self.drafts:
            return None
        following = self.analysis.sentences[index]
        return following if following.paragraph == sentence.paragraph else None

    def _items(self, draft: Draft) -> tuple[Item, ...]:
        if draft.modality is not Modality.ASSERTED:
            return ()
        sentence = draft.view.sentence
        return items(self.analysis, self.language, draft, self.drafts[sentence.index], self._next(sentence))

    def _is_mine(self, draft: Draft, at: int) -> bool:
        """Whether a figure at a token belongs to this draft rather than to another of the sentence."""
        drafts = self.drafts[draft.view.sentence.index]
        if len(drafts) == 1:
            return True
        least = min(abs(d.trigger.first - at) for d in drafts)
        return abs(draft.trigger.first - at) == least

    def _quote(self, draft: Draft) -> tuple[int, int]:
        """Tokens of the clause that carries the act: from its actor to its target, filled up to clause borders."""
        view, trigger = draft.view, draft.trigger
        ends = [trigger.first, trigger.last - 1]
        for phrase in (draft.roles.actor, draft.roles.target):
            if phrase is not None and abs(phrase.first - trigger.first) <= _ROLE_REACH:
                ends += [phrase.first, phrase.last - 1]
        first, last = min(ends), max(ends)
        first, last = view.clause_bounds(first)[0], view.clause_bounds(last)[1]
        return _trimmed(view.sentence, first, last, trigger.first)


def _counts_actors(draft: Draft, figure: Figure) -> bool:
    """Whether a figure counts those who act, not those who suffer: "shot dead by two men"."""
    actor = draft.roles.actor
    if actor is None or actor == draft.roles.target or draft.trigger.concept not in _DONE_TO_OTHERS:
        return False
    if any(figure.last <= hit.first < draft.trigger.first for hit in draft.view.hits("act.die", "act.wound")):
        return False
    armed = draft.actor is not None and draft.actor.kind in ARMED_KINDS
    shoots = draft.trigger.concept == "act.open_fire" and draft.roles.target is not None
    return (armed or shoots or draft.roles.passive) and figure.first < actor.last and actor.first < figure.last


def _attribution(draft: Draft, told_by: Source | None, actor: str | None) -> str | None:
    """Who says so; "the group said" is the actor, and who threatens speaks for himself."""
    if told_by is not None:
        return actor or told_by.name if told_by.itself else told_by.name
    cue = draft.mood.cue
    promised = cue is not None and cue.concept in ("cue.threat", "cue.conditional", "cue.after_condition")
    return actor if promised else None


def _trimmed(sentence: Sentence, first: int, last: int, keep: int) -> tuple[int, int]:
    """Marks off the ends, and not many more than `MAX_QUOTE_WORDS` words around token `keep`."""
    if last - first > MAX_QUOTE_WORDS:
        first = max(first, keep - MAX_QUOTE_WORDS // 2)
        last = min(last, first + MAX_QUOTE_WORDS)
    tokens = sentence.tokens
    while first < last - 1 and tokens[first].kind == PUNCT:
        first += 1
    while last - 1 > first and tokens[last - 1].kind == PUNCT:
        last -= 1
    return first, last
