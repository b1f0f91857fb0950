"""Regions and contested names that GeoNames' list of cities lacks (`packs/places.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.extract.countries import all_countries, alpha3_of
from agents.extract.fold import fold_words
from agents.extract.place_spelling import PlaceDataError
from streams.vocabulary import PlacePrecision

_FILE: Final = Path(__file__).parent / "packs" / "places.toml"


@dataclass(frozen=True, slots=True)
class Place:
    """A known place. `country` is ISO 3166-1 alpha-3; `geoname_id` None for places of our own overlay."""

    name: str
    geoname_id: int | None
    country: str | None
    lat: float | None
    lon: float | None
    precision: PlacePrecision
    population: int


@cache
def overlay() -> Mapping[tuple[str, ...], Place]:
    """The places of the overlay by folded words."""
    return read_overlay(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def read_overlay(table: Mapping[str, Any]) -> Mapping[tuple[str, ...], Place]:
    """Places by folded words out of `[[place]]` tables: name, country, lat, lon, precision, spellings.

    Raises:
        PlaceDataError: an entry lacks a key, or its country or precision is none.
    """
    codes = {*alpha3_of().values(), ""}
    places: dict[tuple[str, ...], Place] = {}
    for row in table.get("place", ()):
        try:
            place = _place(row)
        except (KeyError, ValueError) as error:
            raise PlaceDataError(f"packs/places.toml: {row.get('name')} lacks or misspells {error}.") from None
        if row["country"] not in codes:
            raise PlaceDataError(f"packs/places.toml: {place.name} has country {row['country']!r}, no alpha-3 code.")
        for spelling in (place.name, *row.get("spellings", ())):
            places[fold_words(spelling)] = place
    return places


def _place(row: Mapping[str, Any]) -> Place:
    precision = PlacePrecision(row["precision"])
    return Place(row["name"], row.get("geoname_id"), row["country"] or None, row["lat"], row["lon"], precision, 0)


@cache
def country_places() -> Mapping[str, Place]:
    """Each country as a place, by alpha-3 code; its middle is not known."""
    return {
        c.alpha3: Place(c.alpha2, c.geoname_id, c.alpha3, None, None, PlacePrecision.COUNTRY, c.population)
        for c in all_countries().values()
    }
