"""What the shell promises of every message, on a real Kafka: out or dead-lettered, and only then committed."""

import base64
import hashlib
import signal

import pytest

from streams.vocabulary import DeadReason
from tests.support.shell import Line
from tests.support.waiting import eventually
from tests.support.workers import Worker

pytestmark = pytest.mark.kafka


def test_all_go_out_once_and_sigterm_commits_them(line: Line) -> None:
    sent = [b"message %d" % number for number in range(3000)]
    line.produce(sent)
    worker = line.start("pass")
    eventually(lambda: len(line.read()) >= len(sent), within=40, what="all out")
    assert worker.stop() == 0
    assert line.values() == sorted(sent)
    assert sum(line.committed().values()) == len(sent)


def test_kill_9_in_the_middle_of_a_load_loses_nothing(line: Line) -> None:
    sent = [b"sleep 0.003 %d" % number for number in range(2400)]
    line.produce(sent)
    worker = line.start("pass")
    eventually(lambda: len(set(line.values())) > 0.3 * len(sent), within=60, what="some out")
    worker.restart()
    eventually(lambda: len(set(line.values())) == len(sent), within=60, what="all out")
    assert set(line.values()) == set(sent)
    eventually(lambda: sum(line.committed().values()) == len(sent), what="all committed")


def test_what_cannot_be_processed_is_a_dead_letter_and_the_next_goes_on(line: Line) -> None:
    bad = [b"poison", b"crash", b"burn", b"huge 400000"]
    line.produce([b"before", *bad, b"after"], keys=[b"one key"] * 6)
    line.start("pass", FRONTWIRE_MESSAGE_TIMEOUT="0.5", FRONTWIRE_MAX_MESSAGE_BYTES="300000")
    eventually(lambda: b"after" in line.values(), what="the last one out")

    assert line.values() == [b"after", b"before"], "no part of what was dead-lettered was sent"
    letters = {base64.b64decode(letter.payload): letter for letter in line.dead_letters()}
    assert {value: letter.reason for value, letter in letters.items()} == {
        b"poison": DeadReason.UNDECODABLE,
        b"crash": DeadReason.STAGE_ERROR,
        b"burn": DeadReason.TIMED_OUT,
        b"huge 400000": DeadReason.TOO_LARGE,
    }
    crashed = letters[b"crash"]
    assert "told to" in crashed.message
    assert crashed.key == "one key"
    assert (crashed.source_topic, crashed.source_offset) == ("articles.unique", 2)
    assert crashed.payload_sha256 == hashlib.sha256(b"crash").hexdigest()
    eventually(lambda: list(line.committed().values()) == [6], what="all committed")


def test_what_only_the_brokers_find_too_large_is_a_dead_letter_too(line_without_topics: Line) -> None:
    line = line_without_topics
    line.make_topics(FRONTWIRE_MAX_MESSAGE_BYTES="50000")
    line.produce([b"first", b"huge 60000", b"next", b"huge 90000", b"last"], keys=[b"k"] * 5)
    line.start("pass")  # believes that 2 MiB fit
    eventually(lambda: b"last" in line.values(), what="the last one out")
    assert {b"first", b"next"} <= set(line.values())
    letters = {letter.source_offset: letter.reason for letter in line.dead_letters()}
    assert letters == {1: DeadReason.TOO_LARGE, 3: DeadReason.TOO_LARGE}


def test_a_hung_message_is_not_committed(line: Line) -> None:
    line.produce([b"first"], keys=[b"k"])
    worker = line.start("pass")
    eventually(lambda: list(line.committed().values()) == [1], what="the first committed")
    line.produce([b"hang", b"third"], keys=[b"k"] * 2)
    eventually(lambda: worker.get("/healthz") is None, what="the hang")
    worker.kill()
    assert line.values() == [b"first"]
    assert list(line.committed().values()) == [1]


def test_sigterm_leaves_a_hung_message_uncommitted_at_the_deadline(line: Line) -> None:
    line.produce([b"hang", b"second"], keys=[b"k"] * 2)
    worker = line.start("pass", FRONTWIRE_DRAIN_TIMEOUT="1")
    eventually(lambda: "Owning 12" in worker.log, what="partitions")
    eventually(lambda: worker.get("/healthz") is None, what="the hang")
    assert worker.stop() == 1
    assert "FRONTWIRE_DRAIN_TIMEOUT" in worker.log
    assert line.committed() == {}


def test_a_second_ctrl_c_ends_at_once(line: Line) -> None:
    line.produce([b"hang"])
    worker = line.start("pass", FRONTWIRE_DRAIN_TIMEOUT="60")
    eventually(lambda: "Owning 12" in worker.log, what="partitions")
    eventually(lambda: worker.get("/healthz") is None, what="the hang")
    worker.process.signal(signal.SIGINT)
    assert worker.process.running
    eventually(lambda: _ended_by(worker, signal.SIGINT), what="the end")
    assert worker.process.exit_code == 130


def _ended_by(worker: Worker, number: signal.Signals) -> bool:
    worker.process.signal(number)  # two that come together count as one
    return not worker.process.running
