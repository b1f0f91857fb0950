"""Answers about words stay as long as they are asked for, and never more than a room holds."""

from collections import Counter

from agents.extract.kept import Kept, Room


class _Made:
    """Answers with the word itself, and counts how often it had to."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()

    def __call__(self, word: str) -> str:
        self.times[word] += 1
        return word


def test_a_word_is_made_once_while_there_is_room() -> None:
    made = _Made()
    kept = Kept(made, Room(10))
    assert [kept[word] for word in "abcabcabc"] == list("abcabcabc")
    assert made.times == Counter("abc")


def test_a_word_that_is_asked_for_stays_however_many_others_come() -> None:
    made = _Made()
    kept = Kept(made, Room(10))
    for number in range(1000):
        assert kept["often"] == "often"
        assert kept[str(number)] == str(number)
    assert made.times["often"] == 1


def test_all_memories_together_hold_no_more_than_their_room() -> None:
    room = Room(100)
    many, few = Kept(_Made(), room), Kept(_Made(), room)
    for number in range(1000):
        assert many[str(number)] == str(number)
        assert few[str(number % 7)] == str(number % 7)
        assert len(many) + len(few) <= 50
        assert sum(len(memory.older) for memory in (many, few)) <= 50


def test_what_one_memory_does_not_need_another_takes() -> None:
    room, made = Room(100), _Made()
    kept, _ = Kept(made, room), Kept(_Made(), room)
    for _ in range(3):
        for number in range(50):
            assert kept[str(number)] == str(number)
    assert set(made.times.values()) == {1}


def test_a_word_longer_than_any_is_answered_and_not_kept() -> None:
    made = _Made()
    kept = Kept(made, Room(10))
    long = "a" * 10_000
    assert [kept[long], kept[long]] == [long, long]
    assert made.times[long] == 2
    assert not kept
