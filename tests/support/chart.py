"""The parts of the Helm chart that are made from the code's tables."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from streams.kafka.repartition import ROLES_THAT_GROW
from streams.kafka.rights import Pattern, Right, User, group_name, rights
from streams.kafka.roles import ROLES
from streams.kafka.topics import config
from streams.settings import Settings, load
from streams.topics import MOST_PARTITIONS, TOPIC, TOPICS
from streams.vocabulary import Stage

CHART: Final = Path(__file__).parents[2] / "deploy" / "chart"
_PATTERNS: Final = {Pattern.LITERAL: "literal", Pattern.PREFIX: "prefix"}


# --- tables that the templates read


def tables() -> dict[str, Any]:
    """Topics with Kafka's configuration, roles with source, state and group, users with rights; all names bare."""
    settings = load({})
    return {
        "topics": [{"name": t.name, "partitions": t.partitions, "config": config(t, settings)} for t in TOPICS],
        "roles": {stage.value: _role(stage) for stage in ROLES},
        "users": {user.value: [_right(right) for right in rights(user)] for user in User},
    }


def _role(stage: Stage) -> dict[str, Any]:
    role = ROLES[stage]
    partitions = TOPIC[role.source].partitions
    return {"source": role.source, "state": role.state, "partitions": partitions, "group": group_name(stage)}


def _right(right: Right) -> dict[str, Any]:
    return {
        "type": right.resource.value,
        "name": right.name,
        "patternType": _PATTERNS[right.pattern],
        "operations": [operation.value for operation in right.operations],
    }


# --- the schema of the values


def own_variables() -> set[str]:
    """The settings that the templates give a pod themselves."""
    text = (CHART / "templates" / "_pod.tpl").read_text("utf-8")
    return set(re.findall(r"- name: ((?:FRONTWIRE|KAFKA)_[A-Z0-9_]+)", text))


def free_variables() -> dict[str, str]:
    """The settings that values may set, with their meanings: neither the chart's own nor secrets."""
    shown = {s.metadata["variable"]: s.metadata["meaning"] for s in fields(Settings) if s.repr}
    taken = own_variables()
    return {
        name: meaning for name, meaning in shown.items() if name not in taken and not name.endswith("_PASSWORD_FILE")
    }


def _object(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        **({"required": list(required)} if required else {}),
    }


def _whole(low: int, high: int | None = None, meaning: str = "") -> dict[str, Any]:
    limits = {"minimum": low} | ({"maximum": high} if high is not None else {})
    return {"type": "integer", **limits} | ({"description": meaning} if meaning else {})


def _words(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


def _matching(pattern: str, meaning: str = "") -> dict[str, Any]:
    return {"type": "string", "pattern": pattern} | ({"description": meaning} if meaning else {})


def _is(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


_TEXT: Final = {"type": "string"}
_FLAG: Final = {"type": "boolean"}
_MAP: Final = {"type": "object"}
_LIST: Final = {"type": "array"}
_PLACE: Final = {
    "priorityClassName": _TEXT,
    "nodeSelector": {"$ref": "#/$defs/texts"},
    "tolerations": _LIST,
    "affinity": _MAP,
}
_PORTS: Final = {"type": "array", "items": _whole(1, 65535)}
_NAME: Final = r"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$"
_SERVERS: Final = r"^[^\s,:]+:[0-9]{1,5}(\s*,\s*[^\s,:]+:[0-9]{1,5})*$"


def _definitions() -> dict[str, Any]:
    value = {"type": ["string", "number", "boolean"]}
    free = {name: {**value, "description": meaning} for name, meaning in free_variables().items()}
    quantity = {"type": ["string", "number"]}
    amounts = _object({"cpu": quantity, "memory": quantity, "ephemeral-storage": quantity})
    return {
        "settings": _object(free),
        "name": _matching(_NAME),
        "size": _matching(r"^[1-9][0-9]*(Mi|Gi|Ti)$", "as 5Gi"),
        "texts": {"type": "object", "additionalProperties": _TEXT},
        "peers": {"type": "array", "items": _object({"podSelector": _MAP, "namespaceSelector": _MAP, "ipBlock": _MAP})},
        "resources": _object({"requests": amounts, "limits": amounts}),
    }


def _process(**more: Any) -> dict[str, Any]:
    own = {"settings": _is("settings"), "extraEnv": _LIST, "scheduling": _object(_PLACE), "resources": _is("resources")}
    return _object(own | more)


def _worker(stage: Stage) -> dict[str, Any]:
    meaning = f"as many as {ROLES[stage].source} has partitions, at most"
    claim = {"enabled": _FLAG, "size": _is("size"), "storageClass": _TEXT}
    scaling = _object({"min": _whole(1), "max": _whole(0, meaning=meaning + "; 0: as many"), "lag": _whole(1)})
    more: dict[str, Any] = {"persistence": _object({"size": _is("size")} if stage is Stage.EXTRACT else claim)}
    if stage in ROLES_THAT_GROW:
        more["replicas"] = _whole(1, meaning=meaning)
    if stage in (Stage.DEDUPLICATE, Stage.EXTRACT):
        more["scaling"] = scaling
    return _process(**more)


def _kafka() -> dict[str, Any]:
    user = _object({"existingSecret": _is("name"), "name": _TEXT})
    return _object(
        {
            "bootstrapServers": _matching(_SERVERS, "host:port, several with commas between"),
            "topicPrefix": _matching(r"^([A-Za-z0-9][A-Za-z0-9._-]{0,99})?$"),
            "replicationFactor": _whole(1, 9),
            "partitions": _object({stage.value: _partitions(stage) for stage in ROLES_THAT_GROW}),
            "protocol": _words("PLAINTEXT", "SSL", "SASL_SSL"),
            "ca": _object({"existingSecret": _is("name"), "key": _TEXT}),
            "users": _object({user_name.value: user for user_name in User}),
            "keys": _object({"certificate": _TEXT, "key": _TEXT, "password": _TEXT}),
            "rotation": _TEXT,
        }
    )


def _partitions(stage: Stage) -> dict[str, Any]:
    role = ROLES[stage]
    return _whole(TOPIC[role.source].partitions, MOST_PARTITIONS, f"of {role.source} and {role.state}")


def _strimzi() -> dict[str, Any]:
    quotas = ("consumerByteRate", "producerByteRate", "requestPercentage")
    subscriber = _object({"enabled": _FLAG, "quotas": _object({name: _whole(0) for name in quotas})})
    return _object(
        {
            "enabled": _FLAG,
            "cluster": _is("name"),
            "topics": _FLAG,
            "users": _FLAG,
            "authentication": _words("tls", "scram-sha-512"),
            "subscriber": subscriber,
        }
    )


def _network() -> dict[str, Any]:
    reached = {"to": _is("peers"), "ports": _PORTS}
    asked = _object({"from": _is("peers")})
    return _object(
        {
            "enabled": _FLAG,
            "kafka": _object(reached),
            "dns": _object(reached),
            "internet": _object(reached),
            "monitoring": asked,
            "desk": asked,
        }
    )


def _monitoring() -> dict[str, Any]:
    return _object(
        {
            "podMonitor": _object({"enabled": _FLAG, "interval": _matching(r"^[1-9][0-9]*(ms|s|m)$", "as 15s")}),
            "rules": _object({"enabled": _FLAG}),
            "dashboards": _object({"enabled": _FLAG, "folder": _TEXT}),
            "labels": _is("texts"),
            "dashboardLabels": _is("texts"),
        }
    )


def _image() -> dict[str, Any]:
    return _object(
        {
            "repository": {"type": "string", "minLength": 1},
            "tag": _matching(r"^[A-Za-z0-9_.-]{0,128}$", "a text: put numbers as 1.0 into quotation marks"),
            "digest": _matching(r"^(sha256:[0-9a-f]{64})?$", "sha256: and 64 hex digits"),
            "pullPolicy": _words("Always", "IfNotPresent", "Never"),
            "pullSecrets": {"type": "array", "items": _is("name")},
        }
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of the chart's values: every key, and no other."""
    feeds = {"files": _is("texts"), "existingConfigMap": _is("name"), "prune": _FLAG}
    identity = {"type": ["integer", "null"], "minimum": 1}
    properties = {
        "global": _MAP,
        "nameOverride": _is("name"),
        "fullnameOverride": _is("name"),
        "image": _image(),
        "kafka": _kafka(),
        "settings": _is("settings"),
        "workers": _object({stage.value: _worker(stage) for stage in ROLES}),
        "feeds": _process(**feeds),
        "desk": _process(enabled=_FLAG, replicas=_whole(1, 10)),
        "topicsJob": _process(enabled=_FLAG),
        "strimzi": _strimzi(),
        "workloads": _object({"enabled": _FLAG}),
        "keda": _object({"enabled": _FLAG, "pollingInterval": _whole(1), "scaleDownWindow": _whole(0, 3600)}),
        "networkPolicy": _network(),
        "monitoring": _monitoring(),
        "podDisruptionBudget": _object({"enabled": _FLAG}),
        "podLabels": _is("texts"),
        "podAnnotations": _is("texts"),
        **_PLACE,
        "spread": _words("ScheduleAnyway", "DoNotSchedule"),
        "runAs": _object({"user": identity, "group": identity}),
    }
    definitions = _definitions()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(properties), "$defs": definitions}


def files() -> Iterator[tuple[Path, bytes]]:
    """Every generated file of the chart with what it should hold."""
    yield CHART / "files" / "tables.json", _json(tables())
    yield CHART / "values.schema.json", _json(schema())


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
