"""Who acts: which kind of actor a noun phrase names, so that territory and captives are coded on the right side.

Named groups come from `packs/groups.toml`, common nouns from the packs' `[actor]` concepts, states from country names,
their adjectives, and capitals that stand for them ("Moscow denied ...").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.extract.groups import ActorKind
from agents.extract.place_names import PlaceNames
from agents.extract.text import WORD, Sentence, Token

__all__ = ["Actor", "ActorKind", "ActorNames"]


@dataclass(frozen=True, slots=True)
class Actor:
    """What is known of a phrase that names an actor: its kind, and the ISO 3166-1 alpha-3 code of its country."""

    kind: ActorKind | None
    country: str | None

    @property
    def of_state(self) -> bool:
        """Whether it acts for a recognised state (army or police)."""
        return self.kind in (ActorKind.STATE, ActorKind.POLICE)


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


class ActorNames:
    """The named groups, countries and capitals that one language may write; shares the endings of `PlaceNames`."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names

    def read(self, sentence: Sentence, first: int, last: int) -> Actor:
        """What the phrase in tokens `first`..`last` names; kind and country None where its words do not tell."""
        tokens = sentence.tokens[first:last]
        group = next(self._names.groups_in(tokens), None)
        if group is not None:
            return Actor(group.kind, group.country or self._country(tokens))
        country = self._country(tokens)
        concepts = {hit.concept for hit in sentence.hits if hit.first < last and hit.last > first}
        kind = next((kind for concept, kind in _CONCEPT_KINDS if concept in concepts), None)
        if kind is None and country is not None and len(tokens) <= 3:
            kind = ActorKind.STATE
        return Actor(kind, country)

    def _country(self, tokens: Sequence[Token]) -> str | None:
        """The country that a phrase names, by name, adjective or capital."""
        for index, token in enumerate(tokens):
            if token.kind != WORD:
                continue
            match = self._names.match(tokens, index)
            if match is not None:
                best = match.candidates[0]
                if best.number is None and best.country:
                    return best.country
                if best.number is not None and best.number in self._names.capitals:
                    return self._names.capitals[best.number]
            code = self._names.words[token.text].country
            if code:
                return code
        return None
