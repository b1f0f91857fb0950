"""Who does an act and on whom, as the record names them."""

from collections.abc import Mapping, Sequence
from typing import Final

from agents.extract.attribution import Source
from agents.extract.concept_sets import ARMED, PROPERTY, UNARMED
from agents.extract.concepts import ITEM_CLASS
from agents.extract.groups import ActorKind
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.parties import ARMED_KINDS
from agents.extract.places import ArticlePlaces
from agents.extract.results import TERRITORY, Draft
from agents.extract.sides import partner
from agents.extract.text import Hit
from agents.extract.victims import DONE_TO_PEOPLE, WEAPONS, fits, victim
from agents.extract.view import View
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T

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
_SUFFERED: Final = frozenset((T.ATTACK, T.ARRESTS, T.ABDUCTION_FORCED_DISAPPEARANCE, T.SEXUAL_VIOLENCE))
_ARMING: Final = ("act.arm", "act.recruit")
_HAULS: Final = frozenset((T.ARRESTS, T.DISRUPTED_WEAPONS_USE))
_PERSONS: Final = ("group.", "actor.")
_HELD_BY: Final = (*_PERSONS, "noun.position")
_OPENING: Final = "“«„"
_CLOSING: Final = "”»"
_NAMELESS: Final = frozenset(("group.people", "unit.person", "noun.crowd", "actor.civilians"))
_VEHICLES: Final = frozenset(f"item.{item}" for item, kind in ITEM_CLASS.items() if kind != "ground")
_ARMED: Final = frozenset(ARMED)
_UNARMED: Final = frozenset(UNARMED)
_PROPERTY: Final = frozenset(PROPERTY)


class ActParties:
    """Reads the parties of the drafts of one article; `drafts` are those of each sentence, by its number."""

    def __init__(self, language: Language, places: ArticlePlaces, drafts: Mapping[int, list[Draft]]) -> None:
        self.language = language
        self.places = places
        self.drafts = drafts

    def actor(self, phrases: Phrases, draft: Draft, told_by: Source | None) -> str | None:
        """Who acts: by grammar, or by the word for the act, by who speaks or by the clause before."""
        phrase = draft.roles.actor
        if phrase is None and draft.type in _OWN_SUBJECT and draft.roles.passive:
            target = draft.roles.target
            phrase = target if target is not None and phrases.acts(target) else None
        if phrase is not None and _is_victim(phrases, draft, phrase):
            phrase = None
        if phrase is None:
            return (
                self._named_by_act(phrases, draft)
                or self._absent_actor(phrases, draft, told_by)
                or self._of_clause_before(phrases, draft)
            )
        if _is_possessive(self.language, draft.view, phrase) and told_by is not None and not told_by.itself:
            owner = told_by.body or (None if told_by.person else told_by.name)
            if owner is not None:
                return owner
        return self._party(phrases, draft.view, phrase)

    def _named_by_act(self, phrases: Phrases, draft: Draft) -> str | None:
        """Who acts by the word for the act itself: a mob, or a suicide bomber who blows something up."""
        trigger, view = draft.trigger, draft.view
        if trigger.concept == "noun.suicide_attack":
            bombers = [h for h in view.hits("noun.suicide_attack") if view.same_clause(h.first, trigger.first)]
            blasts = [h for h in view.hits("act.explode") if view.same_clause(h.first, trigger.first)]
            trigger = min(bombers, key=lambda h: h.first)
            people = view.sentence.names(trigger.first, trigger.last, _PERSONS)
            if not blasts and len(bombers) < 2 and not people:
                return None
        elif trigger.concept != "noun.mob":
            return None
        own = next((p for p in phrases.all if p.touches(trigger)), None)
        return phrases.write(own) or None if own is not None else None

    def _of_clause_before(self, phrases: Phrases, draft: Draft) -> str | None:
        """The forces of the clause before, whose raid ends in arrests: "police came; two were arrested"."""
        if not draft.roles.passive or draft.type not in _HAULS or draft.modality is not Modality.ASSERTED:
            return None
        before = [d for d in self.drafts[draft.view.sentence.index] if d.trigger.last <= draft.trigger.first]
        acting = [d.roles.actor for d in before if d.actor is not None and d.actor.kind in ARMED_KINDS]
        return phrases.write(acting[-1]) or None if acting and acting[-1] is not None else None

    def _absent_actor(self, phrases: Phrases, draft: Draft, told_by: Source | None) -> str | None:
        """A pronoun is who speaks; who denies an act is the one said to have done it."""
        if told_by is None or told_by.itself:
            return None
        if _is_denied_loss(draft):
            return None
        if draft.roles.first_person:
            return told_by.body or told_by.name
        if draft.roles.pronoun:
            return None if _in_quotes(draft) else told_by.name
        denied = draft.mood.cue is not None and draft.mood.cue.concept == "cue.denial"
        if denied or draft.mood.modality is Modality.HYPOTHETICAL:
            speaker = told_by.body or told_by.name
            named = next((p for p in phrases.all if phrases.write(p) == speaker or speaker in phrases.write(p)), None)
            if named is not None and self.language.actors.of(draft.view.sentence, named).kind in ARMED_KINDS:
                return speaker
        return None

    def _party(self, phrases: Phrases, view: View, phrase: Phrase) -> str | None:
        """The phrase without the weapon in it: "Israeli warplanes" act for Israel; bare "people" are nobody."""
        hits = view.sentence.hits_on(phrase.first, phrase.last)
        things_in = [h for h in hits if h.concept in _VEHICLES]
        if things_in and not any(h.concept in _ARMED for h in hits):
            first, last = min(h.first for h in things_in), max(h.last for h in things_in)
            rest = Phrase(phrase.first, first) if first > phrase.first else Phrase(last, phrase.last)
            owner = self.language.actors.of(view.sentence, rest) if rest.last > rest.first else None
            known = owner is not None and (owner.kind is not None or owner.country is not None)
            return phrases.write(rest) if known else None
        people = [h for h in hits if h.concept.startswith(("group.", "actor.", "unit.", "noun."))]
        if people and all(h.concept in _NAMELESS for h in people) and not phrases.is_named(phrase):
            crowd = any(h.concept == "noun.crowd" and h.concept not in ("group.people",) for h in people)
            plain = any(h.concept in ("group.people", "unit.person") for h in people)
            return phrases.write(phrase) if phrases.is_described(phrase) or (crowd and not plain) else None
        return phrases.write(phrase) or None

    def target(self, phrases: Phrases, draft: Draft) -> str | None:
        """Who or what is acted on: by grammar if that is of a kind which such acts hit, else what stands near."""
        if draft.type in _NO_TARGET:
            return None
        seeming = draft.roles.actor
        if seeming is not None and _is_victim(phrases, draft, seeming):
            return phrases.write(seeming) or None
        side = partner(phrases, draft)
        if side is not None:
            return phrases.write(side) or None
        told = self._object(phrases, draft)
        if told is None or draft.roles.target is None or not _is_likely(phrases, draft, draft.roles.target):
            near = victim(phrases, draft, lambda phrase: self._is_mere_place(draft.view, phrase))
            if near is not None:
                return phrases.write(near) or None
        return told

    def _object(self, phrases: Phrases, draft: Draft) -> str | None:
        phrase = draft.roles.target
        if phrase is None or phrase == draft.roles.actor or _is_the_act(phrase, draft):
            return None
        view = draft.view
        hits = view.sentence.hits_on(phrase.first, phrase.last)
        if draft.type in TERRITORY:
            phrase = _without_ground(view, phrase)
            hits = [h for h in hits if h.last > phrase.first]
            return phrases.write(phrase) or None if any(h.concept in _ARMED for h in hits) else None
        if draft.type is T.CHANGE_TO_GROUP_ACTIVITY:
            civil = any(h.concept in _UNARMED and h.concept not in _NAMELESS for h in hits)
            armed_now = draft.trigger.concept in _ARMING and phrases.acts(phrase)
            return phrases.write(phrase) if (civil or armed_now) and not draft.roles.passive else None
        if self._is_mere_place(view, phrase) or (_are_mere_people(hits) and not phrases.is_described(phrase)):
            return None
        if _is_mere_weapon(hits):
            return None
        told = draft.trigger.concept.startswith("act.") or phrases.acts(phrase) or phrases.is_named(phrase) or hits
        if draft.type in _PEOPLE_TARGET and not told:
            return None
        return phrases.write(phrase) or None

    def _is_mere_place(self, view: View, phrase: Phrase) -> bool:
        mentions = self.places.mentions(view.sentence)
        if not any(m.first < phrase.last and m.last > phrase.first for m in mentions):
            return False
        hits = view.sentence.hits_on(phrase.first, phrase.last)
        if any(h.concept.startswith(("group.", "actor.")) or h.concept in _PROPERTY for h in hits):
            return False
        if any(h.concept in ("noun.military_target", "noun.base") for h in hits):
            return False
        return self.language.actors.of(view.sentence, phrase).kind is not ActorKind.ARMED_GROUP


def _is_likely(phrases: Phrases, draft: Draft, phrase: Phrase) -> bool:
    """Whether an object is of what such acts are done to: by its noun, or as people who are counted."""
    if fits(phrases, phrase, draft.type):
        return True
    counted = phrases.is_counted(phrase) and not phrases.is_nameless(phrase)
    return counted and draft.type in DONE_TO_PEOPLE and phrases.view.same_clause(phrase.first, draft.trigger.first)


def _is_the_act(phrase: Phrase, draft: Draft) -> bool:
    """Whether a phrase holds the noun of action itself and nobody else: "a truce", "street fighting"."""
    trigger = draft.trigger
    if not trigger.concept.startswith("noun.") or not phrase.touches(trigger):
        return False
    inside = draft.view.sentence.hits_on(phrase.first, phrase.last)
    return not any(
        h.concept.startswith(_HELD_BY) and not (h.first < trigger.last and trigger.first < h.last) for h in inside
    )


def _are_mere_people(hits: Sequence[Hit]) -> bool:
    """Whether all that a phrase says of people is that they are people."""
    people = [h.concept for h in hits if h.concept.startswith(("group.", "unit."))]
    return all(c in _NAMELESS for c in people) and any(c in ("group.people", "unit.person") for c in people)


def _is_mere_weapon(hits: Sequence[Hit]) -> bool:
    """Whether a phrase names a weapon and nobody, nor ground, whose weapon or business it is: "an arms dealer"."""
    weapons = [h for h in hits if h.concept in WEAPONS or (h.concept in _VEHICLES and h.concept not in _PROPERTY)]
    return bool(weapons) and not any(
        h.concept.startswith(_HELD_BY) and not any(h.first < w.last and h.last > w.first for w in weapons) for h in hits
    )


def _in_quotes(draft: Draft) -> bool:
    """Whether the act is told inside quotation marks, where "they" are not who speaks."""
    before = [t.text for t in draft.view.sentence.tokens[: draft.trigger.first]]
    opened = sum(before.count(mark) for mark in _OPENING) - sum(before.count(mark) for mark in _CLOSING)
    return opened > 0 or before.count('"') % 2 == 1


def _is_denied_loss(draft: Draft) -> bool:
    """Whether who denies that ground was taken would be the one that lost it, not the one that took it."""
    if draft.type not in TERRITORY or draft.modality is not Modality.NEGATED:
        return False
    return draft.roles.first_person or (draft.mood.cue is not None and draft.mood.cue.concept == "cue.denial")


def _is_victim(phrases: Phrases, draft: Draft, phrase: Phrase) -> bool:
    """Whether who seems to act is unarmed people, which do no such acts but suffer them."""
    if draft.type not in _SUFFERED or draft.roles.passive or phrases.is_named(phrase):
        return False
    if _has_other_victim(phrases, draft, phrase):
        return False
    hits = draft.view.sentence.hits_on(phrase.first, phrase.last)
    unarmed = any(h.concept in _UNARMED and h.concept.startswith("group.") for h in hits)
    armed = any(h.concept in _ARMED or h.concept.startswith("noun.mob") for h in hits)
    return unarmed and not armed and phrases.language.actors.of(draft.view.sentence, phrase).kind not in ARMED_KINDS


def _has_other_victim(phrases: Phrases, draft: Draft, phrase: Phrase) -> bool:
    """Whether grammar finds somebody else in the act's clause whom such acts are done to."""
    other = draft.roles.target
    if other is None or other == phrase or not fits(phrases, other, draft.type):
        return False
    return phrases.view.same_clause(other.first, draft.trigger.first)


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
