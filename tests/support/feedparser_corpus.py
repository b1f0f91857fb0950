"""feedparser's own test files, their expectations read and held against our published entries.

Each file states in a comment what feedparser should find, as a Python expression. Of those expressions the equalities
about entries are taken that a published record can show, and both sides are brought to the record's form: texts clean,
links canonical, dates as UTC instants.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from agents.poll.clean import line, to_body
from agents.poll.entry import Entry, Text
from agents.poll.jobs import Answer, Job, work
from streams.language import primary_subtag
from streams.urls import canonical_url

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "feeds" / "feedparser"
_EXPECT = re.compile(r"Expect:\s*(.*?)\n?-->", re.DOTALL)
_HEADER = re.compile(r"^\s*Header:\s*([\w-]+)\s*:\s*(.*?)\s*$", re.MULTILINE)
_WIDE = {b"\xff\xfe\0\0": "utf-32-le", b"\0\0\xfe\xff": "utf-32-be", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_WIDE |= {
    b"<\0\0\0": "utf-32-le",
    b"\0\0\0<": "utf-32-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
    b"Lo\xa7\x94": "cp037",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One file with what it expects and what it is served with."""

    path: Path
    body: bytes
    expression: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return self.headers.get("content-location", "http://127.0.0.1:8097/" + self.path.name)


@dataclass(frozen=True, slots=True)
class Equality:
    """`entries[index]` has at `keys` the value `expected`."""

    index: int
    keys: tuple[Any, ...]
    expected: Any


def cases() -> Iterator[Case]:
    """Every file of the corpus."""
    for path in sorted(CORPUS.rglob("*.xml")):
        body = path.read_bytes()
        text = _text(body)
        expression = found[1].strip() if (found := _EXPECT.search(text)) else ""
        headers = {name.lower(): value for name, value in _HEADER.findall(text[:3000])}
        yield Case(path, body, expression, headers)


def _text(body: bytes) -> str:
    encoding = next((name for mark, name in _WIDE.items() if body.startswith(mark)), "utf-8")
    return body.decode(encoding, "replace")


def equalities(case: Case) -> list[Equality]:
    """The `entries[...]... == constant` parts of the expectation, where all of its parts are joined by `and`."""
    try:
        tree = ast.parse(case.expression.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return []
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return [equality for part in parts if (equality := _equality(part)) is not None]


def _equality(node: ast.expr) -> Equality | None:
    if not (isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq)):
        return None
    keys: list[Any] = []
    place = node.left
    while isinstance(place, ast.Subscript | ast.Attribute):
        key = ast.Constant(place.attr) if isinstance(place, ast.Attribute) else place.slice
        if not isinstance(key, ast.Constant):
            return None
        keys.append(key.value)
        place = place.value
    if not (isinstance(place, ast.Name) and place.id == "entries" and keys and isinstance(keys[-1], int)):
        return None
    try:
        expected = ast.literal_eval(node.comparators[0])
    except ValueError:
        return None
    return Equality(keys[-1], tuple(reversed(keys[:-1])), expected)


def answer(case: Case) -> Answer:
    """What a parser process answers for the file."""
    content_type = case.headers.get("content-type", "")
    return work(Job(body=case.body, content_type=content_type, url=case.url, page=False, seconds=60))


def entries(case: Case) -> tuple[Entry, ...]:
    """What is published of the file; nothing for what is no feed."""
    feed = answer(case).feed
    return feed.entries if feed is not None else ()


def holds(case: Case, equality: Equality, found: tuple[Entry, ...]) -> bool | None:
    """Whether a published entry shows it; None where a record has no place for it."""
    entry = found[equality.index] if -len(found) <= equality.index < len(found) else None
    return _shows(case, equality.keys, equality.expected, entry)


def _shows(case: Case, keys: tuple[Any, ...], expected: Any, entry: Entry | None) -> bool | None:
    match keys:
        case ("title",) | ("title_detail", "value"):
            return entry is not None and expected_line(expected) == entry.title if expected else None
        case ("summary" | "description" | "subtitle",) | ("summary_detail" | "description_detail", "value"):
            return _is_body(expected, entry, "summary")
        case ("content", 0, "value"):
            return _is_body(expected, entry, "content")
        case ("link",):
            wanted = canonical_url(urljoin(case.url, expected))
            return entry is not None and entry.url == wanted if wanted else None
        case ("id" | "guid",):
            return entry is not None and entry.guid == expected if expected else None
        case ("tags", int(), "term") | ("category",) | ("categories", int(), 1):
            return entry is not None and expected_line(expected) in entry.categories if expected else None
        case ("author",):
            name = expected.partition(" (")[0]
            return entry is not None and bool({name, expected} & set(entry.authors)) if expected else None
        case ("author_detail", "name") | ("authors", int(), "name"):
            return entry is not None and expected_line(expected) in entry.authors if expected else None
        case (
            "published_parsed"
            | "updated_parsed"
            | "created_parsed"
            | "modified_parsed"
            | "date_parsed"
            | "issued_parsed",
        ):
            return _is_date(expected, entry)
        case ("title_detail" | "summary_detail" | "description_detail" | "content" as key, *_, "language"):
            source = key.removesuffix("_detail").replace("description", "summary")
            if entry is not None and entry.text_source != source:
                return None  # the record declares the language of the text that it took
            wanted = primary_subtag(expected)
            return entry is not None and entry.language_declared == wanted if wanted else None
        case _:
            return None


def expected_line(value: str) -> str:
    """A title or name that feedparser expects, as a record writes it."""
    return line(Text(value=value, html="<" in value or "&" in value))


def _is_body(expected: Any, entry: Entry | None, source: str) -> bool | None:
    """Texts and markup after the same cleaning; what was not the longest text has no place in a record."""
    if not isinstance(expected, str) or not expected:
        return None
    wanted, markup = to_body(Text(value=expected, html=True))
    plain, _ = to_body(Text(value=expected, html=False))
    if not wanted and not (markup or "").strip():
        return None
    if entry is None:
        return False
    shown = entry.body in (wanted, plain) if wanted else entry.html == markup
    return shown or (None if entry.text_source not in (source, "title") else False)


def _is_date(expected: Any, entry: Entry | None) -> bool | None:
    if not isinstance(expected, tuple) or len(expected) < 6 or expected[0] < 1990:
        return None
    year, month, day, hour, minute, second = expected[:6]
    return entry is not None and entry.published == f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
