"""The launcher as a user runs it, on a real Kafka: the first run, and polling until Ctrl-C."""

import contextlib
import re
import signal
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.jars import ROOT
from deploy.local.process import Child, python_environment
from seeds.server import FeedServer, bundled
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

_MINUTE = 60.0


Launch = Callable[..., "Launcher"]
"""`launch(*arguments, **settings)`"""


class Launcher:
    """`deploy/local/run ARGUMENTS...` without its setting up of the virtual environment."""

    def __init__(self, folder: Path, settings: dict[str, str], *arguments: str) -> None:
        command = [sys.executable, "-m", "deploy.local.launch", "--folder", str(folder / "line"), *arguments]
        environment = python_environment(ROOT, settings)
        self.process = Child("launcher", command, log=folder / "launcher.log", environment=environment)

    @property
    def output(self) -> str:
        """What it has said."""
        return self.process.output()

    def wait_for(self, words: str) -> None:
        """Wait until it says so; fails if it ends before."""

        def said_or_ended() -> bool:
            return words in self.output or not self.process.running

        eventually(said_or_ended, within=2 * _MINUTE, what=f"the launcher to say {words!r}")
        assert words in self.output, self.output


@pytest.fixture
def launch(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Launch]:
    """Starts the launcher on the test's Kafka and prefix; kills it at the end, should it still run."""
    started: list[Launcher] = []

    def start(*arguments: str, **settings: str) -> Launcher:
        own = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "FRONTWIRE_TOPIC_PREFIX": topic_prefix}
        local = {"FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8"}
        started.append(Launcher(tmp_path, own | local | settings, *arguments))
        return started[-1]

    yield start
    for launcher in started:
        launcher.process.stop(_MINUTE)


@pytest.fixture
def feeds(tmp_path: Path) -> Iterator[Path]:
    """A list of one feed, the bundled article, served on loopback."""
    with FeedServer(bundled()) as server:
        file = tmp_path / "feeds.toml"
        file.write_text(f'[[feed]]\nid = "seed"\nurl = "{server.url("/seed.xml")}"\nname = "Seed"\nlanguage = "id"\n')
        yield file


def test_the_first_run_gives_the_eight_events_and_the_count(launch: Launch, tmp_path: Path) -> None:
    launcher = launch("--once")
    code = launcher.process.wait(3 * _MINUTE)
    assert code == 0, launcher.output
    assert "8 conflict events and 1 evacuation count came through Kafka" in launcher.output
    assert "more than 2,000 persons" in launcher.output
    assert [left.name for left in (tmp_path / "line").iterdir()] == []


def test_it_shows_new_records_until_ctrl_c(launch: Launch, feeds: Path) -> None:
    launcher = launch("--feeds", str(feeds))
    launcher.wait_for("more than 2,000 persons")
    [address] = re.findall(r"on the desk at (http://127.0.0.1:\d+/)", launcher.output)
    eventually(lambda: "More than 2,000 people: evacuated" in _page(address), what="the desk to show the count")
    launcher.process.signal(signal.SIGINT)
    assert launcher.process.wait(_MINUTE) == 0, launcher.output
    assert launcher.output.rstrip().endswith("Stopped.")


def _page(address: str) -> str:
    """The page at an address; empty as long as nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            body: bytes = answer.read()
            return body.decode()
    except OSError:
        return ""


def test_a_worker_that_is_killed_comes_back(launch: Launch, feeds: Path) -> None:
    launcher = launch("--feeds", str(feeds))
    launcher.wait_for("Ctrl-C stops")
    [worker] = _workers(launcher, "total")
    worker.kill()
    launcher.wait_for("The worker total ended (-9)")
    eventually(lambda: _workers(launcher, "total"), what="the worker to come back")
    launcher.process.signal(signal.SIGINT)
    assert launcher.process.wait(_MINUTE) == 0, launcher.output


def _workers(launcher: Launcher, role: str) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(launcher.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if child.cmdline()[-2:] == ["worker", role]:
                found.append(child)
    return found


def test_a_list_of_feeds_that_is_not_there_is_told(launch: Launch, tmp_path: Path) -> None:
    launcher = launch("--feeds", str(tmp_path / "none.toml"))
    assert launcher.process.wait(_MINUTE) == 1
    assert "There is no file" in launcher.output


def test_a_wrong_setting_is_told(launch: Launch, feeds: Path) -> None:
    launcher = launch("--feeds", str(feeds), FRONTWIRE_BATCH_SIZE="many")
    assert launcher.process.wait(_MINUTE) == 2
    assert "FRONTWIRE_BATCH_SIZE is 'many', but takes a whole number" in launcher.output


def test_a_kafka_that_is_not_there_is_told(launch: Launch, feeds: Path) -> None:
    launcher = launch("--feeds", str(feeds), KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1")
    assert launcher.process.wait(_MINUTE) == 1
    assert "no Kafka answers at 127.0.0.1:1" in launcher.output
