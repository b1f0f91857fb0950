"""From degrees to the plane of the desk's map, and back to a window on it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_UNITS_PER_DEGREE: Final = 10.0
_NORTH, _SOUTH = 84.0, -57.0
_WEST_EDGE: Final = -168.3
"""The map begins in the Bering Strait, so that Asia is whole."""
_LEAST_WIDTH: Final = 260.0
"""The closest that the map looks: 26 degrees, so that a reader sees where on earth it is."""
_MARGIN: Final = 0.18
_SHAPE: Final = 1.9
"""Width over height of every window."""

Point = tuple[float, float]


def project(lat: float, lon: float) -> Point:
    """Map coordinates, x to the east and y to the south, of a place in degrees.

    The Patterson cylindrical projection (Patterson, Savric and Jenny 2015): little stretch towards the poles and no
    shear, so that a close look at any region keeps its shape.
    """
    phi = math.radians(max(-90.0, min(90.0, lat)))
    y = 1.0148 * phi + 0.23185 * phi**5 - 0.14499 * phi**7 + 0.02406 * phi**9
    return _UNITS_PER_DEGREE * (lon + 360 if lon < _WEST_EDGE else lon), -_UNITS_PER_DEGREE * math.degrees(y)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the map that is shown, in map coordinates."""

    x: float
    y: float
    width: float
    height: float

    @property
    def view_box(self) -> str:
        """As an SVG's `viewBox` takes it."""
        return f"{self.x:.1f} {self.y:.1f} {self.width:.1f} {self.height:.1f}"


def _world() -> Window:
    top, bottom = project(_NORTH, 0)[1], project(_SOUTH, 0)[1]
    return Window(_WEST_EDGE * _UNITS_PER_DEGREE, top, 360 * _UNITS_PER_DEGREE, bottom - top)


WORLD: Final = _world()
"""All land but the Antarctic."""


def window(points: Iterable[Point]) -> Window:
    """The smallest window of the map's shape that shows all points with a margin; the world for none."""
    places = list(points)
    if not places:
        return WORLD
    left, right = min(x for x, _ in places), max(x for x, _ in places)
    top, bottom = min(y for _, y in places), max(y for _, y in places)
    width = max((right - left) * (1 + 2 * _MARGIN), (bottom - top) * (1 + 2 * _MARGIN) * _SHAPE, _LEAST_WIDTH)
    width = min(width, WORLD.width)
    height = min(width / _SHAPE, WORLD.height)
    x = _within((left + right - width) / 2, WORLD.x, WORLD.x + WORLD.width - width)
    y = _within((top + bottom - height) / 2, WORLD.y, WORLD.y + WORLD.height - height)
    return Window(x, y, width, height)


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
