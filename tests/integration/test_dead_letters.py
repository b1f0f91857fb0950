"""Dead letters on a real Kafka: listed, replayed with their attempts counted, dropped; too many stop the worker."""

import asyncio
from collections.abc import Callable
from hashlib import shake_256

import orjson
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import RecordsToDelete

from agents.__main__ import main
from streams.kafka import guard
from streams.kafka.topics import admin_client, full_name
from tests.support.shell import SOURCE, Line
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka]

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(line: Line, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `frontwire dead-letters ...` on the test's topics; exit code and what it printed."""
    for name, value in line.environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["dead-letters", *arguments])
        return code, "".join(capsys.readouterr())

    return run


def letters(command: Command, *filters: str) -> dict[str, int]:
    """The attempts of each letter that is listed, by its key."""
    code, told = command("list", "--json", *filters)
    assert code == 0
    found = map(orjson.loads, told.splitlines())
    return {f"{one['source_topic']}:{one['source_partition']}:{one['source_offset']}": one["attempts"] for one in found}


def wait_for_letters(line: Line, count: int) -> None:
    eventually(lambda: len(line.read("dead-letters")) == count, what=f"{count} records on dead-letters")


def test_a_replayed_message_is_counted_and_goes_through_once_the_stage_is_mended(line: Line, command: Command) -> None:
    worker = line.start("pass")
    line.produce([b"poison \xff\x00", b"fine", b"crash"], keys=[b"\xfe\xff", b"k", b"c"])
    wait_for_letters(line, 2)
    [[poisoned, attempts]] = letters(command, "--reason", "undecodable").items()
    [crashed] = letters(command, "--reason", "stage_error")
    assert attempts == 1
    assert letters(command, "--stage", "poll") == {}
    assert set(letters(command, "--since", "1h")) == {poisoned, crashed}
    assert letters(command, "--until", "2020-01-01T00:00:00Z") == {}
    assert "\\xff" in command("show", poisoned)[1]

    assert command("replay", poisoned, "--dry-run")[1].startswith(f"{poisoned} would go back, as it lies at its source")
    assert set(letters(command)) == {poisoned, crashed}

    assert command("replay", poisoned)[0] == 0
    wait_for_letters(line, 4)  # settled, and dead again
    [again] = set(letters(command)) - {crashed}
    assert (again != poisoned, letters(command)[again]) == (True, 2)
    assert command("replay", poisoned)[0] == 0  # it is settled: nothing happens
    assert len(line.read(SOURCE)) == 4

    assert worker.stop() == 0
    line.start("mended")
    assert command("replay", "--reason", "undecodable")[0] == 0
    eventually(lambda: len(line.values()) == 2, what="the mended message to come out")
    [out] = [message for message in line.read() if message.value != b"fine"]
    assert (out.key, out.value) == (b"\xfe\xff", b"poison \xff\x00")

    assert command("drop", crashed)[1] == "1 of 1 letters dropped.\n"
    assert letters(command) == {}


def test_a_cut_payload_is_read_at_its_source_or_said_to_be_gone(line: Line, command: Command) -> None:
    value = b"poison " + shake_256(b"noise").digest(50_000)
    worker = line.start("pass", FRONTWIRE_MAX_MESSAGE_BYTES="20000")
    line.produce([value, value, b"poison small"], keys=[b"a", b"a", b"a"])
    wait_for_letters(line, 3)
    assert worker.stop() == 0
    first, second, small = sorted(letters(command), key=lambda key: int(key.rpartition(":")[2]))

    assert command("replay", first)[0] == 0
    assert [message.value for message in line.read(SOURCE)].count(value) == 3

    _, partition, offset = small.split(":")
    _delete_before(line, int(partition), int(offset) + 1)
    code, told = command("replay", "--all")
    assert code == 1
    assert f"{second} is gone: its payload of 50007 bytes was cut and articles.unique keeps it no more." in told
    assert f"{small} went back, as the letter holds it, for attempt 2." in told
    assert [message.value for message in line.read(SOURCE)] == [value, b"poison small"]
    assert set(letters(command)) == {second}


def _delete_before(line: Line, partition: int, offset: int) -> None:
    async def delete() -> None:
        settings = line.settings()
        async with admin_client(settings) as admin:
            place = TopicPartition(full_name(settings, SOURCE), partition)
            await admin.delete_records({place: RecordsToDelete(before_offset=offset)})

    asyncio.run(delete())


def test_a_letter_cannot_send_anything_to_another_topic(line: Line, command: Command) -> None:
    worker = line.start("pass")
    line.produce([b"poison"])
    wait_for_letters(line, 1)
    assert worker.stop() == 0
    [letter] = line.read("dead-letters")
    forged = orjson.loads(letter.value or b"") | {"source_topic": "conflict.events", "source_offset": 0}
    key = f"conflict.events:{forged['source_partition']}:0"
    line.produce([orjson.dumps(forged), b"no letter"], topic="dead-letters", keys=[key.encode(), b"x"])
    code, told = command("replay", key)
    assert code == 1
    assert f"{key} stays: extract reads articles.unique" in told
    assert line.read() == []


def test_an_order_that_was_replaced_is_not_put_back(line: Line, command: Command) -> None:
    worker = line.start("echo")
    line.produce([b"crash"], topic="feeds", keys=[b"one"])
    wait_for_letters(line, 1)
    line.produce([b"crash"], topic="feeds", keys=[b"two"])
    wait_for_letters(line, 2)
    line.produce([b"mended"], topic="feeds", keys=[b"one"])
    assert worker.stop() == 0
    code, told = command("replay", "--stage", "poll")
    assert code == 1
    assert told.count("stays: a later record of the same key has taken its place; drop it.") == 1
    assert told.count("went back, as it lies at its source, for attempt 2.") == 1
    assert [message.key for message in line.read("feeds")].count(b"one") == 2


def test_too_many_dead_letters_stop_the_worker_before_the_topic_is_drained(line: Line) -> None:
    line.produce([b"fine"] * 30, keys=[b"k"] * 30)
    worker = line.start("pass", FRONTWIRE_DEAD_LETTER_WINDOW="20", FRONTWIRE_BATCH_SIZE="5")
    eventually(lambda: len(line.values()) == 30, what="the good messages to come out")
    line.produce([b"poison"] * 200, keys=[b"k"] * 200)
    assert worker.process.wait(60) == guard.EXIT_DEAD_LETTERS
    assert "of the last 20 messages became dead letters" in worker.log
    assert "undecodable: told to" in worker.log
    kept = len(line.read("dead-letters"))
    assert 5 <= kept <= 10
    assert sum(line.committed().values()) <= 30 + kept
