"""When an act happened: the day told with it, or one told before where the act goes on from there.

A day holds for another act only where a word of time says so ("that evening", "hours later"), or where both acts are of
one kind: drones launched and shot down, a march and its breaking up. An act of another kind has its own day, which
nobody tells.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from agents.extract.analysis import Analysis
from agents.extract.dates import Day, days, live_entries, names_day, published_day
from agents.extract.language import Language
from agents.extract.results import PROTESTS, Draft
from agents.extract.text import Sentence
from agents.extract.view import View
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T

_UNREST: Final = PROTESTS | {T.PEACEFUL_PROTEST}
_FIRED: Final = frozenset((T.AIR_DRONE_STRIKE, T.SHELLING_ARTILLERY_MISSILE_ATTACK))
_DOWNED: Final = ("act.shoot_down", "act.intercept")
_STATES: Final = frozenset(
    (
        T.GOVERNMENT_REGAINS_TERRITORY,
        T.NON_STATE_ACTOR_OVERTAKES_TERRITORY,
        T.CHANGE_TO_GROUP_ACTIVITY,
        T.HEADQUARTERS_OR_BASE_ESTABLISHED,
    )
)
"""What lasts, and is told long after it began."""

_TIMES_OF_DAY: Final = ("time.night", "time.morning", "time.noon", "time.afternoon", "time.evening")
_SHIFTS: Final = {"time.same_day": 0, "time.later": 0, "time.day_after": 1, "time.day_before": -1}
"""Days from the one told before."""


class _Told(NamedTuple):
    """A day told before: of an act of type `type` at `place`, or None for both where the sentence tells no act."""

    day: date
    place: str | None
    type: T | None
    sentence: Sentence


class ActDates:
    """Reads the days of the acts of one article, in the order of the text."""

    def __init__(self, analysis: Analysis, language: Language, drafts: Mapping[int, Sequence[Draft]]) -> None:
        """`drafts` are those of the whole article, by the number of their sentence."""
        self.analysis = analysis
        self.language = language
        self.drafts = drafts
        self._live = live_entries(analysis)
        self._told: _Told | None = None
        self._read = 0

    def of(self, draft: Draft, place: str | None) -> str | None:
        """ISO date of an act at a place (as the text writes it), None where the text tells none."""
        self._settings(draft.view.sentence)
        own = self._own(draft)
        found = own.day if own is not None else self._carried(draft, place)
        if found is not None and draft.modality is Modality.ASSERTED and not (own is None and self._is_set(draft)):
            self._told = _Told(found, place, draft.type, draft.view.sentence)
        return found.isoformat() if found is not None else None

    def _is_set(self, draft: Draft) -> bool:
        """Whether a sentence without an act told the day of the paragraph's acts."""
        told = self._told
        return told is not None and told.type is None and told.sentence.paragraph == draft.view.sentence.paragraph

    def _settings(self, sentence: Sentence) -> None:
        """Days of the sentences up to this one: what follows a sentence without an act may happen on its day."""
        for before in self.analysis.sentences[self._read : sentence.index]:
            if before.in_title or not names_day(before):
                continue
            view = View.of(self.analysis, before)
            named = [d for d in days(self.analysis, view) if not self._is_of_telling(view, d)]
            if named:
                self._told = _Told(named[-1].day, None, None, before)
        self._read = max(self._read, sentence.index + 1)

    def _own(self, draft: Draft) -> Day | None:
        """The day nearest to the act in its part of the sentence, but for days of something else."""
        view, at = draft.view, draft.trigger.first
        near = [d for d in days(self.analysis, view) if self._holds_for(view, d, at) and self._may_be_of(draft, d)]
        return min(near, key=lambda d: min(abs(d.first - at), abs(d.last - at)), default=None)

    def _holds_for(self, view: View, day: Day, at: int) -> bool:
        """Whether a day stands in the part of the sentence that holds a token, or before a colon that leads to it."""
        if view.part[day.first] == view.part[at]:
            return True
        tokens = view.sentence.tokens
        borders = [i for i in range(day.first + 1, at + 1) if view.part[i] != view.part[i - 1]]
        return bool(borders) and all(tokens[i].text == ":" for i in borders)

    def _may_be_of(self, draft: Draft, day: Day) -> bool:
        """Not the day of telling, nor one that a plan or a sum is bounded by, nor one ahead of what has happened."""
        view = draft.view
        if self._is_of_telling(view, day) or self._is_set_apart(draft, day):
            return False
        if draft.modality is Modality.PLANNED:
            return not any(0 <= day.first - h.last <= 1 for h in view.hits("flow.until"))
        if draft.modality is not Modality.ASSERTED:
            return True
        today = published_day(self.analysis)
        ahead = today is not None and day.day > today
        return not ahead and not (self._is_beginning(view, day) and self._counts(draft))

    def _is_set_apart(self, draft: Draft, day: Day) -> bool:
        """Whether the act stands behind "after", "before" or "while", and another act before it has the day."""
        view, at = draft.view, draft.trigger.first
        turns = [h.first for h in view.hits("cue.but", "time.after") if day.last <= h.first < at]
        verb = draft.trigger.concept.startswith("act.")  # "after a brief firefight" is still of the day
        if not turns or not verb or not view.same_clause(turns[-1], at):
            return False
        others = self.drafts.get(view.sentence.index, ())
        return any(d.trigger.first < turns[-1] and d.modality is Modality.ASSERTED for d in others)

    def _is_of_telling(self, view: View, day: Day) -> bool:
        """Whether a day is that of a verb of saying: right behind it, or before it where verbs stand last."""
        if self.language.pack.verb_order == "sov":
            return any(0 <= h.first - day.last <= 1 for h in view.hits("say.verb"))
        return any(0 <= day.first - h.last <= 1 for h in view.hits("say.verb"))

    def _is_beginning(self, view: View, day: Day) -> bool:
        """Whether something has gone on since that day."""
        behind = self.language.pack.noun_order == "head_last"
        return any(
            h.last == day.first or h.first <= day.first < h.last or (behind and h.first == day.last)
            for h in view.hits("cue.since", "flow.cumulative", "time.since")
        )

    def _counts(self, draft: Draft) -> bool:
        """Whether the act's part of the sentence is a sum: acts of many days have none of their own."""
        view = draft.view
        part = view.part[draft.trigger.first]
        return any(view.part[index] == part for index in view.sentence.numbers)

    def _carried(self, draft: Draft, place: str | None) -> date | None:
        """The day of an act with which none is told."""
        sentence = draft.view.sentence
        if draft.modality is not Modality.ASSERTED or sentence.in_title:
            return None
        shift, told = self._shift(draft), self._told
        if shift is not None:
            return told.day + timedelta(days=shift) if told is not None else None
        if self._is_live(draft):
            return published_day(self.analysis)
        near = told is not None and told.sentence.paragraph == sentence.paragraph
        if told is not None and near and self._continues(draft, place, told):
            return told.day
        if self._is_timed(draft):
            return published_day(self.analysis)
        if told is None or self._is_elsewhere(place, told):
            return None
        return told.day if told.type in _UNREST and self._is_unrest(draft) else None

    def _is_live(self, draft: Draft) -> bool:
        """Whether an entry of a live report tells an act of its day, not a state of things or a sum of some time."""
        view = draft.view
        entry = view.sentence.paragraph in self._live and draft.type not in _STATES
        return entry and not view.has("time.period", "flow.new", "flow.cumulative")

    def _is_elsewhere(self, place: str | None, told: _Told) -> bool:
        return told.place is not None and place is not None and told.place != place

    def _continues(self, draft: Draft, place: str | None, told: _Told) -> bool:
        """Whether an act goes on from what was told on a day in the same paragraph."""
        if told.type is None:
            return True
        if self._is_elsewhere(place, told):
            return False
        if self._is_unrest(draft) and told.type in _UNREST:
            return True
        downed = draft.trigger.concept in _DOWNED and told.type in _FIRED
        return downed or draft.type is told.type or self._is_timed(draft)

    def _is_unrest(self, draft: Draft) -> bool:
        """Whether an act belongs to a protest: by its type, or as the arrest of those who protest."""
        part = draft.view.part[draft.trigger.first]
        crowd = (h for h in draft.view.hits("noun.protester", "noun.rioter") if draft.view.part[h.first] == part)
        return draft.type in _UNREST or (draft.type is T.ARRESTS and any(crowd))

    def _shift(self, draft: Draft) -> int | None:
        """Days from the one told before, by a word for it in the act's part of the sentence."""
        view, part = draft.view, draft.view.part[draft.trigger.first]
        said = (shift for concept, shift in _SHIFTS.items() for h in view.hits(concept) if view.part[h.first] == part)
        return next(said, None)

    def _is_timed(self, draft: Draft) -> bool:
        """Whether only a time of day is told ("at night"); a verb for the act may look like one."""
        view = draft.view
        part = view.part[draft.trigger.first]
        told = [h for h in view.hits_of(_TIMES_OF_DAY) if view.part[h.first] == part]
        if not told:
            return False
        acts = {h.first for h in view.sentence.hits if h.concept.startswith("act.")}
        return any(h.first not in acts for h in told)
