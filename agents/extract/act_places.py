"""Where an act happened: told with it, meant by "the town" or "there", or kept from the act before in its paragraph."""

from dataclasses import dataclass
from typing import Final

from agents.extract.anaphora import Anaphora
from agents.extract.concept_sets import items
from agents.extract.concepts import starting
from agents.extract.dates import days
from agents.extract.mentions import TOWN, Mention
from agents.extract.place_hints import PlaceHints
from agents.extract.places import ActPlace, ArticlePlaces
from agents.extract.quantity import figures_of
from agents.extract.results import EXPLOSIVE, PROTESTS, TERRITORY, Draft
from agents.extract.text import Sentence
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T

_PLACELESS: Final = frozenset((T.AGREEMENT, T.ARRESTS, T.CHANGE_TO_GROUP_ACTIVITY))
"""Types that often have no place at all: a place of the sentence before is not theirs."""

_NOT_YET: Final = (Modality.PLANNED, Modality.HYPOTHETICAL)
"""What has not happened is not carried to the place that the text is about."""

_FIRED: Final = (T.SHELLING_ARTILLERY_MISSILE_ATTACK, T.AIR_DRONE_STRIKE)
_FOUGHT: Final = (*TERRITORY, T.ARMED_CLASH, T.DISRUPTED_WEAPONS_USE)

_TAKEN: Final = frozenset((T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE, T.DISRUPTED_WEAPONS_USE))
"""Where people or arms are taken says nothing of where something else was not done, nor the other way round."""

_NO_RAID: Final = EXPLOSIVE | PROTESTS
"""Who bombs or breaks up a protest does not abduct there; who raids a village does."""

_SHOT_DOWN: Final = ("shot down", "brought down", "intercepted")
_FLYING: Final = frozenset(items("drone", "missile", "aircraft"))
_TARGETS: Final = frozenset(items("building", "vehicle"))
_TERMS: Final = starting("term.")


@dataclass(slots=True)
class _Told:
    """The last act of a paragraph that told its own place."""

    draft: Draft
    mention: Mention


class ActPlaces:
    """Finds the places of the acts of one article, asked in the order of the text."""

    def __init__(self, places: ArticlePlaces, anaphora: Anaphora, drafts: dict[int, list[Draft]]) -> None:
        self.places = places
        self.anaphora = anaphora
        self.drafts = drafts
        self._told: dict[int, _Told] = {}

    def of(self, draft: Draft, first: int, last: int) -> ActPlace:
        """The place of the act that a draft tells in tokens `first`..`last` of its sentence."""
        sentence = draft.view.sentence
        hints = PlaceHints(draft, self.drafts[sentence.index])
        own = self.places.fitting(sentence, first, last, hints.of) or self._meant(draft)
        if own is None:
            return self._kept(draft)
        if draft.modality is Modality.ASSERTED or sentence.paragraph not in self._told:
            self._told[sentence.paragraph] = _Told(draft, own)
        return self.places.as_place(sentence, own)

    def _meant(self, draft: Draft) -> Mention | None:
        """What "the town" beside the act means; an agreement is seldom made where its terms hold."""
        if draft.type is T.AGREEMENT:
            return None
        told = self._told.get(draft.view.sentence.paragraph)
        return self.anaphora.at(draft.view, draft.trigger.first, told.mention if told is not None else None)

    def _kept(self, draft: Draft) -> ActPlace:
        """The place of the paragraph's acts, where acts of this kind keep their place, else the country's."""
        sentence = draft.view.sentence
        if draft.modality in _NOT_YET:
            found = None
        elif draft.type in _PLACELESS:
            found = self.places.main_so_far(sentence)
        else:
            found = self._before(draft)
        return self.places.as_place(sentence, found or self.places.country_of_act(sentence))

    def _before(self, draft: Draft) -> Mention | None:
        """The place of the act before in the paragraph; a street or camp only where the same act is told again."""
        sentence = draft.view.sentence
        told = self._told.get(sentence.paragraph)
        if draft.type is T.DISRUPTED_WEAPONS_USE and not (told is not None and self._goes_on(draft, told)):
            return None
        if told is None:
            return self._of_paragraph(sentence)
        if _is_elsewhere(draft, told.draft):
            return None
        if told.mention.site and told.draft.type != draft.type and draft.modality is Modality.ASSERTED:
            return self._around(told.mention) or self.places.main_so_far(sentence, sites=True)
        return told.mention

    def _of_paragraph(self, sentence: Sentence) -> Mention | None:
        """The place that the text is about where no act told one; not where people only move or shelter."""
        found = self.places.carried(sentence)
        if found is None:
            return None
        named = self.anaphora.analysis.sentences[found.sentence]
        moved = named.paragraph == sentence.paragraph and any(hit.concept in _TERMS for hit in named.hits)
        return None if moved else found

    def _goes_on(self, draft: Draft, told: _Told) -> bool:
        """Whether arms are seized where ground was fought for, or shot down where they were fired just before.

        What air defence brings down in a night, and what sappers find, has a place of its own that nobody tells; so
        has what is counted anew: "most were shot down" is of the salvo, "61 drones were shot down" of a night.
        """
        if draft.modality is not Modality.ASSERTED:
            return True
        if draft.frame.rule in _SHOT_DOWN and self._counts_anew(draft):
            return False
        fired = told.draft.type in _FIRED and not days(self.anaphora.analysis, draft.view)
        return fired or told.draft.type in _FOUGHT

    def _counts_anew(self, draft: Draft) -> bool:
        """Whether the sentence says itself how many drones or missiles there were."""
        counted = figures_of(self.anaphora.language.figures, draft.view.sentence)
        return any(figure.noun in _FLYING for figure in counted)

    def _around(self, site: Mention) -> Mention | None:
        """The town beside a street or camp: "in Baghdad a bomb went off at Yarmouk hospital"."""
        beside = self.places.mentions_of(site)
        return next((m for m in beside if m.cue in ("at", "goal") and m.exactness == TOWN), None)


def _is_elsewhere(draft: Draft, told: Draft) -> bool:
    """Whether an act without a place of its own did not happen where the act before it did."""
    if draft.modality is Modality.NEGATED and _denies_another(draft, told):
        return True
    return draft.type is T.ABDUCTION_FORCED_DISAPPEARANCE and told.type in _NO_RAID


def _denies_another(draft: Draft, told: Draft) -> bool:
    """Whether a denial is of another act than the one told before: of another kind, or on another target."""
    if draft.type is not told.type:
        return draft.type in _TAKEN or told.type in _TAKEN
    target = draft.roles.target
    if target is None:
        return False
    denied = {hit.concept for hit in draft.view.sentence.hits if target.first <= hit.first < target.last} & _TARGETS
    return bool(denied) and denied.isdisjoint(hit.concept for hit in told.view.sentence.hits)
