"""What happened where: countries and places with how many claims, on the map's plane."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.desk.held import Claim, Held, Spot
from agents.desk.projection import Point, Window, project, window
from agents.desk.wording import country_name
from agents.show import plain
from streams.records import ConflictEvent

_MOST_DOTS: Final = 250
_MOST_LABELS: Final = 9
_SHADES: Final = (1, 4, 16)


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


def atlas(claims: Sequence[Held]) -> Atlas:
    """The map of these claims, the latest first."""
    by_country = Counter(held.claim.country for held in claims)
    by_place = Counter(held.spot for held in claims)
    unplaced = sum(held.spot is None and held.claim.country is None for held in claims)
    names = {held.spot: held.claim for held in reversed(claims)}
    del by_country[None], by_place[None]
    spots = [(spot, number) for spot, number in by_place.most_common(_MOST_DOTS) if spot]
    shown = window(project(lat, lon) for (lat, lon, _), _ in spots)
    dots = tuple(_dot(spot, number, names[spot], shown) for spot, number in spots)
    countries = tuple(_country(code, number) for code, number in by_country.most_common() if code)
    letter = shown.width / 46
    return Atlas(shown, countries, dots, _labels(dots, letter, shown), round(letter, 1), unplaced)


def _country(code: str, claims: int) -> Country:
    return Country(plain(code), country_name(code), claims, sum(claims >= shade for shade in _SHADES))


def _dot(spot: Spot, claims: int, latest: Claim, shown: Window) -> Dot:
    lat, lon, kind = spot
    x, y = project(lat, lon)
    name = latest.place if isinstance(latest, ConflictEvent) else latest.origin
    radius = shown.width * min(0.028, 0.0055 + 0.0022 * claims**0.5)
    return Dot(kind, plain(name), latest.country or "", claims, round(x, 1), round(y, 1), round(radius, 2))


def _labels(dots: Sequence[Dot], letter: float, shown: Window) -> tuple[Label, ...]:
    """The names of the largest places, as far as they do not lie over one another."""
    taken: list[tuple[Point, Point]] = []
    labels: list[Label] = []
    for dot in dots:
        if not dot.name or len(labels) == _MOST_LABELS or dot.name in {label.name for label in labels}:
            continue
        left, base = dot.x + dot.radius + letter * 0.3, dot.y + letter * 0.35
        box = ((left, base - letter), (left + letter * (0.66 * len(dot.name) + 0.5), base + 0.3 * letter))
        if box[1][0] < shown.x + shown.width and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            labels.append(Label(dot.name, round(left, 1), round(base, 1)))
    return tuple(labels)


def _overlap(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    (left, top), (right, bottom) = one
    (left2, top2), (right2, bottom2) = other
    return left < right2 and left2 < right and top < bottom2 and top2 < bottom
