"""State through crashes, on a real Kafka."""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.shell import Line
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka


def test_state_survives_kill_9_and_a_deleted_folder(line: Line, tmp_path: Path) -> None:
    folder = tmp_path / "state"
    sent = [b"sleep 0.002 %d" % number for number in range(1500)]
    line.produce(sent)
    worker = line.start("count", FRONTWIRE_STATE_FOLDER=str(folder))
    for part, delete in ((300, False), (800, True)):
        eventually(lambda part=part: len(set(line.values())) > part, within=60, what="some out")  # type: ignore[misc]  # mypy cannot type the default
        worker.kill()
        if delete:
            shutil.rmtree(folder)
        worker.restart()
    eventually(lambda: len({(m.value or b"").split(b" is ")[0] for m in line.read()}) == len(sent), within=60)
    numbers: dict[bytes | None, set[bytes]] = defaultdict(set)
    for message in line.read():
        words, _, number = (message.value or b"").partition(b" is ")
        numbers[words].add(number)
    assert all(len(given) == 1 for given in numbers.values()), "a replay gave another answer than the first time"
    assert set(numbers) == set(sent)


def test_a_service_keeps_its_state_and_gets_its_orders_again(line: Line, tmp_path: Path) -> None:
    orders = [b"order %d" % number for number in range(20)]
    line.produce(orders, topic="feeds")
    folder = str(tmp_path / "state")
    worker = line.start("echo", FRONTWIRE_STATE_FOLDER=folder)
    eventually(lambda: line.values("feeds.health") == sorted(orders), what="all answered")
    worker.kill()
    worker.restart()
    worker.wait_ready()
    line.produce([b"crash", b"late"], topic="feeds", keys=[b"bad", b"late"])
    eventually(lambda: b"late" in line.values("feeds.health"), what="the late one answered")
    assert line.values("feeds.health") == sorted([*orders, b"late"]), "what was answered before was answered again"
    assert [letter.reason for letter in line.dead_letters()] == ["stage_error"]
    assert worker.stop() == 0


def test_services_share_partitions_and_take_over_from_each_other(line: Line) -> None:
    first = [b"first %d" % number for number in range(200)]
    second = [b"second %d" % number for number in range(200)]
    line.produce(first, topic="feeds", keys=first)
    leaver, stayer = line.start("echo"), line.start("echo")
    leaver.wait_ready()
    stayer.wait_ready()
    eventually(lambda: set(line.values("feeds.health")) == set(first), what="the first answered")
    assert leaver.stop() == 0
    line.produce(second, topic="feeds", keys=second)
    eventually(lambda: set(line.values("feeds.health")) == {*first, *second}, what="the second answered")
    eventually(lambda: 'assigned{topic="feeds"} 8.0' in (stayer.get("/metrics") or ""), what="all partitions")
    assert stayer.stop() == 0
