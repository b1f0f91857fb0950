"""What an engine costs: the same stages in our worker, in a plain aiokafka loop, in Quix Streams and in FastStream.

    .venv/bin/python -m tests.bench.overhead [--messages 30000] [--core pass|extract] [--engine ours ...]

The messages are Articles of `tests.support.newsroom` on a real Kafka. Each engine runs alone, over the same topic; its
rate is that of the records that reach the sink, from the first tenth to the last, and its processor time that of the
whole process over the same span.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.jars import ROOT
from deploy.local.process import Child, python_environment
from streams import codec
from streams.kafka.topics import ensure_topics, full_name, partitions
from streams.records import Article
from streams.settings import Settings, load
from tests.bench.engines.cores import CORES, SINK, SOURCE
from tests.bench.stand import Stand
from tests.support.newsroom import articles

PROMISES: Final = {
    "ours": "at least once, effectively once by id; state on a changelog; poison to dead letters; zombies fenced",
    "plain": "at least once; no state, no dead letters, one bad message stops it",
    "quix": "at least once, by checkpoints every second; no answer for a single record is looked at",
    "fast_stream": "at least once: each message is published, awaited, and then acked, one at a time",
}
"""What each engine keeps, as it runs here."""

_NEEDS: Final = {"quix": "quixstreams", "fast_stream": "faststream"}
_COUNTED: Final = {"pass": SINK, "extract": "articles.extracted"}
"""The topic that gets one record a message."""

_LOOK_SECONDS: Final = 0.05
_SETTLED: Final = 0.1
_STILL_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast an engine ran a stage: messages a second, and processor milliseconds a message."""

    engine: str
    core: str
    rate: float
    cpu_ms: float


def installed(engine: str) -> bool:
    """Whether the library that an engine needs is there (extra `bench`)."""
    return engine not in _NEEDS or find_spec(_NEEDS[engine]) is not None


def measure(engines: Sequence[str], core: str, stand: Stand, messages: int) -> list[Pace]:
    """Run engines, one after another, over the same messages."""
    environment = stand.environment | {"FRONTWIRE_TOPIC_PREFIX": f"{core}-", "FRONTWIRE_LOG_LEVEL": "warning"}
    settings = load(environment)
    asyncio.run(ensure_topics(settings))
    asyncio.run(_fill(settings, messages))
    return [_alone(engine, core, stand, environment, messages) for engine in engines]


def _alone(engine: str, core: str, stand: Stand, environment: Mapping[str, str], messages: int) -> Pace:
    folder = stand.folder / f"{engine}-{core}"
    own = {"FRONTWIRE_HTTP_PORT": "0", "FRONTWIRE_STATE_FOLDER": str(folder)}
    command = (sys.executable, "-m", f"tests.bench.engines.{engine}", core)
    log = stand.folder / f"{engine}-{core}.log"
    child = Child(engine, command, log=log, environment=python_environment(ROOT, {**environment, **own}))
    try:
        rate, cpu = asyncio.run(_watch(load(environment), _COUNTED[core], child, messages))
    finally:
        child.stop(60)
    return Pace(engine=engine, core=core, rate=rate, cpu_ms=cpu * 1000)


async def _fill(settings: Settings, messages: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=settings.bootstrap_servers, linger_ms=50, compression_type="zstd")
    async with producer:
        waiting = [await producer.send(full_name(settings, SOURCE), *each) for each in _messages(messages)]
        await asyncio.gather(*waiting)


def _messages(number: int) -> Iterator[tuple[bytes, bytes]]:
    """Value and key."""
    for told in articles(number, seed=7, run="overhead"):
        name = sha256(told.url.encode()).hexdigest()[:32]
        article = Article(
            article_id=name,
            revision=1,
            feed_id="bench",
            source="bench",
            url=told.url,
            guid=told.guid,
            title=told.title,
            body=told.body,
            html=None,
            language=told.language,
            language_declared=told.language,
            language_detected=told.language,
            published=told.published,
            fetched=told.published,
        )
        yield codec.encode(article), name.encode()


async def _watch(settings: Settings, topic: str, child: Child, messages: int) -> tuple[float, float]:
    """Messages a second and processor seconds a message, from the first tenth that is sent to the last."""
    process = psutil.Process(child.pid)
    marks: list[tuple[float, int, float]] = []
    tps = await partitions(settings, full_name(settings, topic))
    async with AIOKafkaConsumer(bootstrap_servers=settings.bootstrap_servers) as consumer:
        before = sum((await consumer.end_offsets(tps)).values())
        since = time.monotonic()
        while not marks or marks[-1][1] < messages:
            sent = sum((await consumer.end_offsets(tps)).values()) - before
            if not child.running or time.monotonic() - since > _STILL_SECONDS:
                raise SystemExit(f"{child.name} has sent {sent} of {messages}:\n{child.last_lines()}")
            if sent > (marks[-1][1] if marks else messages * _SETTLED):
                times = process.cpu_times()
                since = time.monotonic()
                marks.append((since, sent, times.user + times.system))
            await asyncio.sleep(_LOOK_SECONDS)
    (start, first, cpu_first), (end, last, cpu_last) = marks[0], marks[-1]
    return (last - first) / (end - start), (cpu_last - cpu_first) / (last - first)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="What an engine costs on the same stages.")
    parser.add_argument("--messages", type=int, default=30_000)
    parser.add_argument("--core", action="append", choices=list(CORES))
    parser.add_argument("--engine", action="append", choices=list(PROMISES))
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    engines = [engine for engine in options.engine or PROMISES if installed(engine)]
    with Stand() as stand:
        paces = [pace for core in options.core or CORES for pace in measure(engines, core, stand, options.messages)]
    for pace in paces:
        print(f"{pace.core:8} {pace.engine:11} {pace.rate:8.0f}/s {pace.cpu_ms:8.3f} CPU ms  {PROMISES[pace.engine]}")
    if options.json:
        options.json.write_text(json.dumps([asdict(pace) for pace in paces], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
