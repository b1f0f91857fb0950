"""Rewinding a role on a real Kafka: dry first, never under a running worker; and what a better lexicon changes."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from agents.__main__ import main
from streams.codec import encode
from tests.support.extraction import article
from tests.support.shell import SOURCE, Line
from tests.support.waiting import eventually
from tests.support.workers import Worker

pytestmark = [pytest.mark.kafka]

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def rewind(line: Line, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `frontwire rewind ...` on the test's topics; exit code and what it printed."""
    for name, value in line.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["rewind", *arguments])
        return code, "".join(capsys.readouterr())

    return run


@pytest.fixture
def extract(line: Line, tmp_path: Path) -> Iterator[Callable[[str], Worker]]:
    """Starts a worker of `tests.support.lexicon_worker`; it ends with the test."""
    started: list[Worker] = []

    def start(kind: str) -> Worker:
        worker = Worker(
            [kind], folder=tmp_path / kind, settings=line.environment, module="tests.support.lexicon_worker"
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        print(f"--- log of {worker.process.name}\n{worker.process.last_lines(40)}")


def claims(line: Line) -> dict[str, str]:
    """The quotes of the events on their topic by id, as it is after compaction."""
    found: dict[str, str] = {}
    for message in line.read():
        key = (message.key or b"").decode()
        found.pop(key, None)
        if message.value is not None:
            found[key] = orjson.loads(message.value)["quote"]
    return found


def test_a_better_lexicon_keeps_ids_adds_new_claims_and_withdraws_those_that_are_gone(
    line: Line, rewind: Command, extract: Callable[[str], Worker]
) -> None:
    body = (
        "Artillery shelled the village of Goris on Friday. Police arrested twelve protesters in Yerevan. "
        "The president greeted three activists on Monday."
    )
    line.produce([encode(article(body))], keys=[b"a"])
    worker = extract("older")
    eventually(lambda: len(claims(line)) == 2, within=60, what="what the older lexicon claims")
    assert worker.stop() == 0
    before = claims(line)
    kept, gone = sorted(before, key=lambda key: "greeted" in before[key])
    assert rewind("extract", "--to", "0")[0] == 0
    extract("present")
    eventually(lambda: gone not in claims(line), within=60, what="the withdrawal of what is gone")
    after = claims(line)
    assert after.pop(kept) == before[kept]
    assert ["shelled" in quote for quote in after.values()] == [True]
    made = {
        (message.key, value["extractor"]): message.value
        for message in line.read()
        if message.value is not None and (value := orjson.loads(message.value))
    }
    assert len(made) == len([message for message in line.read() if message.value is not None])
    told = [orjson.loads(message.value or b"") for message in line.read("articles.extracted")]
    assert [(one["extractor"], one["withdrawn_events"]) for one in told] == [("1", []), ("2", [gone])]


def test_a_rewind_is_shown_first_and_needs_stopped_workers(line: Line, rewind: Command) -> None:
    line.produce([b"old %d" % at for at in range(3)], keys=[b"k"] * 3)
    time.sleep(0.01)
    between = datetime.now(UTC).isoformat()
    line.produce([b"new %d" % at for at in range(2)], keys=[b"k"] * 2)
    worker = line.start("pass")
    eventually(lambda: sum(line.committed().values()) == 5, what="all to be committed")

    code, told = rewind("extract", "--to", "0")
    assert code == 2
    assert "stop them all, then rewind" in told
    assert worker.stop() == 0

    code, told = rewind("extract", "--to", between, "--dry-run")
    assert (code, "2 messages would be processed again; nothing was changed." in told) == (0, True)
    assert sum(line.committed().values()) == 5

    assert "2 messages will be processed again" in rewind("extract", "--to", between)[1]
    assert sum(line.committed().values()) == 3
    [place] = line.committed()
    assert "0 messages would be processed again" in rewind("extract", "--to", "5")[1]  # never forward
    assert "1 messages will be processed again" in rewind("extract", "--to", "2", "--partition", str(place))[1]
    line.start("pass")
    eventually(lambda: sum(line.committed().values()) == 5, what="the rest to be processed again")
    assert line.values() == sorted([b"old 0", b"old 1", b"old 2", b"new 0", b"new 1", b"old 2", b"new 0", b"new 1"])
    assert len(line.read(SOURCE)) == 5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("extract", "--to", "0", "--partition", "99"), "has no partition 99"),
        (("total", "--to", "1h"), "0 messages would be processed again"),
    ],
)
def test_what_there_is_nothing_to_rewind_of_is_told(
    line: Line, rewind: Command, arguments: tuple[str, ...], told: str
) -> None:
    assert told in rewind(*arguments)[1]
