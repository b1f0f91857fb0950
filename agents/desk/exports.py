"""What is shown, for programs: JSON, CSV and Atom. Pure: claims in, bytes out."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from xml.etree import ElementTree as Tree

import orjson

from agents.desk import wording
from agents.desk.cards import count_heading, web_address
from agents.desk.held import Claim, Held
from agents.desk.moments import instant
from agents.show import plain, toll_words
from streams.records import ConflictEvent, EvacuationCount

_ATOM: Final = "http://www.w3.org/2005/Atom"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection)."""

COLUMNS: Final = (
    "id",
    "kind",
    "type",
    "modality",
    "published",
    "found",
    "date",
    "country",
    "place",
    "lat",
    "lon",
    "actor",
    "target",
    "quantifier",
    "reported",
    "low",
    "high",
    "unit",
    "group",
    "flow",
    "destination",
    "casualties_and_items",
    "attribution",
    "source",
    "language",
    "quote",
    "url",
    "story",
    "confidence",
    "rule",
    "link",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A claim to tell: with the story that it belongs to, the title of its article, and its permanent link."""

    held: Held
    story_id: str | None
    title: str
    link: str


def as_json(rows: Iterable[Row]) -> bytes:
    """The records as they are on their topics, with `kind`, `story_id`, `title`, `found` and `link` beside."""
    return orjson.dumps({"records": [_object(row) for row in rows]}, option=orjson.OPT_APPEND_NEWLINE)


def _object(row: Row) -> dict[str, Any]:
    claim = row.held.claim
    beside = {
        "kind": _kind(claim),
        "story_id": row.story_id,
        "title": row.title,
        "found": instant(row.held.arrived),
        "link": row.link,
    }
    return beside | asdict(claim)


def as_csv(rows: Iterable[Row]) -> bytes:
    """A line a claim under `COLUMNS`, ended as RFC 4180 says; UTF-8 with the byte order mark that Excel asks for."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = _cells(row)
        writer.writerow([_harmless(cells.get(column)) for column in COLUMNS])
    return told.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    """The cell, with text that a spreadsheet would run as a formula put behind an apostrophe."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = plain(value)
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def _cells(row: Row) -> dict[str, object]:
    claim = row.held.claim
    common = {name: getattr(claim, name) for name in COLUMNS if hasattr(claim, name)}
    own: dict[str, object]
    if isinstance(claim, ConflictEvent):
        own = {"id": claim.event_id, "type": claim.sub_event_type.value, "casualties_and_items": toll_words(claim)}
    else:
        own = {"id": claim.count_id, "type": claim.term.value, "place": claim.origin, "date": claim.as_of}
    beside = {"kind": _kind(claim), "found": instant(row.held.arrived), "story": row.story_id, "link": row.link}
    return common | own | beside


def _kind(claim: Claim) -> str:
    return "event" if isinstance(claim, ConflictEvent) else "count"


def as_atom(rows: Sequence[Row], *, address: str, title: str) -> bytes:
    """An Atom feed (RFC 4287) of the claims; `address` is that of the feed itself."""
    Tree.register_namespace("", _ATOM)
    feed = Tree.Element(_tag("feed"))
    _add(feed, "id", address)
    _add(feed, "title", title)
    _add(feed, "link", rel="self", href=address)
    _add(feed, "updated", instant(max((row.held.arrived for row in rows), default=0)))
    _add(_add(feed, "author"), "name", "Frontwire")
    for row in rows:
        _entry(feed, row)
    told: bytes = Tree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return told


def _entry(feed: Tree.Element, row: Row) -> None:
    held, claim = row.held, row.held.claim
    entry = _add(feed, "entry")
    _add(entry, "id", f"urn:frontwire:{_kind(claim)}:{_xml(held.claim_id)}")
    _add(entry, "title", _xml(f"{headline(claim)}, {wording.told_words(claim)}"))
    _add(entry, "link", rel="alternate", href=row.link)
    if address := web_address(claim.url):
        _add(entry, "link", rel="via", href=_xml(address))
    _add(entry, "updated", instant(held.arrived))
    _add(entry, "published", instant(held.time))
    _add(entry, "category", term=wording.type_of(claim).value)
    summary = _add(entry, "summary", _xml(" – ".join(_summary(row))))
    if language := claim.language if claim.language.isalpha() else None:
        summary.set("{http://www.w3.org/XML/1998/namespace}lang", language)


def headline(claim: ConflictEvent | EvacuationCount) -> str:
    """The claim in a few words: `Armed clash, Kherson`."""
    if isinstance(claim, EvacuationCount):
        return ", ".join(filter(None, (count_heading(claim), plain(claim.origin))))
    return ", ".join(filter(None, (wording.name_of(claim.sub_event_type), plain(claim.place), toll_words(claim))))


def _summary(row: Row) -> Iterator[str]:
    yield f"“{plain(row.held.claim.quote)}”"
    yield ": ".join(filter(None, (plain(row.held.claim.source), plain(row.title))))


def _add(parent: Tree.Element, name: str, text: str | None = None, **attributes: str) -> Tree.Element:
    child = Tree.SubElement(parent, _tag(name), attributes)
    child.text = text
    return child


def _tag(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _xml(text: str) -> str:
    """The text without what XML 1.0 cannot hold: lone surrogates and the two non-characters of the first plane."""
    return "".join(c for c in plain(text) if not ("\ud800" <= c <= "\udfff" or c in "\ufffe\uffff"))
