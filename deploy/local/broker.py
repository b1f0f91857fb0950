"""One node of a local Kafka: its settings, its storage, its process."""

import re
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from deploy.local.jars import LocalKafkaError
from deploy.local.process import Child, last_lines

_STARTED: Final = re.compile(r"KafkaRaftServer .*Kafka Server started")
_PORT_TAKEN: Final = re.compile(r"BindException|Address already in use")

_START_TIMEOUT: Final = 90.0
_STOP_TIMEOUT: Final = 30.0
_CLUSTER_ID: Final = "ZnJvbnR3aXJlLWxvY2FsLQ"
"""22 characters of URL-safe base64, as Kafka wants it; one for all, so that nodes of one folder know each other."""


class PortTakenError(LocalKafkaError):
    """Another process took a port between our choice and Kafka's start."""


@dataclass(slots=True)
class Broker:
    """One node: broker and controller in one JVM. `stop`, `kill` and `pause` it to see what its clients do."""

    number: int
    folder: Path
    port: int
    command: tuple[str, ...]
    secured_ports: Mapping[str, int] = field(default_factory=dict)
    process: Child | None = field(default=None)

    @property
    def log(self) -> Path:
        """The file with what the broker says, over all its restarts."""
        return self.folder / "broker.log"

    @property
    def running(self) -> bool:
        """True between start and the end of its process; a paused one runs."""
        return self.process is not None and self.process.running

    def launch(self) -> None:
        """Start it without waiting; in a cluster it is ready only once a majority runs."""
        if not self.running:
            self.process = Child(f"Kafka broker {self.number}", self.command, log=self.log)

    def wait_ready(self, timeout: float = _START_TIMEOUT) -> None:
        """Wait until it serves clients.

        Raises:
            PortTakenError: its port is in use by now.
            LocalKafkaError: it ended or is not ready in time; with the last lines it logged.
        """
        assert self.process is not None
        deadline = time.monotonic() + timeout
        while not _STARTED.search(self.process.output()):
            if not self.process.running and _PORT_TAKEN.search(self.process.output()):
                raise PortTakenError(f"Port {self.port} was taken before Kafka could have it.")
            if not self.process.running or time.monotonic() > deadline:
                what = "is not ready in time" if self.process.running else f"ended ({self.process.exit_code})"
                raise LocalKafkaError(f"{self.process.name} {what}; {self.log} ends:\n{self.process.last_lines()}")
            time.sleep(0.1)

    def start(self) -> None:
        """Start it and wait until it serves clients."""
        self.launch()
        self.wait_ready()

    def stop(self) -> None:
        """Let it hand over its partitions and end; killed if it takes too long."""
        if self.process is not None:
            self.process.stop(_STOP_TIMEOUT)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None:
            self.process.kill()

    def pause(self) -> None:
        """Stop it in its tracks: its port stays open and answers nothing."""
        if self.process is not None:
            self.process.pause()

    def resume(self) -> None:
        """Let a paused one go on."""
        if self.process is not None:
            self.process.resume()


def node_properties(
    number: int, port: int, controller_port: int, data: Path, voters: str, nodes: int
) -> dict[str, str]:
    """The `server.properties` of one node: broker and controller in one, loopback only, no topics by accident."""
    replicas = min(nodes, 3)
    majority = min(nodes, 2)
    return {
        "process.roles": "broker,controller",
        "node.id": str(number),
        "controller.quorum.voters": voters,
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": str(data),
        "auto.create.topics.enable": "false",
        "default.replication.factor": str(replicas),
        "min.insync.replicas": str(majority),
        "offsets.topic.replication.factor": str(replicas),
        "offsets.topic.num.partitions": "8",
        "transaction.state.log.replication.factor": str(replicas),
        "transaction.state.log.min.isr": str(majority),
        "transaction.state.log.num.partitions": "8",
        "share.coordinator.state.topic.replication.factor": str(replicas),
        "share.coordinator.state.topic.min.isr": str(majority),
        "group.initial.rebalance.delay.ms": "0",
        "broker.heartbeat.interval.ms": "500",
        "broker.session.timeout.ms": "5000",  # a lost node's partitions move sooner than after the default 9 s
        "num.network.threads": "2",
        "num.io.threads": "4",
        "log.cleaner.dedupe.buffer.size": str(8 * 1024 * 1024),  # of the heap; the default takes 128 MB
    }


def format_storage(java: tuple[str, ...], settings: Path, folder: Path, more: tuple[str, ...] = ()) -> None:
    """Prepare a node's data folder, unless it is prepared already; `more` are further arguments of Kafka's tool.

    Raises:
        LocalKafkaError: Kafka refuses; with the last lines it said.
    """
    if (folder / "data" / "meta.properties").exists():
        return
    told = subprocess.run(
        [*java, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", str(settings), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if told.returncode:
        log = folder / "format.log"
        log.write_text(told.stdout)
        raise LocalKafkaError(f"Kafka could not prepare {folder}; {log} ends:\n{last_lines(log)}")
