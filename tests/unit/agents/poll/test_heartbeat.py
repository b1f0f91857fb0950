"""The heartbeat articles: one a partition of a round, each text once, and each leads to a record of every kind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agents.deduplicate.core import Deduplicator
from agents.extract.core import Extractor
from agents.extract.engine import shared_engine
from agents.poll import publish
from agents.poll.heartbeat import heartbeats
from agents.total.core import Totals
from streams import codec, heartbeat
from streams.kafka.heartbeats import run_core
from streams.records import RawArticle
from streams.stage import Core, Message, Send
from streams.topics import TOPIC

AT = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def test_the_owners_of_feeds_send_one_to_each_partition() -> None:
    sent = [pair for owner in range(TOPIC["feeds"].partitions) for pair in heartbeats({owner}, AT)]
    assert sorted(send.partition or 0 for _, send in sent) == list(range(TOPIC["articles.raw"].partitions))
    for beat, send in sent:
        assert (send.topic, send.partition) == ("articles.raw", beat.partition)
        assert heartbeat.is_marked(send.headers)


def test_who_owns_nothing_sends_nothing() -> None:
    assert heartbeats((), AT) == []


def test_no_text_comes_twice() -> None:
    sent = [send for second in range(3) for _, send in heartbeats(range(8), AT + timedelta(seconds=second))]
    articles = [codec.decode(send.value, RawArticle) for send in sent]
    assert len({article.text for article in articles}) == len({article.article_id for article in articles}) == 48


def test_no_article_of_a_feed_is_marked() -> None:
    [(beat, send), *_] = heartbeats({0}, AT)
    name, value = beat.header
    article = codec.decode(send.value, RawArticle)
    hostile = replace(article, feed_id=name, guid=f"{name}: {value.decode()}", categories=(name, value.decode()))
    assert not heartbeat.is_marked(publish.send(hostile).headers)


def test_each_stage_passes_it_on() -> None:
    engine = shared_engine()
    [(beat, raw), *_] = heartbeats({0}, AT)

    def led_to(core: Core, send: Send, topic: str) -> dict[str | None, Send]:
        message = Message(topic=topic, partition=0, offset=0, timestamp_ms=beat.sent_ms, key=send.key, value=send.value)
        sends = run_core(lambda: core, beat, message)
        found = [(replace(message, topic=send.topic, headers=send.headers), send) for send in sends]
        return {heartbeat.meant_for(there) or send.topic: send for there, send in found}

    unique = led_to(Deduplicator(3600), raw, "articles.raw")
    assert set(unique) == {"articles.unique"}
    extracted = led_to(Extractor(engine.extract, "1"), unique["articles.unique"], "articles.unique")
    assert set(extracted) == {"conflict.events", "evacuation.counts", "articles.extracted"}
    told = led_to(Totals(), extracted["articles.extracted"], "articles.extracted")
    assert set(told) == {"stories", "evacuation.totals"}
    sent = [*unique.values(), *extracted.values(), *told.values()]
    assert {send.topic for send in sent} == {"heartbeats", "articles.extracted"}
