"""Starting, stopping, being away and coming back, on a real Kafka."""

import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from deploy.local.kafka import LocalKafka
from streams.kafka.guard import EXIT_STOOD_STILL
from streams.kafka.topics import TopicError
from streams.topics import TOPICS
from tests.support.shell import Line, line_on
from tests.support.waiting import eventually

pytestmark = pytest.mark.kafka


def test_topics_are_made_once_and_wrong_partitions_are_told(line_without_topics: Line) -> None:
    line = line_without_topics
    assert len(line.make_topics()) == len(TOPICS)
    assert line.make_topics() == []


def test_a_worker_whose_topic_has_other_partitions_says_so(line_without_topics: Line) -> None:
    line = line_without_topics
    line.make_topic_with_partitions("articles.unique", 5)
    with pytest.raises(TopicError, match=r"articles\.unique has 5 partitions but needs 12"):
        line.make_topics()
    worker = line.start("pass")
    assert worker.process.wait(60) == 2
    assert "has 5 partitions but needs 12" in worker.log


def test_only_metrics_and_health_are_served(line: Line) -> None:
    line.produce([b"poison", b"fine"])
    worker = line.start("pass")
    assert worker.get("/readyz") is None
    worker.wait_ready()
    assert worker.get("/healthz") == "ok\n"
    eventually(lambda: len(line.values()) == 1 and len(line.dead_letters()) == 1)

    def counted() -> bool:
        lines = (worker.get("/metrics") or "").splitlines()
        return {
            'frontwire_articles_in_total{stage="extract"} 2.0',
            'frontwire_articles_out_total{stage="extract",topic="conflict.events"} 1.0',
            'frontwire_dead_letters_total{reason="undecodable",stage="extract"} 1.0',
            'frontwire_partitions_assigned{topic="articles.unique"} 12.0',
            'frontwire_consumer_lag_messages{partition="0",topic="articles.unique"} 0.0',
        } <= set(lines)

    eventually(counted, what="the counts")
    for path in ("/", "/stats", "/tables", "/router", "/debug"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{worker.port}{path}", timeout=30)
        refused.value.close()
        assert refused.value.code == 404


def test_a_taken_port_is_told_in_a_sentence(line: Line) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        worker = line.start("pass", FRONTWIRE_HTTP_PORT=str(taken.getsockname()[1]))
        assert worker.process.wait(60) == 2
    assert "FRONTWIRE_HTTP_PORT" in worker.log
    assert "Traceback" not in worker.log


def test_a_worker_that_stood_still_ends_without_sending(line: Line) -> None:
    line.produce([b"sleep 0.03 %d" % number for number in range(250)])
    sleeper = line.start("pass", FRONTWIRE_BATCH_SIZE="5")
    eventually(lambda: line.values(), what="some out")
    sleeper.process.pause()
    other = line.start("pass")
    # The other gets the partitions only once Kafka has given up on the first.
    eventually(lambda: "Owning 12" in other.log, within=40, what="the others' partitions")
    sleeper.process.resume()
    assert sleeper.process.wait(60) == EXIT_STOOD_STILL
    assert "stood still" in sleeper.log
    eventually(lambda: len(set(line.values())) == 250, within=60, what="all out")


def test_kafka_away_at_start_and_later(tmp_path: Path, topic_prefix: str) -> None:
    with LocalKafka(tmp_path / "kafka") as kafka, line_on(kafka.bootstrap_servers, topic_prefix, tmp_path) as line:
        broker = kafka.brokers[0]
        line.make_topics()
        line.produce([b"early"])
        broker.stop()
        worker = line.start("pass", FRONTWIRE_STALL_TIMEOUT="20")
        eventually(lambda: "Waiting for Kafka at" in worker.log, what="the sentence")
        assert worker.get("/healthz") == "ok\n"
        assert worker.get("/readyz") is None
        broker.start()
        eventually(lambda: line.values() == [b"early"], within=40, what="the early one out")

        sent = [b"sleep 0.005 %d" % number for number in range(800)]
        line.produce(sent)
        eventually(lambda: len(line.values()) > 100, what="some out")
        broker.kill()
        gone = time.monotonic()
        eventually(lambda: worker.get("/readyz") is None, what="unready")
        eventually(lambda: time.monotonic() - gone > 25 or not worker.process.running, what="longer than a stall takes")
        assert worker.get("/healthz") == "ok\n", "it is Kafka's fault, and a new start would change nothing"
        broker.start()
        eventually(lambda: len(set(line.values())) == 801, within=60, what="all out")
        assert worker.process.running, "the worker lived through it"
        assert worker.stop() == 0
        assert sum(line.committed().values()) == 801
