"""A commit never passes an unfinished message."""

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.offsets import Offsets

AT = ("topic", 0)


def test_nothing_is_committable_before_anything_is_done() -> None:
    offsets = Offsets()
    offsets.start(AT, None)
    assert offsets.committable() == {}
    offsets.delivered(AT, 0)
    assert offsets.committable() == {}


def test_the_first_message_alone_in_flight_holds_the_commit() -> None:
    offsets = Offsets()
    offsets.start(AT, None)
    for offset in (5, 6):  # retention took 0 to 4
        offsets.delivered(AT, offset)
    offsets.done(AT, 6)
    assert offsets.committable() == {AT: 5}
    offsets.done(AT, 5)
    assert offsets.committable() == {AT: 7}


def test_a_commit_is_made_once() -> None:
    offsets = Offsets()
    offsets.start(AT, 3)
    offsets.delivered(AT, 3)
    offsets.done(AT, 3)
    offsets.committed(offsets.committable())
    assert offsets.committable() == {}


def test_after_a_rebalance_what_was_in_flight_comes_again() -> None:
    offsets = Offsets()
    offsets.start(AT, None)
    for offset in range(4):
        offsets.delivered(AT, offset)
    offsets.done(AT, 3)
    offsets.start(AT, 0)
    assert offsets.committable() == {}
    assert offsets.in_flight() == 0
    offsets.delivered(AT, 0)
    assert offsets.position(AT) == 0


def test_a_lost_partition_is_left_alone() -> None:
    offsets = Offsets()
    offsets.delivered(AT, 0)
    offsets.forget(AT)
    offsets.done(AT, 0)
    offsets.committed({AT: 1})
    assert offsets.committable() == {}
    assert offsets.position(AT) is None
    assert offsets.finished(AT) == 0


def _deliver(offsets: Offsets, offset: int) -> None:
    """As the consumer does: what is refused is read again, and a hole of the log is then still there."""
    assert offsets.delivered(AT, offset) or offsets.delivered(AT, offset)


def test_a_message_behind_a_hole_waits_for_what_is_in_it() -> None:
    offsets = Offsets()
    offsets.start(AT, 50)
    assert not offsets.delivered(AT, 100)  # fetched before the seek
    assert offsets.has_hole(AT)
    assert not offsets.delivered(AT, 101)
    assert offsets.expected(AT) == 50
    assert offsets.delivered(AT, 50)
    assert not offsets.has_hole(AT)
    offsets.done(AT, 50)
    assert offsets.committable() == {AT: 51}


def test_a_hole_of_the_log_itself_is_stepped_over_when_it_is_there_again() -> None:
    offsets = Offsets()
    offsets.start(AT, 3)
    assert not offsets.delivered(AT, 7)
    assert not offsets.delivered(AT, 8)
    assert offsets.delivered(AT, 7)
    assert offsets.delivered(AT, 8)


def test_messages_that_were_handed_on_before_the_start_was_told_are_read_again() -> None:
    offsets = Offsets()
    offsets.delivered(AT, 0)
    offsets.delivered(AT, 1)
    offsets.start(AT, None, 0)
    assert not offsets.delivered(AT, 2)
    assert offsets.position(AT) == 0


@given(st.integers(0, 50), st.lists(st.integers(0, 20), unique=True, max_size=21), st.data())
def test_no_commit_passes_an_unfinished_message(first: int, gaps: list[int], data: st.DataObject) -> None:
    there = sorted({first + gap for gap in gaps})
    offsets = Offsets()
    offsets.start(AT, first)
    for offset in there:
        _deliver(offsets, offset)
    unfinished = set(there)
    for offset in data.draw(st.permutations(there)):
        offsets.done(AT, offset)
        unfinished.discard(offset)
        commit = offsets.committable().get(AT, first)
        assert commit <= min(unfinished, default=first + 21)
        offsets.committed(offsets.committable())
    if there:
        assert offsets.position(AT) == there[-1] + 1
