"""The chart as the proofs render it: for a large cluster with everything on, for a small one with nothing else."""

from collections import Counter
from pathlib import Path
from typing import Any, Final

import yaml

from tests.cluster.control import ROOT, Cluster

CHART: Final = ROOT / "deploy" / "chart"
RELEASE: Final = "frontwire"
COMPONENT: Final = "app.kubernetes.io/component"

_LARGE: Final = (
    *("-f", CHART / "values-large.yaml"),
    *("--set", "workers.poll.replicas=3"),  # as many as zones: enough to show the spread, and quicker to roll out
)


def rendered(cluster: Cluster, *settings: str) -> str:
    """The chart for a large cluster with Strimzi, KEDA and the Prometheus operator, as YAML."""
    options = [word for setting in settings for word in ("--set", setting)]
    return cluster.helm("template", RELEASE, CHART, *_LARGE, *options, "--no-hooks")


def hooks(cluster: Cluster) -> str:
    """What Helm would create for a moment: the topics job, the pods of `helm test`."""
    whole = yaml.safe_load_all(cluster.helm("template", RELEASE, CHART))
    return yaml.safe_dump_all([document for document in whole if document and is_hook(document)])


def is_hook(document: dict[str, Any]) -> bool:
    """Whether Helm creates it for a moment only."""
    return "helm.sh/hook" in document["metadata"].get("annotations", {})


def kinds(manifest: str) -> Counter[str]:
    """How many resources of each kind a manifest has."""
    return Counter(document["kind"] for document in yaml.safe_load_all(manifest) if document)


def value_files() -> tuple[Path, ...]:
    """The values that the chart ships besides its defaults."""
    return tuple(sorted(CHART.glob("values-*.yaml")))
