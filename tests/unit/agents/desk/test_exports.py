"""What is shown, for programs."""

import csv
import io
from typing import Any
from xml.etree import ElementTree as Tree

import orjson

from agents.desk.exports import COLUMNS, Row, as_atom, as_csv, as_json
from agents.desk.filters import Filter
from agents.desk.pages import rows
from agents.desk.store import Store
from streams.codec import from_object
from streams.records import ConflictEvent, EvacuationCount
from tests.support.desk import NOW, article, count, event, message, story

ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = '=HYPERLINK("http://evil.example","x")'


def made(**changes: Any) -> list[Row]:
    store = Store(100, 10**12)
    told = article()
    for record in (told, event(told, **changes), count(told, "Nobody answered"), story(told)):
        assert store.apply(message(record))
    return rows(store, Filter(), NOW, "http://localhost:9460")


def cells(told: list[Row]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(told).decode("utf-8-sig"), newline="")))


def test_json_holds_the_records_as_they_are() -> None:
    first, second = orjson.loads(as_json(made()))["records"]
    told = article()
    assert from_object(first, ConflictEvent) == event(told)
    assert from_object(second, EvacuationCount) == count(told, "Nobody answered")
    assert first["link"] == f"http://localhost:9460/record/{first['event_id']}"
    assert first["story_id"] == story(told).story_id


def test_csv_has_a_line_a_claim() -> None:
    first, second = cells(made(attribution='The "Army", north'))
    assert tuple(first) == COLUMNS
    assert (first["kind"], first["type"], first["lat"]) == ("event", "shelling_artillery_missile_attack", "46.64")
    assert first["attribution"] == 'The "Army", north'
    assert (second["kind"], second["quantifier"], second["reported"], second["place"]) == (
        "count",
        "more_than",
        "2000",
        "Goma",
    )


def test_no_cell_is_a_formula() -> None:
    for start in ("=", "+", "-", "@", "\t=", "\r\n=", " =", "\u202e=", "＝"):
        for cell in cells(made(actor=f"{start}1+1", place=EVIL, lon=-1.5))[0].values():
            assert not cell.startswith(("=", "+", "@", "＝", "\t", "\r"))
            assert not cell.startswith("-") or cell == "-1.5"


def test_atom_is_a_feed_with_an_entry_a_claim() -> None:
    told = made(actor="A\x00B<script>", place="Kherson & all", url="javascript:alert(1)")
    feed = Tree.fromstring(as_atom(told, address="http://localhost:9460/records.atom", title="T"))
    first, second = feed.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title") == "Shelling or missile attack, Kherson & all, told by Daily"
    assert [link.get("rel") for link in first.findall(f"{ATOM}link")] == ["alternate"]
    assert [link.get("rel") for link in second.findall(f"{ATOM}link")] == ["alternate", "via"]
    ids = [entry.findtext(f"{ATOM}id") for entry in (first, second)]
    assert len(set(ids)) == 2
    assert feed.findtext(f"{ATOM}updated") == "2023-11-14T22:13:20Z"
