"""The parser path over public feeds: feedparser's own 2,106 test files with their expectations, and 60 real bodies.

The floors only rise.
"""

import io
import re
import warnings
from pathlib import Path

import feedparser
import pytest

from agents.poll.entry import Entry
from agents.poll.jobs import Job, work
from tests.support.feedparser_corpus import CORPUS, answer, cases, entries, equalities, holds

REAL = CORPUS.parent / "real"
HELD_FLOOR = 0.985
COMPARED_FLOOR = 820
UNSAFE = re.compile(
    r"<\s*(?:script|style|iframe|object|embed|form|meta|link)\b|\son\w+\s*=|javascript\s*:", re.IGNORECASE
)

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/feeds/feedparser is not here")
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/feeds/real is not here")


@needs_corpus
def test_entries_hold_what_feedparsers_files_expect() -> None:
    held, missed = 0, []
    for case in cases():
        found = entries(case)
        for equality in equalities(case):
            shown = holds(case, equality, found)
            held += shown is True
            if shown is False:
                missed.append(f"{case.path.relative_to(CORPUS)} {equality.keys}: {equality.expected!r}"[:200])
    compared = held + len(missed)
    assert compared >= COMPARED_FLOOR
    assert held / compared >= HELD_FLOOR, "\n".join(missed)


@needs_corpus
def test_no_file_breaks_the_parser() -> None:
    failed = [f"{case.path.relative_to(CORPUS)}: {why}" for case in cases() if (why := answer(case).failed)]
    assert failed == []


@needs_corpus
def test_nothing_unsafe_comes_out_of_the_sanitising_files() -> None:
    sanitising = [case for case in cases() if "sanitize" in case.path.parts]
    assert len(sanitising) > 500
    unsafe = [
        f"{case.path.name}: {html}" for case in sanitising for html in _htmls(entries(case)) if UNSAFE.search(html)
    ]
    assert unsafe == []


def _htmls(found: tuple[Entry, ...]) -> list[str]:
    return [entry.html for entry in found if entry.html]


@needs_real
@pytest.mark.parametrize("path", sorted(REAL.glob("*")) if REAL.is_dir() else [], ids=lambda path: path.name)
def test_every_entry_of_a_real_body_comes_out(path: Path) -> None:
    body = path.read_bytes()
    read = work(Job(body=body, content_type="", url="https://example.org/feed", page=False, seconds=60)).feed
    assert read is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = feedparser.parse(io.BytesIO(body)).entries
    assert len(read.entries) == len(expected)
    assert all(entry.title or entry.body for entry in read.entries)
    assert all(entry.url for entry in read.entries)
