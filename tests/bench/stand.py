"""What the benches of the whole line stand on: a real Kafka, workers as processes, and meters of what they take.

Processor time and memory are those of whole process trees (`poll` has parser processes, a broker is one), sampled so
often that a process which ends in between is lost with at most a moment of its time.
"""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType, TracebackType
from typing import Final, Self

import psutil
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.jars import ROOT
from deploy.local.kafka import LocalKafka
from streams.settings import Settings, load
from streams.vocabulary import Stage
from tests.support.waiting import eventually
from tests.support.workers import Worker

KAFKA: Final = "kafka"
ONE_EACH: Final = MappingProxyType(dict.fromkeys(Stage, 1))

_SAMPLE_SECONDS: Final = 5.0
"""Asking for the memory of all processes takes a tenth of a second of a core that the line wants, too."""

_READY_SECONDS: Final = 120.0


class Meter:
    """Processor seconds, and the most memory, of named process trees while it is open."""

    def __init__(self, roots: Mapping[str, list[int]]) -> None:
        self._roots = roots
        self._cpu: dict[tuple[str, int], float] = {}
        self._began: dict[str, float] = {}
        self._most: Counter[str] = Counter()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._sample()
        self._began = self.total()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def total(self) -> dict[str, float]:
        """Processor seconds since the processes began, by name."""
        return {name: sum(each for (of, _), each in self._cpu.items() if of == name) for name in self._roots}

    @property
    def cpu(self) -> dict[str, float]:
        """Processor seconds since this meter began, by name."""
        self._sample()
        return {name: each - self._began[name] for name, each in self.total().items()}

    @property
    def megabytes(self) -> dict[str, float]:
        """The most that was resident at once of one process tree of a name, shared pages counted once."""
        return {name: most / 1e6 for name, most in self._most.items()}

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self._sample()

    def _sample(self) -> None:
        for name, root in ((name, root) for name, roots in self._roots.items() for root in roots):
            held = 0
            for process in _tree(root):
                with suppress(psutil.Error):
                    times = process.cpu_times()
                    self._cpu[name, process.pid] = times.user + times.system
                    held += process.memory_full_info().pss
            self._most[name] = max(self._most[name], held)


def _tree(root: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


class Stand:
    """Kafka and so many workers a role, from entry to exit.

    Args:
        workers: how many of each role.
        settings: environment variables of the workers besides their own.
        root: holds the code that they run.
    """

    def __init__(
        self,
        workers: Mapping[Stage, int] = ONE_EACH,
        settings: Mapping[str, str] = MappingProxyType({}),
        root: Path = ROOT,
    ) -> None:
        self._wanted = workers
        self._given = settings
        self._root = root
        self._stack = ExitStack()
        self.workers: dict[Stage, list[Worker]] = {}
        self.start_seconds: dict[Stage, float] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
            self._kafka = stack.enter_context(LocalKafka(self.folder / "kafka"))
            self.environment = {
                "KAFKA_BOOTSTRAP_SERVERS": self._kafka.bootstrap_servers,
                "FRONTWIRE_REPLICATION_FACTOR": "1",
                "FRONTWIRE_HEARTBEAT_INTERVAL": "0",
                "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
                "FRONTWIRE_POLL_HOST_RATE": "100000",
                "FRONTWIRE_POLL_HOST_CONNECTIONS": "8",
                **self._given,
            }
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def settings(self) -> Settings:
        """The settings that the workers have."""
        return load(self.environment)

    def start(self) -> None:
        """Start the workers, one after another, so that `start_seconds` tells what each takes alone."""
        for stage, number in self._wanted.items():
            self.workers[stage] = [self._worker(stage, n) for n in range(number)]

    def meter(self) -> Meter:
        """A meter of the workers, by role, and of Kafka."""
        roots = {stage.value: [one.process.pid for one in each] for stage, each in self.workers.items()}
        brokers = [broker.process.pid for broker in self._kafka.brokers if broker.process is not None]
        return Meter(roots | {KAFKA: brokers})

    def counted(self, metric: str, stage: Stage, **labels: str) -> float:
        """A counter's value, summed over the workers of a role and the labels that are not given."""
        return sum(self._counted(worker, metric, labels) for worker in self.workers[stage])

    def _counted(self, worker: Worker, metric: str, labels: Mapping[str, str]) -> float:
        if not worker.process.running:
            raise SystemExit(f"A worker ended:\n{worker.process.last_lines()}")
        text = eventually(lambda: worker.get("/metrics") or "", within=60, what="the worker's metrics")
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == metric and labels.items() <= sample.labels.items()
        )

    def _worker(self, stage: Stage, number: int) -> Worker:
        folder = self.folder / f"{stage}-{number}"
        folder.mkdir()
        began = time.monotonic()
        worker = Worker(["worker", stage], folder=folder, settings=self.environment, root=self._root)
        self._stack.callback(worker.stop)
        worker.wait_ready(_READY_SECONDS)
        self.start_seconds[stage] = time.monotonic() - began
        return worker
