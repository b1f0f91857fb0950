"""Schemas: what is written fits what is published, and what was released; a change that breaks either is told."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import records, schemas
from streams.codec import encode
from streams.schemas import Schema, for_writers, json_schema, record_names
from tests.support.compatibility import breaking, breaking_topics, misfits
from tests.support.contract import RELEASED, TOPICS_FILE, topics_file
from tests.unit.streams.test_codec import few, of

FOLDERS = sorted(RELEASED.iterdir())
FILES = [path for folder in FOLDERS for path in sorted(folder.glob("*.json")) if path.name != TOPICS_FILE]
TOPICS_NOW = orjson.loads(topics_file())
TOTAL = json_schema("EvacuationTotal")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_records_keep_to_every_release(path: Path) -> None:
    assert path.stem in record_names(), f"{path.stem} is gone: keep its topic for its readers until they have moved"
    assert breaking(orjson.loads(path.read_bytes()), json_schema(path.stem)) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_topics_keep_to_every_release(folder: Path) -> None:
    released = orjson.loads((folder / TOPICS_FILE).read_bytes())
    assert breaking_topics(released, TOPICS_NOW) == []
    kept = {path.stem for path in FILES if path.parent == folder}
    assert kept >= {record for topic in released for record in topic["records"]}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "conflict.acts"}, "conflict.events is gone"),
        ({"key": "article id"}, "key of conflict.events was event id"),
        ({"partitions": 24}, "partitions of conflict.events was 12 and is 24"),
        ({"policy": "delete"}, "policy of conflict.events"),
        ({"retention_days": 7}, "conflict.events is kept for 7 days only"),
        ({"retention_days": None}, None),
        ({"purpose": "other words"}, None),
    ],
)
def test_a_topic_that_breaks_with_a_release_is_told(changes: dict[str, object], told: str | None) -> None:
    changed = [topic | changes if topic["name"] == "conflict.events" else topic for topic in TOPICS_NOW]
    found = breaking_topics(TOPICS_NOW, changed)
    assert len(found) == (told is not None)
    assert all(text.startswith(told or "") for text in found)


@pytest.mark.parametrize("name", record_names())
def test_schemas_are_schemas(name: str) -> None:
    for schema in (json_schema(name), for_writers(json_schema(name))):
        jsonschema.Draft202012Validator.check_schema(schema)


def part(schema: Schema, title: str = "EvacuationTotal") -> Schema:
    found: Schema = schema["$defs"][title]
    return found


def rename(schema: Schema) -> None:
    fields = part(schema)["properties"]
    fields["maximum"] = fields.pop("highest")
    part(schema)["required"] = ["maximum" if name == "highest" else name for name in part(schema)["required"]]


BREAKING: dict[str, tuple[Callable[[Schema], Any], str]] = {
    "a field goes": (lambda s: _without(s, "highest"), "highest of the record may be missing"),
    "an optional field goes": (lambda s: _without(s, "resets"), "resets of the record may be missing"),
    "a field is renamed": (rename, "maximum of the record may be missing"),
    "a field of a part goes": (lambda s: _without(s, "flow", "SourceFigure"), "flow of each of figures of the record"),
    "a type changes": (lambda s: _set(s, "articles", {"type": "string"}), "articles of the record may be string"),
    "a number may be broken": (lambda s: _set(s, "articles", {"type": "number"}), "may be number, not only integer"),
    "a text may be null": (lambda s: _set(s, "total_id", {"anyOf": [{"type": "string"}, {"type": "null"}]}), "be null"),
    "null is allowed no more": (lambda s: _set(s, "lowest", {"type": "integer"}), "lowest of the record may be null"),
    "a list becomes its entry": (
        lambda s: _set(s, "apart", {"$ref": "#/$defs/SourceFigure"}),
        "apart of the record may",
    ),
    "entries change type": (
        lambda s: _set(s, "new_sums", {"type": "object", "additionalProperties": {"type": "string"}}),
        "each entry of new_sums of the record may be string",
    ),
    "a word is new": (lambda s: part(s, "Term")["enum"].append("rescued"), "term of the record may be rescued"),
    "a word goes": (lambda s: part(s, "Term")["enum"].remove("refugee"), "term of the record may be refugee"),
    "a new field must be there": (
        lambda s: [_set(s, "new", {"type": "string"}), part(s)["required"].append("new")],
        "new of the record may be missing",
    ),
}


def _without(schema: Schema, name: str, title: str = "EvacuationTotal") -> None:
    definition = part(schema, title)
    del definition["properties"][name]
    definition["required"] = [other for other in definition["required"] if other != name]


def _set(schema: Schema, name: str, told: Schema) -> Schema:
    part(schema)["properties"][name] = told
    return told


@pytest.mark.parametrize(("change", "told"), BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_told(change: Callable[[Schema], Any], told: str) -> None:
    changed = copy.deepcopy(TOTAL)
    change(changed)
    assert any(told in text for text in breaking(TOTAL, changed)), breaking(TOTAL, changed)


HARMLESS: dict[str, tuple[str, Callable[[Schema], Any]]] = {
    "nothing": ("EvacuationTotal", lambda s: None),
    "a field with a default is new": ("EvacuationTotal", lambda s: _set(s, "new", {"type": "integer", "default": 0})),
    "a description changes": ("EvacuationTotal", lambda s: part(s).update(description="other words")),
    "fields change their order": (
        "EvacuationTotal",
        lambda s: part(s).update(properties=dict(reversed(part(s)["properties"].items()))),
    ),
    "an open vocabulary has a new word": (
        "DeadLetter",
        lambda s: part(s, "DeadReason")[schemas.OPEN_WORDS].append("out_of_luck"),
    ),
}


@pytest.mark.parametrize(("name", "change"), HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_change_is_none(name: str, change: Callable[[Schema], Any]) -> None:
    changed = copy.deepcopy(json_schema(name))
    change(changed)
    assert breaking(json_schema(name), changed) == []


def test_what_cannot_be_judged_is_not_passed_over() -> None:
    changed = copy.deepcopy(TOTAL)
    _set(changed, "total_id", {"type": "string", "pattern": "^[0-9a-f]{32}$"})
    with pytest.raises(ValueError, match="no rule to compare pattern"):
        breaking(TOTAL, changed)


@few
@given(st.data())
@pytest.mark.parametrize("name", ["EvacuationTotal", "Story", "DeadLetter"])
def test_no_record_is_refused_by_a_schema_that_it_is_said_to_fit(name: str, data: st.DataObject) -> None:
    """The comparison against a validator: any change of a schema, any record."""
    schema, changed = json_schema(name), copy.deepcopy(json_schema(name))
    definition = changed["$defs"][data.draw(st.sampled_from(sorted(changed["$defs"])))]
    if "properties" in definition:
        field = data.draw(st.sampled_from(sorted(definition["properties"])))
        types = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])
        definition["properties"][field] = {"type": data.draw(types)}
    elif "enum" in definition:
        definition["enum"].remove(data.draw(st.sampled_from(definition["enum"])))
    value = orjson.loads(encode(data.draw(of(getattr(records, name)))))
    if not jsonschema.Draft202012Validator(changed).is_valid(value):
        assert misfits(for_writers(schema), changed)
