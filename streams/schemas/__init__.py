"""JSON Schemas of the records, one file a record, for subscribers in any language.

They are made from `streams.records` by `tests/generate` and compared with it in a test. They are open: a reader
must pass over fields that it does not know.
"""

from dataclasses import fields, is_dataclass
from inspect import cleandoc
from typing import Any, Final

import msgspec
import orjson

from streams import records
from streams.topics import TOPICS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def record_names() -> list[str]:
    """Every record that travels on a topic, in alphabetical order."""
    return sorted({name for topic in TOPICS for name in topic.records if hasattr(records, name)})


def json_schema(name: str) -> dict[str, Any]:
    """The schema of one record of `streams.records` by its name.

    Our writers write every field, so every field is required.
    """
    kind = getattr(records, name)
    schema = msgspec.json.schema(kind)
    for title, definition in schema["$defs"].items():
        if "description" in definition:  # Python 3.13 takes the indentation out of docstrings, older ones do not
            definition["description"] = cleandoc(definition["description"])
        part = getattr(records, title, None)
        if isinstance(part, type) and is_dataclass(part):
            definition["required"] = [field.name for field in fields(part)]
    return {"$schema": DIALECT, "$id": f"{name}.json", **schema}


def schema_files() -> dict[str, bytes]:
    """File name and content of every schema."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return {f"{name}.json": orjson.dumps(json_schema(name), option=options) for name in record_names()}
