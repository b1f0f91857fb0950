"""What happened where: countries and places with how many claims, on the map's plane."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from agents.desk.projection import Point, Window, project, window
from agents.desk.store import Held
from agents.desk.wording import country_name
from agents.show import plain
from streams.records import ConflictEvent
from streams.vocabulary import PlacePrecision

_MOST_DOTS: Final = 250
_MOST_LABELS: Final = 9
_SHADES: Final = (1, 4, 16)
_EXACT: Final = (PlacePrecision.POINT, PlacePrecision.CITY, PlacePrecision.REGION)


@dataclass(frozen=True, slots=True)
class Dot:
    """A place: how many claims of a kind (`event`, `count`) it has, and its circle in map coordinates."""

    kind: str
    name: str
    country: str
    claims: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Label:
    """A place's name beside its dot."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Country:
    """A country with claims: its alpha-3 code, its English name, how many, and its shade, 1 to 3."""

    code: str
    name: str
    claims: int
    shade: int


@dataclass(frozen=True, slots=True)
class Atlas:
    """One map. `letter` is the size of its labels in map units; `unplaced` counts claims without country or place."""

    window: Window
    countries: tuple[Country, ...]
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    letter: float
    unplaced: int


def atlas(claims: Iterable[Held]) -> Atlas:
    """The map of these claims."""
    by_country: Counter[str] = Counter()
    by_place: Counter[tuple[float, float, str]] = Counter()
    names: dict[tuple[float, float, str], tuple[str, str]] = {}
    unplaced = 0
    for held in claims:
        claim = held.claim
        kind, name = ("event", claim.place) if isinstance(claim, ConflictEvent) else ("count", claim.origin)
        if claim.country:
            by_country[claim.country] += 1
        if claim.lat is not None and claim.lon is not None and claim.place_precision in _EXACT:
            spot = (round(claim.lat, 1), round(claim.lon, 1), kind)
            by_place[spot] += 1
            names.setdefault(spot, (plain(name), claim.country or ""))
        elif not claim.country:
            unplaced += 1
    spots = by_place.most_common(_MOST_DOTS)
    shown = window(project(lat, lon) for (lat, lon, _), _ in spots)
    dots = tuple(_dot(spot, number, names[spot], shown) for spot, number in spots)
    countries = tuple(_country(code, number) for code, number in by_country.most_common())
    letter = shown.width / 46
    return Atlas(shown, countries, dots, _labels(dots, letter, shown), round(letter, 1), unplaced)


def _country(code: str, claims: int) -> Country:
    return Country(plain(code), country_name(code), claims, sum(claims >= shade for shade in _SHADES))


def _dot(spot: tuple[float, float, str], claims: int, told: tuple[str, str], shown: Window) -> Dot:
    lat, lon, kind = spot
    x, y = project(lat, lon)
    radius = shown.width * min(0.028, 0.0055 + 0.0022 * claims**0.5)
    return Dot(kind, told[0], told[1], claims, round(x, 1), round(y, 1), round(radius, 2))


def _labels(dots: Sequence[Dot], letter: float, shown: Window) -> tuple[Label, ...]:
    """The names of the largest places, as far as they do not lie over one another."""
    taken: list[tuple[Point, Point]] = []
    labels: list[Label] = []
    for dot in dots:
        if not dot.name or len(labels) == _MOST_LABELS or dot.name in {label.name for label in labels}:
            continue
        left, base = dot.x + dot.radius + letter * 0.3, dot.y + letter * 0.35
        box = ((left, base - letter), (left + 0.6 * letter * len(dot.name), base + 0.3 * letter))
        if box[1][0] < shown.x + shown.width and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            labels.append(Label(dot.name, round(left, 1), round(base, 1)))
    return tuple(labels)


def _overlap(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    (left, top), (right, bottom) = one
    (left2, top2), (right2, bottom2) = other
    return left < right2 and left2 < right and top < bottom2 and top2 < bottom
