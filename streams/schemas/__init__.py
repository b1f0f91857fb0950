"""JSON Schemas of the records, one file a record, for subscribers in any language.

They are made from `streams.records` by `tests/generate` and compared with it in a test. The files are for readers, and
open: unknown fields pass, fields that came later than the first release may be missing, and words of vocabularies that
only operators look at may be new (`x-extensible-enum`). What our own writers write is narrower (`for_writers`): every
field, no other, known words alone. `released/` keeps the files of each release; what is written must fit all of them.
"""

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any, Final

import msgspec
import orjson

from streams import records
from streams.cloudevents import schema_uri
from streams.topics import TOPICS

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
OPEN_WORDS: Final = "x-extensible-enum"
"""Words to which more may come within a version."""

_OPEN_VOCABULARIES: Final = frozenset({"DeadReason", "DuplicateKind", "FeedStatus", "PollOutcome", "Stage"})
_PUBLIC: Final = frozenset(name for topic in TOPICS if not topic.internal for name in topic.records)


def record_names() -> list[str]:
    """Every record that travels on a topic, in alphabetical order."""
    return sorted({name for topic in TOPICS for name in topic.records if hasattr(records, name)})


def json_schema(name: str) -> Schema:
    """The schema for readers of one record of `streams.records` by its name.

    Required is what the codec requires: fields without a default.
    """
    schema = msgspec.json.schema(getattr(records, name))
    for title, definition in schema["$defs"].items():
        if "description" in definition:  # Python 3.13 takes the indentation out of docstrings, older ones do not
            definition["description"] = cleandoc(definition["description"])
        if title in _OPEN_VOCABULARIES and name in _PUBLIC:
            definition |= {"type": "string", OPEN_WORDS: definition.pop("enum")}
    return {"$schema": DIALECT, "$id": schema_uri(name), **schema}


def for_writers(schema: Mapping[str, Any]) -> Schema:
    """The same schema as our writers keep it: every field, no other, no word that is not listed."""
    return {**schema, "$defs": {title: _closed(one) for title, one in schema["$defs"].items()}}


def for_users_of_all(schema: Mapping[str, Any]) -> Schema:
    """The same schema as a reader keeps it that uses every field."""
    return {**schema, "$defs": {title: _complete(one) for title, one in schema["$defs"].items()}}


def _closed(definition: Schema) -> Schema:
    made = _complete(definition)
    if OPEN_WORDS in made:
        made["enum"] = made.pop(OPEN_WORDS)
    return {**made, "additionalProperties": False} if "properties" in made else made


def _complete(definition: Schema) -> Schema:
    return {**definition, "required": list(definition["properties"])} if "properties" in definition else {**definition}


def schema_files() -> dict[str, bytes]:
    """File name and content of every schema."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return {f"{name}.json": orjson.dumps(json_schema(name), option=options) for name in record_names()}
