"""Worker processes as an operator starts them: `frontwire worker ROLE` with an environment."""

import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from deploy.local.jars import ROOT
from deploy.local.kafka import free_ports
from deploy.local.process import Child, python_environment
from tests.support.waiting import eventually


class Worker:
    """One process of the project, its settings, its log and its HTTP port.

    `arguments` follow `python -m agents` (or another `module`); `settings` are environment variables, put over those of
    the test's Kafka. `root` holds the code that runs: this tree, or another release's. `wrapper` is a command that
    becomes the process, e.g. to take rights away first.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        settings: dict[str, str],
        module: str = "agents",
        root: Path = ROOT,
        wrapper: Sequence[str] = (),
    ) -> None:
        self.port = int(settings.get("FRONTWIRE_HTTP_PORT") or free_ports(1)[0])
        self._name = " ".join(arguments)
        self._command = (
            *wrapper,
            sys.executable,
            "-P",
            "-m",
            module,
            *arguments,
        )  # -P: the code of `root`, wherever we stand
        own = {
            "FRONTWIRE_HTTP_PORT": str(self.port),
            "FRONTWIRE_STATE_FOLDER": str(folder / "state"),
            "FRONTWIRE_REPLICATION_FACTOR": "1",
        }
        if root == ROOT:  # tests count what lies on topics; an older release may not know the setting
            own["FRONTWIRE_HEARTBEAT_INTERVAL"] = "0"
        self._environment = python_environment(root, own | settings)
        self._log = folder / (self._name.replace(" ", "-") + ".log")
        self.process = self._start()

    def _start(self) -> Child:
        return Child(self._name, self._command, log=self._log, environment=self._environment)

    @property
    def log(self) -> str:
        """Everything it has said, over all its starts."""
        return self._log.read_text(errors="replace")

    @property
    def ready(self) -> bool:
        """Whether `/readyz` says yes now."""
        return self.get("/readyz") is not None

    def get(self, path: str) -> str | None:
        """The body that its HTTP server answers to `path`; None for any answer but 200, or none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                body: bytes = answer.read()
                return body.decode()
        except urllib.error.HTTPError as error:
            error.close()
            return None
        except OSError:
            return None

    def wait_ready(self, timeout: float = 60) -> None:
        """Wait until it is ready; fails with its last lines if it ends or takes too long."""

        def ready_or_ended() -> bool:
            assert self.process.running, f"{self._name} ended ({self.process.exit_code}):\n{self.process.last_lines()}"
            return self.ready

        eventually(ready_or_ended, within=timeout, what=f"{self._name} ready:\n{self.process.last_lines()}\n")

    def restart(self) -> None:
        """Kill it if it runs, and start it again with the same port and state."""
        self.process.kill()
        self.process = self._start()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()

    def stop(self, timeout: float = 40) -> int:
        """Ask it to end (SIGTERM) and give its exit code."""
        return self.process.stop(timeout)
