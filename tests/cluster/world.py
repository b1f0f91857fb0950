"""What a cluster has before the chart comes: nodes in zones, disks, namespaces that admit `restricted` pods only."""

from collections.abc import Iterator
from typing import Any, Final

import yaml

ZONES: Final = 3
NODES: Final = 6
APPLIED: Final = "applied"
"""The namespace of the chart that kubectl applies."""
RELEASED: Final = "released"
"""The namespace of the chart that Helm installs."""

_DISKS: Final = 40
_STANDARD: Final = "pod-security.kubernetes.io"


def manifest() -> str:
    """All of it, as YAML documents."""
    return yaml.safe_dump_all([*map(_namespace, (APPLIED, RELEASED)), *_nodes(), _class(), *_disks()])


def _namespace(name: str) -> dict[str, Any]:
    labels = {f"{_STANDARD}/{mode}": "restricted" for mode in ("enforce", "warn", "audit")}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _nodes() -> Iterator[dict[str, Any]]:
    for number in range(NODES):
        name = f"node-{number}"
        labels = {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": f"zone-{number % ZONES}"}
        metadata = {"name": name, "labels": labels, "annotations": {"kwok.x-k8s.io/node": "fake"}}
        yield {"apiVersion": "v1", "kind": "Node", "metadata": metadata}


def _class() -> dict[str, Any]:
    metadata = {"name": "disks", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": metadata,
        "provisioner": "kubernetes.io/no-provisioner",
    }


def _disks() -> Iterator[dict[str, Any]]:
    for number in range(_DISKS):
        spec = {
            "storageClassName": "disks",
            "capacity": {"storage": "50Gi"},
            "accessModes": ["ReadWriteOnce"],
            "hostPath": {"path": f"/disks/{number}"},
        }
        yield {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"disk-{number}"}, "spec": spec}
