"""Which dead letters a filter takes."""

import pytest

from streams.kafka.letterbox import Filed, Filter
from streams.records import DeadLetter
from streams.vocabulary import DeadReason, Stage

LETTER = DeadLetter(
    stage=Stage.EXTRACT,
    reason=DeadReason.INVALID,
    message="why",
    source_topic="articles.unique",
    source_partition=3,
    source_offset=42,
    key="id",
    payload="",
    payload_size=0,
    payload_sha256="",
    truncated=False,
    attempts=1,
    version="1",
    failed_at=None,
)
FILED = Filed(key=b"articles.unique:3:42", partition=0, offset=7, time_ms=1000, letter=LETTER)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(keys=frozenset({FILED.key, b"another"})),
        Filter(stages=frozenset({Stage.EXTRACT}), reasons=frozenset({DeadReason.INVALID, DeadReason.TIMED_OUT})),
        Filter(since_ms=1000, until_ms=1001),
    ],
)
def test_a_filter_takes_what_meets_all_it_asks_for(wanted: Filter) -> None:
    assert wanted.takes(FILED)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(keys=frozenset({b"another"})),
        Filter(stages=frozenset({Stage.TOTAL}), reasons=frozenset({DeadReason.INVALID})),
        Filter(reasons=frozenset({DeadReason.TIMED_OUT})),
        Filter(since_ms=1001),
        Filter(until_ms=1000),
    ],
)
def test_a_filter_takes_nothing_else(wanted: Filter) -> None:
    assert not wanted.takes(FILED)
