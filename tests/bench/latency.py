"""From a feed's body on the wire to the first record of an article: the time that passes, at steady rates.

    .venv/bin/python -m tests.bench.latency [--rates 10 50 100] [--seconds 40] [--compiled]

Ten feeds are polled every second; each answers with the articles that are new since it was last asked, so that so many
a second come in all. The clock of an article starts when the server has written the body that it is in, and stops when
a reader of `conflict.events` and `evacuation.counts` has its first record; articles that tell of nothing have none.
"""

import argparse
import asyncio
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import orjson
from aiokafka import AIOKafkaConsumer

from agents.poll.admin import add_feeds
from deploy.local.compiled import compiled
from deploy.local.jars import ROOT
from seeds import rss
from seeds.rss import SeedArticle
from streams.kafka.topics import ensure_topics, full_name
from streams.records import Feed
from tests.bench.stand import Stand
from tests.support.newsroom import articles

RATES: Final = (10, 50, 100)
FEEDS: Final = 10

_WARM_SECONDS: Final = 10.0
_LAST_SECONDS: Final = 10.0
"""Before and after those whose articles count."""

_POLL: Final = {"FRONTWIRE_POLL_INTERVAL_MIN": "1", "FRONTWIRE_POLL_INTERVAL_MAX": "1"}
_TOPICS: Final = ("conflict.events", "evacuation.counts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Seconds from body to first record at a rate, over so many `articles`; `served` is the rate that was reached."""

    rate: int
    served: float
    articles: int
    p50: float
    p95: float
    p99: float


class Source:
    """Feeds that always have news: `rate` articles a second over all of them while `rate` is not 0."""

    def __init__(self, told: Iterator[SeedArticle]) -> None:
        self.rate = 0.0
        self.written: dict[str, float] = {}
        self._told = told
        self._asked: dict[str, float] = {}
        self._lock = threading.Lock()

    def body(self, path: str) -> tuple[bytes, list[str]]:
        """A feed with what is new since it was last asked, and the addresses of those articles."""
        with self._lock:
            now = time.monotonic()
            number = round((now - self._asked.get(path, now)) * self.rate / FEEDS)
            if number or path not in self._asked or not self.rate:
                self._asked[path] = now
            new = [next(self._told) for _ in range(number)]
        return rss.render(path, f"https://example.org{path}", new), [one.url for one in new]

    def sent(self, urls: Sequence[str]) -> None:
        """The body with these articles is written."""
        self.written |= dict.fromkeys(urls, time.monotonic())


def _handler(source: Source) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, urls = source.body(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            source.sent(urls)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Handler


def measure(rates: Sequence[int] = RATES, seconds: float = 40.0, root: Path = ROOT) -> list[Latency]:
    """The latencies at these rates, one after another, on one stand whose workers run the code of `root`."""
    source = Source(articles(int(sum(rates) * (seconds + _WARM_SECONDS + _LAST_SECONDS) * 1.3), seed=11, run="latency"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(source))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        with Stand(settings=_POLL, root=root) as stand:
            asyncio.run(ensure_topics(stand.settings))
            stand.start()
            feeds = [f"feed-{number}" for number in range(FEEDS)]
            address = f"http://127.0.0.1:{server.server_port}"
            add_feeds(stand.settings, [Feed(feed_id=name, url=f"{address}/{name}", name=name) for name in feeds])
            return asyncio.run(_measure(stand, source, rates, seconds))
    finally:
        server.shutdown()
        server.server_close()


async def _measure(stand: Stand, source: Source, rates: Sequence[int], seconds: float) -> list[Latency]:
    seen: dict[str, float] = {}
    topics = [full_name(stand.settings, topic) for topic in _TOPICS]
    async with AIOKafkaConsumer(*topics, bootstrap_servers=stand.settings.bootstrap_servers) as consumer:
        reading = asyncio.create_task(_read(consumer, seen))
        found = [await _at(rate, seconds, source, seen) for rate in rates]
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
    return found


async def _read(consumer: AIOKafkaConsumer, seen: dict[str, float]) -> None:
    async for record in consumer:
        if record.value is not None:
            seen.setdefault(orjson.loads(record.value)["url"], time.monotonic())


async def _at(rate: int, seconds: float, source: Source, seen: dict[str, float]) -> Latency:
    source.rate = rate
    await asyncio.sleep(_WARM_SECONDS)
    begin = time.monotonic()
    await asyncio.sleep(seconds)
    end = time.monotonic()
    source.rate = 0
    await asyncio.sleep(_LAST_SECONDS)
    counted = {url: at for url, at in source.written.items() if begin <= at < end}
    took = sorted(seen[url] - at for url, at in counted.items() if url in seen)
    if not took:
        raise SystemExit("No article led to a record: the line does not work, its speed means nothing.")
    p50, p95, p99 = (took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.95, 0.99))
    served = len(counted) / (end - begin)
    return Latency(rate=rate, served=served, articles=len(took), p50=p50, p95=p95, p99=p99)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="From a feed's body on the wire to the first record of an article.")
    parser.add_argument("--rates", type=int, nargs="+", default=list(RATES))
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--compiled", action="store_true", help="let the workers run the compiled build")
    options = parser.parse_args()
    found = measure(options.rates, options.seconds, compiled() if options.compiled else ROOT)
    for one in found:
        print(f"{one.rate:4}/s ({one.served:.0f} served): p50 {one.p50 * 1000:.0f} ms, ", end="")
        print(f"p95 {one.p95 * 1000:.0f} ms, p99 {one.p99 * 1000:.0f} ms over {one.articles} articles")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in found], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
