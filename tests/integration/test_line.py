"""The whole line under load on a real Kafka while each role is killed: nothing lost, no id with two contents."""

from datetime import UTC, datetime
from typing import Any

import pytest

from seeds import rss
from seeds.server import Document, FeedServer
from streams.cloudevents import ENVELOPES
from streams.instants import stamp
from streams.records import RawArticle
from streams.settings import load
from streams.vocabulary import Stage
from tests.conftest import StartWorker
from tests.support import contract
from tests.support.load import feed_articles, raw_articles, repeat_of
from tests.support.topics import Topics
from tests.support.waiting import eventually
from tests.support.workers import Worker

ARTICLES = 1500
REPEATS = 100
ENTRIES = 120
FEEDS = 4
OUTPUT_OF = {
    Stage.DEDUPLICATE: "articles.unique",
    Stage.EXTRACT: "articles.extracted",
    Stage.TOTAL: "evacuation.totals",
}
SOURCE_OF = {
    Stage.DEDUPLICATE: "articles.raw",
    Stage.EXTRACT: "articles.unique",
    Stage.TOTAL: "articles.extracted",
}


@pytest.fixture
def topics(kafka: str, topic_prefix: str) -> Topics:
    settings = load({"KAFKA_BOOTSTRAP_SERVERS": kafka, "FRONTWIRE_TOPIC_PREFIX": topic_prefix})
    return Topics(settings)


@pytest.mark.kafka
@pytest.mark.slow
def test_each_role_is_killed_in_the_middle_of_a_load(start_worker: StartWorker, topics: Topics) -> None:
    assert start_worker("topics", "create").process.wait(60) == 0
    now = stamp(datetime.now(UTC))
    raws = list(raw_articles(ARTICLES, run="direct", fetched=now))
    repeats = [repeat_of(raw, number) for number, raw in enumerate(raws[:REPEATS])]
    feeds = {f"/{n}.xml": feed_articles(ENTRIES, run=f"feed-{n}") for n in range(FEEDS)}
    documents = {path: Document(rss.render(path, "https://news.example.org", feeds[path])) for path in feeds}
    with FeedServer(documents) as server:
        for number, path in enumerate(feeds):
            added = start_worker("feeds", "add", server.url(path), "--id", f"feed-{number}", "--name", "Load")
            assert added.process.wait(60) == 0
        line = {stage: start_worker("worker", stage, **_QUICK) for stage in Stage}
        eventually(lambda: _ids(topics, "articles.raw"), what="the poller has begun")
        line[Stage.POLL].restart()
        loads = (raws[0::3], raws[1::3], [*raws[2::3], *repeats])
        for stage, load_ in zip(SOURCE_OF, loads, strict=True):
            _kill_in_the_middle(stage, line[stage], topics, load_)
        expected = {raw.article_id for raw in raws} | _feed_ids(feeds)
        eventually(lambda: _ids(topics, "articles.extracted") >= expected, within=150, what="every article extracted")
        for stage, topic in SOURCE_OF.items():
            eventually(lambda s=stage, t=topic: topics.lag(s, t) == 0, within=60, what=f"{stage} has no lag")  # type: ignore[misc]
    assert _ids(topics, "articles.unique") == expected
    assert _ids(topics, "articles.duplicates") == {repeat.article_id for repeat in repeats}
    assert not topics.messages("dead-letters")
    for topic in ("articles.unique", "articles.extracted", "conflict.events", "evacuation.counts"):
        assert all(len(contents) == 1 for contents in topics.contents(topic).values()), topic
    for topic in set(ENVELOPES) - {"dead-letters", "conflict.events"}:  # of these the load makes none
        held = [message for message in topics.messages(topic) if message.headers][:_HELD]  # the test's own have none
        assert held, topic
        for message in held:
            contract.hold(message)
    figures = sorted(value["reported"] for value in _latest(topics, "evacuation.counts"))
    assert figures == sorted([100 + n for n in range(ARTICLES)] + [100 + n for n in range(ENTRIES)] * FEEDS)


_HELD = 50
"""Records of a topic that are held to the contract: it takes a millisecond each."""

_QUICK = {
    "FRONTWIRE_COMMIT_INTERVAL": "20",
    "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
    "FRONTWIRE_POLL_INTERVAL_MIN": "1",
    "FRONTWIRE_POLL_INTERVAL_MAX": "2",
    "FRONTWIRE_POLL_HOST_RATE": "100",
}


def _kill_in_the_middle(stage: Stage, worker: Worker, topics: Topics, load: list[RawArticle]) -> None:
    """Kill a worker that has begun with a load, and see that it has not committed all of it."""
    worker.wait_ready()
    before = len(topics.messages(OUTPUT_OF[stage]))
    topics.put_raw(load)
    eventually(lambda: len(topics.messages(OUTPUT_OF[stage])) > before, what=f"{stage} has begun")
    worker.kill()
    assert topics.lag(stage, SOURCE_OF[stage]) > 0
    worker.restart()


def _feed_ids(feeds: dict[str, list[rss.SeedArticle]]) -> set[str]:
    return {raw.article_id for n in range(len(feeds)) for raw in raw_articles(ENTRIES, run=f"feed-{n}")}


def _ids(topics: Topics, topic: str) -> set[str]:
    return {value["article_id"] for value in topics.values(topic)}


def _latest(topics: Topics, topic: str) -> list[dict[str, Any]]:
    latest = {value["count_id"]: value for value in topics.values(topic)}
    return list(latest.values())
