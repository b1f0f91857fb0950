"""How the poller does with thousands of feeds, and what other parsers find: `python -m tests.bench.poll --help`.

A real worker on a real Kafka polls feeds that a real HTTP server serves on loopback: a tenth fails, three fifths have
not changed, a few are slow. Worker and parsers may be kept to one core.
"""

import argparse
import asyncio
import io
import os
import sys
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import fastfeedparser
import feedparser
import psutil

from agents.poll import admin
from agents.poll.dates import moment
from agents.poll.fetch import Fetcher
from agents.poll.jobs import Job, work
from agents.poll.result import Request
from deploy.local.kafka import LocalKafka
from streams import codec
from streams.kafka.topics import ensure_topics, read_topic
from streams.records import Feed, FeedHealth
from streams.settings import Settings, load
from streams.stage import Message
from streams.vocabulary import PollOutcome
from tests.support.feedparser_corpus import CORPUS
from tests.support.hostile import ROWS
from tests.support.web import Answer, Asked, Web, fixed, item, response, rss
from tests.support.workers import Worker

_TEXT = "Rescue workers reached the flooded villages on Monday; hundreds of families were still waiting. " * 8
_ITEMS = 20

Read = Callable[[bytes, str, str], int]
"""Body, content type and address to the number of entries with a title or a text."""


@dataclass(slots=True)
class Plan:
    """What one feed does: `kind` is failing, unchanged, slow or changing; it counts its own polls."""

    number: int
    kind: str
    polls: int = 0

    def body(self) -> bytes:
        """The feed as it is now; a changing one has two more items at each poll."""
        first = self.polls * 2 if self.kind in ("changing", "slow") else 0
        items = [item(f"{self.number}-{first + place}", _TEXT) for place in range(_ITEMS, 0, -1)]
        return rss(*items, title=f"Feed {self.number}")


def plans(count: int) -> Iterator[Plan]:
    """One feed in ten fails, six are unchanged, one in fifty is slow, the others change."""
    for number in range(count):
        kind = "failing" if number % 10 == 0 else "unchanged" if number % 10 < 7 else "changing"
        yield Plan(number, "slow" if number % 50 == 9 else kind)


def answer(plan: Plan) -> Answer:
    """Serve a plan."""

    async def serve(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if plan.kind == "slow":
            await asyncio.sleep(3)
        plan.polls += 1
        tag = f'"{plan.number}"'
        if plan.kind == "failing":
            writer.write(response(status=("500 Oops", "404 Not Found", "503 Busy")[plan.number // 10 % 3]))
        elif plan.kind == "unchanged" and asked.headers.get("if-none-match") == tag:
            writer.write(response(status="304 Not Modified", etag=tag))
        else:
            etag = {"etag": tag} if plan.kind == "unchanged" else {}
            writer.write(response(plan.body(), **etag))
        await writer.drain()

    return serve


@dataclass
class Watch:
    """Memory (shared pages counted once) and processor time of a worker and its processes."""

    process: psutil.Process
    peak: int = 0
    _cpu: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        """Take a sample."""
        total = 0
        for process in [self.process, *self.process.children(recursive=True)]:
            try:
                total += process.memory_full_info().pss
                times = process.cpu_times()
                self._cpu[process.pid] = times.user + times.system
            except psutil.Error:
                continue
        self.peak = max(self.peak, total)

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all processes seen."""
        return sum(self._cpu.values())


def main() -> None:
    """Run what the arguments ask for and print a report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=5000, help="how many feeds (default: 5000)")
    parser.add_argument("--interval", type=int, default=300, help="seconds between polls of a feed (default: 300)")
    parser.add_argument("--cores", type=int, default=1, help="cores for the worker and its parsers (default: 1)")
    parser.add_argument("--side-by-side", action="store_true", help="only compare what parsers find")
    options = parser.parse_args()
    if not options.side_by_side:
        asyncio.run(many_feeds(options.feeds, options.interval, options.cores))
    asyncio.run(side_by_side())


async def many_feeds(count: int, interval: int, cores: int) -> None:
    """A cold round, in which everything is new, and a warm one on schedule."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kafka = stack.enter_context(LocalKafka(folder / "kafka"))
        web = stack.enter_context(Web())
        every = list(plans(count))
        for plan in every:
            web.routes[f"/{plan.number}"] = answer(plan)
        base = {"KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers, "FRONTWIRE_REPLICATION_FACTOR": "1"}
        settings = load(base)
        await ensure_topics(settings)
        worker = Worker(("worker", "poll"), folder=folder, settings=base | _loopback())
        stack.callback(worker.kill)
        _keep_to(worker, cores)
        watch = Watch(psutil.Process(worker.process.pid))
        await asyncio.to_thread(worker.wait_ready)
        feeds = [_feed(web, plan, interval) for plan in every]
        await asyncio.to_thread(admin.add_feeds, settings, feeds)
        cold = await _until(count, watch, worker)
        print(f"cold round: {count} feeds in {cold:.0f} s, {watch.cpu_seconds:.0f} s of processor time")
        before = _metrics(worker)
        warm = await _until(2 * count, watch, worker)
        after = _metrics(worker)
        await _report(settings, watch, before, after, warm, every)


def _loopback() -> dict[str, str]:
    return {
        "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
        "FRONTWIRE_POLL_HOST_RATE": "100000",
        "FRONTWIRE_POLL_HOST_CONNECTIONS": "1000",
    }


def _feed(web: Web, plan: Plan, interval: int) -> Feed:
    url = web.url(f"/{plan.number}")
    return Feed(feed_id=f"feed-{plan.number}", url=url, name=f"Feed {plan.number}", interval_seconds=interval)


def _keep_to(worker: Worker, cores: int) -> None:
    available = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(worker.process.pid, available[:cores])


def _metrics(worker: Worker) -> dict[str, float]:
    lines = (line.rsplit(" ", 1) for line in (worker.get("/metrics") or "").splitlines() if line[:1] != "#")
    return {name: float(value) for name, value in lines}


def _finished(worker: Worker) -> float:
    return _sum(_metrics(worker), "frontwire_polls_total")


def _sum(metrics: dict[str, float], name: str) -> float:
    return sum(value for key, value in metrics.items() if key.partition("{")[0] == name)


async def _until(polls: int, watch: Watch, worker: Worker) -> float:
    began = time.monotonic()
    while (done := await asyncio.to_thread(_finished, worker)) < polls:
        await asyncio.to_thread(watch.look)
        print(f"  {done:.0f} of {polls} polls after {time.monotonic() - began:.0f} s", end="\r", file=sys.stderr)
        assert worker.process.running, worker.log[-2000:]
        await asyncio.sleep(1)
    return time.monotonic() - began


async def _report(
    settings: Settings, watch: Watch, before: dict[str, float], after: dict[str, float], warm: float, every: list[Plan]
) -> None:
    fetched = _sum(after, "frontwire_fetched_bytes_total") - _sum(before, "frontwire_fetched_bytes_total")
    saved = _sum(after, "frontwire_saved_bytes_total") - _sum(before, "frontwire_saved_bytes_total")
    delays = sorted([delay async for delay in _delays(settings)])
    print(f"warm round: all polled again after {warm:.0f} s, {watch.cpu_seconds:.0f} s of processor time in all")
    print(f"bytes saved by conditional requests: {saved / max(saved + fetched, 1):.0%} ({saved / 2**20:.1f} MiB)")
    print(f"behind schedule: worst {delays[-1]:.1f} s, median {delays[len(delays) // 2]:.1f} s of {len(delays)} polls")
    print(f"memory at most {watch.peak / 2**20:.0f} MiB (worker and parsers, shared pages once)")
    for name in ("polls", "entries"):
        parts = {key: value for key, value in after.items() if key.startswith(f"frontwire_{name}_total{{") and value}
        print(f"{name}: " + ", ".join(f"{key.split(chr(34))[1]} {value:.0f}" for key, value in parts.items()))
    good = sum(plan.kind != "failing" for plan in every)
    print(f"least entries to be found: {good * _ITEMS}")


async def _delays(settings: Settings) -> AsyncIterator[float]:
    """Seconds from the time a poll was due by the state before to when it was made (times are whole seconds)."""
    due: dict[bytes | None, str] = {}
    message: Message
    async for message in read_topic(settings, "feeds.health"):
        health = codec.decode(message.value, FeedHealth)
        if message.key in due and health.last_poll is not None:
            yield (moment(health.last_poll) - moment(due[message.key])).total_seconds()
        due[message.key] = health.next_due


async def side_by_side() -> None:
    """The same served feeds read by ours, by feedparser as it comes, and by fastfeedparser."""
    readers: Mapping[str, Read] = {"ours": _ours, "feedparser": _feedparser, "fastfeedparser": _fastfeedparser}
    print(f"{'served':22} {'parser':15} {'entries':>8} {'not read':>9} {'seconds':>8}")
    with Web() as web:
        for name, paths in _served(web).items():
            bodies = await _fetch(web, paths)
            for reader, read in readers.items():
                found, failed, seconds = _compare(read, bodies)
                print(f"{name + f' ({len(bodies)})':22} {reader:15} {found:8} {failed:9} {seconds:8.1f}")


def _compare(read: Read, bodies: Mapping[str, tuple[bytes, str]]) -> tuple[int, int, float]:
    began, found, failed = time.process_time(), 0, 0
    for url, (body, content_type) in bodies.items():
        try:
            found += read(body, content_type, url)
        except Exception:
            failed += 1
    return found, failed, time.process_time() - began


def _served(web: Web) -> dict[str, list[str]]:
    """Real bodies and feedparser's files where they are, and the readable feeds of the hostile matrix."""
    real = {f"/real/{path.name}": path.read_bytes() for path in sorted((CORPUS.parent / "real").glob("*"))}
    corpus = {f"/corpus/{path.relative_to(CORPUS)}": path.read_bytes() for path in sorted(CORPUS.rglob("*.xml"))}
    web.routes |= {path: fixed(response(body)) for path, body in (real | corpus).items()}
    rows = (row for row in ROWS if row.outcome is PollOutcome.READ and row.name != "redirects-five")
    hostile = {f"/hostile/{row.name}": row.answer for row in rows if row.answer is not None}
    web.routes |= hostile
    return {"real": list(real), "feedparser's files": list(corpus), "hostile": list(hostile)}


async def _fetch(web: Web, paths: list[str]) -> dict[str, tuple[bytes, str]]:
    settings = load({"FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8"})
    async with Fetcher(settings) as fetcher:
        fetched = [await fetcher.get(Request(url=web.url(path))) for path in paths]
    return {one.url: (one.body, one.content_type) for one in fetched}


def _ours(body: bytes, content_type: str, url: str) -> int:
    answer = work(Job(body=body, content_type=content_type, url=url, page=False, seconds=60))
    assert answer.feed is not None, answer
    return sum(bool(entry.title or entry.body or entry.html) for entry in answer.feed.entries)


def _feedparser(body: bytes, content_type: str, url: str) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = feedparser.parse(io.BytesIO(body), response_headers={"content-type": content_type})
    return sum(bool(entry.get("title") or entry.get("summary") or entry.get("content")) for entry in parsed.entries)


def _fastfeedparser(body: bytes, content_type: str, url: str) -> int:
    parsed = fastfeedparser.parse(body)
    return sum(bool(entry.get("title") or entry.get("description") or entry.get("content")) for entry in parsed.entries)


if __name__ == "__main__":
    main()
