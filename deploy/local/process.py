"""Child processes that end with us: a broker, a worker.

A child runs in a session of its own, so that Ctrl-C in the terminal reaches only the one who started it and everything
stops in order. Should the starter die without a word, a watcher that holds the other end of a pipe kills the child.
"""

import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

_WATCH: Final = 'read -r _; kill -KILL "-$1" 2>/dev/null'
"""Waits until the pipe on stdin closes, then kills the child named by its argument, and the child's own children."""


class Child:
    """One process with its output in a log file, which is appended to over restarts.

    Attributes:
        name: what to call it in messages.
        log: the file that gets its standard output and error.
        log_start: size of that file in bytes when this process was started.
    """

    def __init__(
        self, name: str, command: Sequence[str | Path], *, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log_start = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment) if environment is not None else None,
                start_new_session=True,
            )
        self._watcher: subprocess.Popen[bytes] | None = _watch(self._process.pid)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative for the signal that ended it."""
        code = self._process.poll()
        if code is not None:
            self._unwatch()
        return code

    @property
    def running(self) -> bool:
        """True until it has ended; a paused one runs."""
        return self.exit_code is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.running:
            self._process.send_signal(number)

    def pause(self) -> None:
        """Stop it in its tracks: it keeps its sockets and answers nothing."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused one go on."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it and its own children at once, as a crash of the machine would, and wait until it is gone."""
        if self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self.wait(10)

    def wait(self, timeout: float) -> int:
        """Its exit code, once it ended.

        Raises:
            subprocess.TimeoutExpired: it still runs after `timeout` seconds.
        """
        code = self._process.wait(timeout)
        self._unwatch()
        return code

    def stop(self, timeout: float) -> int:
        """Ask it to end, kill it after `timeout` seconds, and give its exit code."""
        self.signal(signal.SIGTERM)
        self.resume()
        try:
            return self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            return self.wait(0)

    def output(self) -> str:
        """What this process has logged so far; an earlier one's lines in the same file are left out."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            return file.read().decode(errors="replace")

    def last_lines(self, count: int = 15) -> str:
        """The end of its log, for a message that says why it failed."""
        return last_lines(self.log, count)

    def _unwatch(self) -> None:
        if self._watcher is None:
            return
        # The watcher goes first: closing its pipe would make it kill whoever has this process id by then.
        watcher, self._watcher = self._watcher, None
        watcher.kill()
        watcher.wait()
        _pipe(watcher).close()


def last_lines(log: Path, count: int = 15) -> str:
    """The last lines of a log file, indented."""
    with log.open(errors="replace") as lines:
        return "\n".join("    " + line.rstrip() for line in deque(lines, maxlen=count))


def _watch(pid: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", "-c", _WATCH, "watch", str(pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _pipe(watcher: subprocess.Popen[bytes]) -> IO[bytes]:
    assert watcher.stdin is not None
    return watcher.stdin


def python_environment(root: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Our environment for a child in Python that runs the project at `root`: our settings removed, `settings` added."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FRONTWIRE_")}
    return inherited | {"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1"} | dict(settings)
