"""Small plots as SVG geometry: numbers in, coordinates out. Templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar a value, as an SVG path; `highest` is the value of a bar of full height."""

    path: str
    width: int
    height: int
    highest: int


def bars(values: Sequence[int], *, step: int = 4, height: int = 36) -> Bars:
    """Bars of equal width side by side."""
    highest = max(values, default=0)
    drawn = []
    for at, value in enumerate(values):
        tall = max(1.0, height * value / highest) if value else 0
        if tall:
            drawn.append(f"M{at * step} {height}v-{tall:.1f}h{step - 1}v{tall:.1f}z")
    return Bars("".join(drawn), step * len(values), height, highest)


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` (ms since 1970) on, the range is `low` to `high`; `told` is the figure that came, None if it has no
    number."""

    at: int
    low: int | None
    high: int | None
    told: int | None


@dataclass(frozen=True, slots=True)
class Range:
    """A range over time: `band` is the area between lowest and highest, `top` the line of the highest, `dots` the
    figures told. `begin` and `end` in ms since 1970, `highest` the value at the upper edge."""

    band: str
    top: str
    dots: tuple[tuple[float, float], ...]
    width: int
    height: int
    begin: int
    end: int
    highest: int


def range_plot(steps: Sequence[Step], *, width: int = 260, height: int = 64) -> Range | None:
    """The steps as a range over time from zero; None unless there are two moments and two numbers."""
    numbers = [n for step in steps for n in (step.low, step.high, step.told) if n is not None]
    moments = sorted({step.at for step in steps})
    if len(moments) < 2 or len(set(numbers)) < 2:
        return None
    begin, end, highest = moments[0], moments[-1], max(numbers)

    def x(at: int) -> float:
        return round(4 + (width - 8) * (at - begin) / (end - begin), 1)

    def y(value: int) -> float:
        return round(4 + (height - 8) * (1 - value / highest), 1)

    known = [(step.at, step.low or 0, step.high) for step in sorted(steps, key=lambda s: s.at) if step.high is not None]
    upper = _stairs([(x(at), y(high)) for at, _, high in known], x(end))
    lower = _stairs([(x(at), y(low)) for at, low, _ in known], x(end))
    dots = tuple((x(step.at), y(step.told)) for step in steps if step.told is not None)
    return Range(_line([*upper, *reversed(lower)]), _line(upper), dots, width, height, begin, end, highest)


def _stairs(points: Sequence[tuple[float, float]], last: float) -> list[tuple[float, float]]:
    """Each value holds until the next one comes."""
    made: list[tuple[float, float]] = []
    for x, y in points:
        if made:
            made.append((x, made[-1][1]))
        made.append((x, y))
    return [*made, (last, made[-1][1])] if made else []


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""
