"""Dead letters fit, say what they must, and are the same each time."""

import base64
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codec import decode
from streams.kafka.dead_letters import ATTEMPTS_HEADER, DeadShare, TooManyDeadLettersError, dead_letter
from streams.records import DeadLetter
from streams.stage import Message
from streams.vocabulary import DeadReason, Stage


def message(value: bytes | None, **changes: object) -> Message:
    fields: dict[str, object] = {
        "topic": "articles.raw",
        "partition": 3,
        "offset": 42,
        "timestamp_ms": 1_695_200_400_000,
        "key": b"id",
        "value": value,
    }
    return Message(**(fields | changes))  # type: ignore[arg-type]  # the fields above, by name


def letter_of(source: Message, text: str = "why", limit: int = 1_000_000) -> DeadLetter:
    send = dead_letter(Stage.EXTRACT, source, DeadReason.INVALID, text, limit=limit)
    assert send.key == f"{source.topic}:{source.partition}:{source.offset}".encode()
    return decode(send.value, DeadLetter)


def test_a_dead_letter_tells_where_it_came_from() -> None:
    letter = letter_of(message(b"\xff\xfe"))
    assert (letter.source_topic, letter.source_partition, letter.source_offset) == ("articles.raw", 3, 42)
    assert base64.b64decode(letter.payload) == b"\xff\xfe"
    assert letter.failed_at == "2023-09-20T09:00:00Z"
    assert letter.attempts == 1
    assert not letter.truncated


def test_a_replayed_message_keeps_its_count() -> None:
    for value, attempts in ((b"2", 3), (b"x", 1), (b"9" * 50, 1)):
        assert letter_of(message(b"", headers=((ATTEMPTS_HEADER, value),))).attempts == attempts


@given(
    st.binary(max_size=50_000) | st.none(),
    st.text(max_size=5000) | st.just("\udc80" * 3000) | st.just("\x00" * 3000),
    st.none() | st.binary(max_size=2000),
    st.none() | st.integers(-(2**62), 2**62),
    st.sampled_from([2500, 10_000, 30_000, 100_000]),
)
def test_it_always_fits_and_never_raises(
    value: bytes | None, text: str, key: bytes | None, timestamp: int | None, limit: int
) -> None:
    source = message(value, key=key, timestamp_ms=timestamp)
    send = dead_letter(Stage.POLL, source, DeadReason.TOO_LARGE, text, limit=limit)
    assert send.value is not None
    assert len(send.key) + len(send.value) < limit
    letter = decode(send.value, DeadLetter)
    whole = value or b""
    assert letter.payload_size == len(whole)
    assert letter.payload_sha256 == sha256(whole).hexdigest()
    assert whole.startswith(base64.b64decode(letter.payload))
    assert letter.truncated == (base64.b64decode(letter.payload) != whole)
    assert dead_letter(Stage.POLL, source, DeadReason.TOO_LARGE, text, limit=limit) == send


def test_a_share_of_dead_letters_is_too_many_once_the_window_is_full() -> None:
    share = DeadShare(0.5, 10)
    share.check([True] * 9, "undecodable: no JSON")  # too few to judge by
    share.done([False] * 10)
    share.check([True] * 5, "undecodable: no JSON")
    with pytest.raises(TooManyDeadLettersError, match=r"6 of the last 10 messages .* undecodable: no JSON;"):
        share.check([True] * 6, "undecodable: no JSON")
    share.done([True] * 5)
    share.check([False], "")
    with pytest.raises(TooManyDeadLettersError):
        share.check([True], "invalid: x")


def test_a_share_of_one_lets_all_pass() -> None:
    share = DeadShare(1, 10)
    share.done([True] * 10)
    share.check([True] * 100, "x")
