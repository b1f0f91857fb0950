"""From written words to what may bear that name: GeoNames, our overlay of regions, and countries.

Case endings and joined prefixes of a language are data (the pack's `[places]`), applied to the written word until a
known name appears: "Таволжанке" → "Таволжанка", "בחיפה" → "חיפה", "Xankəndində" → "Xankəndi".
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import simplemma
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

from agents.extract.countries import CountryNames, all_countries, alpha3_of
from agents.extract.fold import fold_words
from agents.extract.gazetteer import Gazetteer
from agents.extract.groups import Group, groups
from agents.extract.pack import Pack, PackError
from agents.extract.place_spelling import PlaceDataError, PlaceSpelling
from agents.extract.text import WORD, Token
from streams.vocabulary import PlacePrecision

_MIN_STEM: Final = 3
_MAX_TAIL: Final = 8
_BEAM: Final = 16
_CUTS: Final = "'’ʼ-‑־"

_MAX_GROUP_WORDS: Final = 8
_OVERLAY: Final = Path(__file__).parent / "packs" / "places.toml"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer. `country` is ISO 3166-1 alpha-3; `geoname_id` None for places of our own overlay."""

    name: str
    geoname_id: int | None
    country: str | None
    lat: float | None
    lon: float | None
    precision: PlacePrecision
    population: int


class Base(NamedTuple):
    """A form that a written word may be of: its folded words, what the change cost, and the part its ending tells."""

    words: tuple[str, ...]
    cost: float
    cue: str | None


class Candidate(NamedTuple):
    """What a name may mean: an entry of the gazetteer (`number`), or a ready place (overlay, country)."""

    number: int | None
    place: Place | None
    country: str | None
    cost: float
    cue: str | None


class Match(NamedTuple):
    """The longest name that begins at a token: one past its last token, and all it may mean."""

    last: int
    candidates: tuple[Candidate, ...]


@cache
def overlay() -> Mapping[tuple[str, ...], Place]:
    """Regions and contested names that GeoNames' list of cities lacks (`packs/places.toml`), by folded words."""
    return read_overlay(tomllib.loads(_OVERLAY.read_text(encoding="utf-8")))


def read_overlay(table: Mapping[str, Any]) -> Mapping[tuple[str, ...], Place]:
    """Places by folded words out of `[[place]]` tables: name, country, lat, lon, precision, spellings.

    Raises:
        PlaceDataError: an entry lacks a key, or its country or precision is none.
    """
    codes = {*alpha3_of().values(), ""}
    places: dict[tuple[str, ...], Place] = {}
    for row in table.get("place", ()):
        try:
            name, country = row["name"], row["country"]
            place = Place(
                name,
                row.get("geoname_id"),
                country or None,
                row["lat"],
                row["lon"],
                PlacePrecision(row["precision"]),
                0,
            )
        except (KeyError, ValueError) as error:
            raise PlaceDataError(
                f"packs/places.toml: {row.get('name', 'a place')} lacks or misspells {error}."
            ) from None
        if country not in codes:
            raise PlaceDataError(f"packs/places.toml: {name} has country {country!r}, no alpha-3 code.")
        for spelling in (name, *row.get("spellings", ())):
            places[fold_words(spelling)] = place
    return places


class PlaceNames:
    """All names that one language may write, with its endings; keeps what it found for a word."""

    def __init__(self, language: str, spelling: PlaceSpelling, gazetteer: Gazetteer) -> None:
        self.language = language
        self.spelling = spelling
        self._has_dictionary = language in SUPPORTED_LANGUAGES
        self.gazetteer = gazetteer
        self.countries = CountryNames(language, spelling.countries)
        self._overlay = overlay()
        self._beginnings = {w[:n] for w in self._overlay for n in range(1, len(w))} | self.countries.beginnings
        self._country_places = _country_places()
        self._groups = groups()
        self._group_beginnings = {words[:n] for words in self._groups for n in range(1, len(words))}
        self.capitals = _capitals(gazetteer)
        self.capital_ids = frozenset(gazetteer.entry(number).geoname_id for number in self.capitals)
        self.bases = lru_cache(maxsize=65536)(self._bases)
        self.first = lru_cache(maxsize=65536)(self._first)

    @classmethod
    def of_pack(cls, pack: Pack, gazetteer: Gazetteer) -> "PlaceNames":
        """The place names of a pack's language.

        Raises:
            PackError: the pack's `[places]` is wrong.
        """
        try:
            spelling = PlaceSpelling.read(pack.data.get("places", {}))
        except PlaceDataError as error:
            raise PackError(f"{pack.code}.toml", "places", str(error)) from None
        return cls(pack.code, spelling, gazetteer)

    def _bases(self, text: str) -> tuple[Base, ...]:
        """The forms that the written word may be of, the word itself first."""
        words = fold_words(text)
        if not words:
            return ()
        cut = next((i for i, c in enumerate(text) if i and c in _CUTS), len(text))
        heads = [Base(words, 0.0, None)]
        if len(text) - _MAX_TAIL <= cut < len(text):
            heads.append(
                Base(fold_words(text[:cut]), 0.2, self.spelling.tails.get("".join(fold_words(text[cut + 1 :]))))
            )
        seen: dict[tuple[str, ...], Base] = {}
        for base in chain(heads, self._unprefixed(heads[0])):
            seen.setdefault(base.words, base)
            for more in self._unended(base):
                seen.setdefault(more.words, more)
        return tuple(seen.values())

    def ending_cue(self, text: str) -> str | None:
        """What a written word's ending or joined prefix says of a name that no list has."""
        return next((base.cue for base in self.bases(text) if base.cue and len("".join(base.words)) > _MIN_STEM), None)

    def in_dictionary(self, text: str) -> bool:
        """Whether the language's dictionary has the word; where there is no dictionary, False."""
        return self._has_dictionary and bool(simplemma.is_known(text, lang=self.language))

    def is_region(self, words: tuple[str, ...]) -> bool:
        """Whether folded words name a region of the overlay or a country."""
        return words in self._overlay or words in self.countries.names

    def is_adjective(self, word: str) -> bool:
        """Whether a folded word is made of a country's name ("syrian")."""
        return self.countries.of_word(word) is not None

    def _unprefixed(self, base: Base) -> Sequence[Base]:
        first = base.words[0]
        return [
            Base((new + first[len(old) :], *base.words[1:]), base.cost + 0.5, cue)
            for old, new, cue in self.spelling.prefixes
            if first.startswith(old) and len(first) - len(old) >= _MIN_STEM - 1 and first != new + first[len(old) :]
        ]

    def _unended(self, base: Base) -> Sequence[Base]:
        last = base.words[-1]
        return [
            Base((*base.words[:-1], last[: len(last) - len(old)] + new), base.cost + 0.5, cue or base.cue)
            for old, new, cue in self.spelling.endings
            if last.endswith(old) and len(last) - len(old) >= _MIN_STEM
        ]

    def _first(self, text: str) -> tuple[tuple[Base, bool], ...]:
        """The forms of a word with which some name begins, with whether longer names begin so."""
        found = []
        for base in self.bases(text):
            hit = self.gazetteer.find(base.words)
            goes_on = hit.continues or base.words in self._beginnings
            if goes_on or hit.entries or base.words in self._overlay or base.words in self.countries.names:
                found.append((base, goes_on))
        return tuple(found)

    def candidates(self, base: Base) -> list[Candidate]:
        """All that the words of `base` may name: overlay and country before GeoNames."""
        words, cost, cue = base
        place = self._overlay.get(words)
        if place is not None:
            return [Candidate(None, place, place.country, cost, cue)]
        code = self.countries.names.get(words)
        if code is not None:
            return [Candidate(None, self._country_places[code], code, cost, cue)]
        codes = alpha3_of()
        return [
            Candidate(n, None, codes.get(self.gazetteer.country(n)), cost, cue)
            for n in self.gazetteer.find(words).entries
        ]

    def match(self, texts: Sequence[str], joins: Sequence[bool]) -> Match | None:
        """The longest name at the start of `texts` (the words from a token on, hyphens among them).

        `joins[i]` tells whether `texts[i]` is a mark that may stand inside a name (a hyphen without blanks).
        """
        best: Match | None = None
        beam = self.first(texts[0])
        for index, text in enumerate(texts):
            if joins[index]:
                continue
            if index:
                beam = self._extend(beam, text)
            if not beam:
                break
            found = [c for base, _ in beam for c in self.candidates(base)]
            if found:
                best = Match(index + 1, tuple(sorted(found, key=lambda c: c.cost)))
        return best

    def _extend(self, beam: Sequence[tuple[Base, bool]], text: str) -> tuple[tuple[Base, bool], ...]:
        longer = []
        for base, goes_on in beam:
            if goes_on:
                for more in self.bases(text):
                    words = base.words + more.words
                    hit = self.gazetteer.find(words)
                    onward = hit.continues or words in self._beginnings
                    if onward or hit.entries or words in self._overlay or words in self.countries.names:
                        longer.append((Base(words, base.cost + more.cost, more.cue or base.cue), onward))
        return tuple(longer[:_BEAM])

    def place(self, candidate: Candidate) -> Place:
        """The place that a candidate stands for."""
        if candidate.place is not None:
            return candidate.place
        assert candidate.number is not None
        entry = self.gazetteer.entry(candidate.number)
        return Place(
            entry.name,
            entry.geoname_id,
            candidate.country,
            entry.lat,
            entry.lon,
            PlacePrecision.CITY,
            entry.population,
        )

    def population(self, candidate: Candidate) -> int:
        """Inhabitants of a city, 0 for regions and countries."""
        return 0 if candidate.number is None else self.gazetteer.population(candidate.number)

    def groups_in(self, tokens: Sequence[Token]) -> Iterator[Group]:
        """The named groups among these tokens, in order."""
        for index, token in enumerate(tokens):
            if token.kind == WORD:
                found = self.group_at(tokens, index)
                if found is not None:
                    yield found[0]

    def group_at(self, tokens: Sequence[Token], index: int) -> tuple[Group, int] | None:
        """The longest group name that begins at a token, and one past its last token."""
        beam: list[tuple[str, ...]] = [()]
        best: tuple[Group, int] | None = None
        capitals = tokens[index].text[:2].isupper()
        for at in range(index, min(len(tokens), index + _MAX_GROUP_WORDS)):
            text = tokens[at].text
            if not text[0].isalnum():
                continue  # quotation marks, hyphens and slashes inside a name
            longer = [words + base.words for words in beam for base in self.bases(text)]
            for words in longer:
                group = self._groups.get(words)
                if group is not None and (capitals or not group.acronym):
                    best = group, at + 1
            beam = [words for words in longer if words in self._group_beginnings]
            if not beam:
                break
        return best


@cache
def _capitals(gazetteer: Gazetteer) -> Mapping[int, str]:
    """Entries of the gazetteer that are capitals, with the alpha-3 code of their country."""
    return {
        number: country.alpha3
        for country in all_countries().values()
        for number in gazetteer.find(fold_words(country.capital)).entries[:1]
        if gazetteer.country(number) == country.alpha2
    }


@cache
def _country_places() -> Mapping[str, Place]:
    return {
        c.alpha3: Place(c.alpha2, c.geoname_id, c.alpha3, None, None, PlacePrecision.COUNTRY, c.population)
        for c in all_countries().values()
    }
