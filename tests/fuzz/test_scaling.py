"""Twice the input takes at most about twice the work, whatever strangers send: no path is quadratic.

Work is counted in lines of Python that run, which no load of the machine changes. What C code does (regular
expressions, the HTML cleaner) is not seen so, and is measured in processor time on inputs large enough for quadratic
work to take minutes.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from random import Random
from time import process_time
from types import FrameType
from typing import Any

import pytest

from agents.deduplicate.core import Deduplicator
from agents.extract.engine import shared_engine
from agents.poll.clean import line, to_body
from agents.poll.entry import Text
from agents.poll.formats.repair import mend
from agents.total.core import Totals
from streams import codec
from streams.records import EvacuationCount, RawArticle
from streams.stage import Message
from tests.fuzz import made
from tests.support.extraction import article
from tests.support.memory_state import MemoryState
from tests.unit.agents.total.extracted import count as figure
from tests.unit.agents.total.extracted import event, extracted, message

MOST_GROWTH = 2.5
"""Of work, for twice the input: twice, and what is read once more at a border."""

TEXTS: dict[str, Callable[[int], str]] = {
    "one word": lambda n: "x" * n * 5,
    "many words": lambda n: " ".join(f"w{i}" for i in range(n)),
    "many numbers": lambda n: "1,000 " * n,
    "number words": lambda n: "two hundred and " * n,
    "ranges": lambda n: "from 5 to 7 - " * n,
    "nested quotes": lambda n: "“he said ‘" * n,
    "unclosed brackets": lambda n: "(army " * n,
    "closed quotes": lambda n: "“the army said” " * n,
    "events": lambda n: "Rebels killed 12 people in Goma on Monday. " * n,
    "one long sentence of events": lambda n: "rebels killed 12 people in Goma and " * n,
    "counts": lambda n: "More than 300 people fled Sake, the mayor said. " * n,
    "one long sentence of counts": lambda n: "300 people fled Sake and " * n,
    "conditions": lambda n: "if not the army denied the attack, " * n,
    "names": lambda n: "Ministry of Defence of " * n,
    "stops": lambda n: ". " * n,
    "marks": lambda n: "a\u0301\u200d\u202e" * n,
}


def work(do: Callable[[], object]) -> int:
    """Lines of Python that run."""
    lines = count()

    def trace(frame: FrameType, happened: str, argument: Any) -> Any:
        next(lines)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        do()
    finally:
        sys.settrace(before)
    return next(lines)


def seconds(do: Callable[[], object]) -> float:
    """The least processor time of three tries."""

    def once() -> float:
        before = process_time()
        do()
        return process_time() - before

    return min(once() for _ in range(3))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_extraction(name: str, language: str) -> None:
    engine = shared_engine()
    once, twice = (article(TEXTS[name](n), language, "Title", "2024-05-14T09:00:00Z") for n in (100, 200))
    engine.extract(twice)  # words that were seen are remembered
    assert work(lambda: engine.extract(twice)) <= MOST_GROWTH * work(lambda: engine.extract(once)) + 1000


@pytest.mark.parametrize("name", TEXTS)
def test_duplicates(name: str) -> None:
    like = codec.from_object(made.article(Random(1), "en", "", "RawArticle"), RawArticle)

    def done(n: int) -> None:
        core, state = Deduplicator(3600), MemoryState()
        for offset in range(2):  # the second is compared with the first
            raw = replace(like, article_id=str(offset), body=TEXTS[name](n) + str(offset), url=None, guid=None)
            value = codec.encode(raw)
            core.process(
                Message(topic="t", partition=0, offset=offset, timestamp_ms=None, key=b"k", value=value), state
            )

    done(400)
    assert work(lambda: done(800)) <= MOST_GROWTH * work(lambda: done(400)) + 1000


@pytest.mark.parametrize("kind", ["one origin", "many origins", "many sources", "many events"])
def test_totals_of_one_article(kind: str) -> None:
    made_of: dict[str, Callable[[int], EvacuationCount]] = {
        "one origin": lambda i: figure(i),
        "many origins": lambda i: figure(i, origin=f"Place {i}"),
        "many sources": lambda i: figure(i, attribution=f"source {i}"),
    }

    def done(n: int) -> None:
        if kind == "many events":
            told = extracted("a", events=tuple(event(f"a-{i}", place=f"Place {i}") for i in range(n)))
        else:
            told = extracted("a", *(made_of[kind](i) for i in range(n)))
        Totals().process(message(told, 0), MemoryState())

    done(200)
    assert work(lambda: done(400)) <= MOST_GROWTH * work(lambda: done(200)) + 1000


PIECES = (
    *(
        "<a",
        "<a ",
        "<iframe ",
        "</object ",
        '<a "',
        "<![CDATA[&",
        "<!--&",
        "<!DOCTYPE &",
        "<!DOCTYPE [&",
        "&",
        "&#",
        "&amp;#",
    ),
    *(
        "<",
        ">",
        '"',
        "<b>",
        "</b>",
        "<p>",
        "<li>",
        "<br>",
        " ",
        "\n",
        "\u00a0",
        "\r",
        "x",
        "]]>",
        "&lt;a ",
        "<svg>",
        "<table>",
    ),
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("reader", ["body", "title", "mend"])
def test_markup(piece: str, reader: str) -> None:
    readers: dict[str, Callable[[str], object]] = {
        "body": lambda text: to_body(Text(value=text, html=True)),
        "title": lambda text: line(Text(value=text, html=False)),
        "mend": mend,
    }
    text = "<" + piece * (300_000 // len(piece))
    assert seconds(lambda: readers[reader](text)) < 1.5
