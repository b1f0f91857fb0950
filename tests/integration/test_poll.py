"""The poll role on a real Kafka, from a real HTTP server on loopback."""

import asyncio
from dataclasses import replace

import pytest

from agents.poll import admin
from agents.poll.feeds_file import new_feed
from streams import codec
from streams.kafka.topics import read_topic
from streams.records import Feed, RawArticle
from streams.settings import Settings
from streams.stage import Message
from streams.topics import language_partition
from streams.vocabulary import FeedStatus
from tests.conftest import StartWorker
from tests.support.waiting import eventually
from tests.support.web import Asked, Web, fixed, item, response, rss

pytestmark = pytest.mark.kafka

FAST = {
    "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
    "FRONTWIRE_POLL_INTERVAL_MIN": "1",
    "FRONTWIRE_POLL_INTERVAL_MAX": "1",
    "FRONTWIRE_POLL_HOST_RATE": "60000",
    "FRONTWIRE_POLL_HOST_CONNECTIONS": "50",
}


def messages(settings: Settings, topic: str) -> list[Message]:
    async def read() -> list[Message]:
        return [message async for message in read_topic(settings, topic)]

    return asyncio.run(read())


def articles(settings: Settings) -> list[RawArticle]:
    return [codec.decode(message.value, RawArticle) for message in messages(settings, "articles.raw")]


def add(settings: Settings, web: Web, path: str, **fields: object) -> Feed:
    feed = replace(new_feed(web.url(path), feed_id=path.strip("/"), name="Example"), **fields)  # type: ignore[arg-type]
    admin.add_feeds(settings, [feed])
    return feed


def test_entries_are_published_once_and_again_when_they_change(
    settings: Settings, web: Web, start_worker: StartWorker
) -> None:
    web.serve("/a", rss(item(1), item(2)), etag='"one"')
    add(settings, web, "/a", language="en")
    worker = start_worker("worker", "poll", **FAST)
    eventually(lambda: len(articles(settings)) == 2, within=60, what="both entries")
    first = {article.guid: article for article in articles(settings)}
    assert first["id-1"].url == "http://example.org/articles/1"
    assert first["id-1"].source == "Example"
    assert first["id-1"].published == "2023-09-20T09:00:00Z"
    assert (first["id-1"].language, first["id-1"].revision) == ("en", 1)
    raw = messages(settings, "articles.raw")
    assert {message.partition for message in raw} == {language_partition("en")}
    assert {message.key for message in raw} == {b"en"}

    polls = web.count("/a")
    eventually(lambda: web.count("/a") > polls + 1, what="two more polls")
    assert len(articles(settings)) == 2

    worker.restart()  # as a crash would: nothing is posted again
    web.serve("/a", rss(item(3), item(1, "The figure was corrected: fourteen villages."), item(2)), etag='"two"')
    eventually(lambda: len(articles(settings)) == 4, within=60, what="a new entry and an update")
    later = articles(settings)[2:]
    assert {(article.guid, article.revision) for article in later} == {("id-3", 1), ("id-1", 2)}
    updated = next(article for article in later if article.guid == "id-1")
    assert updated.article_id == first["id-1"].article_id
    assert "fourteen" in updated.body

    health = eventually(lambda: [h for h in admin.health(settings) if h.polls > 2], what="health")
    assert health[0].status is FeedStatus.OK
    assert worker.stop() == 0


def test_feeds_change_at_run_time(settings: Settings, web: Web, start_worker: StartWorker) -> None:
    worker = start_worker("worker", "poll", **FAST)
    worker.wait_ready()
    web.serve("/late", rss(item(1)))
    feed = add(settings, web, "/late")
    eventually(lambda: len(articles(settings)) == 1, what="the entry of a feed added later")
    assert [listed.feed_id for listed in admin.list_feeds(settings)] == ["late"]

    web.serve("/other", rss(item(2)))
    admin.add_feeds(settings, [replace(feed, url=web.url("/other"))])
    eventually(lambda: len(articles(settings)) == 2, what="the entry at the new address")

    admin.add_feeds(settings, [replace(feed, enabled=False)])
    eventually(lambda: [h.status for h in admin.health(settings)] == [FeedStatus.DISABLED], what="the feed disabled")

    assert admin.remove_feed(settings, "late")
    eventually(lambda: not admin.health(settings), what="the health record taken away")
    polls = web.count("/other")
    web.serve("/probe", rss(item(3)))
    add(settings, web, "/probe")
    eventually(lambda: web.count("/probe") >= 3, what="three polls of another feed")
    assert web.count("/other") == polls
    assert not admin.remove_feed(settings, "late")


def test_validators_are_sent_and_a_304_costs_nothing(settings: Settings, web: Web, start_worker: StartWorker) -> None:
    body = response(rss(item(1)), etag='W/"x-gzip"', last_modified="Wed, 20 Sep 2023 09:00:00 GMT")

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        same = asked.headers.get("if-none-match") == 'W/"x-gzip"'
        same = same and asked.headers.get("if-modified-since") == "Wed, 20 Sep 2023 09:00:00 GMT"
        writer.write(response(status="304 Not Modified") if same else body)

    web.routes["/cached"] = answer
    add(settings, web, "/cached")
    worker = start_worker("worker", "poll", **FAST)

    def unmodified() -> bool:
        return 'frontwire_polls_total{outcome="not_modified"}' in (worker.get("/metrics") or "")

    eventually(unmodified, within=60, what="a 304")
    assert len(articles(settings)) == 1


def test_a_feed_record_that_cannot_be_polled_is_a_dead_letter(
    settings: Settings, web: Web, start_worker: StartWorker
) -> None:
    web.routes["/good"] = fixed(response(rss(item(1))))

    async def send_bad() -> None:
        await admin._produce(settings, [(b"bad", b'{"feed_id": "bad", "url": "file:///etc/passwd", "name": "x"}')])

    asyncio.run(send_bad())
    add(settings, web, "/good")
    worker = start_worker("worker", "poll", **FAST)
    eventually(lambda: len(articles(settings)) == 1, within=60, what="the good feed's entry")
    eventually(lambda: messages(settings, "dead-letters"), what="a dead letter for the bad one")
    assert worker.process.running
