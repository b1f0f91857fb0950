"""The AsyncAPI document of the public topics, made from the tables of topics, envelopes and records.

`python -m tests.support.contract` keeps schemas and topics as the release of the version that pyproject.toml names.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import orjson
import yaml

from streams.cloudevents import ENVELOPES, SEQUENCE_DIGITS, Envelope, schema_uri
from streams.kafka.topics import config
from streams.schemas import Schema, for_writers, json_schema, schema_files
from streams.settings import load
from streams.stage import Message
from streams.topics import TOPIC, TOPICS, Topic

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "deploy" / "contract" / "asyncapi.yaml"
PUBLIC: Final = tuple(topic for topic in TOPICS if not topic.internal)
RELEASED: Final = ROOT / "streams" / "schemas" / "released"
TOPICS_FILE: Final = "topics.json"
_NEVER_WITHDRAWN: Final = frozenset({"RawArticle", "Article", "Duplicate", "Story"})
"""Articles are replaced by revisions, stories merged into others."""

_BINDING: Final = "0.5.0"
"""Version of AsyncAPI's Kafka bindings."""

_DESCRIPTION: Final = """\
What Frontwire reads out of news feeds: conflict events, evacuation counts, stories and running totals.

Records come at least once; `ce_id` is the same each time. A value of null is a tombstone: what stood under the key
holds no more. Of one `ce_subject` the record of the highest `ce_sequence` holds. Unknown fields are to be passed over.
Topic names may have a prefix, which the operator of the cluster tells. See CONTRACT.md beside this file."""


def files() -> Iterator[tuple[Path, bytes]]:
    """The generated document."""
    text = yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    yield DOCUMENT, text.encode()


class _Plain(yaml.SafeDumper):
    """YAML without anchors: what stands in two places is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)


def hold(message: Message) -> None:
    """Hold a record of a topic with envelopes to the document's headers and to the schema of writers.

    Raises:
        jsonschema.ValidationError: it does not keep to them.
    """
    kinds, schema = _promised(message.topic)
    headers = {name: value.decode() for name, value in message.headers}
    told = kinds[headers["ce_type"]]
    jsonschema.validate(headers, told["headers"])
    if message.value is None:
        jsonschema.validate(None, told["payload"])
    else:
        schema.validate(orjson.loads(message.value))


@cache
def _promised(topic: str) -> tuple[dict[str, Any], jsonschema.Draft202012Validator]:
    """By `ce_type` what the document says of a topic's messages, and the schema of their values."""
    told = [message for _, message in _messages(TOPIC[topic])]
    kinds = {message["headers"]["properties"]["ce_type"]["const"]: message for message in told}
    return kinds, jsonschema.Draft202012Validator(for_writers(json_schema(ENVELOPES[topic].record)))


def topics_file() -> bytes:
    """The public topics as they are kept of a release."""
    rows = [asdict(topic) for topic in PUBLIC]
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def keep_release() -> Path:
    """Write schemas and topics into the folder of the current version; the folder."""
    folder = RELEASED / str(_project()["version"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in {**schema_files(), TOPICS_FILE: topics_file()}.items():
        (folder / name).write_bytes(data)
    return folder


def _project() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def document() -> dict[str, Any]:
    """The AsyncAPI document, version 3.1.0."""
    project = _project()
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Frontwire",
            "version": project["version"],
            "description": _DESCRIPTION,
            "license": {"name": project["license"]},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "variables": {"bootstrap": {"description": "`host:port` of a broker", "default": "127.0.0.1:9092"}},
            }
        },
        "channels": {topic.name: _channel(topic) for topic in PUBLIC},
        "operations": dict(_operation(topic) for topic in PUBLIC),
        "components": {
            "messages": {name: message for topic in PUBLIC for name, message in _messages(topic)},
            "schemas": _schemas(),
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": topic.purpose[0].upper() + topic.purpose[1:] + ".",
        "messages": {name: _ref("components/messages", name) for name, _ in _messages(topic)},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "replicas": load({}).replication_factor,
                "topicConfiguration": _configuration(topic),
                "bindingVersion": _BINDING,
            }
        },
    }


def _configuration(topic: Topic) -> dict[str, Any]:
    told = config(topic, load({}))
    found: dict[str, Any] = {"cleanup.policy": told["cleanup.policy"].split(",")}
    return found | {name: int(told[name]) for name in ("retention.ms", "max.message.bytes") if name in told}


def _operation(topic: Topic) -> tuple[str, dict[str, Any]]:
    action = "send" if topic.name in ENVELOPES else "receive"
    messages = [_ref(f"channels/{topic.name}/messages", name) for name, _ in _messages(topic)]
    return f"{action}.{topic.name}", {
        "action": action,
        "channel": _ref("channels", topic.name),
        "messages": messages,
    }


def _messages(topic: Topic) -> Iterator[tuple[str, dict[str, Any]]]:
    """The record of a topic, and the tombstone of its kind where readers meet one."""
    (record,) = topic.records
    envelope = ENVELOPES.get(topic.name)
    bindings = {"kafka": {"key": {"type": "string", "description": topic.key}, "bindingVersion": _BINDING}}
    headers = {"headers": _headers(envelope, envelope.type)} if envelope else {}
    told = {"name": record, "contentType": "application/json", **headers}
    yield record, {**told, "payload": _ref("components/schemas", record), "bindings": bindings}
    if record not in _NEVER_WITHDRAWN:
        gone = {"headers": _headers(envelope, envelope.withdrawn_type, withdrawn=True)} if envelope else {}
        name = f"{record}Withdrawn"
        yield name, {"name": name, **gone, "payload": {"type": "null"}, "bindings": bindings}


def _headers(envelope: Envelope, type_: str, *, withdrawn: bool = False) -> Schema:
    data = {"content-type": _const("application/json"), "ce_dataschema": _const(schema_uri(envelope.record))}
    names: Mapping[str, Schema] = {
        "ce_specversion": _const("1.0"),
        "ce_type": _const(type_),
        "ce_source": _const(envelope.source),
        "ce_id": {"type": "string", "minLength": 1, "description": "the same whenever the same record comes again"},
        "ce_subject": {"type": "string", "description": f"{envelope.subject or 'the key'} of the record"},
    }
    sequence = {"type": "string", "pattern": f"^[0-9]{{{SEQUENCE_DIGITS}}}$", "description": "to be compared as text"}
    ordered: dict[str, Schema] = {"ce_sequence": sequence} if envelope.sequence else {}
    time = {"type": "string", "format": "date-time", "description": "missing where it is not known"}
    required = {**({} if withdrawn else data), **names, **ordered}
    return {"type": "object", "properties": {**required, "ce_time": time}, "required": list(required)}


def _const(value: str) -> Schema:
    return {"type": "string", "const": value}


def _ref(folder: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/{folder}/{name}"}


def _schemas() -> dict[str, Schema]:
    """The records and their parts, each once."""
    found: dict[str, Schema] = {}
    for record in sorted(ENVELOPES[topic.name].record if topic.name in ENVELOPES else "Feed" for topic in PUBLIC):
        for name, schema in json_schema(record)["$defs"].items():
            schema = _moved(schema)
            if found.setdefault(name, schema) != schema:
                raise ValueError(f"two records have different parts of the name {name}")
    return dict(sorted(found.items()))


def _moved(schema: Any) -> Any:
    if isinstance(schema, list | tuple):
        return [_moved(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _moved(one) for name, one in schema.items()}
    return made | {"$ref": made["$ref"].replace("#/$defs/", "#/components/schemas/")} if "$ref" in made else made


if __name__ == "__main__":
    keep_release()
