"""Custom resources held against their definitions, as strictly as an API server that warns of unknown fields."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator

FOLDER: Final = Path(__file__).parents[2] / ".cache" / "cluster" / "definitions"
_COMMON: Final = ("apiVersion", "kind", "metadata")

needs_definitions = pytest.mark.skipif(
    not any(FOLDER.glob("keda.sh_scaledobjects.yaml")),
    reason="there are no definitions of custom resources: tests/cluster/build strimzi definitions makes them",
)


@cache
def schemas() -> dict[tuple[str, str], Any]:
    """The strict schema of each definition's versions, by apiVersion and kind."""
    found = {}
    for path in FOLDER.glob("*.yaml"):
        for one in yaml.load_all(path.read_text("utf-8"), yaml.CSafeLoader):
            spec = one["spec"]
            for version in spec["versions"]:
                schema = _strict(version["schema"]["openAPIV3Schema"])
                schema["properties"] |= dict.fromkeys(_COMMON, True)
                found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
    return found


def problems(resource: dict[str, Any]) -> Iterator[str]:
    """Where a custom resource breaks its definition. Raises KeyError: there is no definition of its kind."""
    schema = schemas()[resource["apiVersion"], resource["kind"]]
    for error in Draft202012Validator(schema).iter_errors(resource):
        yield f"{resource['kind']} {resource['metadata']['name']}{error.json_path[1:]}: {error.message}"


def _strict(node: Any) -> Any:
    """The schema with no field but those that it names. `format` tells the sizes of numbers, unknown to JSON Schema."""
    if isinstance(node, list):
        return [_strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {name: _strict(each) for name, each in node.items() if name != "format" or not isinstance(each, str)}
    if isinstance(made.get("properties"), dict) and not made.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    if made.pop("x-kubernetes-int-or-string", False):
        made.pop("anyOf", None)
        made["type"] = ["integer", "string"]
    return made
