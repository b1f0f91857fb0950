"""Whether records keep to the schemas of a release: what old readers read and what old writers wrote.

The schema of the dialect that `streams.schemas` writes is compared as a set of values: what a writer may write must lie
within what a reader may read. Both ways and with every release kept, that is what registries call FULL_TRANSITIVE: the
policy for readers whose upgrades we do not see, on topics that keep old records for ever.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from streams.schemas import OPEN_WORDS, Schema, for_users_of_all, for_writers

_SAYS_NOTHING: Final = frozenset({"$schema", "$id", "$defs", "title", "description", "default", OPEN_WORDS})
_KNOWN: Final = _SAYS_NOTHING | {
    "$ref",
    "additionalProperties",
    "anyOf",
    "enum",
    "items",
    "properties",
    "required",
    "type",
}


def breaking(released: Schema, current: Schema) -> list[str]:
    """What in the current schema of a record breaks with that of a release, in sentences; nothing if it may follow."""
    old_reads_new = misfits(for_writers(current), for_users_of_all(released))
    new_reads_old = misfits(for_writers(released), current)
    return [
        *(f"readers of the release cannot read what is written now: {text}" for text in old_reads_new),
        *(f"what the release wrote can be read no more: {text}" for text in new_reads_old),
    ]


def breaking_topics(released: Sequence[Mapping[str, Any]], current: Sequence[Mapping[str, Any]]) -> list[str]:
    """What in the current public topics breaks with those of a release, in sentences.

    A topic that is new is none. What is kept may only become more: longer, never under another policy.
    """
    now = {topic["name"]: topic for topic in current}
    found = [f"{topic['name']} is gone" for topic in released if topic["name"] not in now]
    for before in released:
        after = now.get(before["name"], before)
        changed = [name for name in ("records", "key", "partitions", "policy") if before[name] != after[name]]
        found += [f"{name} of {before['name']} was {before[name]} and is {after[name]}" for name in changed]
        if (after["retention_days"] or inf) < (before["retention_days"] or inf):
            found.append(f"{before['name']} is kept for {after['retention_days']} days only")
    return found


def misfits(written: Schema, read: Schema) -> list[str]:
    """How values of schema `written` may fall outside schema `read`, in words; nothing if none can.

    Raises:
        ValueError: a schema says something that this comparison has no rule for.
    """
    return list(dict.fromkeys(_Comparison(written["$defs"], read["$defs"]).misfits(written, read, "the record")))


@dataclass(frozen=True)
class _Comparison:
    written_parts: Mapping[str, Schema]
    read_parts: Mapping[str, Schema]

    def misfits(self, written: Schema, read: Schema, at: str) -> Iterator[str]:
        read_forms = list(_forms(read, self.read_parts))
        for form in _forms(written, self.written_parts):
            found = [list(self._form(form, other, at)) for other in read_forms]
            if all(found):
                # Of several forms none fits: what is wrong with one of the same type says most.
                same = [one for one, other in zip(found, read_forms, strict=True) if _type(other) == _type(form)]
                yield from (same or [[f"{at} may be {_named(form)}, not only {' or '.join(map(_named, read_forms))}"]])[
                    0
                ]

    def _form(self, written: Schema, read: Schema, at: str) -> Iterator[str]:
        if _type(written) != _type(read) and (_type(written), _type(read)) != ("integer", "number"):
            yield f"{at} may be {_named(written)}, not only {_named(read)}"
        elif "enum" in read:
            new = [word for word in written.get("enum", ("any text",)) if word not in read["enum"]]
            if new:
                yield f"{at} may be {', '.join(map(str, new))}"
        elif _type(written) == "array":
            yield from self.misfits(written.get("items", {}), read.get("items", {}), f"each of {at}")
        elif _type(written) == "object":
            yield from self._fields(written, read, at)

    def _fields(self, written: Schema, read: Schema, at: str) -> Iterator[str]:
        for name in read.get("required", ()):
            if name not in written.get("required", ()):
                yield f"{name} of {at} may be missing"
        for name, told in written.get("properties", {}).items():
            if (expected := read.get("properties", {}).get(name, read.get("additionalProperties", True))) is False:
                yield f"{name} of {at} is not expected"
            elif isinstance(expected, dict):
                yield from self.misfits(told, expected, f"{name} of {at}")
        more, most = written.get("additionalProperties", True), read.get("additionalProperties", True)
        if isinstance(more, dict) and isinstance(most, dict):
            yield from self.misfits(more, most, f"each entry of {at}")
        elif more is not False and most is not True:
            yield f"{at} may have any other field"


def _forms(schema: Schema, parts: Mapping[str, Schema]) -> Iterator[Schema]:
    """The schema without references, once for each type that it lets through."""
    if unknown := schema.keys() - _KNOWN:
        raise ValueError(f"there is no rule to compare {', '.join(sorted(unknown))}; add one to this module")
    if "$ref" in schema:
        yield from _forms(parts[schema["$ref"].removeprefix("#/$defs/")], parts)
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _forms(one, parts)
    else:
        yield schema


def _type(schema: Schema) -> str:
    return str(schema.get("type", "string" if "enum" in schema else "anything"))


def _named(schema: Schema) -> str:
    return "one of " + ", ".join(map(str, schema["enum"])) if "enum" in schema else _type(schema)
