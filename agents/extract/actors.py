"""Who acts: which kind of actor a noun phrase names, so that territory and captives are coded on the right side.

Named groups come from `packs/groups.toml`, common nouns from the packs' `[actor]` concepts, states from country names,
their adjectives, and capitals that stand for them ("Moscow denied ...").
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.extract.countries import all_countries, alpha3_of
from agents.extract.fold import fold_words
from agents.extract.gazetteer import Gazetteer
from agents.extract.place_names import PlaceNames
from agents.extract.text import WORD, Sentence, Token

_GROUPS: Final = Path(__file__).parent / "packs" / "groups.toml"
_ACRONYM_LETTERS: Final = 5
_MAX_GROUP_WORDS: Final = 8


class ActorKind(StrEnum):
    """What kind of actor a phrase names."""

    STATE = "state"  # a government, its army, its intelligence
    POLICE = "police"  # police, gendarmerie, border guards: of a state, but not its army
    PEACEKEEPERS = "peacekeepers"
    ARMED_GROUP = "armed_group"  # rebels, militias, gangs, unrecognised republics
    PROTESTERS = "protesters"
    CIVILIANS = "civilians"
    AID = "aid"  # relief organisations and rescuers


@dataclass(frozen=True, slots=True)
class Actor:
    """What is known of a phrase that names an actor: its kind, and the ISO 3166-1 alpha-3 code of its country."""

    kind: ActorKind | None
    country: str | None

    @property
    def of_state(self) -> bool:
        """Whether it acts for a recognised state (army or police)."""
        return self.kind in (ActorKind.STATE, ActorKind.POLICE)


class GroupDataError(ValueError):
    """The list of groups is wrong; the message names the entry."""


@dataclass(frozen=True, slots=True)
class Group:
    """A named group or force. `acronym` True: found only in capitals."""

    name: str
    kind: ActorKind
    country: str | None
    acronym: bool


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


@cache
def groups() -> Mapping[tuple[str, ...], Group]:
    """All named groups by folded words (`packs/groups.toml`)."""
    return read_groups(tomllib.loads(_GROUPS.read_text(encoding="utf-8")))


def read_groups(table: Mapping[str, Any]) -> Mapping[tuple[str, ...], Group]:
    """Groups by folded words out of `[[group]]` tables: name, kind, country, spellings.

    Raises:
        GroupDataError: an entry lacks a key, or its kind or country is none.
    """
    codes = {*alpha3_of().values(), ""}
    found: dict[tuple[str, ...], Group] = {}
    for row in table.get("group", ()):
        try:
            name, kind, country, spellings = row["name"], ActorKind(row["kind"]), row["country"], row["spellings"]
        except (KeyError, ValueError) as error:
            raise GroupDataError(
                f"packs/groups.toml: {row.get('name', 'a group')} lacks or misspells {error}."
            ) from None
        if country not in codes:
            raise GroupDataError(f"packs/groups.toml: {name} has country {country!r}, no alpha-3 code.")
        for spelling in (name, *spellings):
            acronym = len(spelling) <= _ACRONYM_LETTERS and spelling.isupper() and spelling.lower() != spelling.upper()
            found[fold_words(spelling)] = Group(name, kind, country or None, acronym)
    return found


class ActorNames:
    """The named groups, countries and capitals that one language may write; shares the endings of `PlaceNames`."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names
        self._groups = groups()
        self._beginnings = {words[:n] for words in self._groups for n in range(1, len(words))}
        self._capitals = _capitals(names.gazetteer)

    def read(self, sentence: Sentence, first: int, last: int) -> Actor:
        """What the phrase in tokens `first`..`last` names; kind and country None where its words do not tell."""
        tokens = sentence.tokens[first:last]
        group = next(self.groups_in(tokens), None)
        if group is not None:
            return Actor(group.kind, group.country or self._country(tokens))
        country = self._country(tokens)
        concepts = {hit.concept for hit in sentence.hits if hit.first < last and hit.last > first}
        kind = next((kind for concept, kind in _CONCEPT_KINDS if concept in concepts), None)
        if kind is None and country is not None and len(tokens) <= 3:
            kind = ActorKind.STATE
        return Actor(kind, country)

    def groups_in(self, tokens: Sequence[Token]) -> Iterator[Group]:
        """The named groups among these tokens, in order."""
        for index, token in enumerate(tokens):
            if token.kind == WORD:
                group = self._group_at(tokens, index)
                if group is not None:
                    yield group

    def _group_at(self, tokens: Sequence[Token], index: int) -> Group | None:
        beam: list[tuple[str, ...]] = [()]
        best: Group | None = None
        text = tokens[index].text
        for token in tokens[index : index + _MAX_GROUP_WORDS]:
            if not any(c.isalnum() for c in token.text):
                continue  # quotation marks, hyphens and slashes inside a name
            longer = [words + base.words for words in beam for base in self._names.bases(token.text)]
            for words in longer:
                group = self._groups.get(words)
                if group is not None and not (group.acronym and not text[:2].isupper()):
                    best = group
            beam = [words for words in longer if words in self._beginnings]
            if not beam:
                break
        return best

    def _country(self, tokens: Sequence[Token]) -> str | None:
        """The country that a phrase names, by name, adjective or capital."""
        for index, token in enumerate(tokens):
            if token.kind != WORD:
                continue
            window = tokens[index : index + 5]
            match = self._names.match([t.text for t in window], [t.kind != WORD for t in window])
            if match is not None:
                best = match.candidates[0]
                if best.number is None and best.country:
                    return best.country
                if best.number is not None and best.number in self._capitals:
                    return self._capitals[best.number]
            for word in fold_words(token.text):
                code = self._names.countries.of_word(word)
                if code:
                    return code
        return None


@cache
def _capitals(gazetteer: Gazetteer) -> Mapping[int, str]:
    """Entries of the gazetteer that are capitals, with the alpha-3 code of their country."""
    return {
        number: country.alpha3
        for country in all_countries().values()
        for number in gazetteer.find(fold_words(country.capital)).entries[:1]
        if gazetteer.country(number) == country.alpha2
    }
