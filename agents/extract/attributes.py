"""Attributes of an act: who, on whom, where, when, by whose word, with which casualties and things."""

from dataclasses import dataclass
from typing import Final

from agents.extract.act_dates import ActDates
from agents.extract.analysis import Analysis
from agents.extract.attribution import Source, source
from agents.extract.concepts import ITEM_CLASS
from agents.extract.figures import Figure
from agents.extract.frames import ARMED, PROPERTY, UNARMED
from agents.extract.groups import ActorKind
from agents.extract.harm import alone, casualties, follow_up, lone_victims, single
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.numerals import numbers_of
from agents.extract.place_hints import PlaceHints
from agents.extract.places import ActPlace, ArticlePlaces
from agents.extract.quantity import figures_of
from agents.extract.results import EXPLOSIVE, Draft
from agents.extract.text import PUNCT, WORD, Sentence
from agents.extract.things import items
from agents.extract.victims import fits, victim
from agents.extract.view import View
from streams.records import Casualties, Item
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T

MAX_QUOTE_WORDS: Final = 25
_ROLE_REACH: Final = 18

_ACTING: Final = frozenset((ActorKind.STATE, ActorKind.POLICE, ActorKind.ARMED_GROUP, ActorKind.PEACEKEEPERS))
_OWN_SUBJECT: Final = frozenset((T.CHANGE_TO_GROUP_ACTIVITY, T.NON_VIOLENT_TRANSFER_OF_TERRITORY))
_NO_TARGET: Final = frozenset(
    (
        T.PEACEFUL_PROTEST,
        T.NON_VIOLENT_TRANSFER_OF_TERRITORY,
        T.DISRUPTED_WEAPONS_USE,
        T.HEADQUARTERS_OR_BASE_ESTABLISHED,
    )
)
_PEOPLE_TARGET: Final = frozenset(
    (
        T.ATTACK,
        T.ARRESTS,
        T.ABDUCTION_FORCED_DISAPPEARANCE,
        T.SEXUAL_VIOLENCE,
        T.EXCESSIVE_FORCE_AGAINST_PROTESTERS,
        T.PROTEST_WITH_INTERVENTION,
        T.MOB_VIOLENCE,
        T.ARMED_CLASH,
        T.AGREEMENT,
    )
)
_TERRITORY: Final = frozenset((T.GOVERNMENT_REGAINS_TERRITORY, T.NON_STATE_ACTOR_OVERTAKES_TERRITORY))
_NO_CASUALTIES: Final = frozenset((T.AGREEMENT, T.CHANGE_TO_GROUP_ACTIVITY, T.HEADQUARTERS_OR_BASE_ESTABLISHED))
_FOLLOWED_UP: Final = EXPLOSIVE | {T.ATTACK, T.ARMED_CLASH, T.EXCESSIVE_FORCE_AGAINST_PROTESTERS, T.MOB_VIOLENCE}
_SUFFERED: Final = frozenset((T.ATTACK, T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE, T.SEXUAL_VIOLENCE))
_OPENING: Final = "“«„"
_CLOSING: Final = "”»"
_LONE: Final = _FOLLOWED_UP | {T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE}
_NAMELESS: Final = frozenset(("group.people", "unit.person", "noun.crowd"))
_PLACELESS: Final = frozenset((T.AGREEMENT, T.ARRESTS, T.CHANGE_TO_GROUP_ACTIVITY))
"""Types that often have no place at all: a place of the sentence before is not theirs."""
_VEHICLES: Final = tuple(f"item.{item}" for item, kind in ITEM_CLASS.items() if kind != "ground")


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
        self._place_of: dict[int, ActPlace] = {}
        self.drafts: dict[int, list[Draft]] = {}
        for draft in drafts:
            self.drafts.setdefault(draft.view.sentence.index, []).append(draft)
        self._dates = ActDates(analysis, language, self.drafts)

    def act(self, draft: Draft) -> Act:
        """The act that a draft tells."""
        sentence = draft.view.sentence
        phrases = Phrases.of(self.analysis, self.language, draft.view)
        told_by = source(self.analysis, self.language, sentence)
        actor = self._actor(phrases, draft, told_by)
        hurt, by = self._casualties(phrases, draft)
        first, last = self._quote(draft)
        told_by = told_by or by
        place = self._place(draft, first, last)
        return Act(
            draft=draft,
            actor=actor,
            target=self._target(phrases, draft),
            place=place,
            attribution=_attribution(draft, told_by, actor),
            date=self._dates.of(draft, place.text),
            casualties=hurt,
            items=self._items(draft),
            first=first,
            last=last,
        )

    # Where and when.

    def _place(self, draft: Draft, first: int, last: int) -> ActPlace:
        """The place told with the act; else that of the paragraph's acts, where acts of this kind keep their place."""
        sentence = draft.view.sentence
        own = self.places.told_with(sentence, first, last, PlaceHints(draft).of)
        if own is not None:
            if draft.modality is Modality.ASSERTED or sentence.paragraph not in self._place_of:
                self._place_of[sentence.paragraph] = own
            return own
        loose = draft.type in _PLACELESS or draft.modality in (Modality.PLANNED, Modality.HYPOTHETICAL)
        if not loose and sentence.paragraph in self._place_of:
            return self._place_of[sentence.paragraph]
        found = self.places.as_place(sentence, self.places.carried(sentence))
        return ActPlace(None, found.country, None) if loose else found

    # Who.

    def _actor(self, phrases: Phrases, draft: Draft, told_by: Source | None) -> str | None:
        phrase = draft.roles.actor
        if phrase is None and draft.type in _OWN_SUBJECT and draft.roles.passive:
            target = draft.roles.target
            phrase = target if target is not None and phrases.acts(target) else None
        if phrase is not None and _is_victim(phrases, draft, phrase):
            phrase = None
        if phrase is None:
            return self._named_by_act(phrases, draft) or self._absent_actor(phrases, draft, told_by)
        if _is_possessive(self.language, draft.view, phrase) and told_by is not None and not told_by.itself:
            owner = told_by.body or (None if told_by.person else told_by.name)
            if owner is not None:
                return owner
        return self._party(phrases, draft.view, phrase)

    def _named_by_act(self, phrases: Phrases, draft: Draft) -> str | None:
        """Who acts by the word for the act itself: a mob, or a suicide bomber who blows something up."""
        trigger, view = draft.trigger, draft.view
        if trigger.concept == "noun.suicide_attack":
            blasts = (h for h in view.hits("act.explode") if view.same_clause(h.first, trigger.first))
            if not any(blasts):
                return None
        elif trigger.concept != "noun.mob":
            return None
        own = next((p for p in phrases.all if p.first < trigger.last and p.last > trigger.first), None)
        return phrases.write(own) or None if own is not None else None

    def _absent_actor(self, phrases: Phrases, draft: Draft, told_by: Source | None) -> str | None:
        """A pronoun is who speaks; who denies an act is the one said to have done it."""
        if told_by is None or told_by.itself:
            return None
        if draft.roles.pronoun:
            return None if _in_quotes(draft) else told_by.name
        denied = draft.mood.cue is not None and draft.mood.cue.concept == "cue.denial"
        if denied or draft.mood.modality is Modality.HYPOTHETICAL:
            speaker = told_by.body or told_by.name
            named = next((p for p in phrases.all if phrases.write(p) == speaker or speaker in phrases.write(p)), None)
            if named is not None and self.language.actors.of(draft.view.sentence, named).kind in _ACTING:
                return speaker
        return None

    def _party(self, phrases: Phrases, view: View, phrase: Phrase) -> str | None:
        """The phrase without the weapon in it: "Israeli warplanes" act for Israel; bare "people" are nobody."""
        hits = [h for h in view.sentence.hits if h.first < phrase.last and h.last > phrase.first]
        things_in = [h for h in hits if h.concept in _VEHICLES]
        if things_in and not any(h.concept in ARMED for h in hits):
            rest = Phrase(phrase.first, min(h.first for h in things_in))
            if rest.last == rest.first:
                rest = Phrase(max(h.last for h in things_in), phrase.last)
            kind = self.language.actors.of(view.sentence, rest).kind if rest.last > rest.first else None
            return phrases.write(rest) if kind is not None else None
        people = [h for h in hits if h.concept.startswith(("group.", "actor.", "unit.", "noun."))]
        if people and all(h.concept in _NAMELESS for h in people) and not phrases.is_named(phrase):
            crowd = any(h.concept == "noun.crowd" and h.concept not in ("group.people",) for h in people)
            plain = any(h.concept in ("group.people", "unit.person") for h in people)
            return None if plain or not crowd else phrases.write(phrase)
        return phrases.write(phrase) or None

    def _target(self, phrases: Phrases, draft: Draft) -> str | None:
        """Who or what is acted on: by grammar if that is of a kind which such acts hit, else what stands near."""
        if draft.type in _NO_TARGET:
            return None
        seeming = draft.roles.actor
        if seeming is not None and _is_victim(phrases, draft, seeming):
            return phrases.write(seeming) or None
        told = self._object(phrases, draft)
        if told is None or draft.roles.target is None or not fits(phrases, draft.roles.target, draft.type):
            near = victim(phrases, draft, lambda phrase: self._is_mere_place(draft.view, phrase))
            if near is not None:
                return phrases.write(near) or None
        return told

    def _object(self, phrases: Phrases, draft: Draft) -> str | None:
        phrase = draft.roles.target
        if phrase is None or phrase == draft.roles.actor:
            return None
        view = draft.view
        hits = [h for h in view.sentence.hits if h.first < phrase.last and h.last > phrase.first]
        if draft.type in _TERRITORY:
            phrase = _without_ground(view, phrase)
            hits = [h for h in hits if h.last > phrase.first]
            return phrases.write(phrase) or None if any(h.concept in ARMED for h in hits) else None
        if draft.type is T.CHANGE_TO_GROUP_ACTIVITY:
            civil = any(h.concept in UNARMED and h.concept not in _NAMELESS for h in hits)
            return phrases.write(phrase) if civil and not draft.roles.passive else None
        if self._is_mere_place(view, phrase) or (
            all(h.concept in _NAMELESS for h in hits if h.concept.startswith(("group.", "unit.")))
            and any(h.concept in ("group.people", "unit.person") for h in hits)
        ):
            return None
        if any(h.concept in _VEHICLES and h.concept not in PROPERTY for h in hits):
            return None
        if draft.type in _PEOPLE_TARGET and not (phrases.acts(phrase) or phrases.is_named(phrase) or hits):
            return None
        return phrases.write(phrase) or None

    def _is_mere_place(self, view: View, phrase: Phrase) -> bool:
        mentions = self.places.mentions(view.sentence)
        if not any(m.first < phrase.last and m.last > phrase.first for m in mentions):
            return False
        hits = [h for h in view.sentence.hits if h.first < phrase.last and h.last > phrase.first]
        if any(h.concept.startswith(("group.", "actor.")) or h.concept in PROPERTY for h in hits):
            return False
        if any(h.concept in ("noun.military_target", "noun.base") for h in hits):
            return False
        return self.language.actors.of(view.sentence, phrase).kind is not ActorKind.ARMED_GROUP

    # What.

    def _casualties(self, phrases: Phrases, draft: Draft) -> tuple[tuple[Casualties, ...], Source | None]:
        """Casualties that the sentence tells, else those that the next one does, with its source."""
        if draft.modality is not Modality.ASSERTED or draft.type in _NO_CASUALTIES:
            return (), None
        sentence = draft.view.sentence
        figures = [f for f in figures_of(self.language.figures, sentence) if self._is_mine(draft, f.first)]
        figures = [f for f in figures if not self._is_of_name(draft.view, f)]
        found = casualties(draft.view, figures, draft.type)
        numbers = numbers_of(self.language.figures.numerals, sentence)
        mine = [n for n in numbers if self._is_mine(draft, n.first)]
        found += tuple(c for c in alone(draft.view, mine, figures) if c not in found)
        if not found:
            found = single(draft.view, draft.roles.target, draft.type)
        if not found and draft.type in _LONE:
            found = lone_victims(phrases, draft.type)
        if found or draft.type not in _FOLLOWED_UP:
            return found, None
        following = self._next(sentence)
        if following is None:
            return (), None
        view = View.of(self.analysis, following)
        found = follow_up(view, figures_of(self.language.figures, following), draft.type)
        return found, source(self.analysis, self.language, following) if found else None

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


def _attribution(draft: Draft, told_by: Source | None, actor: str | None) -> str | None:
    """Who says so; "the group said" is the actor, and who threatens speaks for himself."""
    if told_by is not None:
        return actor or told_by.name if told_by.itself else told_by.name
    cue = draft.mood.cue
    promised = cue is not None and cue.concept in ("cue.threat", "cue.conditional", "cue.after_condition")
    return actor if promised else None


def _in_quotes(draft: Draft) -> bool:
    """Whether the act is told inside quotation marks, where "they" are not who speaks."""
    before = [t.text for t in draft.view.sentence.tokens[: draft.trigger.first]]
    opened = sum(before.count(mark) for mark in _OPENING) - sum(before.count(mark) for mark in _CLOSING)
    return opened > 0 or before.count('"') % 2 == 1


def _is_victim(phrases: Phrases, draft: Draft, phrase: Phrase) -> bool:
    """Whether who seems to act is unarmed people, which do no such acts but suffer them."""
    if draft.type not in _SUFFERED or draft.roles.passive or phrases.is_named(phrase):
        return False
    hits = [h for h in draft.view.sentence.hits if h.first < phrase.last and h.last > phrase.first]
    unarmed = any(h.concept in UNARMED and h.concept.startswith("group.") for h in hits)
    armed = any(h.concept in ARMED or h.concept.startswith("noun.mob") for h in hits)
    return unarmed and not armed and phrases.language.actors.of(draft.view.sentence, phrase).kind not in _ACTING


def _is_possessive(language: Language, view: View, phrase: Phrase) -> bool:
    """Whether a phrase says "his, its, their": in front of it, in it, or as an ending of its first word."""
    last = phrase.last if language.pack.noun_order == "head_first" else phrase.first + 1
    if any(phrase.first - 1 <= h.first < last for h in view.hits("func.possessive")):
        return True
    endings = language.pack.morphology.possessive_suffixes
    if not endings or not view.sentence.tokens[phrase.first].norm.endswith(endings):
        return False
    return any(
        h.first == phrase.first and h.concept.startswith(("group.", "actor.", "noun.troops"))
        for h in view.sentence.hits
    )


def _without_ground(view: View, phrase: Phrase) -> Phrase:
    """ "positions of the army" → "the army": ground words off the front."""
    first = phrase.first
    while first < phrase.last and any(
        h.first <= first < h.last for h in view.hits("noun.position", "noun.territory", "func.link")
    ):
        first += 1
    return Phrase(first, phrase.last)


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
