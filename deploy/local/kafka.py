"""A real Apache Kafka without containers: KRaft, one node or several, own folder, free ports.

    with LocalKafka(Path("data")) as kafka:
        print(kafka.bootstrap_servers)

Standard library only: it runs before anything is installed. `python -m deploy.local.kafka` starts one and waits.
"""

import argparse
import itertools
import random
import signal
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from deploy.local import jars
from deploy.local.broker import Broker, PortTakenError, format_storage, node_properties
from deploy.local.jars import LocalKafkaError
from deploy.local.process import last_lines
from deploy.local.secured import PROTOCOLS, Secured

_JVM: Final = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
"""A broker of about 340 MB resident that is up in seconds: measured for a test's load, not for production."""

_LOGGING: Final = (
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
)
_PORTS: Final = range(20_000, 32_000)
"""Below what Linux and macOS give to outgoing connections, so that a restarted broker finds its port free."""

_START_ATTEMPTS: Final = 4


class LocalKafka:
    """A Kafka of one or several nodes, started on entry and stopped on exit; its data stays in `folder`.

    A second one on the same folder finds the first one's topics and offsets. With three nodes or more, topics get
    three replicas, of which two must have a write.

    Args:
        folder: where each node keeps its data and log.
        nodes: how many there are.
        properties: broker settings that are added or replaced.
        secured: adds listeners that clients must log in to.
    """

    def __init__(
        self,
        folder: Path,
        *,
        nodes: int = 1,
        properties: Mapping[str, str] = MappingProxyType({}),
        secured: Secured | None = None,
    ) -> None:
        self._folder = folder
        self._nodes = nodes
        self._properties = dict(properties)
        self._secured = secured
        self.brokers: tuple[Broker, ...] = ()

    @property
    def bootstrap_servers(self) -> str:
        """`host:port` of every node, with commas between."""
        return ",".join(f"127.0.0.1:{broker.port}" for broker in self.brokers)

    def secured_servers(self, protocol: str) -> str:
        """`host:port` of every node's listener of a protocol of `deploy.local.secured`, with commas between."""
        return ",".join(f"127.0.0.1:{broker.secured_ports[protocol]}" for broker in self.brokers)

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
        protocols = PROTOCOLS if self._secured else ()
        ports = free_ports((2 + len(protocols)) * self._nodes)
        nodes = [(number, ports.pop(), ports.pop()) for number in range(1, self._nodes + 1)]
        voters = ",".join(f"{number}@127.0.0.1:{controller}" for number, _, controller in nodes)
        classpath = ("-cp", f"{jar_folder}/*")
        brokers = []
        for number, port, controller in nodes:
            folder = self._folder / f"node-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            settings = folder / "server.properties"
            own = node_properties(number, port, controller, folder / "data", voters, self._nodes)
            secured_ports = {protocol: ports.pop() for protocol in protocols}
            if self._secured:
                own |= self._secured.properties(own, secured_ports)
            settings.write_text("".join(f"{name}={value}\n" for name, value in (own | self._properties).items()))
            users = self._secured.format_arguments if self._secured else ()
            format_storage((java, *_JVM[1:], *_LOGGING, *classpath), settings, folder, users)
            command = (java, *_JVM, *_LOGGING, *classpath, "kafka.Kafka", str(settings))
            brokers.append(Broker(number, folder, port, command, secured_ports))
        return tuple(brokers)


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
