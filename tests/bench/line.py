"""Articles a second of the whole line: real feeds over HTTP on loopback, all four workers, a real Kafka.

    .venv/bin/python -m tests.bench.line [FOLDER]

FOLDER holds feed bodies, one a file (default: ../shared/data/feeds/real). Each is served as one feed. The clock runs
from the first raw article to the last extracted one, by the time stamps of the records; feeds are polled once.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

from agents.commands.tail import in_words
from agents.poll.admin import add_feeds
from deploy.local.fleet import Fleet
from deploy.local.kafka import LocalKafka
from seeds.server import FeedServer, folder
from streams.kafka.topics import ensure_topics
from streams.records import Feed
from streams.settings import load
from streams.stage import Message
from streams.vocabulary import Stage
from tests.support.topics import Topics

REAL_FEEDS = Path(__file__).parents[3] / "shared" / "data" / "feeds" / "real"
QUIET_SECONDS = 15.0


def main() -> int:
    """Run and print the report; 0 unless articles are missing at the end."""
    parser = argparse.ArgumentParser(description="Articles a second of the whole line.")
    parser.add_argument("folder", type=Path, nargs="?", default=REAL_FEEDS, help="feed bodies, one a file")
    path = parser.parse_args().folder
    if not path.is_dir():
        print(f"There is no folder {path} with feed bodies; name one.", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kafka = stack.enter_context(LocalKafka(work / "kafka"))
        environment = {
            "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
            "FRONTWIRE_REPLICATION_FACTOR": "1",
            "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
            "FRONTWIRE_POLL_HOST_RATE": "1000",
            "FRONTWIRE_POLL_HOST_CONNECTIONS": "8",
        }
        settings = load(environment)
        asyncio.run(ensure_topics(settings))
        server = stack.enter_context(FeedServer(folder(path)))
        feeds = [Feed(feed_id=name[1:], url=server.url(name), name=name[1:]) for name in server.documents]
        fleet = stack.enter_context(Fleet(work, environment, print))
        _wait_ready(fleet)
        add_feeds(settings, feeds)
        cpu = _until_quiet(Topics(settings), fleet)
        return _report(Topics(settings), len(feeds), cpu)


def _wait_ready(fleet: Fleet) -> None:
    while not fleet.ready:
        if ended := fleet.ended():
            raise SystemExit(ended)
        time.sleep(0.2)


def _until_quiet(topics: Topics, fleet: Fleet) -> dict[str, float]:
    """Wait until nothing has come for a while; CPU seconds by role, with their helper processes."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS or seen == 0:
        now = len(topics.messages("articles.extracted"))
        if now != seen:
            seen, since = now, time.monotonic()
            print(f"\r{seen} articles extracted", end="", flush=True)
        time.sleep(1)
    print()
    return {role: _cpu_seconds(pid) for role, pid in fleet.pids.items()}


def _cpu_seconds(pid: int) -> float:
    process = psutil.Process(pid)
    each = [process, *process.children(recursive=True)]
    return sum(times.user + times.system for times in (one.cpu_times() for one in each))


def _report(topics: Topics, feeds: int, cpu: dict[str, float]) -> int:
    raw = topics.messages("articles.raw")
    counts = {
        name: len(topics.messages(name))
        for name in ("articles.unique", "articles.duplicates", "articles.extracted", "dead-letters")
    }
    extracted = topics.messages("articles.extracted")
    seconds = (_times(extracted)[-1] - _times(raw)[0]) / 1000
    print(f"{feeds} feeds, {len(raw)} raw articles, " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    print(f"{len(raw) / seconds:.0f} articles/s over {seconds:.1f} s, HTTP body to extracted record")
    for role in Stage:
        per_thousand = 1000 * cpu[role.value] / max(1, len(raw))
        print(f"  {role.value:12} {per_thousand:6.2f} CPU s per 1,000 articles, start-up included")
    for letter in topics.messages("dead-letters"):
        print(in_words(letter))
    lost = len({m.key for m in topics.messages("articles.unique")} - {m.key for m in extracted})
    print(f"{lost} articles not extracted")
    return 1 if lost else 0


def _times(messages: list[Message]) -> list[int]:
    return sorted(message.timestamp_ms or 0 for message in messages)


if __name__ == "__main__":
    sys.exit(main())
