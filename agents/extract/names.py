"""Noun phrases as the text writes them, and which of them acts and which is acted on.

No parse: a phrase is a run of words that ends at closed-class words, verbs and marks; who acts follows from the word
order that the pack declares, from passives and from "by". Where that does not decide, the answer is None.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from agents.extract.analysis import Analysis
from agents.extract.groups import ActorKind
from agents.extract.language import Language
from agents.extract.text import NUMBER, PUNCT, WORD, Hit, Token
from agents.extract.view import View

_MAX_PHRASE: Final = 9
_REACH: Final = 16
_INNER_MARKS: Final = frozenset("-‑–־/“”\"„«»‘’'&")
_BREAKING_FAMILIES: Final = (
    "act.",
    "quant.",
    "cue.negation",
    "cue.future",
    "cue.conditional",
    "cue.denial",
    "cue.passive",
)
_ANCHORS: Final = ("actor", "group")
_ANCHOR_NOUNS: Final = frozenset(("noun.troops", "noun.mob", "noun.rioter", "noun.protester", "noun.crowd"))


class Phrase(NamedTuple):
    """Tokens `first`..`last` (exclusive) of a sentence."""

    first: int
    last: int


class Phrases:
    """The noun phrases of one sentence."""

    def __init__(self, analysis: Analysis, language: Language, view: View) -> None:
        self.view = view
        self.language = language
        self.tokens = view.sentence.tokens
        self.text = analysis.text
        self._prepositions = _prepositions(language)
        self._broken = self._breaks()
        self._links = _covered(view, "func.link")
        self._articles = _covered(view, "func.article")
        self.all = list(self._run())

    @classmethod
    def of(cls, analysis: Analysis, language: Language, view: View) -> "Phrases":
        """The phrases of a sentence, found once."""
        key = ("phrases", view.sentence.index)
        phrases = analysis.memo.get(key)
        if phrases is None:
            phrases = analysis.memo[key] = cls(analysis, language, view)
        return phrases  # type: ignore[no-any-return]  # memo holds what each key's owner put there

    def _breaks(self) -> set[int]:
        """Tokens that no noun phrase holds."""
        broken = _covered(self.view, "func.stop", "func.verb", "say.verb", "say.according", "say.stated")
        for hit in self.view.sentence.hits:
            if hit.concept.startswith(_BREAKING_FAMILIES):
                broken.update((hit.first, hit.last - 1))
        return broken

    def _run(self) -> Iterator[Phrase]:
        start: int | None = None
        for index in range(len(self.tokens) + 1):
            belongs = index < len(self.tokens) and self._may_belong(index)
            if belongs and (start is None or not self._begins_anew(index)):
                start = index if start is None else start
                continue
            if start is not None:
                phrase = self._trim(start, index)
                if phrase is not None:
                    yield phrase
            start = index if index in self._articles else None

    def _may_belong(self, index: int) -> bool:
        token = self.tokens[index]
        if token.kind == PUNCT:
            return token.text in _INNER_MARKS
        return index in self._links or index not in self._broken

    def _begins_anew(self, index: int) -> bool:
        """Whether an article begins another phrase here ("by nightfall the gangs"), not one joined by a link."""
        return index in self._articles and index not in self._links and (index - 1) not in self._links

    def _trim(self, first: int, last: int) -> Phrase | None:
        """Take articles, numbers, links and marks off the ends."""
        while first < last and (self._is_edge(first) or first in self._articles or self.tokens[first].kind == NUMBER):
            first += 1
        while first < last and self._is_edge(last - 1):
            last -= 1
        return Phrase(first, min(last, first + _MAX_PHRASE)) if first < last else None

    def _is_edge(self, index: int) -> bool:
        return index in self._links or (self.tokens[index].kind == PUNCT and self.tokens[index].text not in '“«"”»')

    def write(self, phrase: Phrase) -> str:
        """The phrase as the text writes it."""
        start, end = self.view.sentence.span(*phrase)
        return self.text[start:end].strip('“”"«»„ ') if end > start else ""

    def is_anchored(self, phrase: Phrase) -> bool:
        """Whether the phrase names people or forces by a common noun."""
        return any(
            hit.first < phrase.last
            and hit.last > phrase.first
            and (hit.concept.split(".", 1)[0] in _ANCHORS or hit.concept in _ANCHOR_NOUNS)
            for hit in self.view.sentence.hits
        )

    def is_named(self, phrase: Phrase) -> bool:
        """Whether the phrase holds a name: a capital inside the sentence, or a word that the actor names know."""
        if self.language.pack.capitals:
            return any(
                t.kind == WORD and t.text[0].isupper() and (i > 0 or t.text.isupper() or phrase.last - phrase.first > 1)
                for i, t in enumerate(self.tokens[phrase.first : phrase.last], phrase.first)
            )
        actor = self.language.actors.read(self.view.sentence, *phrase)
        return actor.kind is not None or actor.country is not None

    def after_preposition(self, phrase: Phrase) -> bool:
        """Whether a preposition stands before the phrase."""
        before = self._before(phrase.first)
        return before is not None and before.norm in self._prepositions

    def _before(self, index: int) -> Token | None:
        """The word before a token, articles left out."""
        index -= 1
        while index >= 0 and (index in self._articles or self.tokens[index].kind == NUMBER):
            index -= 1
        return self.tokens[index] if index >= 0 else None

    def left_of(self, index: int) -> Iterator[Phrase]:
        """Phrases of the same sentence part that end before a token, nearest first."""
        part = self.view.part[index]
        for phrase in reversed(self.all):
            if phrase.last <= index and index - phrase.last <= _REACH and self.view.part[phrase.first] == part:
                yield phrase

    def right_of(self, index: int) -> Iterator[Phrase]:
        """Phrases of the same sentence part that begin at or after a token, nearest first."""
        if index > len(self.tokens):
            return
        part = self.view.part[index - 1]
        for phrase in self.all:
            if phrase.first >= index and phrase.first - index <= _REACH and self.view.part[phrase.first] == part:
                yield phrase


class Roles(NamedTuple):
    """Who acts and who is acted on; None where the words do not tell."""

    actor: Phrase | None
    target: Phrase | None


def roles(phrases: Phrases, trigger: Hit, nominal: bool) -> Roles:
    """Read actor and target of a verb, or of a noun of action, off the phrases around it."""
    if nominal:
        return _roles_of_noun(phrases, trigger)
    order = phrases.language.pack.verb_order
    passive = is_passive(phrases, trigger)
    agent = _agent(phrases, trigger)
    before, after = _subject(phrases, trigger), _object(phrases, trigger)
    if passive:
        return Roles(agent or (after if _adjacent_agent(phrases, trigger, after) else None), before)
    if order == "sov":
        return _roles_before(phrases, trigger)
    if order == "vso" and before is None:
        return _roles_after(phrases, trigger)
    return Roles(before or agent, after)


def is_passive(phrases: Phrases, trigger: Hit) -> bool:
    """Whether the verb's form makes its subject the one acted on."""
    morphology = phrases.language.pack.morphology
    norms = [t.norm for t in phrases.tokens[trigger.first : trigger.last]]
    if any(n.startswith(p) and len(n) > len(p) + 3 for n in norms[:1] for p in morphology.passive_prefixes):
        return True
    shaped = any(n.endswith(morphology.passive_suffixes) or n in morphology.passive_forms for n in norms)
    if not phrases.language.pack.concepts.get("cue.passive"):
        return shaped
    auxiliary = phrases.view.near(trigger, ("cue.passive",), 3, 0)
    return auxiliary is not None and (shaped or morphology.passive_suffixes == ())


def _agent(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The phrase after "by"."""
    by = phrases.view.near(trigger, ("cue.by",), 0, 8)
    if by is None:
        return None
    return next((p for p in phrases.right_of(by.last) if p.first - by.last <= 2 and _is_party(phrases, p)), None)


def _adjacent_agent(phrases: Phrases, trigger: Hit, after: Phrase | None) -> bool:
    """Whether the phrase right behind a passive by prefix is its actor ("ditangkap polisi")."""
    prefixed = bool(phrases.language.pack.morphology.passive_prefixes)
    return prefixed and after is not None and after.first == trigger.last and _is_party(phrases, after)


def _is_party(phrases: Phrases, phrase: Phrase) -> bool:
    return phrases.is_anchored(phrase) or phrases.is_named(phrase)


def _subject(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The nearest party before the verb that no preposition makes an adjunct."""
    near = True
    for phrase in phrases.left_of(trigger.first):
        if phrases.after_preposition(phrase):
            continue
        if phrases.is_anchored(phrase) or (near and phrases.is_named(phrase)):
            return phrase
        near = False
    return None


def _object(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The nearest phrase behind the verb; behind a preposition only if it names people or forces."""
    for phrase in phrases.right_of(trigger.last):
        if phrase.first - trigger.last > 8:
            return None
        if phrases.after_preposition(phrase):
            if phrases.is_anchored(phrase):
                return phrase
            continue
        return phrase
    return None


def _roles_before(phrases: Phrases, trigger: Hit) -> Roles:
    """Verb-final: the object stands next to the verb, the subject before it."""
    found = [p for p in phrases.left_of(trigger.first) if not phrases.after_preposition(p)][:4]
    parties = [p for p in found if _is_party(phrases, p)]
    if not found:
        return Roles(None, None)
    if len(parties) >= 2:
        return Roles(parties[-1], parties[0])
    if parties and parties[0] != found[0]:
        return Roles(parties[0], found[0])
    return Roles(parties[0] if parties else None, None if parties else found[0])


def _roles_after(phrases: Phrases, trigger: Hit) -> Roles:
    """Verb first: the subject follows, then the object."""
    found = [p for p in phrases.right_of(trigger.last) if p.first - trigger.last <= 10][:3]
    parties = [p for p in found if _is_party(phrases, p) and not phrases.after_preposition(p)]
    if not parties:
        return Roles(None, None)
    rest = [p for p in found if p.first > parties[0].first]
    return Roles(parties[0], rest[0] if rest else None)


def _roles_of_noun(phrases: Phrases, trigger: Hit) -> Roles:
    """Two sides between "between" and "and"; else who stands before the noun, and behind "on" or "against"."""
    sides = _sides(phrases, trigger)
    if sides is not None:
        return sides
    target = _noun_target(phrases, trigger)
    agent = _agent(phrases, trigger)
    actor = agent or _noun_owner(phrases, trigger) or _armed_subject(phrases, trigger)
    return Roles(actor if actor != target else None, target)


_ACTING: Final = frozenset((ActorKind.STATE, ActorKind.POLICE, ActorKind.ARMED_GROUP, ActorKind.PEACEKEEPERS))


def _armed_subject(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """The subject before a noun of action, only if it bears arms: "40 people died in the clashes" fight nobody."""
    subject = _subject(phrases, trigger)
    if subject is None:
        return None
    kind = phrases.language.actors.read(phrases.view.sentence, *subject).kind
    return subject if kind in _ACTING else None


def _noun_owner(phrases: Phrases, trigger: Hit) -> Phrase | None:
    """A party that shares the noun's own phrase: "Israeli air strike", "serangan udara Israel"."""
    own = next((p for p in phrases.all if p.first <= trigger.first < p.last), None)
    if own is None:
        if phrases.language.pack.noun_order == "head_first":
            after = next(phrases.right_of(trigger.last), None)
            close = after is not None and after.first == trigger.last and _is_party(phrases, after)
            return after if close else None
        before = next(phrases.left_of(trigger.first), None)
        close = before is not None and before.last == trigger.first and _is_party(phrases, before)
        return before if close else None
    return None


def _noun_target(phrases: Phrases, trigger: Hit) -> Phrase | None:
    against = phrases.view.near(trigger, ("cue.against",), 0, 4)
    if against is None:
        return None
    return next((p for p in phrases.right_of(against.last) if p.first - against.last <= 2), None)


def _sides(phrases: Phrases, trigger: Hit) -> Roles | None:
    between = phrases.view.near(trigger, ("cue.between",), 1, 6)
    if between is not None:
        found = [p for p in phrases.right_of(between.last) if p.first - between.last <= 14 and _is_party(phrases, p)]
        if len(found) >= 2:
            return Roles(found[0], found[1])
    return None


def _covered(view: View, *concepts: str) -> set[int]:
    return {index for hit in view.hits(*concepts) for index in range(hit.first, hit.last)}


def _prepositions(language: Language) -> frozenset[str]:
    """Words that make the phrase behind them an adjunct: place words and case cues of the pack."""
    pack = language.pack
    cues = (pack.concepts.get(f"cue.{cue}", ()) for cue in ("against", "recipient", "by", "with"))
    words = {phrase.lstrip("=^") for phrases in cues for phrase in phrases if " " not in phrase}
    places = pack.data.get("places", {})
    words |= {word for key in ("at", "source", "goal") for word in places.get(key, ())}
    return frozenset(map(pack.spelling.normal, words - {"of"}))
