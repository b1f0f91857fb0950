"""More partitions for what roles read, on a real Kafka: nothing lost or forgotten; counts that do not fit are told."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import orjson
import pytest
from aiokafka.admin import NewPartitions

from agents.__main__ import main
from agents.poll import admin
from streams.codec import encode
from streams.instants import stamp
from streams.kafka.topics import admin_client, full_name, partition_counts
from streams.records import Feed, RawArticle
from streams.settings import Settings
from streams.topics import language_partition
from streams.vocabulary import Stage
from tests.conftest import StartWorker
from tests.support.extraction import article
from tests.support.load import raw_articles, repeat_of
from tests.support.shell import Line
from tests.support.topics import Topics
from tests.support.waiting import eventually
from tests.support.web import Web, item, rss

pytestmark = pytest.mark.kafka

Command = Callable[..., tuple[int, str]]

RAW, UNIQUE = "articles.raw", "articles.unique"
SHARING = ("de", "pl", "sw", "ja", "zh", "pt", "it", "nl")
"""Languages without a partition of their own."""

GERMAN = "Zwölf Dörfer wurden am Montag vor Sonnenaufgang evakuiert, teilten die Behörden der Region mit"
NEW = "Die Regierung eröffnete gestern eine neue Brücke über den Fluss, berichtet die Zeitung aus der Hauptstadt."
POLL = {
    "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
    "FRONTWIRE_POLL_INTERVAL_MIN": "1",
    "FRONTWIRE_POLL_INTERVAL_MAX": "2",
    "FRONTWIRE_POLL_HOST_RATE": "1000",
}


@pytest.fixture
def topics(line: Line) -> Topics:
    return Topics(line.settings())


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as served:
        yield served


def counts(settings: Settings) -> dict[str, int]:
    async def ask() -> dict[str, int]:
        async with admin_client(settings) as asked:
            return await partition_counts(asked)

    found = asyncio.run(ask())
    return {name: found[full_name(settings, name)] for name in (RAW, UNIQUE, "deduplicate.state", "extract.state")}


@pytest.fixture
def command(line: Line, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `frontwire ARGUMENTS` on the test's topics; exit code and what it printed."""
    for name, value in line.environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(arguments)
        return code, "".join(capsys.readouterr())

    return run


def shared(run: str, each: int) -> list[RawArticle]:
    """Articles in languages that share partitions, so many of each."""
    made = iter(raw_articles(each * len(SHARING), run=run, fetched=stamp(datetime.now(UTC))))
    return [replace(next(made), language=language) for language in SHARING for _ in range(each)]


def ids(topics: Topics, topic: str) -> set[str]:
    return {value["article_id"] for value in topics.values(topic)}


@contextmanager
def load_beside(topics: Topics, into: list[RawArticle]) -> Iterator[None]:
    """Articles in languages with partitions of their own, all the while, twenty a second."""
    over = threading.Event()

    def put() -> None:
        number = 0
        while not over.wait(1):
            some = list(raw_articles(20, run=f"beside-{number}", fetched=stamp(datetime.now(UTC))))
            topics.put_raw(some)
            into.extend(some)
            number += 1

    thread = threading.Thread(target=put)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_articles_raw_gets_more_partitions_under_load(
    line: Line, topics: Topics, web: Web, start_worker: StartWorker, command: Command
) -> None:
    web.serve("/de", rss(*(item(number, f"{GERMAN}, heißt es im Bericht {number * 97}.") for number in range(5))))
    admin.add_feeds(line.settings(), [Feed(feed_id="de", url=web.url("/de"), name="Zeitung", language="de")])
    before, beside = shared("before", 10), list[RawArticle]()
    topics.put_raw(before)
    poll, workers = start_worker("worker", "poll", **POLL), [start_worker("worker", "deduplicate") for _ in range(2)]
    eventually(lambda: len(ids(topics, UNIQUE)) == 85, within=90, what="all articles before")
    code, told = command("repartition", "deduplicate", "--to", "20")
    assert (code, "frontwire-poll run; stop them all before." in told) == (2, True)
    assert poll.stop() == 0

    with load_beside(topics, beside):
        code, told = command("repartition", "deduplicate", "--to", "20")
        assert code == 0, told
        after, again = shared("after", 3), [repeat_of(raw, 1) for raw in before]
        topics.put_raw([*again, *after], partitions=20)
        for worker in workers:
            assert worker.stop() == 0
            worker.restart()
        for worker in workers:
            worker.wait_ready()
    moved = [raw for raw in before if language_partition(raw.language, 20) != language_partition(raw.language)]
    assert moved
    german = 5 if language_partition("de", 20) != language_partition("de") else 0
    assert f"have 20 partitions; {len(moved) + german} records were moved" in told

    web.serve("/de", rss(item(7, NEW), item(0, f"{GERMAN}, heißt es im Bericht 0.")))
    poll.restart()
    expected = {raw.article_id for raw in (*before, *after, *beside)}
    eventually(lambda: any(b"Hauptstadt" in (m.value or b"") for m in topics.messages(UNIQUE)), within=90, what="news")
    eventually(lambda: topics.lag(Stage.DEDUPLICATE, RAW) == 0, within=60, what="no lag")
    unique = ids(topics, UNIQUE)
    assert not expected - unique
    assert len(unique - expected) == 6, "what came through the feed"
    originals = {value["article_id"]: value["original_id"] for value in topics.values("articles.duplicates")}
    assert originals == {repeat.article_id: raw.article_id for raw, repeat in zip(before, again, strict=True)}
    told_of_moved = [value["article_id"] for value in topics.values(UNIQUE) if value["language"] in SHARING]
    assert len(told_of_moved) == len(set(told_of_moved)), "what was put again is not told again"
    assert not topics.messages("dead-letters")
    [late] = [m for m in topics.messages(RAW) if b"Hauptstadt" in (m.value or b"")]
    assert late.partition == language_partition("de", 20)
    assert {message.partition for message in topics.messages(RAW)} & set(range(16, 20))

    grow(line.settings(), RAW, 21)  # as an operator might who does not know of the state
    refused = start_worker("worker", "deduplicate")
    assert refused.process.wait(60) == 2
    code, told = command("topics", "create")
    assert code == 2
    for words in (refused.log, told):
        assert "has 21 partitions, but" in words
        assert "`frontwire repartition deduplicate --to 21` makes them equal" in words
    assert poll.stop() == 0
    assert "takes none away" in command("repartition", "deduplicate", "--to", "20")[1]
    assert command("repartition", "deduplicate", "--to", "21")[0] == 0
    assert line.make_topics() == []


def grow(settings: Settings, topic: str, count: int) -> None:
    async def ask() -> None:
        async with admin_client(settings) as asked:
            await asked.create_partitions({full_name(settings, topic): NewPartitions(total_count=count)})

    asyncio.run(ask())


@pytest.mark.slow
def test_articles_unique_gets_more_partitions_and_claims_are_still_withdrawn(
    line: Line, topics: Topics, start_worker: StartWorker, command: Command
) -> None:
    first = [
        replace(
            article("Artillery shelled the village of Goris on Friday."), article_id=sha256(b"%d" % n).hexdigest()[:32]
        )
        for n in range(40)
    ]
    put(line, first)
    worker = start_worker("worker", "extract")
    eventually(lambda: len(ids(topics, "conflict.events")) == 40, within=90, what="the events")
    assert worker.stop() == 0
    put(line, first[:1])
    assert "1 messages" in command("repartition", "extract", "--to", "17")[1]
    worker.restart()
    eventually(lambda: topics.lag(Stage.EXTRACT, UNIQUE) == 0, within=60, what="no lag")
    assert worker.stop() == 0

    code, told = command("repartition", "extract", "--to", "17")
    assert (code, "articles.unique and extract.state have 17 partitions" in told) == (0, True), told
    assert {counts(line.settings())[name] for name in (UNIQUE, "extract.state")} == {17}
    put(line, [replace(one, revision=2, body="The market was quiet all day.") for one in first])
    worker.restart()
    eventually(lambda: topics.lag(Stage.EXTRACT, UNIQUE) == 0, within=60, what="no lag")
    messages = topics.messages("conflict.events")
    last = {message.key: message.value for message in messages}
    assert len(last) == 40
    assert set(last.values()) == {None}, "each withdrawn by who has its claims now"


def put(line: Line, articles: Sequence[object]) -> None:
    values = [encode(one) for one in articles]
    line.produce(values, keys=[orjson.loads(value)["article_id"].encode() for value in values])


@pytest.mark.slow
def test_feeds_get_more_partitions_and_nothing_is_published_again(
    line: Line, topics: Topics, web: Web, start_worker: StartWorker, command: Command
) -> None:
    names = [f"feed-{number}" for number in range(6)]
    for name in names:
        web.serve(f"/{name}", rss(item(f"{name}-1"), item(f"{name}-2")))
    settings = line.settings()
    admin.add_feeds(settings, [Feed(feed_id=name, url=web.url(f"/{name}"), name=name) for name in names])
    worker = start_worker("worker", "poll", **POLL)
    eventually(lambda: len(topics.messages(RAW)) == 12, within=60, what="all entries")
    assert worker.stop() == 0

    code, told = command("repartition", "poll", "--to", "11")
    assert code == 0, told
    assert [feed.feed_id for feed in admin.list_feeds(settings)] == names
    asked = {name: web.count(f"/{name}") for name in names}
    worker.restart()
    eventually(lambda: all(web.count(f"/{name}") > asked[name] + 1 for name in names), within=60, what="polls")
    assert len(topics.messages(RAW)) == 12, "entries are still known"
    for name in names:
        web.serve(f"/{name}", rss(item(f"{name}-3"), item(f"{name}-1"), item(f"{name}-2")))
    eventually(lambda: len(topics.messages(RAW)) == 18, within=60, what="the new entries")
    asked = {name: web.count(f"/{name}") for name in names}
    eventually(lambda: all(web.count(f"/{name}") > asked[name] + 1 for name in names), within=60, what="polls")
    assert len(topics.messages(RAW)) == 18, "each feed is polled from one partition alone"
    assert sorted(one.feed_id for one in admin.health(settings)) == names
    assert worker.stop() == 0
