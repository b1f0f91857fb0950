"""The pods of the chart as processes, on a real Kafka that asks who they are.

They get the arguments, variables and files that the chart gives them, and the rights of its KafkaUsers alone. Where we
are root and may, they get a read-only root and no capability, too.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local.kafka import LocalKafka, free_ports
from deploy.local.secured import SASL, Secured
from streams.kafka.rights import Operation, Pattern, Resource, Right
from streams.settings import load
from tests.support.acls import allow
from tests.support.certificates import Authority
from tests.support.helm import Manifest, named, needs_helm, of_kind, pods, render, workloads
from tests.support.waiting import eventually
from tests.support.web import Web, item, rss
from tests.support.workers import Worker

pytestmark = [pytest.mark.kafka, needs_helm]

PREFIX = "trial."
ROLES = ("poll", "deduplicate", "extract", "total", "desk", "feeds", "operator", "subscriber")
PASSWORDS = {f"news-frontwire-{role}": f"Pa55-{role}" for role in ROLES}
HARDEN = """
mount --make-rprivate / && mount --bind / / && mount -o remount,bind,ro / || exit 70
for folder in "$STATE" "$TMPDIR"; do
    mkdir -p "$folder" && mount --bind "$folder" "$folder" && mount -o remount,bind,rw "$folder" || exit 71
done
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
"""
"""What a container runtime does for securityContext: the root cannot be written to, but for the volumes."""
PATTERNS = {"literal": Pattern.LITERAL, "prefix": Pattern.PREFIX}


@dataclass(frozen=True)
class Cluster:
    """A Kafka, its authority, and what the chart makes for it."""

    kafka: LocalKafka
    authority: Authority
    manifests: list[Manifest]
    folder: Path

    def settings(self, pod: Manifest) -> dict[str, str]:
        """The variables of a pod, with its mounts in a folder here and its port free on this machine."""
        (one,) = pod["spec"]["containers"]
        given = {v["name"]: v.get("value", "127.0.0.1") for v in one["env"]}
        mounts = {m["mountPath"]: str(self._volume(pod, m["name"])) for m in one["volumeMounts"]}
        for path, here in mounts.items():
            given = {name: value.replace(path, here) for name, value in given.items()}
        (port,) = free_ports(1)
        places = {"TMPDIR": mounts["/tmp"], "STATE": mounts.get("/var/lib/frontwire", mounts["/tmp"])}
        return given | places | {name: str(port) for name in ("FRONTWIRE_HTTP_PORT", "FRONTWIRE_DESK_PORT")}

    def start(self, pod: Manifest) -> Worker:
        """The process of a pod."""
        logs = self.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        return Worker(self.arguments(pod), folder=logs, settings=self.settings(pod), wrapper=wrapper())

    def arguments(self, pod: Manifest) -> list[str]:
        """What its container runs, mounted folders being here."""
        args: list[str] = pod["spec"]["containers"][0]["args"]
        feeds = str(self._volume(pod, "feeds")) if "feeds" in args else ""
        return [word.replace("/etc/frontwire/feeds", feeds) for word in args]

    def _volume(self, pod: Manifest, name: str) -> Path:
        path: Path = self.folder / pod["metadata"]["labels"]["app.kubernetes.io/component"] / name
        path.mkdir(parents=True, exist_ok=True)
        for volume in pod["spec"]["volumes"]:
            if volume["name"] == name:
                for file, data in self._files(volume):
                    (path / file).write_text(data)
        return path

    def _files(self, volume: Manifest) -> Iterator[tuple[str, str]]:
        if "configMap" in volume:
            yield from named(self.manifests, "ConfigMap", volume["configMap"]["name"])["data"].items()
        for source in volume.get("projected", {}).get("sources", []):
            for file in source["secret"]["items"]:
                yield file["path"], self._secret(source["secret"]["name"])[file["key"]]

    def _secret(self, name: str) -> Mapping[str, str]:
        """As Strimzi writes them."""
        return {"ca.crt": self.authority.ca.read_text()} if name == "ca" else {"password": PASSWORDS[name]}


def wrapper() -> tuple[str, ...]:
    """Takes away what a restricted pod has not, as far as this machine lets us."""
    able = os.geteuid() == 0 and shutil.which("unshare") and shutil.which("setpriv")
    if not able or subprocess.run(["unshare", "-m", "true"]).returncode:
        return ()
    return "unshare", "-m", "sh", "-c", HARDEN, "harden"


def is_hardened(worker: Worker) -> bool:
    """Whether the kernel says so of a running process."""
    process = Path(f"/proc/{worker.process.pid}")
    read_only = os.statvfs(process / "root").f_flag & os.ST_RDONLY
    none = re.search(r"^CapEff:\s+0+$", (process / "status").read_text(), re.MULTILINE)
    return bool(none and read_only)


@pytest.fixture
def cluster(tmp_path: Path, web: Web) -> Iterator[Cluster]:
    authority = Authority(tmp_path / "authority")
    node = authority.sign("node", ["127.0.0.1"])
    listeners = Secured(key_store=node.both, trust_store=authority.ca, passwords=PASSWORDS)
    values: dict[str, Any] = {
        "strimzi": {"enabled": True, "cluster": "news", "topics": False},
        "desk": {"enabled": True},
        "feeds": {"files": {"feeds.toml": f'[[feed]]\nid = "one"\nurl = "{web.url("/one")}"\n'}},
        "settings": {
            "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
            "FRONTWIRE_POLL_INTERVAL_MIN": 0.5,
            "FRONTWIRE_POLL_INTERVAL_MAX": 0.5,
        },
    }
    with LocalKafka(tmp_path / "kafka", secured=listeners) as kafka:
        reached = {
            "bootstrapServers": kafka.secured_servers(SASL),
            "protocol": SASL,
            "topicPrefix": PREFIX,
            "replicationFactor": 1,
            "ca": {"existingSecret": "ca"},
        }
        yield Cluster(kafka, authority, render(**values, kafka=reached), tmp_path / "pods")


def grant(cluster: Cluster) -> None:
    """What the User Operator does with the KafkaUsers."""
    plain = load({"KAFKA_BOOTSTRAP_SERVERS": cluster.kafka.bootstrap_servers})
    for user in of_kind(cluster.manifests, "KafkaUser"):
        allow(plain, user["metadata"]["name"], map(right, user["spec"]["authorization"]["acls"]))


def right(acl: Manifest) -> Right:
    told = acl["resource"]
    operations = tuple(Operation(word) for word in acl["operations"])
    return Right(
        resource=Resource(told["type"]), name=told["name"], operations=operations, pattern=PATTERNS[told["patternType"]]
    )


def run_once(cluster: Cluster, pod: Manifest) -> str:
    """Run a job's or a test's pod to its end, which must be good; what it said."""
    once = cluster.start(pod)
    eventually(lambda: not once.process.running, within=60, what="its end")
    assert once.process.exit_code == 0, once.log
    return once.log


def test_the_pods_of_the_chart_poll_a_feed_with_the_rights_of_its_users(cluster: Cluster, web: Web) -> None:
    web.serve("/one", rss(item(1)))
    grant(cluster)
    every = dict(pods(cluster.manifests))
    assert f"{PREFIX}articles.raw" in run_once(cluster, every["news-frontwire-topics"])

    running: dict[str, tuple[Worker, Manifest]] = {}
    try:
        for one in workloads(cluster.manifests):
            pod, name = one["spec"]["template"], one["metadata"]["name"]
            running[name] = cluster.start(pod), pod["spec"]["containers"][0]
        assert len(running) == 6
        for name, (worker, container) in running.items():
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                path = container[probe]["httpGet"]["path"]
                eventually(lambda w=worker, p=path: w.get(p), within=120, what=f"{probe} of {name}")  # type: ignore[misc]
        assert not wrapper() or all(is_hardened(worker) for worker, _ in running.values())
        eventually(lambda: web.count("/one") > 1, within=60, what="the feed polled again, so that its health was told")
        told = run_once(cluster, every["news-frontwire-test"])
        assert re.search(r"^one +ok ", told, re.MULTILINE), told
        codes = {name: worker.stop() for name, (worker, _) in running.items()}
        assert set(codes.values()) == {0}, codes
    finally:
        for worker, _ in running.values():
            worker.kill()
