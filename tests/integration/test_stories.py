"""Stories and totals as a worker on a real Kafka: killed in mid-work and robbed of its folder, its view is the same."""

import asyncio
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from agents.total.core import STORIES, TOTALS, Totals
from streams.codec import encode
from streams.kafka.topics import full_name
from streams.records import ExtractedArticle, StoryFeatures
from streams.settings import load
from streams.stage import Message
from streams.vocabulary import Stage
from tests.conftest import StartWorker
from tests.support.memory_state import MemoryState
from tests.support.topics import Topics
from tests.support.waiting import eventually
from tests.unit.agents.total.extracted import count, extracted

ARTICLES = 1200
EVENTS = 60
SOURCE = "articles.extracted"


@pytest.mark.kafka
@pytest.mark.slow
def test_kills_and_a_lost_folder_change_no_view(
    start_worker: StartWorker, kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    settings = load({"KAFKA_BOOTSTRAP_SERVERS": kafka, "FRONTWIRE_TOPIC_PREFIX": topic_prefix})
    topics = Topics(settings)
    assert start_worker("topics", "create").process.wait(60) == 0
    articles = list(_articles())
    third = len(articles) // 3
    worker = start_worker("worker", "total", FRONTWIRE_COMMIT_INTERVAL="20")
    worker.wait_ready()
    for turn in range(3):
        seen = len(topics.messages(STORIES))
        _put(kafka, full_name(settings, SOURCE), articles[turn * third : (turn + 1) * third])
        eventually(lambda n=seen: len(topics.messages(STORIES)) > n, within=60, what="it has begun")  # type: ignore[misc]
        worker.kill()
        if turn == 1:
            for folder in tmp_path.glob("worker-*/state"):
                shutil.rmtree(folder)
        worker.restart()
        worker.wait_ready()
    expected = _expected(topics.messages(SOURCE))
    eventually(lambda: _view(topics.messages) == expected, within=90, what="the view of a core never killed")
    assert worker.stop() == 0
    assert topics.lag(Stage.TOTAL, SOURCE) == 0
    assert _view(topics.messages) == expected
    assert any(b'"merged_into":"' in value for value in expected[STORIES].values())
    assert not topics.messages("dead-letters")


def _view(read: object) -> dict[str, dict[bytes | None, bytes]]:
    return {topic: _compacted(read(topic)) for topic in (STORIES, TOTALS)}  # type: ignore[operator]


def _compacted(messages: Iterable[Message]) -> dict[bytes | None, bytes]:
    latest = {message.key: message.value for message in messages}
    return {key: value for key, value in latest.items() if value is not None}


def _expected(messages: list[Message]) -> dict[str, dict[bytes | None, bytes]]:
    """What a core that is never killed ends with."""
    core, state = Totals(), MemoryState()
    latest: dict[str, dict[bytes | None, bytes | None]] = {STORIES: {}, TOTALS: {}}
    for message in messages:
        for send in core.process(message, state):
            latest[send.topic][send.key] = send.value
    return {topic: {key: value for key, value in latest[topic].items() if value is not None} for topic in latest}


def _articles() -> Iterable[ExtractedArticle]:
    """Articles in two languages on events with words, places and figures of their own; some in several revisions."""
    chance = random.Random(1)
    made: list[ExtractedArticle] = []
    for number in range(ARTICLES):
        event = chance.randrange(EVENTS)
        language = chance.choice(("en", "id"))
        words = [f"{language}{event}w{chance.randrange(40)}" for _ in range(20)] + [f"Name{event}"]
        told = 100 + 10 * event + number // 100
        article = extracted(
            f"{number:032x}",
            count(told, origin=f"Town{event}", attribution=chance.choice((None, "the ministry", "the army"))),
            features=StoryFeatures(
                terms=dict.fromkeys(words, 1),
                places=(f"town{event}", f"ridge{event}")[: chance.randint(0, 2)],
                numbers=tuple(str(1000 * event + n) for n in (1, 2, 3)),
            ),
            language=language,
            source=chance.choice(("Antara", "Tempo", "Kompas")),
            title=f"Event {event}",
        )
        made.append(article)
        yield article
        if number % 9 == 0:
            old = chance.choice(made)
            revision = 2 + number
            yield extracted(
                old.article_id, count(told + 1, origin=f"Town{event}"), features=old.features, revision=revision
            )


def _put(servers: str, topic: str, articles: Iterable[ExtractedArticle]) -> None:
    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=servers, acks="all", linger_ms=20) as producer:
            for article in articles:
                await producer.send(topic, key=article.article_id.encode(), value=encode(article), partition=0)
            await producer.flush()

    asyncio.run(send())
