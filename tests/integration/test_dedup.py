"""The duplicate check as a worker on a real Kafka: killed under load and robbed of its folder, it answers as if not."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from agents.deduplicate.core import Deduplicator
from streams.records import RawArticle
from streams.settings import load
from streams.stage import Message
from streams.topics import language_partition
from streams.vocabulary import Stage
from tests.conftest import StartWorker
from tests.support.load import raw_articles, repeat_of
from tests.support.memory_state import MemoryState
from tests.support.topics import Topics
from tests.support.waiting import eventually

ARTICLES = 3000
OUTPUTS = ("articles.unique", "articles.duplicates")


@pytest.fixture
def topics(kafka: str, topic_prefix: str) -> Topics:
    return Topics(load({"KAFKA_BOOTSTRAP_SERVERS": kafka, "FRONTWIRE_TOPIC_PREFIX": topic_prefix}))


@pytest.mark.kafka
@pytest.mark.slow
def test_kills_and_a_lost_folder_change_no_answer(start_worker: StartWorker, topics: Topics, tmp_path: Path) -> None:
    assert start_worker("topics", "create").process.wait(60) == 0
    articles = _articles()
    third = len(articles) // 3
    worker = start_worker("worker", "deduplicate")
    worker.wait_ready()
    for turn in range(3):
        topics.put_raw(articles[turn * third : (turn + 1) * third])
        eventually(lambda n=turn: len(topics.messages(OUTPUTS[0])) > n * third * 0.7, what="output")  # type: ignore[misc]
        worker.kill()
        if turn == 1:
            for folder in tmp_path.glob("worker-*/state"):
                shutil.rmtree(folder)
        worker.restart()
        worker.wait_ready()
    expected = _expected(topics.messages("articles.raw"))
    eventually(lambda: _sent(topics) == expected, within=60, what="differences from a core never killed")
    eventually(lambda: topics.lag(Stage.DEDUPLICATE, "articles.raw") == 0, within=60, what="no lag")
    assert _sent(topics) == expected
    assert not topics.messages("dead-letters")
    assert worker.stop() == 0


def _sent(topics: Topics) -> dict[str, set[bytes | None]]:
    return {topic: {message.value for message in topics.messages(topic)} for topic in OUTPUTS}


def _articles() -> list[RawArticle]:
    """Articles, repeats of some, later revisions of some, and some that come again."""
    articles: list[RawArticle] = []
    for number, article in enumerate(raw_articles(ARTICLES, run="dedup")):
        articles.append(article)
        old = articles[(number * 7919) % len(articles)]
        if number % 5 == 0:
            articles.append(repeat_of(old, number))
        if number % 11 == 0:
            articles.append(
                replace(old, revision=old.revision + 1, body=f"{old.body}\nCorrection {number} of the desk.")
            )
        if number % 13 == 0:
            articles.append(old)
        if number % 17 == 0:
            articles.append(replace(old, feed_id=f"other-{number}"))
    return articles[: len(articles) // 3 * 3]


def _expected(raw: list[Message]) -> dict[str, set[bytes | None]]:
    """What a core that is never killed says of the same messages."""
    core = Deduplicator(load({}).duplicate_window)
    states = {language_partition(language): MemoryState() for language in ("en", "id")}
    expected: dict[str, set[bytes | None]] = {topic: set() for topic in OUTPUTS}
    for message in raw:
        for send in core.process(message, states[message.partition]):
            expected[send.topic].add(send.value)
    return expected
