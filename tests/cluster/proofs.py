"""What is proven of the chart, in the order in which it is shown. Each proof says what it saw, or raises."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from streams.topics import TOPICS
from tests.cluster import chart
from tests.cluster.control import Cluster, ClusterError
from tests.cluster.refused import REFUSALS
from tests.cluster.world import APPLIED, RELEASED
from tests.support.waiting import eventually

_NEXT: Final = "proof-of-upgrade"
_EXTRACTORS: Final = 3
_ZONE: Final = "topology.kubernetes.io/zone"


@dataclass(frozen=True, slots=True)
class Proof:
    """One row of the report: what is claimed, and what shows it."""

    claim: str
    show: Callable[[Cluster], str]


def _refuses(cluster: Cluster) -> str:
    return "; ".join(f"{refusal.what}: {_cut(refusal.shown(cluster))}" for refusal in REFUSALS)


def _renders(cluster: Cluster) -> str:
    files = chart.value_files()
    for options in ((), *(("-f", file) for file in files)):
        cluster.helm("install", chart.RELEASE, chart.CHART, "-n", RELEASED, "--dry-run=server", *options)
    return ", ".join(["values.yaml", *(file.name for file in files)])


def _applies(cluster: Cluster) -> str:
    manifest = chart.rendered(cluster)
    kinds = chart.kinds(manifest)
    assert kinds["KafkaTopic"] == len(TOPICS), f"{kinds['KafkaTopic']} KafkaTopics for {len(TOPICS)} topics"
    cluster.apply(manifest, namespace=APPLIED)
    cluster.apply(chart.hooks(cluster), namespace=APPLIED)
    return ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))


def _rolls_out(cluster: Cluster) -> str:
    _scale(cluster)
    ready = []
    for workload in _workloads(cluster):
        cluster.kubectl("-n", APPLIED, "rollout", "status", workload, "--timeout=180s")
        ready.append(workload.split("/")[1])
    for claim in cluster.get("-n", APPLIED, "persistentvolumeclaims"):
        assert claim["status"]["phase"] == "Bound", f"{claim['metadata']['name']} has no volume"
    return ", ".join(ready)


def _scale(cluster: Cluster) -> None:
    """As KEDA would, whose operator does not run here."""
    for scaled in cluster.get("-n", APPLIED, "scaledobjects"):
        target = scaled["spec"]["scaleTargetRef"]
        workload = f"{target.get('kind', 'Deployment').lower()}/{target['name']}"
        cluster.kubectl("-n", APPLIED, "scale", workload, f"--replicas={_EXTRACTORS}")


def _workloads(cluster: Cluster) -> list[str]:
    return cluster.kubectl("-n", APPLIED, "get", "deployments,statefulsets", "-o", "name").split()


def _spreads(cluster: Cluster) -> str:
    zones = {node["metadata"]["name"]: node["metadata"]["labels"][_ZONE] for node in cluster.get("nodes")}
    seen = []
    for component, pods in _pods(cluster).items():
        hosts = Counter(pod["spec"]["nodeName"] for pod in pods)
        by_zone = Counter(dict.fromkeys(zones.values(), 0))
        by_zone.update(zones[host] for host in hosts.elements())
        counts = by_zone.values()
        assert max(hosts.values()) == 1, f"{component}: two pods on one host: {dict(hosts)}"
        assert max(counts) - min(counts) <= 1, f"{component}: zones are uneven: {dict(by_zone)}"
        if len(pods) > 1:
            seen.append(f"{component} {len(pods)} pods on {len(hosts)} hosts in {len(+by_zone)} zones")
    assert seen, "no component has two pods"
    return ", ".join(seen)


def _holds_no_token(cluster: Cluster) -> str:
    pods = [pod for group in _pods(cluster).values() for pod in group]
    for pod in pods:
        volumes = [volume["name"] for volume in pod["spec"]["volumes"]]
        assert not any(name.startswith("kube-api-access") for name in volumes), f"{pod['metadata']['name']}: {volumes}"
    return f"{len(pods)} pods"


def _evicts(cluster: Cluster) -> str:
    seen = []
    for component, pods in _pods(cluster).items():
        if len(pods) < 2:
            continue
        _wait_for_budget(cluster, component)
        first, second = (pod["metadata"]["name"] for pod in pods[:2])
        allowed, refused = cluster.evict(first, APPLIED), cluster.evict(second, APPLIED)
        assert allowed[0] == 201, f"{component}: the first eviction is refused: {allowed}"
        assert refused[0] == 429, f"{component}: the second eviction passes: {refused}"
        _wait_for_budget(cluster, component)
        assert (again := cluster.evict(second, APPLIED))[0] == 201, f"{component}: refused for good: {again}"
        seen.append(component)
    assert seen, "no component has two pods"
    return f"of {', '.join(seen)}: 201, then 429, and 201 again once the replacement is ready"


def _wait_for_budget(cluster: Cluster, component: str) -> None:
    def allowed() -> bool:
        [budget] = cluster.get("-n", APPLIED, "poddisruptionbudgets", "-l", f"{chart.COMPONENT}={component}")
        status = budget["status"]
        return bool(status.get("observedGeneration") and status["disruptionsAllowed"] == 1)

    eventually(allowed, within=60, what=f"one pod of {component} may go")


def _pods(cluster: Cluster) -> dict[str, list[Any]]:
    """The pods of each component that is there for good and not about to go."""
    found: dict[str, list[Any]] = {}
    for pod in cluster.get("-n", APPLIED, "pods", "--field-selector=status.phase=Running"):
        if "deletionTimestamp" not in pod["metadata"] and not chart.is_hook(pod):
            found.setdefault(pod["metadata"]["labels"][chart.COMPONENT], []).append(pod)
    return found


def _upgrades(cluster: Cluster) -> str:
    cluster.apply(chart.rendered(cluster, f"image.tag={_NEXT}"), namespace=APPLIED)
    for workload in _workloads(cluster):
        cluster.kubectl("-n", APPLIED, "rollout", "status", workload, "--timeout=240s")
    eventually(lambda: _renewed(_pods(cluster)), within=60, what="only pods of the new image are left")
    pods = _pods(cluster)
    assert len(pods["extract"]) == _EXTRACTORS, "the upgrade set the number of pods that KEDA had chosen back"
    return f"{sum(map(len, pods.values()))} pods of {len(pods)} components; the replicas that KEDA sets stay"


def _renewed(pods: dict[str, list[Any]]) -> bool:
    images = [container["image"] for group in pods.values() for pod in group for container in pod["spec"]["containers"]]
    return all(image.endswith(f":{_NEXT}") for image in images)


def _lives(cluster: Cluster) -> str:
    small = ("-f", chart.CHART / "values-small.yaml", "-n", RELEASED)
    wait = ("--wait", "--timeout=180s")
    cluster.helm("install", chart.RELEASE, chart.CHART, *small, *wait)
    cluster.helm("test", chart.RELEASE, "-n", RELEASED)
    cluster.helm("upgrade", chart.RELEASE, chart.CHART, *small, *wait, "--set", f"image.tag={_NEXT}")
    cluster.helm("rollback", chart.RELEASE, "1", "-n", RELEASED, *wait)
    cluster.helm("uninstall", chart.RELEASE, "-n", RELEASED, *wait)
    every = "all,configmaps,secrets,serviceaccounts,networkpolicies,poddisruptionbudgets,persistentvolumeclaims"
    left = [name for name in cluster.kubectl("-n", RELEASED, "get", every, "-o", "name").split() if _ours(name)]
    assert not left, f"helm uninstall leaves {', '.join(left)}"
    return "install with its hook, test, upgrade, rollback, uninstall, which leaves nothing"


def _ours(name: str) -> bool:
    """Whether a resource is of the release; each namespace has two of the cluster's own."""
    return name not in ("configmap/kube-root-ca.crt", "serviceaccount/default")


def _cut(error: str) -> str:
    line = error.splitlines()[-1]
    return line if len(line) <= 160 else line[:160] + "…"


PROOFS: Final = (
    Proof("what is wrong is refused", _refuses),
    Proof("every values file passes a dry run on the server", _renders),
    Proof("server-side apply without a warning in a `restricted` namespace", _applies),
    Proof("every workload rolls out, with its volumes", _rolls_out),
    Proof("pods are spread over hosts and zones", _spreads),
    Proof("no pod holds a service account token", _holds_no_token),
    Proof("a second eviction is refused", _evicts),
    Proof("an upgrade replaces every pod", _upgrades),
    Proof("a release lives from install to uninstall", _lives),
)


@dataclass(frozen=True, slots=True)
class Result:
    """How a proof went."""

    proof: Proof
    proven: bool
    said: str


def shown(proof: Proof, cluster: Cluster) -> Result:
    """Show one proof; that it fails is an answer."""
    try:
        return Result(proof, True, proof.show(cluster))
    except (AssertionError, ClusterError) as error:
        return Result(proof, False, str(error))
