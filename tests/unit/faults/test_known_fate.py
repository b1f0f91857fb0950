"""What the checker makes of the fate of known articles."""

from dataclasses import replace

import orjson
import pytest

from streams.stage import Message
from tests.faults.check import Report, Seen
from tests.faults.feeding import Expected
from tests.faults.known_fate import check_fate
from tests.support.known import Articles, Kind, Known

NEWS = Articles(1, run="fate", monster_bytes=1, fetched="2026-01-01T00:00:00Z").news().article


def wording(name: str) -> Known:
    """An article in other words than `news`."""
    return Known(Kind.NEAR, replace(NEWS, article_id=name, revision=1), 1, of="news")


def report(unique: list[str], repeats: dict[str, str]) -> Report:
    """Of two rewordings, `first` and `second`, where these came out and these were told to repeat others."""
    told: list[dict[str, object]] = [{"article_id": name, "revision": 1} for name in unique]
    repeated: list[dict[str, object]] = [{"article_id": name, "original_id": of} for name, of in repeats.items()]
    topics = {"articles.unique": told, "articles.extracted": told, "articles.duplicates": repeated}
    seen = Seen({topic: [message(topic, value) for value in values] for topic, values in topics.items()})
    found = Report()
    check_fate(Expected(straight=[wording("first"), wording("second")]), seen, found)
    return found


def message(topic: str, value: dict[str, object]) -> Message:
    return Message(topic=topic, partition=0, offset=0, timestamp_ms=0, key=None, value=orjson.dumps(value))


@pytest.mark.parametrize("original", ["news", "first"])
def test_a_rewording_repeats_its_article_or_another_rewording_of_it(original: str) -> None:
    assert not report(["first"], {"second": original}).findings


@pytest.mark.parametrize("repeats", [{"second": "stranger"}, {}])
def test_a_rewording_that_repeats_a_stranger_or_is_lost_is_found(repeats: dict[str, str]) -> None:
    found = report(["first"], repeats)
    assert list(found.findings) == ["reworded article that is nowhere"]
