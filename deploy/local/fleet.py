"""The four workers as processes of this machine: started, watched, started again, drained."""

import asyncio
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from deploy.local.jars import ROOT
from deploy.local.kafka import free_ports
from deploy.local.process import Child, python_environment
from streams.vocabulary import Stage

_WATCH_SECONDS: Final = 0.5
_LONGEST_PAUSE: Final = 60.0
_SOUND_SECONDS: Final = 60.0
"""A worker that ran this long had a good start: its next end counts as the first."""
_DRAIN_SECONDS: Final = 40.0
"""More than a worker's own drain timeout of 25 s, after which it ends by itself."""

COMMAND: Final = (sys.executable, "-m", "agents")


@dataclass(slots=True)
class _Member:
    role: Stage
    port: int
    child: Child
    started: float
    failures: int = 0
    restart_at: float | None = None


def pause_before_restart(failures: int) -> float:
    """Seconds to wait before a worker is started again after so many failures in a row: 1, 2, 4 ... 60."""
    return min(_LONGEST_PAUSE, 2.0 ** min(failures - 1, 10))


def _says_yes(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
            return True
    except OSError:
        return False


class Fleet:
    """All roles, one process each, from entry to exit.

    Args:
        folder: gets their logs and local state.
        settings: environment variables of the workers, besides ours.
        report: is told, in a sentence, what happens to a worker.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str], report: Callable[[str], None]) -> None:
        self._folder = folder
        self._settings = dict(settings)
        self._report = report
        self._members: list[_Member] = []

    def __enter__(self) -> Self:
        for role, port in zip(Stage, free_ports(len(Stage)), strict=True):
            self._members.append(_Member(role, port, self._start(role, port), time.monotonic()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._drain()
        finally:
            for member in self._members:
                member.child.kill()

    @property
    def addresses(self) -> dict[Stage, str]:
        """Where each role's metrics are."""
        return {member.role: f"http://127.0.0.1:{member.port}/metrics" for member in self._members}

    @property
    def pids(self) -> dict[str, int]:
        """The process of each role."""
        return {member.role.value: member.child.pid for member in self._members}

    @property
    def ready(self) -> bool:
        """Whether every role's `/readyz` says yes now."""
        return all(_says_yes(f"http://127.0.0.1:{member.port}/readyz") for member in self._members)

    def log(self, role: Stage) -> Path:
        """The file with what a role says."""
        return self._folder / "logs" / f"{role.value}.log"

    def ended(self) -> str | None:
        """A sentence on the first worker that does not run, None if all do."""
        for member in self._members:
            if not member.child.running:
                return self._obituary(member)
        return None

    async def supervise(self) -> None:
        """Start workers that end again, after a pause that grows with each failure; for ever."""
        while True:
            for member in self._members:
                self._look_after(member, time.monotonic())
            await asyncio.sleep(_WATCH_SECONDS)

    def _look_after(self, member: _Member, now: float) -> None:
        if member.child.running:
            return
        if member.restart_at is None:
            member.failures = 1 if now - member.started > _SOUND_SECONDS else member.failures + 1
            pause = pause_before_restart(member.failures)
            member.restart_at = now + pause
            self._report(f"{self._obituary(member)}\nIt is started again in {pause:g} s.")
        elif now >= member.restart_at:
            member.child = self._start(member.role, member.port)
            member.started, member.restart_at = now, None

    def _obituary(self, member: _Member) -> str:
        log = self.log(member.role)
        return f"The worker {member.role.value} ended ({member.child.exit_code}); {log} ends:\n" + (
            member.child.last_lines(8)
        )

    def _drain(self) -> None:
        for member in self._members:
            member.child.signal(signal.SIGTERM)  # to all at once, so that they drain side by side
        deadline = time.monotonic() + _DRAIN_SECONDS
        for member in self._members:
            try:
                member.child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._report(f"The worker {member.role.value} did not stop in time and is killed.")

    def _start(self, role: Stage, port: int) -> Child:
        own = {"FRONTWIRE_HTTP_PORT": str(port), "FRONTWIRE_STATE_FOLDER": str(self._folder / "state" / role.value)}
        environment = python_environment(ROOT, self._settings | own)
        return Child(role.value, (*COMMAND, "worker", role.value), log=self.log(role), environment=environment)
