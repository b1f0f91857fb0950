"""The workers under test: so many a role, each with a state folder of its own, started again when they end."""

import asyncio
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from streams.vocabulary import Stage
from tests.faults.history import History
from tests.support.workers import Worker

WORKERS_A_ROLE: Final = 2
_LOOK_SECONDS: Final = 0.25
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 5.0
_SOUND_SECONDS: Final = 20.0
_AFTERMATH: Final = 5.0
"""A worker that ends so soon after a fault ended of it."""


@dataclass(eq=False)
class Member:
    """One place for a worker. `wanted` False: it shall not run. `at_fault` names the faults that are on it now,
    `lately` when others were over.

    `disk` is the file system that its state lies on alone, None where the machine lets us make none.
    """

    role: Stage
    number: int
    worker: Worker
    folder: Path
    disk: Path | None
    wanted: bool = True
    at_fault: set[str] = field(default_factory=set)
    lately: dict[str, float] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    failures: int = 0
    restart_at: float | None = None

    def over(self, fault: str) -> None:
        """A fault on it has ended."""
        self.at_fault.discard(fault)
        self.lately[fault] = time.monotonic()

    @property
    def name(self) -> str:
        """Role and number."""
        return f"{self.role}-{self.number}"

    @property
    def state(self) -> Path:
        """Its state folder."""
        return self.folder / "state"


class Crew:
    """All workers, from entry to exit.

    Args:
        folder: gets logs and state.
        settings: environment variables of the workers.
        disk_bytes: size of each state folder's own file system.
        roles: of which there are two workers each.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        history: History,
        disk_bytes: int,
        roles: Iterable[Stage] = tuple(Stage),
    ) -> None:
        self._folder = folder
        self._settings = dict(settings)
        self._history = history
        self._disk_bytes = disk_bytes
        self._roles = tuple(roles)
        self.members: list[Member] = []
        self.endings: Counter[str] = Counter()

    def __enter__(self) -> Self:
        for role in self._roles:
            for _ in range(WORKERS_A_ROLE):
                self.add(role)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member in self.members:
            member.worker.kill()
            if member.disk is not None:
                subprocess.run(["umount", "-l", str(member.disk)], check=False)

    def add(self, role: Stage) -> Member:
        """One more worker of a role."""
        number = len(self.of(role))
        folder = self._folder / f"{role}-{number}"
        (folder / "state").mkdir(parents=True)
        disk = _own_disk(folder / "state", self._disk_bytes)
        worker = Worker(["worker", role], folder=folder, settings=self._settings)
        member = Member(role, number, worker, folder, disk)
        self.members.append(member)
        return member

    def of(self, role: Stage) -> list[Member]:
        """The places of a role."""
        return [member for member in self.members if member.role is role]

    def sound(self) -> Iterator[Member]:
        """Those that run and have no fault on them."""
        return (member for member in self.members if member.wanted and not member.at_fault)

    @property
    def ready(self) -> bool:
        """Whether all that shall run are ready."""
        return all(member.worker.ready for member in self.members if member.wanted)

    async def supervise(self) -> None:
        """Start again what ended and shall run, as any supervisor does; for ever."""
        while True:
            for member in self.members:
                self._look_after(member)
            await asyncio.sleep(_LOOK_SECONDS)

    def _look_after(self, member: Member) -> None:
        if member.worker.process.running:
            return
        now = time.monotonic()
        if member.restart_at is None:
            self._ended(member, now)
        if member.wanted and now >= (member.restart_at or 0.0):
            member.worker.restart()
            member.began, member.restart_at = now, None

    def _ended(self, member: Member, now: float) -> None:
        code = member.worker.process.exit_code
        faults = sorted(member.at_fault | {fault for fault, over in member.lately.items() if now - over < _AFTERMATH})
        why = "+".join(faults) or "by itself"
        self.endings[f"{member.role}: {why}, exit {code}"] += 1
        self._history.note("ended", worker=member.name, code=code, faults=faults)
        if not faults:
            self._history.tell("ended by itself", worker=member.name, code=code)
            self._history.note("last words", worker=member.name, log=member.worker.process.last_lines(12))
        member.failures = 1 if now - member.began > _SOUND_SECONDS else member.failures + 1
        member.restart_at = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(member.failures - 1, 6))


def _own_disk(folder: Path, size: int) -> Path | None:
    """A small file system of its own at `folder`, where we may mount one."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return None
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False, capture_output=True
    )
    return folder if done.returncode == 0 else None


def fill(disk: Path) -> None:
    """Leave no byte free."""
    with suppress(OSError), (disk / "filler").open("wb") as file:
        while True:
            file.write(bytes(65_536))
            file.flush()


def free(disk: Path) -> None:
    """Give the room back."""
    (disk / "filler").unlink(missing_ok=True)
