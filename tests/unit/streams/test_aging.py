"""The queue of what is due to be forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from streams.aging import Aging

DAY = 86400


def test_only_what_is_older_than_the_horizon_is_due() -> None:
    aging = Aging()
    aging.add(0, b"old")
    aging.add(DAY, b"younger")
    aging.add(3 * DAY, b"newest")
    assert aging.due(2 * DAY, 10) == [b"old"]
    assert aging.due(2 * DAY, 10) == []


def test_a_step_is_bounded() -> None:
    aging = Aging()
    for number in range(10):
        aging.add(number, str(number).encode())
    aging.add(10 * DAY, b"newest")
    assert [len(aging.due(DAY, 4)) for _ in range(4)] == [4, 4, 2, 0]


@given(st.lists(st.tuples(st.integers(0, 50 * DAY), st.binary(min_size=1, max_size=3))), st.integers(0, 10 * DAY))
def test_what_is_taken_is_past_the_horizon_and_all_of_it_is_taken(entries: list[tuple[int, bytes]], kept: int) -> None:
    aging = Aging()
    for seen, key in entries:
        aging.add(seen, key)
    taken = aging.due(kept, 1000)
    horizon = aging.horizon(kept)
    assert len(taken) == sum(seen // 3600 * 3600 + 3600 <= horizon for seen, _ in entries)
