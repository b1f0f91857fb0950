"""Keeping the topic `feeds` as the files of a folder say, while the pollers run.

The folder may be a volume that a kubelet makes of a ConfigMap: there every file is a link into one folder of a version,
and all change together. So what counts is what the files hold, never their times or inodes.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aiokafka.errors import KafkaError

from agents.poll import admin, folder
from streams.kafka import logs
from streams.kafka.ending import run_loop
from streams.kafka.health import Health, watch
from streams.kafka.http import serve
from streams.kafka.metrics import Metrics
from streams.kafka.topics import TopicError
from streams.settings import SettingError, Settings

_log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 1.0
_COMPARE_SECONDS: Final = 300.0
"""How often the topic is compared though no file changed: others may write to it."""
_KAFKA_SECONDS: Final = 60.0
_EXIT_WRONG: Final = 2


class _Following(Health):
    """Ready once the topic tells what the files tell."""

    problem: str | None = "the folder was not read yet"

    def unready(self) -> str | None:
        """What keeps the topic from telling it, in words."""
        return self.problem or self.stalled()


def run(path: Path, settings: Settings, *, keep: bool) -> int:
    """Follow until SIGTERM or SIGINT; the exit code: 0, or 2 for a wrong setting or folder."""
    logs.configure(settings)
    if not path.is_dir():
        raise SettingError(f"{path} is no folder; name the one that holds the files of feeds.")
    try:
        run_loop(_Follower(path, settings, keep).run())
    except SettingError as error:
        _log.error("%s", error)
        return _EXIT_WRONG
    return 0


def files(path: Path) -> Mapping[str, bytes]:
    """The folder's files of feeds, by name. Raises OSError: one cannot be read."""
    return {one.name: one.read_bytes() for one in path.iterdir() if folder.is_feeds_file(one.name) and one.is_file()}


class _Follower:
    """`seen` is what the files held at the last look; `written`, when the topic last told the same, at `at` (monotonic
    seconds)."""

    def __init__(self, path: Path, settings: Settings, keep: bool) -> None:
        self._path = path
        self._settings = settings
        self._keep = keep
        self._health = _Following(settings.stall_timeout)
        self._seen: Mapping[str, bytes] | None = None
        self._written: Mapping[str, bytes] | None = None
        self._at = 0.0
        self._told: tuple[str, ...] = ()

    async def run(self) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        watch(self._health)
        async with serve(self._settings, Metrics(), self._health):
            tasks = [asyncio.ensure_future(job) for job in (stop.wait(), self._turn(), self._follow())]
            done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            for task in done:
                task.result()
        _log.info("Stopped.")

    async def _turn(self) -> None:
        while True:
            self._health.turned()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _follow(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _look(self) -> None:
        try:
            found = files(self._path)
        except OSError as error:
            self._say(f"{error.filename} cannot be read ({error.strerror}); nothing is changed.")
            self._written = None  # once it can be, the topic is compared again, and the problem is gone
            return
        if found != self._seen:
            # Files change one after another: a feed that moves between two of them is in neither for a moment.
            self._seen = found
            return
        if found == self._written and time.monotonic() - self._at < _COMPARE_SECONDS:
            return
        try:
            await asyncio.wait_for(self._write(found), _KAFKA_SECONDS)
        except (KafkaError, OSError, TimeoutError, TopicError) as error:
            self._say(f"Kafka does not take the feeds ({error or type(error).__name__}); they are sent again.")

    async def _write(self, found: Mapping[str, bytes]) -> None:
        wanted = folder.read(found)
        todo = folder.changes(wanted, await admin.feeds_there(self._settings), keep=self._keep)
        if todo:
            await admin.change_feeds(self._settings, todo.put, todo.gone)
            _log.info(
                "Wrote %d feeds, took away %d; the folder tells %d.", len(todo.put), len(todo.gone), len(wanted.feeds)
            )
        self._written, self._at = found, time.monotonic()
        self._say(*wanted.problems)

    def _say(self, *problems: str) -> None:
        for problem in problems:
            if problem not in self._told:
                _log.error("%s", problem)
        self._told = problems
        self._health.problem = " ".join(problems) or None
