"""The mark of heartbeats, where what they lead to goes, and when they are taken up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import heartbeat
from streams.heartbeat import Heartbeat, Waiting
from streams.stage import Message, PoisonError, Send
from streams.topics import TOPICS

BEAT = Heartbeat(7, 1_700_000_000_123)


def message(*headers: tuple[str, bytes], partition: int = 0) -> Message:
    return Message(
        topic="articles.raw", partition=partition, offset=3, timestamp_ms=1, key=b"en", value=b"{}", headers=headers
    )


def test_the_mark_is_read_as_it_was_written() -> None:
    assert heartbeat.read(message(("ce_id", b"1"), BEAT.header)) == BEAT
    assert heartbeat.read(message(("ce_id", b"1"))) is None
    assert heartbeat.is_marked([BEAT.header])
    assert not heartbeat.is_marked([("ce_id", b"1")])


@given(st.binary(max_size=30) | st.from_regex(rb"\s*[0-9]{0,4} ?[0-9]{0,16}\n?", fullmatch=True))
def test_another_value_of_the_mark_is_told_as_wrong(value: bytes) -> None:
    try:
        found = heartbeat.read(message((BEAT.header[0], value)))
    except PoisonError:
        return
    assert found is not None
    assert 0 <= found.partition < 1000
    assert value.split(b" ")[0].isdigit()


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic.name != heartbeat.TOPIC], ids=lambda t: t.name)
def test_only_internal_topics_see_heartbeats_under_their_own_name(topic: object) -> None:
    name = topic.name  # type: ignore[attr-defined]
    [sent] = heartbeat.passed_on(BEAT, [Send(topic=name, key=b"k", value=b"v", headers=(("ce_id", b"1"),))])
    assert heartbeat.is_marked(sent.headers)
    assert sent.value == b"v"
    if topic.internal:  # type: ignore[attr-defined]
        assert (sent.topic, sent.key) == (name, b"k")
    else:
        assert (sent.topic, sent.key) == ("heartbeats", b"7")
        there = message(*sent.headers)
        assert heartbeat.meant_for(there) == name
        assert heartbeat.read(there) == BEAT


@pytest.mark.parametrize("partitions", [1, 3, 12, 16, 17, 48])
def test_every_partition_takes_some_up_and_every_heartbeat_is_taken_up(partitions: int) -> None:
    beats = [Heartbeat(number, 0) for number in range(16)]
    taken = [(b.partition, p) for b in beats for p in range(partitions) if heartbeat.is_taken_up(b, p, partitions)]
    assert [beat for beat, _ in taken] == list(range(16)), "once each"
    if partitions <= 16:
        assert {partition for _, partition in taken} == set(range(partitions))


def test_partitions_beyond_those_of_the_articles_take_turns() -> None:
    rounds = [Heartbeat(number, 30_000 * turn) for turn in range(40) for number in range(16)]
    assert {p for b in rounds for p in range(48) if heartbeat.is_taken_up(b, p, 48)} == set(range(48))


def test_a_heartbeat_waits_for_what_was_there_before_it() -> None:
    waiting, done = Waiting(), {3: 9, 5: 0}
    for number in (3, 5):
        waiting.note(Heartbeat(number, 1), message(partition=0), "articles.unique", {3: 10, 5: 0}, 12)

    def finished(partition: int, end: int) -> bool:
        return done[partition] >= end

    [first] = waiting.take({3, 5}, finished)
    assert (first.topic, first.partition, first.offset) == ("articles.unique", 5, 0)
    assert waiting.take({3, 5}, finished) == [], "each is taken up once"
    done[3] = 10
    assert [one.partition for one in waiting.take({3, 5}, finished)] == [3]


def test_while_one_waits_later_ones_of_its_partition_do_not() -> None:
    waiting = Waiting()
    for sent, end in ((1, 10), (2, 20)):
        waiting.note(Heartbeat(3, sent), message(Heartbeat(3, sent).header), "articles.unique", {3: end}, 12)
    assert [one.offset for one in waiting.take({3}, lambda partition, end: True)] == [10]


def test_those_of_lost_partitions_are_forgotten() -> None:
    waiting = Waiting()
    waiting.note(Heartbeat(3, 1), message(), "articles.unique", {3: 0}, 12)
    assert waiting.take(set(), lambda partition, end: True) == []
    assert waiting.take({3}, lambda partition, end: True) == []
