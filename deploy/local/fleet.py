"""The four workers, and the desk, as processes of this machine: started, watched, started again, drained."""

import asyncio
import signal
import socket
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
from streams.settings import load
from streams.vocabulary import Stage

_WATCH_SECONDS: Final = 0.5
_LONGEST_PAUSE: Final = 60.0
_SOUND_SECONDS: Final = 60.0
"""A worker that ran this long had a good start: its next end counts as the first."""
_DRAIN_SECONDS: Final = 40.0
"""More than a worker's own drain timeout of 25 s, after which it ends by itself."""

COMMAND: Final = (sys.executable, "-P", "-m", "agents")
"""With -P: the code that the environment names, wherever we stand."""

DESK: Final = "desk"


@dataclass(slots=True)
class _Member:
    name: str
    command: tuple[str, ...]
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


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Fleet:
    """All roles, one process each, from entry to exit.

    Args:
        folder: gets their logs and local state.
        settings: environment variables of the processes, besides ours.
        report: is told, in a sentence, what happens to a process.
        desk: the desk runs beside them.
        root: holds the code that they run.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        report: Callable[[str], None],
        *,
        desk: bool = False,
        root: Path = ROOT,
    ) -> None:
        self._folder = folder
        self._settings = dict(settings)
        self._report = report
        self._desk = desk
        self._root = root
        self._members: list[_Member] = []

    def __enter__(self) -> Self:
        for role, port in zip(Stage, free_ports(len(Stage)), strict=True):
            self._join(role.value, ("worker", role.value), port)
        if self._desk:
            self._join(DESK, (DESK,), self._desk_port())
        return self

    def _join(self, name: str, command: tuple[str, ...], port: int) -> None:
        self._members.append(_Member(name, command, port, self._start(name, command, port), time.monotonic()))

    def _desk_port(self) -> int:
        """That of the settings; without one the default, so that an address stays good, or a free one."""
        given = load(self._settings).desk_port
        if "FRONTWIRE_DESK_PORT" in self._settings and given:
            return given
        return given if given and _is_free(given) else free_ports(1)[0]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._drain()
        finally:
            for member in self._members:
                member.child.kill()

    @property
    def addresses(self) -> dict[str, str]:
        """Where each role's metrics are, and the desk's page."""
        return {
            member.name: f"http://127.0.0.1:{member.port}/" + ("" if member.name == DESK else "metrics")
            for member in self._members
        }

    @property
    def ready(self) -> bool:
        """Whether the `/readyz` of all says yes now."""
        return all(_says_yes(f"http://127.0.0.1:{member.port}/readyz") for member in self._members)

    def log(self, name: str) -> Path:
        """The file with what a role, or the desk, says."""
        return self._folder / "logs" / f"{name}.log"

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
            member.child = self._start(member.name, member.command, member.port)
            member.started, member.restart_at = now, None

    def _obituary(self, member: _Member) -> str:
        what = member.name if member.name == DESK else f"worker {member.name}"
        log = self.log(member.name)
        return f"The {what} ended ({member.child.exit_code}); {log} ends:\n{member.child.last_lines(8)}"

    def _drain(self) -> None:
        for member in self._members:
            member.child.signal(signal.SIGTERM)  # to all at once, so that they drain side by side
        deadline = time.monotonic() + _DRAIN_SECONDS
        for member in self._members:
            try:
                member.child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._report(f"The process {member.name} did not stop in time and is killed.")

    def _start(self, name: str, command: tuple[str, ...], port: int) -> Child:
        variable = "FRONTWIRE_DESK_PORT" if name == DESK else "FRONTWIRE_HTTP_PORT"
        own = {variable: str(port), "FRONTWIRE_STATE_FOLDER": str(self._folder / "state" / name)}
        environment = python_environment(self._root, self._settings | own)
        return Child(name, (*COMMAND, *command), log=self.log(name), environment=environment)
