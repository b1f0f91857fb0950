"""A feed replayed snapshot by snapshot while the worker is killed: nothing lost, nothing twice, only real changes."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import pytest

from agents.poll import admin
from streams import codec
from streams.kafka.topics import ensure_topics, read_topic
from streams.records import Feed, RawArticle
from streams.settings import Settings, load
from tests.conftest import StartWorker
from tests.support.waiting import eventually
from tests.support.web import Asked, Web, response, rss

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

SNAPSHOTS = 8
FEEDS = 6
WINDOW = 12
"""Entries in a feed at a time; older ones drop out."""


@dataclass(frozen=True, slots=True)
class Story:
    """An entry as its publisher means it: `version` counts real changes, `noise` what must not count."""

    number: int
    version: int
    noise: int

    def item(self, feed: int) -> str:
        text = f"Version {self.version} of report {self.number}: the evacuation of the valley went on for another day."
        pixel = f'&lt;img src="https://track.example/{self.noise}.gif" width="1"/&gt;'
        spaces = " " * (self.noise % 3 + 1)
        guid = f"{'https' if self.noise % 2 else 'http'}://site-{feed}.example/?p={self.number}"
        return (
            f"<title>Report {self.number}</title><guid>{guid}</guid>"
            f"<link>https://site-{feed}.example/{self.number}?utm_source=n{self.noise}</link>"
            f"<pubDate>Wed, 20 Sep 2023 {self.number % 24:02}:00:00 GMT</pubDate>"
            f"<description>&lt;p&gt;{text.replace(' ', spaces)}{pixel}&lt;/p&gt;</description>"
        )


def snapshots(feed: int) -> list[list[Story]]:
    """The states of a feed over time: three new entries at each, some changed, all with new noise, order shuffled."""
    chance = random.Random(feed)
    versions: dict[int, int] = defaultdict(lambda: 1)
    found = []
    for time in range(SNAPSHOTS):
        newest = 5 + time * 3
        numbers = list(range(max(0, newest - WINDOW), newest))
        for number in chance.sample(numbers[:-3], k=2) if time else []:
            versions[number] += 1
        chance.shuffle(numbers)
        found.append([Story(number, versions[number], chance.randrange(1000)) for number in numbers])
    return found


def read_all(settings: Settings) -> list[RawArticle]:
    async def read() -> list[RawArticle]:
        return [codec.decode(m.value, RawArticle) async for m in read_topic(settings, "articles.raw")]

    return asyncio.run(read())


def test_every_entry_once_and_real_changes_only(kafka: str, topic_prefix: str, start_worker: StartWorker) -> None:
    settings = load(
        {
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
            "FRONTWIRE_TOPIC_PREFIX": topic_prefix,
            "FRONTWIRE_REPLICATION_FACTOR": "1",
        }
    )
    asyncio.run(ensure_topics(settings))
    history = {feed: snapshots(feed) for feed in range(FEEDS)}
    chance = random.Random(7)
    with Web() as web:
        for feed in range(FEEDS):
            _serve(web, feed, history[feed][0])
        worker = start_worker("worker", "poll", **_FAST)
        admin.add_feeds(
            settings,
            [
                Feed(feed_id=f"site-{n}", url=web.url(f"/{n}"), name=f"Site {n}", interval_seconds=1)
                for n in range(FEEDS)
            ],
        )
        for time in range(1, SNAPSHOTS + 1):
            eventually(partial(_all_published, settings, history, time), within=60, what=f"snapshot {time}")
            if time == SNAPSHOTS:
                break
            for feed in range(FEEDS):
                _serve(web, feed, history[feed][time])
            _wait_for_polls(web, chance.randrange(1, FEEDS))
            worker.restart()  # SIGKILL, wherever its polls are
    _check(read_all(settings), history)
    assert "Traceback" not in worker.log


_FAST = {
    "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
    "FRONTWIRE_POLL_HOST_RATE": "60000",
    "FRONTWIRE_POLL_HOST_CONNECTIONS": "50",
}


def _serve(web: Web, feed: int, stories: list[Story]) -> None:
    body = rss(*(story.item(feed) for story in stories))
    tag = f'"{uuid4().hex}"'

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        same = asked.headers.get("if-none-match") == tag
        writer.write(response(status="304 Not Modified") if same else response(body, etag=tag))

    web.routes[f"/{feed}"] = answer


def _wait_for_polls(web: Web, number: int) -> None:
    before = len(web.asked)
    eventually(lambda: len(web.asked) >= before + number, what=f"{number} polls")


def _all_published(settings: Settings, history: dict[int, list[list[Story]]], time: int) -> bool:
    """Whether the last words of every story up to this time are out."""
    wanted = {(f"site-{feed}", s.number, s.version) for feed, past in history.items() for s in past[time - 1]}
    told = {(a.feed_id, int(a.title.split()[1]), int(a.body.split()[1])) for a in read_all(settings)}
    return wanted <= told


def _check(articles: list[RawArticle], history: dict[int, list[list[Story]]]) -> None:
    contents: dict[tuple[str, int], set[bytes]] = defaultdict(set)
    versions: dict[tuple[str, int], list[int]] = defaultdict(list)
    ids: dict[tuple[str, int], set[str]] = defaultdict(set)
    for article in articles:
        key = (article.feed_id, int(article.title.split()[1]))
        if not contents[(article.article_id, article.revision)]:
            versions[key].append(int(article.body.split()[1]))
        contents[(article.article_id, article.revision)].add(codec.encode(article))
        ids[key].add(article.article_id)
    assert all(len(copies) == 1 for copies in contents.values()), "one id and revision with two contents"
    stories = {(f"site-{feed}", s.number) for feed, past in history.items() for snapshot in past for s in snapshot}
    assert set(versions) == stories, "entries lost or made up"
    assert all(len(found) == 1 for found in ids.values()), "an entry published under two ids"
    for told in versions.values():
        assert len(told) == len(set(told)), f"a version published twice: {told}"
