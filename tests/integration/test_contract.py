"""The contract on a real Kafka: what real workers send keeps to it, and each example reads what stands."""

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from agents.total.core import STORIES, TOTALS, Totals
from deploy.local import jars
from deploy.local.process import Child, python_environment
from seeds.rss import load_articles
from streams.cloudevents import ENVELOPES
from streams.codec import encode
from streams.kafka.topics import full_name
from streams.records import Article
from streams.settings import Settings, load
from streams.stage import Message
from streams.vocabulary import Stage
from tests.support import contract
from tests.support.contract import DOCUMENT, ROOT
from tests.support.load import raw_articles
from tests.support.memory_state import MemoryState
from tests.support.topics import Topics
from tests.support.waiting import eventually
from tests.support.workers import Worker
from tests.unit.agents.total.extracted import count, extracted
from tests.unit.agents.total.test_core import MERGING

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

EXAMPLES: Final = ROOT / "deploy" / "contract" / "examples"
CLAIMS: Final = ("conflict.events", "evacuation.counts")
VIEWS: Final = (STORIES, TOTALS)
ARTICLES: Final = 20

View = dict[str, Any]
"""By key the record that stands."""


@dataclass(frozen=True)
class Told:
    """Topics that real workers wrote, with copies on them and late old records, and what stands."""

    servers: str
    settings: Settings
    topics: Topics
    stands: Mapping[str, View]


@pytest.fixture(scope="module")
def told(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Articles through `extract` and `total`, `extract` killed with nothing committed, so that it sends all again."""
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "FRONTWIRE_TOPIC_PREFIX": f"test-{uuid4().hex[:12]}.",
        "FRONTWIRE_COMMIT_INTERVAL": "20",
    }
    settings = load(environment)
    topics, folder = Topics(settings), tmp_path_factory.mktemp("contract")
    made = Worker(["topics", "create"], folder=folder / "create", settings=environment)
    assert made.process.wait(60) == 0
    line = {
        stage: Worker(["worker", stage], folder=folder / stage, settings=environment)
        for stage in (Stage.EXTRACT, Stage.TOTAL)
    }
    try:
        articles = list(_articles())
        _put(settings, "articles.unique", ((a.article_id, encode(a), ()) for a in articles))
        _put(settings, "articles.extracted", ((a.article_id, encode(a), ()) for a in _MERGES))
        _grows(topics, len(articles))
        line[Stage.EXTRACT].restart()
        _grows(topics, len(articles) + ARTICLES)  # revisions that others followed are not told again
        for worker in line.values():
            assert worker.stop() == 0
        assert topics.lag(Stage.EXTRACT, "articles.unique") == topics.lag(Stage.TOTAL, "articles.extracted") == 0
        stands = _standing(topics)
        for topic in (*CLAIMS, *VIEWS):
            _come_late(settings, topics, topic)
        yield Told(kafka, settings, topics, stands)
    finally:
        for worker in line.values():
            worker.kill()
            print(f"--- log of {worker.process.name}\n{worker.process.last_lines(40)}")


_MERGES: Final = (
    *MERGING,
    extracted("d", count(7, origin="Shusha"), features=MERGING[0].features),
    extracted("d", features=MERGING[0].features, revision=2),
)
"""Two stories that become one, and a total that is withdrawn."""


def _articles() -> Iterator[Article]:
    """Articles with acts and figures, some of them later without."""
    (seed,) = load_articles()
    for number, raw in enumerate(raw_articles(ARTICLES, run="contract")):
        article = Article(**asdict(raw))
        if number == 0:
            article = replace(article, title=seed.title, body=seed.body, language=seed.language)
        yield article
        if number % 5 == 0:
            body = article.body.split("\n")[0]
            yield replace(article, revision=2, supersedes=1, body=body)


def _put(settings: Settings, topic: str, sends: Iterable[tuple[str, bytes | None, Any]]) -> None:
    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=settings.bootstrap_servers, acks="all", linger_ms=20) as producer:
            for key, value, headers in sends:
                await producer.send(full_name(settings, topic), value, key=key.encode(), headers=list(headers))
            await producer.flush()

    asyncio.run(send())


def _grows(topics: Topics, articles: int) -> None:
    """Wait until so many articles were extracted, copies counted, and total has told a story for each message."""

    def grown() -> bool:
        extracted_ = topics.messages("articles.extracted")
        return len(extracted_) >= articles + len(_MERGES) and len(topics.messages(STORIES)) >= len(extracted_)

    eventually(grown, within=150, what=f"{articles} articles through the line")


def _standing(topics: Topics) -> dict[str, View]:
    """What the pure cores' outputs say, in the order in which each was made first."""
    messages = topics.messages("articles.extracted")
    core, state = Totals(), MemoryState()
    views: dict[str, View] = {topic: {} for topic in (*CLAIMS, *VIEWS)}
    for message in messages:
        for send in core.process(message, state):
            views[send.topic][send.key.decode()] = orjson.loads(send.value or b"null")
    latest: dict[str, Any] = {}
    for message in messages:
        value = orjson.loads(message.value or b"null")
        if value["revision"] >= latest.get(value["article_id"], value)["revision"]:
            latest[value["article_id"]] = value
    made = [value for value in latest.values() if value["source"] == "Load"]
    views[CLAIMS[0]] = {event["event_id"]: event for value in made for event in value["events"]}
    views[CLAIMS[1]] = {one["count_id"]: one for value in made for one in value["counts"]}
    return {topic: {key: value for key, value in views[topic].items() if value is not None} for topic in views}


def _come_late(settings: Settings, topics: Topics, topic: str) -> None:
    """Send the first record of keys that have later ones again, as a retry that was long under way would."""
    by_key: dict[bytes, list[Message]] = defaultdict(list)
    for message in topics.messages(topic):
        by_key[message.key or b""].append(message)
    late = [found[0] for found in by_key.values() if found[0].value != found[-1].value]
    assert late, f"no record of {topic} was ever followed by another"
    _put(settings, topic, (((m.key or b"").decode(), m.value, m.headers) for m in late))


def test_there_is_something_to_read(told: Told) -> None:
    assert all(told.stands[topic] for topic in (*CLAIMS, *VIEWS))
    assert any(story["merged_into"] for story in told.stands[STORIES].values())
    for topic in (*CLAIMS, TOTALS):
        assert any(message.value is None for message in told.topics.messages(topic)), f"no tombstone on {topic}"
    for topic in (*CLAIMS, *VIEWS):
        last = {m.key.decode(): orjson.loads(m.value or b"null") for m in told.topics.messages(topic) if m.key}
        naive = {key: value for key, value in last.items() if value is not None}
        assert naive != told.stands[topic], f"a reader of the last record of each key would be right on {topic}"


def test_what_workers_send_keeps_to_the_document_and_to_the_schemas_of_writers(told: Told) -> None:
    for topic in (*CLAIMS, *VIEWS):
        for message in told.topics.messages(topic):
            contract.hold(message)


def test_what_comes_again_has_the_same_headers(told: Told) -> None:
    for topic in CLAIMS:
        contents: dict[bytes, list[Any]] = defaultdict(list)
        for message in told.topics.messages(topic):
            contents[dict(message.headers)["ce_id"]].append((message.key, message.value, message.headers))
        assert sum(len(found) > 1 for found in contents.values()) >= len(told.stands[topic])
        assert all(len(set(found)) == 1 for found in contents.values())


def test_python_rebuilds_stories_and_totals(told: Told) -> None:
    lines = _run([sys.executable, str(EXAMPLES / "rebuild.py"), told.servers, told.settings.topic_prefix])
    stories, totals = told.stands[STORIES], told.stands[TOTALS]
    rebuilt = [json.loads(line) for line in lines]
    assert {line["story"]["story_id"]: line["story"] for line in rebuilt} == {
        name: story for name, story in stories.items() if not story["merged_into"]
    }
    assert sorted(name for line in rebuilt for name in line["ids"]) == sorted(stories)
    assert ["a", "b"] in [line["ids"] for line in rebuilt]
    assert {total["total_id"]: total for line in rebuilt for total in line["totals"]} == totals
    assert all(total["story_id"] == line["story"]["story_id"] for line in rebuilt for total in line["totals"])


def test_python_follows_claims_and_may_be_killed(told: Told, tmp_path: Path) -> None:
    database = tmp_path / "claims.db"
    command = [sys.executable, str(EXAMPLES / "follow.py"), told.servers, f"test-{uuid4().hex}", str(database)]
    environment = python_environment(ROOT, {})
    expected = {key: value for topic in CLAIMS for key, value in told.stands[topic].items()}

    def claims() -> View:
        if not database.exists():
            return {}
        with sqlite3.connect(database) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                return {}
            return {key: json.loads(text) for key, text in connection.execute(_STANDING)}

    for turn in range(2):  # killed before it has committed all, it begins again with what it has not
        log = tmp_path / f"follow-{turn}.log"
        child = Child("follow", [*command, told.settings.topic_prefix], log=log, environment=environment)
        try:
            eventually(claims if turn == 0 else lambda: claims() == expected, within=60, what="claims in the table")
        finally:
            child.kill()


_STANDING: Final = "SELECT id, record FROM claim WHERE record IS NOT NULL"


def test_java_reads_the_counts_that_stand(told: Told) -> None:
    command = [jars.java(), "-cp", f"{jars.fetch()}/*", str(EXAMPLES / "Claims.java")]
    lines = _run([*command, told.servers, told.settings.topic_prefix])
    counts = [json.loads(line) for line in lines]
    assert counts == [value for _, value in sorted(told.stands["evacuation.counts"].items())]


@pytest.mark.skipif(shutil.which("kcat") is None, reason="kcat is not installed (Debian package kcat)")
def test_kcat_shows_a_topic(told: Told) -> None:
    topic = "evacuation.counts"
    lines = _run([str(EXAMPLES / "peek.sh"), told.servers, told.settings.topic_prefix + topic])
    shown = {tuple(line.split("\t")) for line in lines}
    assert shown == {
        (
            (m.key or b"").decode(),
            ",".join(f"{name}={value.decode()}" for name, value in m.headers),
            "NULL" if m.value is None else m.value.decode(),
        )
        for m in told.topics.messages(topic)
    }


def _run(command: list[str]) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def parser() -> Path:
    """The folder whose `node_modules` hold AsyncAPI's own parser."""
    folder = ROOT / ".cache" / "asyncapi"
    if shutil.which("node") is None or not (folder / "node_modules" / "@asyncapi" / "parser").is_dir():
        pytest.skip("AsyncAPI's parser is not there: `tests/run integration` fetches it where there is npm")
    return folder


def _parsed(parser: Path, document: str) -> Any:
    program = ["node", str(ROOT / "tests" / "support" / "asyncapi.mjs"), f"{parser}/"]
    done = subprocess.run(program, input=document, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)


def test_the_document_is_asyncapi(parser: Path) -> None:
    document = DOCUMENT.read_text("utf-8")
    parsed = _parsed(parser, document)
    assert parsed["diagnostics"] == []
    assert {channel["address"] for channel in parsed["channels"]} >= set(ENVELOPES)
    assert _parsed(parser, document.replace("action: send", "action: shout"))["diagnostics"]
