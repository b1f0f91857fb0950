"""The chart as Helm renders it."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.support.chart import CHART

RELEASE: Final = "news"
_BUILT: Final = Path(__file__).parents[2] / ".cache" / "cluster" / "bin" / "helm"
HELM: Final = str(_BUILT) if _BUILT.exists() else shutil.which("helm")

needs_helm = pytest.mark.skipif(HELM is None, reason="there is no helm: tests/cluster/build builds it")

Manifest = dict[str, Any]


class HelmError(Exception):
    """Helm refused; the message is what it said."""


def helm(*arguments: str, stdin: str | None = None) -> str:
    """What a command of Helm prints. Raises HelmError."""
    done = subprocess.run((HELM or "helm", *arguments), capture_output=True, text=True, input=stdin, timeout=120)
    if done.returncode:
        raise HelmError(done.stderr + done.stdout)
    return done.stdout


@cache
def _template(arguments: Sequence[str], values: str) -> str:
    return helm("template", RELEASE, str(CHART), *arguments, "-f", "-", "--kube-version", "1.37.0", stdin=values)


def render(*files: str, **values: Any) -> list[Manifest]:
    """What the chart makes of its own values `files` and further `values`."""
    arguments = tuple(word for name in files for word in ("-f", str(CHART / name)))
    text = _template(arguments, yaml.safe_dump(values))
    return [one for one in yaml.load_all(text, yaml.CSafeLoader) if one]


def of_kind(manifests: Sequence[Manifest], *kinds: str) -> list[Manifest]:
    """Those of these kinds."""
    return [one for one in manifests if one["kind"] in kinds]


def named(manifests: Sequence[Manifest], kind: str, name: str) -> Manifest:
    """The one of this kind and name."""
    (found,) = [one for one in manifests if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return found


def workloads(manifests: Sequence[Manifest]) -> list[Manifest]:
    """What keeps pods running."""
    return of_kind(manifests, "Deployment", "StatefulSet")


def pods(manifests: Sequence[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """Every pod that would be made, of workloads, jobs and tests: its owner's name, and itself (metadata and spec)."""
    for one in manifests:
        if one["kind"] == "Pod":
            yield one["metadata"]["name"], one
        elif one["kind"] in ("Deployment", "StatefulSet", "Job"):
            yield one["metadata"]["name"], one["spec"]["template"]
