"""What the pure cores say and cost, without Kafka: generated articles through one after another.

    .venv/bin/python -m tests.bench.replay [--articles 2000] [--rounds 3]

For each it prints the processor time of an article that came in by a feed, the least of so many rounds, and a digest
of all that it sends and keeps. A change that only makes a core faster, or another build of it, must print the same.
"""

import argparse
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final

from agents.deduplicate.core import Deduplicator
from agents.extract.core import Extractor
from agents.extract.engine import shared_engine
from agents.poll import publish
from agents.poll.identity import Limits, decide
from agents.poll.parse import parse
from agents.total.core import Totals
from seeds import rss
from streams.records import Feed
from streams.settings import load
from streams.stage import Core, Message, Send
from streams.topics import ROUTES, TOPIC
from tests.bench.line import ENTRIES, REPEATS, SEED
from tests.support.memory_state import MemoryState
from tests.support.newsroom import articles

FETCHED: Final = "2026-11-22T12:00:00Z"
_TIMESTAMP: Final = 1_795_348_800_000
_WINDOW: Final = 3 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A core over all that came to it. `cpu_ms` is for each article of the feeds; `digest` in hex."""

    name: str
    cpu_ms: float
    digest: str
    sends: Sequence[Send]


def _polled(bodies: Sequence[bytes]) -> list[Send]:
    """What `poll` sends for feeds that it has never seen."""
    settings, sends = load({}), []
    limits = Limits(max_revisions=24, keep=timedelta(days=90))
    for number, body in enumerate(bodies):
        feed = Feed(feed_id=f"feed-{number}", url="http://127.0.0.1/", name=f"feed-{number}")
        parsed = parse(body, "application/rss+xml", feed.url)
        for change in decide(feed.feed_id, parsed.entries, {}, None, FETCHED, limits).changes:
            state = publish.pending(feed, parsed.title, change, FETCHED, settings.max_message_bytes)
            assert state.pending is not None
            sends.append(publish.send(state.pending))
    return sends


def _messages(sends: Iterable[Send], source: str) -> list[Message]:
    """The messages that a stage reads of what another sent."""
    route, partitions = ROUTES.get(source), TOPIC[source].partitions
    ends = [0] * partitions
    made = []
    for send in sends:
        if send.topic == source:
            at = route(send.key, partitions) if route else 0
            made.append(
                Message(
                    topic=source,
                    partition=at,
                    offset=ends[at],
                    timestamp_ms=_TIMESTAMP,
                    key=send.key,
                    value=send.value,
                    headers=send.headers,
                )
            )
            ends[at] += 1
    return made


def _run(core: Core, messages: Sequence[Message]) -> tuple[list[Send], dict[int, MemoryState]]:
    states = {message.partition: MemoryState() for message in messages}
    return [send for message in messages for send in core.process(message, states[message.partition])], states


def _digest(sends: Sequence[Send], states: dict[int, MemoryState]) -> str:
    digest = hashlib.sha256()
    for send in sends:
        digest.update(repr((send.topic, send.key, send.value, send.headers)).encode())
    for number in sorted(states):
        digest.update(repr(sorted(states[number].entries.items())).encode())
    return digest.hexdigest()[:16]


Run = Callable[[], tuple[list[Send], dict[int, MemoryState]]]


def _timed(name: str, run: Run, number: int, rounds: int) -> Replay:
    times = []
    for _ in range(rounds):
        began = time.process_time()
        sends, states = run()
        times.append(time.process_time() - began)
    return Replay(name=name, cpu_ms=1000 * min(times) / number, digest=_digest(sends, states), sends=sends)


def measure(number: int, rounds: int = 3) -> list[Replay]:
    """All cores over so many articles. `extract` runs once: it is long, and has a bench and a digest of its own."""
    told = articles(number, seed=SEED, run="line", repeats=REPEATS)
    bodies = []
    while chunk := list(islice(told, ENTRIES)):
        bodies.append(rss.render("feed", "https://feed.example.org/", chunk))
    engine = shared_engine()
    polled = _timed("poll", lambda: (_polled(bodies), {}), number, rounds)
    raw = _messages(polled.sends, "articles.raw")
    unique = _timed("deduplicate", lambda: _run(Deduplicator(_WINDOW), raw), number, rounds)
    new = _messages(unique.sends, "articles.unique")
    extracted = _timed("extract", lambda: _run(Extractor(engine.extract, "replay"), new), number, 1)
    found = _messages(extracted.sends, "articles.extracted")
    return [polled, unique, extracted, _timed("total", lambda: _run(Totals(_WINDOW), found), number, rounds)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="What the pure cores say and cost.")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for one in measure(options.articles, options.rounds):
        print(f"{one.name:12} {one.cpu_ms:7.3f} ms an article, {len(one.sends):6} records, digest {one.digest}")


if __name__ == "__main__":
    main()
