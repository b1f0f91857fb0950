"""How many pods, and how large, for so many articles a second: the figures that the README measured, and arithmetic."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streams.kafka.roles import ROLES
from streams.settings import load
from streams.topics import TOPIC
from streams.vocabulary import Stage

README: Final = Path(__file__).parents[2] / "README.md"
RATES: Final = (1, 10, 50, 200)
"""Articles a second that the table tells of."""

BUSY: Final = 0.5
"""Share of a processor that a pod uses in the mean: the other half takes peaks, and catches up after an outage."""
LARGEST: Final = 0.35
"""Share of the articles that the pod of `deduplicate` with the commonest language gets, at least."""
_MIB: Final = 1024 * 1024
_BASE: Final = {Stage.POLL: 512, Stage.DEDUPLICATE: 256, Stage.EXTRACT: 640, Stage.TOTAL: 1280}
"""MiB that a pod needs whatever comes: 252 MiB measured for 5,000 feeds, the packs of all languages in 194 MB, 0.8 GB
for the 50,000 newest articles of `total`; each with room for the process itself and as much again for what grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was measured: seconds of processor time an article; bytes that `deduplicate` keeps for one of its window in
    memory and on disk, and seconds to take it into memory at a start."""

    seconds: Mapping[Stage, float]
    resident: int
    on_disk: int
    opening: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a role needs: pods, processor cores in all, MiB of memory and of disk each, and the seconds in which a start
    takes the window into memory."""

    pods: int
    cores: float
    memory: int
    disk: int
    opening: int


def measured(text: str | None = None) -> Costs:
    """The figures in the README's table "Measured".

    Raises:
        ValueError: the README tells one of them in other words than this reads.
    """
    text = README.read_text("utf-8") if text is None else text
    row = _found(r"\| processor time per 1,000 articles[^|]*\|([^|]*)\|", text)
    held = _found(r"\| the same with 1,000,000: resident and on disk an article[^|]*\|([^|]*)\|", text)
    seconds = {stage: float(_found(rf"{stage} ([0-9.]+) s", row)) / 1000 for stage in ROLES}
    resident, on_disk = int(_found(r"([0-9]+) B and", held)), int(_found(r"and ([0-9]+) B", held))
    opening = float(_found(r"; ([0-9.]+) s", held)) / 1_000_000
    return Costs(seconds=seconds, resident=resident, on_disk=on_disk, opening=opening)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"the README's measured figures lack {pattern!r}; the sizes of the chart follow from them")
    return found[1]


def size(stage: Stage, rate: float, costs: Costs) -> Size:
    """What a role needs for `rate` articles a second."""
    most = TOPIC[ROLES[stage].source].partitions
    cores = rate * costs.seconds[stage]
    least = 1 if rate <= 1 else 2
    pods = min(most, max(least, math.ceil(cores / BUSY)))
    window = rate * load({}).duplicate_window if stage is Stage.DEDUPLICATE else 0
    share = max(LARGEST, 1 / pods)
    memory = _BASE[stage] + window * share * costs.resident / _MIB
    # Twice: SQLite writes its log beside the table before it replaces pages.
    disk = 512 + 2 * window * share * costs.on_disk / _MIB
    opening = math.ceil(window * share * costs.opening)
    return Size(pods=pods, cores=cores, memory=_round(memory), disk=_round(disk), opening=opening)


def _round(mib: float) -> int:
    return math.ceil(mib / 128) * 128


def table() -> Iterator[tuple[str, ...]]:
    """The rows of the table in the chart's README, the head first."""
    costs = measured()
    yield (
        "articles/s",
        "a day",
        *(f"`{stage}`: pods, cores, memory" for stage in ROLES),
        "`deduplicate`: disk, start",
    )
    for rate in RATES:
        sizes = {stage: size(stage, rate, costs) for stage in ROLES}
        cells = (f"{one.pods}, {one.cores:.2f}, {_told(one.memory)}" for one in sizes.values())
        held = sizes[Stage.DEDUPLICATE]
        yield (str(rate), f"{rate * 86400:,}", *cells, f"{_told(held.disk)}, {held.opening} s")


def _told(mib: int) -> str:
    return f"{mib} MiB" if mib < 4096 else f"{mib / 1024:.0f} GiB"


def limits() -> Iterator[tuple[str, ...]]:
    """How much each role can do with the partitions that the topics have, the head first."""
    costs = measured()
    yield ("role", "partitions", "articles/s of one pod, all busy", "of all pods, half busy")
    for stage, role in ROLES.items():
        partitions, one = TOPIC[role.source].partitions, 1 / costs.seconds[stage]
        yield (f"`{stage}`", f"{partitions} of `{role.source}`", f"{one:.0f}", f"{partitions * BUSY * one:.0f}")
