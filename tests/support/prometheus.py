"""A real Prometheus on loopback, and promtool; both from the Debian package `prometheus`, which `tests/run` fetches."""

import json
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import yaml

from deploy.local.jars import ROOT
from deploy.local.kafka import free_ports
from deploy.local.process import Child
from tests.support.waiting import eventually

_UNPACKED: Final = ROOT / ".cache" / "debian" / "usr" / "bin"
ABSENT: Final = "the Debian package prometheus is not here; tests/run fetches it where apt-get can"


def program(name: str) -> str | None:
    """Where `prometheus` or `promtool` is; None where it is not."""
    return shutil.which(name) or shutil.which(name, path=str(_UNPACKED))


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run promtool; exit code and output of both kinds."""
    command = [program("promtool") or "promtool", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)


@dataclass(frozen=True, slots=True)
class Sample:
    """One series at one moment."""

    labels: dict[str, str]
    value: float


class Prometheus:
    """Scrapes workers and evaluates rules every second, from entry to exit.

    Args:
        folder: gets its data, settings and log.
        ports: of the workers' HTTP servers on loopback.
        rules: rule files.
    """

    def __init__(self, folder: Path, ports: Sequence[int], rules: Sequence[Path]) -> None:
        self._folder = folder
        self._settings = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(path) for path in rules],
            "scrape_configs": [
                {"job_name": "frontwire", "static_configs": [{"targets": [f"127.0.0.1:{port}" for port in ports]}]}
            ],
        }
        self._address = f"127.0.0.1:{free_ports(1)[0]}"
        self._child: Child | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = self._folder / "prometheus.yml"
        settings.write_text(yaml.safe_dump(self._settings))
        command = (
            program("prometheus") or "prometheus",
            f"--config.file={settings}",
            f"--storage.tsdb.path={self._folder / 'data'}",
            f"--web.listen-address={self._address}",
        )
        self._child = Child("prometheus", command, log=self._folder / "prometheus.log")
        eventually(self._is_ready, within=30, what="Prometheus")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._child is not None
        self._child.stop(10)

    def query(self, expression: str) -> list[Sample]:
        """The value of an instant query now.

        Raises:
            ValueError: Prometheus refuses the expression; the message says why.
        """
        found = self._get("query", query=expression)
        return [Sample(series["metric"], float(series["value"][1])) for series in found["result"]]

    def rules(self) -> list[dict[str, Any]]:
        """Every rule with `name`, `type`, `health`, `lastError` and, of alerts, `state`."""
        return [rule for group in self._get("rules")["groups"] for rule in group["rules"]]

    def _is_ready(self) -> bool:
        assert self._child is not None and self._child.running, "Prometheus ended; see its log"
        try:
            with urllib.request.urlopen(f"http://{self._address}/-/ready", timeout=2):
                return True
        except OSError:
            return False

    def _get(self, path: str, **parameters: str) -> Any:
        url = f"http://{self._address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(f"Prometheus refuses {parameters}: {error.read().decode()}") from error
