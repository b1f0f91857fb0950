"""When an article was fetched, as the stages that forget by age take it."""

import pytest

from streams.stage import Message, PoisonError, fetched_seconds
from streams.vocabulary import DeadReason


def message(timestamp_ms: int | None) -> Message:
    return Message(topic="articles.raw", partition=0, offset=0, timestamp_ms=timestamp_ms, key=None, value=b"")


@pytest.mark.parametrize("timestamp_ms", [None, -1, 1_695_200_400_000, 1_695_300_000_000])
def test_it_is_what_the_article_says(timestamp_ms: int | None) -> None:
    assert fetched_seconds(message(timestamp_ms), "2023-09-20T12:00:00+03:00") == 1_695_200_400


def test_it_is_never_later_than_the_message() -> None:
    assert fetched_seconds(message(1_695_200_400_500), "9999-12-31T23:59:59Z") == 1_695_200_401


@pytest.mark.parametrize("fetched", ["", "yesterday", "2023-09-20T09:00:00", "2023-09-20"])
def test_what_is_no_instant_is_poison(fetched: str) -> None:
    with pytest.raises(PoisonError) as caught:
        fetched_seconds(message(None), fetched)
    assert caught.value.reason is DeadReason.INVALID
