"""The negative controls: what the cluster must refuse, so that its silence about the chart means something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from tests.cluster.control import Cluster, ClusterError
from tests.cluster.world import APPLIED

_BARE: Final = {"containers": [{"name": "main", "image": "frontwire"}]}
_LABELS: Final = {"matchLabels": {"app": "bare"}}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A resource with one fault.

    Attributes:
        what: the fault, in words.
        version, kind, spec: the resource.
        says: words that the refusal must have.
    """

    what: str
    version: str
    kind: str
    spec: Mapping[str, Any]
    says: str

    def manifest(self) -> str:
        """The resource as YAML."""
        metadata = {"name": "faulty", "labels": {"strimzi.io/cluster": "news"}}
        about = {"apiVersion": self.version, "kind": self.kind, "metadata": metadata, "spec": self.spec}
        return yaml.safe_dump(about)

    def shown(self, cluster: Cluster) -> str:
        """What the cluster answers.

        Raises:
            AssertionError: it takes the resource, or refuses it for another reason.
        """
        try:
            cluster.apply(self.manifest(), namespace=APPLIED, dry=True)  # a warning alone keeps nothing out
        except ClusterError as error:
            assert self.says in str(error), f"{self.what}: refused, but not for that: {error}"
            return str(error)
        raise AssertionError(f"{self.what}: the cluster took it")


def _workload(template: Mapping[str, Any], **more: Any) -> Mapping[str, Any]:
    return {"selector": _LABELS, "template": {"metadata": {"labels": {"app": "bare"}}, "spec": template}, **more}


_SAFE: Final = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "main",
            "image": "frontwire",
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        }
    ],
}

REFUSALS: Final = (
    Refusal("a pod that may run as root", "v1", "Pod", _BARE, "violates PodSecurity"),
    Refusal("a workload of such pods", "apps/v1", "Deployment", _workload(_BARE), "would violate PodSecurity"),
    Refusal(
        "a workload with a field that is none",
        "apps/v1",
        "Deployment",
        _workload(_SAFE, replica=3),
        ".spec.replica: field not declared in schema",
    ),
    Refusal(
        "a KafkaTopic with partitions in words",
        "kafka.strimzi.io/v1",
        "KafkaTopic",
        {"partitions": "many", "replicas": 3},
        "spec.partitions",
    ),
    Refusal(
        "a KafkaUser with rights of no known kind",
        "kafka.strimzi.io/v1",
        "KafkaUser",
        {"authorization": {"type": "simple", "acls": [{"resource": {"type": "topics"}, "operations": ["Read"]}]}},
        "spec.authorization.acls",
    ),
    Refusal(
        "a ScaledObject that scales nothing",
        "keda.sh/v1alpha1",
        "ScaledObject",
        {"triggers": [{"type": "kafka", "metadata": {}}]},
        "spec.scaleTargetRef",
    ),
    Refusal("a PodMonitor of no pods", "monitoring.coreos.com/v1", "PodMonitor", {}, "spec.selector"),
    Refusal(
        "a PrometheusRule without an expression",
        "monitoring.coreos.com/v1",
        "PrometheusRule",
        {"groups": [{"name": "frontwire", "rules": [{"alert": "Silent"}]}]},
        "expr",
    ),
)
