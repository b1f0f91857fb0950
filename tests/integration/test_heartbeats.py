"""Heartbeats go through the whole line on a real Kafka, and nobody who reads what comes out sees them."""

import time
from datetime import UTC, datetime

import pytest

from agents.poll.heartbeat import heartbeats
from seeds import rss
from seeds.rss import SeedArticle
from seeds.server import Document, FeedServer
from streams import codec, heartbeat
from streams.instants import stamp
from streams.kafka.rights import User, rights
from streams.records import RawArticle
from streams.settings import load
from streams.topics import TOPIC, TOPICS
from streams.vocabulary import Stage
from tests.conftest import StartWorker
from tests.support.topics import Topics
from tests.support.waiting import eventually
from tests.support.workers import Worker

_QUICK = {
    "FRONTWIRE_HEARTBEAT_INTERVAL": "1",
    "FRONTWIRE_COMMIT_INTERVAL": "0.5",
    "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
    "FRONTWIRE_POLL_INTERVAL_MIN": "1",
    "FRONTWIRE_POLL_INTERVAL_MAX": "2",
}
_RAW_PARTITIONS = TOPIC[heartbeat.RAW].partitions


@pytest.fixture
def topics(kafka: str, topic_prefix: str) -> Topics:
    return Topics(load({"KAFKA_BOOTSTRAP_SERVERS": kafka, "FRONTWIRE_TOPIC_PREFIX": topic_prefix}))


def _samples(worker: Worker, metric: str) -> dict[str, float]:
    """The samples of a metric by their labels as /metrics writes them."""
    lines = (worker.get("/metrics") or "").splitlines()
    found = (line.rpartition(" ") for line in lines if line.startswith((metric + "{", metric + " ")))
    return {name.removeprefix(metric): float(value) for name, _, value in found}


def _passed(worker: Worker, stage: Stage, since: float) -> set[int]:
    """The partitions whose heartbeat, sent after `since`, has passed a stage."""
    label = f'{{partition="%d",stage="{stage}"}}'
    times = _samples(worker, "frontwire_heartbeat_timestamp_seconds")
    return {number for number in range(_RAW_PARTITIONS) if times.get(label % number, 0) > since}


def _like_a_heartbeat() -> SeedArticle:
    """An article of a feed with the very text of a heartbeat, which is an article all the same."""
    raw = codec.decode(heartbeats({0}, datetime.now(UTC))[0][1].value, RawArticle)
    url = "https://news.example.org/like-a-heartbeat"
    return SeedArticle(
        guid="frontwire-heartbeat",
        url=url,
        language="en",
        published=stamp(datetime.now(UTC)),
        title=raw.title,
        body=raw.body,
    )


@pytest.mark.kafka
@pytest.mark.slow
def test_heartbeats_pass_every_stage_and_only_articles_come_out(start_worker: StartWorker, topics: Topics) -> None:
    assert start_worker("topics", "create").process.wait(60) == 0
    article = _like_a_heartbeat()
    with FeedServer({"/feed.xml": Document(rss.render("Feed", article.url, [article]))}) as server:
        assert start_worker("feeds", "add", server.url("/feed.xml"), "--id", "feed").process.wait(60) == 0
        line = {stage: start_worker("worker", stage, **_QUICK) for stage in Stage}
        every = set(range(_RAW_PARTITIONS))
        eventually(lambda: _passed(line[Stage.TOTAL], Stage.TOTAL, 0) == every, within=120, what="heartbeats")
        eventually(lambda: topics.values("evacuation.totals"), what="the article's total")
        _numbers_are_of_the_article_alone(line)

        line[Stage.POLL].restart()
        line[Stage.DEDUPLICATE].restart()
        began = time.time()
        eventually(lambda: _passed(line[Stage.TOTAL], Stage.TOTAL, began) == every, within=90, what="heartbeats again")

    led_to = {heartbeat.meant_for(message) for message in topics.messages(heartbeat.TOPIC)}
    assert led_to == {"articles.unique", "conflict.events", "evacuation.counts", "stories", "evacuation.totals"}
    _nothing_but_the_article_is_public(topics, article)


def _numbers_are_of_the_article_alone(line: dict[Stage, Worker]) -> None:
    extract, total = line[Stage.EXTRACT], line[Stage.TOTAL]
    assert _samples(extract, "frontwire_articles_in_total") == {'{stage="extract"}': 1}
    assert sum(_samples(extract, "frontwire_events_total").values()) == 1
    assert _samples(extract, "frontwire_events_by_country_total") == {'{country="unknown"}': 1}
    assert _samples(extract, "frontwire_fetched_to_extracted_seconds_count") == {"": 1}
    told = "frontwire_fetched_to_told_seconds_count"
    eventually(lambda: _samples(total, told) == {"": 1}, what="the article's story is counted")
    assert _samples(total, "frontwire_published_to_told_seconds_count") == {"": 1}
    assert _samples(line[Stage.POLL], "frontwire_feeds_by_outcome")
    for stage, worker in line.items():
        assert not any(_samples(worker, "frontwire_dead_letters_total").values())
        assert set(_samples(worker, "frontwire_heartbeats_total")) == {f'{{outcome="passed",stage="{stage}"}}'}


def _nothing_but_the_article_is_public(topics: Topics, article: SeedArticle) -> None:
    readable = {right.name for user in (User.SUBSCRIBER, User.DESK) for right in rights(user)}
    public = [topic.name for topic in TOPICS if topic.name in readable]
    assert {"articles.unique", "articles.duplicates", "conflict.events", "stories", "evacuation.totals"} <= set(public)
    marked = [m.topic for name in public for m in topics.messages(name) if heartbeat.is_marked(m.headers)]
    assert not marked
    assert {value["url"] for value in topics.values("articles.unique")} == {article.url}
    assert not topics.messages("articles.duplicates")
    assert {value["url"] for name in ("conflict.events", "evacuation.counts") for value in topics.values(name)} == {
        article.url
    }
    assert {one["url"] for story in topics.values("stories") for one in story["articles"]} == {article.url}
    assert {value["articles"] for value in topics.values("evacuation.totals")} == {1}
    assert not topics.messages("dead-letters")
