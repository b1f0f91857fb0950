"""A Kubernetes without containers: its own etcd, API server, controllers and scheduler; kwok plays nodes and pods.

    with Cluster(Path("folder")) as cluster:
        print(cluster.kubectl("get", "nodes"))

What decides is real: validation, admission, Pod Security, server-side apply, workload controllers, the disruption
controller, the scheduler. What would run is not: no container starts, so no image, probe or network policy is proven.
"""

import json
import os
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import yaml

from deploy.local.kafka import free_ports
from deploy.local.process import Child
from tests.cluster import world
from tests.support.certificates import Authority
from tests.support.waiting import eventually

ROOT: Final = Path(__file__).parents[2]
CACHE: Final = ROOT / ".cache" / "cluster"
STAGES: Final = Path(__file__).with_name("stages.yaml")

_NEEDED: Final = ("bin/etcd", "bin/kubernetes", "bin/kwok", "bin/helm", "built/definitions", "built/strimzi")
_TOKEN: Final = "administrator-of-a-cluster-that-lives-for-a-minute"
_START_SECONDS: Final = 120.0
_COMMAND_SECONDS: Final = 300.0


class ClusterError(Exception):
    """Something of the cluster failed; the message says what, in words for people."""


def missing() -> str | None:
    """A sentence on what is not built yet, None if all is."""
    absent = [name.split("/")[1] for name in _NEEDED if not (CACHE / name).exists()]
    return f"not built: {', '.join(absent)} (tests/cluster/build builds it)" if absent else None


class Cluster:
    """A control plane on free ports of loopback, with what `world` tells of; everything ends on exit.

    Args:
        folder: gets data, logs, certificates and the kubeconfig.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[Child] = []
        self._config = folder / "kubeconfig"
        self._server = ""
        self._tls = ssl.create_default_context()

    def __enter__(self) -> Self:
        if absent := missing():
            raise ClusterError(f"The cluster is {absent}.")
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def run(self, *command: str | Path, given: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Run one of the cluster's programs against it, `given` on standard input.

        Raises:
            ClusterError: it does not end.
        """
        try:
            return subprocess.run(
                [str(CACHE / "bin" / command[0]), *map(str, command[1:])],
                input=given,
                env=_environment(self._folder) | {"KUBECONFIG": str(self._config)},
                capture_output=True,
                text=True,
                timeout=_COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            words = " ".join(map(str, command))
            raise ClusterError(f"{words}: no end after {_COMMAND_SECONDS:.0f} s") from None

    def kubectl(self, *arguments: str | Path, given: str | None = None) -> str:
        """What kubectl prints.

        Raises:
            ClusterError: it failed; the message is what it said.
        """
        return self._done(self.run("kubernetes", "kubectl", *arguments, given=given))

    def helm(self, *arguments: str | Path) -> str:
        """What Helm prints.

        Raises:
            ClusterError: it failed; the message is what it said.
        """
        return self._done(self.run("helm", *arguments))

    def get(self, *arguments: str) -> Any:
        """Resources as `kubectl get` finds them: one by name, or the list of those that fit."""
        found = json.loads(self.kubectl("get", *arguments, "-o", "json"))
        return found.get("items", found)

    def apply(self, manifest: str, *, namespace: str, dry: bool = False) -> str:
        """Server-side apply, which any warning of the server fails; a `dry` one keeps nothing.

        Raises:
            ClusterError: it is refused, or warned about.
        """
        options = ("--server-side", "--warnings-as-errors", *(("--dry-run=server",) if dry else ()))
        return self.kubectl("apply", *options, "-n", namespace, "-f", "-", given=manifest)

    def evict(self, pod: str, namespace: str) -> tuple[int, str]:
        """Ask for a pod's eviction, as `kubectl drain` does: the HTTP status and what the server says."""
        about = {"name": pod, "namespace": namespace}
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": about}
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}/eviction"
        headers = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "application/json"}
        request = Request(self._server + path, json.dumps(body).encode(), headers)
        try:
            with urlopen(request, context=self._tls, timeout=30) as answer:
                return answer.status, str(json.load(answer).get("status"))
        except HTTPError as error:
            return error.code, str(json.load(error).get("message"))

    @staticmethod
    def _done(finished: "subprocess.CompletedProcess[str]") -> str:
        if finished.returncode:
            raise ClusterError((finished.stderr or finished.stdout).strip())
        return finished.stdout

    def _start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        client, peer, secure = free_ports(3)
        store = f"http://127.0.0.1:{client}"
        self._server = f"https://127.0.0.1:{secure}"
        self._launch("etcd", *_etcd(self._folder, store, f"http://127.0.0.1:{peer}"))
        ca, own = self._certificates()
        self._config.write_text(yaml.safe_dump(_kubeconfig(self._server, ca)))
        self._tls.load_verify_locations(ca)
        signer = own.with_suffix(".key")
        self._launch("apiserver", "kubernetes", "apiserver", *_apiserver(self._folder, store, secure, own))
        eventually(self._ready, within=_START_SECONDS, what="the API server is ready")
        own_config = f"--kubeconfig={self._config}"
        common = (own_config, "--leader-elect=false", "--secure-port=0")
        keys = (f"--service-account-private-key-file={signer}", f"--root-ca-file={ca}")
        self._launch("controllers", "kubernetes", "controller-manager", *common, *keys)
        self._launch("scheduler", "kubernetes", "scheduler", *common)
        self.kubectl("apply", "--server-side", "-f", "-", given=world.manifest())
        self.kubectl("apply", "--server-side", "-f", CACHE / "definitions")
        self._launch(
            "kwok",
            "kwok",
            own_config,
            "--manage-all-nodes=true",
            "--node-lease-duration-seconds=40",
            f"--config={STAGES}",
        )
        self.kubectl("wait", "--for=condition=Established", "customresourcedefinition", "--all", "--timeout=60s")
        self.kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=60s")

    def _certificates(self) -> tuple[Path, Path]:
        authority = Authority(self._folder / "certificates", "Cluster of the tests")
        return authority.ca, authority.sign("apiserver", ("127.0.0.1", "kubernetes.default.svc")).certificate

    def _launch(self, name: str, *command: str) -> None:
        program = CACHE / "bin" / command[0]
        log = self._folder / f"{name}.log"
        self._children.append(Child(name, (program, *command[1:]), log=log, environment=_environment(self._folder)))

    def _ready(self) -> bool:
        for child in self._children:
            if not child.running:
                raise ClusterError(f"{child.name} ended:\n{child.last_lines()}")
        try:
            with urlopen(f"{self._server}/readyz", context=self._tls, timeout=5) as answer:
                return bool(answer.status == 200)
        except URLError:
            return False

    def _stop(self) -> None:
        for child in reversed(self._children):
            child.kill()  # nothing that they keep is of use afterwards


def _environment(home: Path) -> dict[str, str]:
    """Only what the programs need: neither a kubeconfig nor Helm's folders of whoever runs this."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8"}
    return environment | {"KUBE_FEATURE_WatchListClient": "false"}  # the same of clients


def _etcd(folder: Path, client: str, peer: str) -> Sequence[str]:
    return (
        "etcd",
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--unsafe-no-fsync",
    )


def _apiserver(folder: Path, store: str, port: int, certificate: Path) -> Sequence[str]:
    key = certificate.with_suffix(".key")
    tokens = folder / "tokens.csv"
    tokens.write_text(f"{_TOKEN},administrator,administrator,system:masters\n")
    return (
        f"--etcd-servers={store}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        f"--secure-port={port}",
        f"--cert-dir={folder / 'certificates'}",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        f"--token-auth-file={tokens}",
        "--authorization-mode=RBAC",
        "--feature-gates=WatchList=false",  # asks more of etcd than Debian's 3.4 gives
        "--service-cluster-ip-range=10.0.0.0/24",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={certificate}",
        f"--service-account-signing-key-file={key}",
    )


def _kubeconfig(server: str, ca: Path) -> Mapping[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "tests", "cluster": {"server": server, "certificate-authority": str(ca)}}],
        "users": [{"name": "administrator", "user": {"token": _TOKEN}}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "administrator"}}],
        "current-context": "tests",
    }
