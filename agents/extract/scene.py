"""One sentence as the choosers of event types see it: who is near, what is armed, what was said before."""

from collections.abc import Iterable
from dataclasses import replace

from agents.extract.actors import Actor
from agents.extract.analysis import Analysis
from agents.extract.concept_sets import ARMED, PLANTED, PROTEST, items
from agents.extract.groups import ActorKind
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.places import ArticlePlaces
from agents.extract.roles import Roles
from agents.extract.text import Hit, Sentence
from agents.extract.view import View
from streams.vocabulary import SubEventType as T

SOLDIERS = frozenset((ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.PEACEKEEPERS))
"""Kinds of actors that wage war."""


_GROUND_FIRE = frozenset(("noun.shelling", "act.shell", *items("artillery", "missile")))
_AIR_FIRE = frozenset(("noun.air_strike", "act.bomb", *items("aircraft", "drone", "air_bomb")))
_PROTEST = frozenset((*PROTEST, "noun.riot", "noun.rioter", "act.riot", "act.disperse")) - {"actor.protesters"}


class Scene:
    """A sentence with its view, phrases and places, and the questions that choosers ask of it."""

    def __init__(self, analysis: Analysis, language: Language, places: ArticlePlaces, sentence: Sentence) -> None:
        self.analysis = analysis
        self.language = language
        self.places = places
        self.sentence = sentence
        self.view = View.of(analysis, sentence)

    @property
    def phrases(self) -> Phrases:
        """The noun phrases of the sentence, found when first asked for."""
        return Phrases.of(self.analysis, self.language, self.view)

    def actor(self, phrase: Phrase | None) -> Actor | None:
        """What a phrase names as an actor, at the time of the article."""
        if phrase is None:
            return None
        actor = self.language.actors.of(self.sentence, phrase)
        published = self.analysis.article.published
        if actor.in_power_since is None or published is None or published >= actor.in_power_since:
            return actor
        return replace(actor, kind=ActorKind.ARMED_GROUP)

    def kind(self, actor: Actor | None) -> ActorKind | None:
        """The kind of an actor, None if unknown."""
        return actor.kind if actor is not None else None

    def near(self, hit: Hit, concepts: Iterable[str], left: int = 10, right: int = 10) -> Hit | None:
        """The nearest of these concepts in the same sentence part; objects stand before verbs that stand last."""
        if left < right and self.language.pack.verb_order == "sov":
            left, right = right, left
        return self.view.near(hit, tuple(concepts), left, right)

    def is_place(self, phrase: Phrase) -> bool:
        """Whether a named place stands in a phrase."""
        first, last = phrase.first, phrase.last
        return any(m.first < last and m.last > first for m in self.places.mentions(self.sentence))

    def is_armed(self, phrase: Phrase | None) -> bool:
        """Whether a phrase names people who bear arms, by its kind of actor or its nouns."""
        if phrase is None:
            return False
        kind = self.language.actors.of(self.sentence, phrase).kind
        return kind in SOLDIERS or kind is ActorKind.POLICE or self.holds(phrase, ARMED)

    def holds(self, phrase: Phrase | None, concepts: tuple[str, ...]) -> bool:
        """Whether a phrase, if there is one, names something of these concepts."""
        return phrase is not None and self.view.touches(phrase, concepts)

    def elsewhere(self, a: Hit, b: Hit) -> bool:
        """Whether two acts of the sentence are set against each other ("while in ...") and each has its own place."""
        first, last = sorted((a, b), key=lambda h: h.first)
        turn = next((h.first for h in self.view.hits("cue.but") if first.last <= h.first <= last.first), None)
        if turn is None:
            return False
        sides = {mention.first < turn for mention in self.places.mentions(self.sentence)}
        return len(sides) == 2

    def before(self) -> View | None:
        """The sentence before this one in its paragraph."""
        index = self.sentence.index - 1
        if index < 0 or self.analysis.sentences[index].paragraph != self.sentence.paragraph:
            return None
        return View.of(self.analysis, self.analysis.sentences[index])

    def usual_strike(self) -> T:
        """From the air, unless the article speaks of guns and missiles only."""
        concepts = self._concepts()
        ground, air = concepts & _GROUND_FIRE, concepts & _AIR_FIRE
        return T.SHELLING_ARTILLERY_MISSILE_ATTACK if ground and not air else T.AIR_DRONE_STRIKE

    def is_shelled(self) -> bool:
        """Whether the article speaks of shells, missiles or air strikes at all."""
        return bool(self._concepts() & (_GROUND_FIRE | _AIR_FIRE))

    def is_bombed(self) -> bool:
        """Whether the article speaks of bombs that somebody plants."""
        return not self._concepts().isdisjoint((*PLANTED, "noun.ied_attack"))

    def is_protest(self) -> bool:
        """Whether the article speaks of a protest: students and activists are no protesters by themselves."""
        return not self._concepts().isdisjoint(_PROTEST)

    def _concepts(self) -> frozenset[str]:
        """All concepts of the article, gathered once."""
        known: frozenset[str] | None = self.analysis.memo.get("concepts")
        if known is None:
            known = frozenset(hit.concept for sentence in self.analysis.sentences for hit in sentence.hits)
            self.analysis.memo["concepts"] = known
        return known

    def is_named_target(self, found: Roles) -> bool:
        """Whether the one acted on is a name."""
        return found.target is not None and self.phrases.is_named(found.target)

    def named_party(self, hit: Hit) -> bool:
        """Whether a named group or state stands in the same part as a party."""
        phrases = [p for p in self.phrases.all if self.view.part[p.first] == self.view.part[hit.first]]
        return any(self.language.actors.of(self.sentence, p).kind is not None for p in phrases)
