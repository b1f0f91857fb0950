"""Who acts: which kind of actor a noun phrase names, so that territory and captives are coded on the right side.

Named groups come from `packs/groups.toml`, common nouns from the packs' `[actor]` concepts, states from country names,
their adjectives, and capitals that stand for them ("Moscow denied ...").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.extract.groups import ActorKind
from agents.extract.place_names import PlaceNames
from agents.extract.text import WORD, Hit, Phrase, Sentence, Token

__all__ = ["Actor", "ActorKind", "ActorNames"]


@dataclass(slots=True)
class Actor:
    """What is known of a phrase that names an actor: its kind, and the ISO 3166-1 alpha-3 code of its country.

    `in_power_since`: the ISO date from which a group is a state; it was an armed group before.
    """

    kind: ActorKind | None
    country: str | None
    in_power_since: str | None = None


_CONCEPT_KINDS: Final[tuple[tuple[str, ActorKind], ...]] = (
    ("actor.peacekeepers", ActorKind.PEACEKEEPERS),
    ("actor.unrecognised", ActorKind.ARMED_GROUP),
    ("actor.armed_group", ActorKind.ARMED_GROUP),
    ("actor.police", ActorKind.POLICE),
    ("actor.army", ActorKind.STATE),
    ("actor.government", ActorKind.STATE),
    ("actor.protesters", ActorKind.PROTESTERS),
    ("actor.aid", ActorKind.AID),
    ("actor.civilians", ActorKind.CIVILIANS),
)
"""Which concept decides first: "rebel army" is no army, "army of the unrecognised republic" neither."""


_RANKS: Final = {concept: rank for rank, (concept, _) in enumerate(_CONCEPT_KINDS)}
_NOBODY: Final = Actor(None, None)


class ActorNames:
    """The named groups, countries and capitals that one language may write; shares the endings of `PlaceNames`."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names

    def read(self, sentence: Sentence, first: int, last: int) -> Actor:
        """What the phrase in tokens `first`..`last` names; kind and country None where its words do not tell."""
        key = ("actor", first, last)
        known: Actor | None = sentence.memo.get(key)
        if known is None:
            known = sentence.memo[key] = self._read(sentence, first, last)
        return known

    def of(self, sentence: Sentence, phrase: Phrase) -> Actor:
        """What a phrase names."""
        return self.read(sentence, phrase.first, phrase.last)

    def tells_armed_group(self, sentence: Sentence) -> bool:
        """Whether the whole sentence, read as one phrase, names an armed group."""
        group = self._names.first_group(sentence.tokens, self._names.beginnings(sentence))
        kind = group.kind if group is not None else _kind(sentence.hits, 0, len(sentence.tokens))
        return kind is ActorKind.ARMED_GROUP

    def _read(self, sentence: Sentence, first: int, last: int) -> Actor:
        tokens = sentence.tokens[first:last]
        group = self._names.first_group(tokens)
        if group is not None:
            return Actor(group.kind, group.country or self._country(tokens), group.in_power_since)
        country = self._country(tokens)
        kind = _kind(sentence.hits, first, last)
        if kind is None:
            if country is None:
                return _NOBODY
            if len(tokens) <= 3:
                kind = ActorKind.STATE
        return Actor(kind, country)

    def _country(self, tokens: Sequence[Token]) -> str | None:
        """The country that a phrase names, by name, adjective or capital."""
        for index, token in enumerate(tokens):
            if token.kind != WORD:
                continue
            word = self._names.word(token)
            match = self._names.match(tokens, index) if word.starts else None
            if match is not None:
                best = match.candidates[0]
                if best.number is None and best.country:
                    return best.country
                if best.number is not None and best.number in self._names.capitals:
                    return self._names.capitals[best.number]
            if word.country:
                return word.country
        return None


def _kind(hits: Sequence[Hit], first: int, last: int) -> ActorKind | None:
    """The kind that the common nouns in tokens `first`..`last` tell, by the order of the table."""
    best = len(_CONCEPT_KINDS)
    for hit in hits:
        if hit.first >= last:
            break
        if hit.last > first:
            best = min(best, _RANKS.get(hit.concept, best))
    return _CONCEPT_KINDS[best][1] if best < len(_CONCEPT_KINDS) else None
