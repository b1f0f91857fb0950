"""A real Apache Kafka without containers: KRaft, one node or several, own folder, free ports.

    with LocalKafka(Path("data")) as kafka:
        print(kafka.bootstrap_servers)

Standard library only: it runs before anything is installed. `python -m deploy.local.kafka` starts one and waits.
"""

import argparse
import itertools
import random
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from deploy.local import jars
from deploy.local.jars import LocalKafkaError
from deploy.local.process import Child, last_lines

_JVM: Final = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
"""A broker of about 340 MB resident that is up in seconds: measured for a test's load, not for production."""

_LOGGING: Final = (
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
)
_STARTED: Final = re.compile(r"KafkaRaftServer .*Kafka Server started")
_PORT_TAKEN: Final = re.compile(r"BindException|Address already in use")

_PORTS: Final = range(20_000, 32_000)
"""Below what Linux and macOS give to outgoing connections, so that a restarted broker finds its port free."""

_START_TIMEOUT: Final = 90.0
_STOP_TIMEOUT: Final = 30.0
_START_ATTEMPTS: Final = 4


@dataclass(slots=True)
class Broker:
    """One node: broker and controller in one JVM. `stop`, `kill` and `pause` it to see what its clients do."""

    number: int
    folder: Path
    port: int
    command: tuple[str, ...]
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


class PortTakenError(LocalKafkaError):
    """Another process took a port between our choice and Kafka's start."""


class LocalKafka:
    """A Kafka of one or several nodes, started on entry and stopped on exit; its data stays in `folder`.

    A second one on the same folder finds the first one's topics and offsets. With three nodes or more, topics get
    three replicas, of which two must have a write.

    Args:
        folder: where each node keeps its data and log.
        nodes: how many there are.
        properties: broker settings that are added or replaced.
    """

    def __init__(self, folder: Path, *, nodes: int = 1, properties: Mapping[str, str] = MappingProxyType({})) -> None:
        self._folder = folder
        self._nodes = nodes
        self._properties = dict(properties)
        self.brokers: tuple[Broker, ...] = ()

    @property
    def bootstrap_servers(self) -> str:
        """`host:port` of every node, with commas between."""
        return ",".join(f"127.0.0.1:{broker.port}" for broker in self.brokers)

    @property
    def replication_factor(self) -> int:
        """How many replicas topics should have here."""
        return min(self._nodes, 3)

    def ended(self) -> str | None:
        """A sentence on the first node that does not run, None if all do."""
        for broker in self.brokers:
            if not broker.running:
                return f"Kafka broker {broker.number} ended; {broker.log} ends:\n{last_lines(broker.log)}"
        return None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start every node and wait until all serve clients.

        Raises:
            LocalKafkaError: Java, Maven or Kafka itself fails; the message says why.
        """
        for attempt in itertools.count(1):
            try:
                self.brokers = self._prepare(jars.java(), jars.fetch())
                for broker in self.brokers:
                    broker.launch()
                for broker in self.brokers:
                    broker.wait_ready()
                return
            except PortTakenError:
                self.stop()
                if attempt == _START_ATTEMPTS:
                    raise
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Stop every node that runs."""
        running = [broker for broker in self.brokers if broker.running]
        for broker in running:
            assert broker.process is not None
            broker.resume()
            broker.process.signal(signal.SIGTERM)  # all at once: the last of a cluster finds no majority to leave
        for broker in running:
            broker.stop()

    def _prepare(self, java: str, jar_folder: Path) -> tuple[Broker, ...]:
        ports = free_ports(2 * self._nodes)
        nodes = [(number, ports.pop(), ports.pop()) for number in range(1, self._nodes + 1)]
        voters = ",".join(f"{number}@127.0.0.1:{controller}" for number, _, controller in nodes)
        classpath = ("-cp", f"{jar_folder}/*")
        brokers = []
        for number, port, controller in nodes:
            folder = self._folder / f"node-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            settings = folder / "server.properties"
            own = node_properties(number, port, controller, folder / "data", voters, self._nodes)
            settings.write_text("".join(f"{name}={value}\n" for name, value in (own | self._properties).items()))
            _format((java, *_JVM[1:], *_LOGGING, *classpath), settings, folder)
            command = (java, *_JVM, *_LOGGING, *classpath, "kafka.Kafka", str(settings))
            brokers.append(Broker(number, folder, port, command))
        return tuple(brokers)


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


def free_ports(count: int) -> list[int]:
    """Different ports on loopback that nobody listens on now; another process may still take one first."""
    candidates = random.SystemRandom().sample(_PORTS, len(_PORTS))
    free = list(itertools.islice(filter(_is_free, candidates), count))
    if len(free) < count:
        raise LocalKafkaError(f"No {count} free ports from {_PORTS.start} to {_PORTS.stop} on 127.0.0.1.")
    return free


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


_CLUSTER_ID: Final = "ZnJvbnR3aXJlLWxvY2FsLQ"
"""22 characters of URL-safe base64, as Kafka wants it; one for all, so that nodes of one folder know each other."""


def _format(java: tuple[str, ...], settings: Path, folder: Path) -> None:
    if (folder / "data" / "meta.properties").exists():
        return
    told = subprocess.run(
        [*java, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", str(settings)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if told.returncode:
        log = folder / "format.log"
        log.write_text(told.stdout)
        raise LocalKafkaError(f"Kafka could not prepare {folder}; {log} ends:\n{last_lines(log)}")


def main() -> None:
    """Run a Kafka until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Start a real Kafka on loopback and keep it until Ctrl-C.")
    parser.add_argument("--nodes", type=int, default=1, help="how many nodes (default 1)")
    parser.add_argument("--folder", type=Path, help="keep the data here (default: a temporary folder)")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="frontwire-kafka-") as temporary:
        try:
            with LocalKafka(given.folder or Path(temporary), nodes=given.nodes) as kafka:
                print(f"KAFKA_BOOTSTRAP_SERVERS={kafka.bootstrap_servers}", flush=True)
                signal.pause()
        except LocalKafkaError as error:
            parser.exit(1, f"{error}\n")
        except KeyboardInterrupt:
            parser.exit(0)


if __name__ == "__main__":
    main()
