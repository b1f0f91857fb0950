"""What one article costs the extraction in calls and memory: counts, the same on every machine, under load or not.

    .venv/bin/python -m tests.bench.cost

The articles are `tests/bench/articles.jsonl`: two of about 300 words for each language, put together once from texts of
`tests/corpus` and not renewed with them. `bounds.toml` holds what they may cost; `tests/unit` holds the engine to it.
"""

import json
import sys
import tomllib
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from agents.extract.batch import article_of
from agents.extract.engine import Engine, shared_engine
from streams.records import Article

_FOLDER: Final = Path(__file__).parent
BOUNDS: Final = tomllib.loads((_FOLDER / "bounds.toml").read_text(encoding="utf-8"))
"""`calls` an article, and `kilobytes` that one needs beside what it gives back."""


def articles() -> list[Article]:
    """The fixed articles."""
    lines = (_FOLDER / "articles.jsonl").read_bytes().splitlines()
    return [article_of(line) for line in lines]


def calls(engine: Engine, made: Sequence[Article]) -> float:
    """Calls of functions, ours and the interpreter's, for one article of these; the caches must be warm."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        for article in made:
            engine.extract(article)
    finally:
        sys.setprofile(before)
    return count / len(made)


def kilobytes(engine: Engine, made: Sequence[Article]) -> float:
    """The most memory that one article of these takes while it is read; the caches must be warm."""
    most = 0
    tracemalloc.start()
    try:
        for article in made:
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
            engine.extract(article)
            most = max(most, tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    return most / 1024


def costs() -> dict[str, float]:
    """What the fixed articles cost in a second round over them."""
    engine, made = shared_engine(), articles()
    for article in made:
        engine.extract(article)
    return {"calls": calls(engine, made), "kilobytes": kilobytes(engine, made)}


def main() -> None:
    """Print what the articles cost, and what they may."""
    found = costs()
    print(json.dumps({name: {"now": round(value), "bound": BOUNDS[name]} for name, value in found.items()}))


if __name__ == "__main__":
    main()
