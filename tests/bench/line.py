"""The whole line: feeds over HTTP on loopback, four roles, a real Kafka; articles a second, and what each role takes.

    .venv/bin/python -m tests.bench.line [--articles 5000] [--extractors 2] [--feeds FOLDER] [--compiled] [--minutes 5]

Articles are those of `tests.support.newsroom`, a tenth of them repeats, in feeds of 100 entries; `--feeds` serves the
files of a folder instead. With `--compiled` the workers run the compiled build. The clock runs from the moment that the
poller is told of the feeds until `total` has finished the last article, and so does the processor time; the server of
the feeds counts for nobody. With `--minutes` it ends after so long at the latest: the rate is then that of articles
which came through to the end, and each role's processor time is for those that it has finished itself.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from agents.poll.admin import add_feeds
from deploy.local.compiled import compiled
from deploy.local.jars import ROOT
from deploy.local.kafka import free_ports
from deploy.local.process import Child, python_environment
from seeds import rss
from seeds.rss import SeedArticle
from streams.kafka.topics import ensure_topics
from streams.records import Feed
from streams.vocabulary import Stage
from tests.bench.stand import KAFKA, ONE_EACH, Stand
from tests.support.newsroom import articles
from tests.support.waiting import eventually

ENTRIES: Final = 100
REPEATS: Final = 0.1
EXTRACTORS: Final = 2
"""Workers of `extract`, which has more than half of the work: one alone would leave a core of two idle at the end."""

SEED: Final = 20_261_122

_LOOK_SECONDS: Final = 2.0
_STILL_SECONDS: Final = 30.0
"""Without any progress for so long, a folder of feeds has told all it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run of the line took, by role and for Kafka: `cpu` in seconds, `megabytes` the most of one worker at once.

    `done` is how far each of them came, in articles of the feeds, and `articles` how many came through to the end.
    """

    articles: int
    seconds: float
    unique: int
    repeats: int
    events: int
    counts: int
    dead_letters: int
    extracted: int
    done: Mapping[str, float]
    cpu: Mapping[str, float]
    megabytes: Mapping[str, float]
    start_seconds: Mapping[str, float]

    @property
    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds

    def per_thousand(self, name: str) -> float:
        """Processor seconds for 1,000 articles."""
        return 1000 * self.cpu[name] / max(1.0, self.done[name])


def write_feeds(told: Iterable[SeedArticle], folder: Path, entries: int = ENTRIES) -> int:
    """Write articles as feeds, so many entries each; how many feeds."""
    source, number = iter(told), 0
    while chunk := list(islice(source, entries)):
        name = f"feed-{number:05}"
        (folder / f"{name}.xml").write_bytes(rss.render(name, f"https://{name}.example.org/", chunk))
        number += 1
    return number


@contextmanager
def served(folder: Path, log: Path) -> Iterator[str]:
    """The address under which a process of its own serves the files of a folder."""
    port = free_ports(1)[0]
    command = (sys.executable, "-m", "seeds.server", folder, "--port", str(port))
    server = Child("feeds", command, log=log, environment=python_environment(ROOT, {}))
    try:
        eventually(lambda: "http" in log.read_text(), within=60, what="the server of the feeds")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()


def measure(
    folder: Path, expected: int | None, *, extractors: int = EXTRACTORS, root: Path = ROOT, minutes: float = inf
) -> Run:
    """Send the feeds of a folder through the line.

    Args:
        folder: feed bodies, one a file.
        expected: how many articles they hold; None where that is not known.
        extractors: workers of the role `extract`.
        root: holds the code that the workers run.
        minutes: after which it ends, wherever the articles are.
    """
    with Stand({**ONE_EACH, Stage.EXTRACT: extractors}, root=root) as stand:
        asyncio.run(ensure_topics(stand.settings))
        stand.start()
        with served(folder, stand.folder / "feeds.log") as address, stand.meter() as meter:
            names = [path.name for path in sorted(folder.iterdir())]
            began = time.monotonic()
            add_feeds(stand.settings, [Feed(feed_id=n, url=f"{address}/{n}", name=n) for n in names])
            ended = _until_done(stand, expected, began + 60 * minutes)
            return _run(stand, ended - began, meter.cpu, meter.megabytes)


def _until_done(stand: Stand, expected: int | None, latest: float) -> float:
    """Wait until every stage has finished what the one before it sent, or the latest time is there; when that was."""
    last, since = -1, time.monotonic()
    while True:
        told = [_sent(stand, Stage.POLL, "articles.raw"), *(_finished(stand, stage) for stage in tuple(Stage)[1:])]
        unique = _sent(stand, Stage.DEDUPLICATE, "articles.unique")
        print(f"\r{told} articles at poll, deduplicate, extract, total  ", end="", flush=True)
        if sum(told) != last:
            last, since = sum(told), time.monotonic()
        done = told[1:] == [told[0], unique, unique] and told[0] > 0
        still = time.monotonic() - since
        if time.monotonic() > latest:
            print()
            return time.monotonic()
        if done and (told[0] == expected or still > _STILL_SECONDS):
            print()
            return since
        if expected is not None and still > 4 * _STILL_SECONDS:
            raise SystemExit(f"\nThe line stands still at {told} of {expected} articles.")
        time.sleep(_LOOK_SECONDS)


def _sent(stand: Stand, stage: Stage, topic: str) -> int:
    return int(stand.counted("frontwire_articles_out_total", stage, topic=topic))


def _finished(stand: Stand, stage: Stage) -> int:
    return int(stand.counted("frontwire_articles_in_total", stage))


def _done(stand: Stand) -> dict[str, float]:
    """How far each role has come, in articles of the feeds; Kafka, as far as they have on the average."""
    polled = _sent(stand, Stage.POLL, "articles.raw")
    read, *later = (_finished(stand, stage) for stage in tuple(Stage)[1:])
    share = read / max(1, _sent(stand, Stage.DEDUPLICATE, "articles.unique"))
    each = (polled, read, *(share * finished for finished in later))
    return dict(zip((*Stage, KAFKA), (*each, sum(each) / len(each)), strict=True))


def _run(stand: Stand, seconds: float, cpu: Mapping[str, float], megabytes: Mapping[str, float]) -> Run:
    done = _done(stand)
    return Run(
        articles=round(done[Stage.TOTAL]),
        seconds=seconds,
        unique=_sent(stand, Stage.DEDUPLICATE, "articles.unique"),
        repeats=_sent(stand, Stage.DEDUPLICATE, "articles.duplicates"),
        events=_sent(stand, Stage.EXTRACT, "conflict.events"),
        counts=_sent(stand, Stage.EXTRACT, "evacuation.counts"),
        extracted=_finished(stand, Stage.EXTRACT),
        dead_letters=sum(_sent(stand, stage, "dead-letters") for stage in Stage),
        done=done,
        cpu=cpu,
        megabytes=megabytes,
        start_seconds={stage.value: each for stage, each in stand.start_seconds.items()},
    )


def generated(number: int, *, extractors: int = EXTRACTORS, root: Path = ROOT, minutes: float = inf) -> Run:
    """Send so many generated articles through the line."""
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        told = articles(number, seed=SEED, run="line", repeats=REPEATS)
        print(f"{write_feeds(told, folder)} feeds of {ENTRIES} entries are written")
        return measure(folder, number, extractors=extractors, root=root, minutes=minutes)


def main() -> None:
    """Run once and print the figures."""
    parser = argparse.ArgumentParser(description="Articles a second of the whole line.")
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--extractors", type=int, default=EXTRACTORS)
    parser.add_argument("--feeds", type=Path, help="a folder with feed bodies, instead of generated articles")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--compiled", action="store_true", help="let the workers run the compiled build")
    parser.add_argument("--minutes", type=float, default=inf, help="end after so long, wherever the articles are")
    options = parser.parse_args()
    root = compiled() if options.compiled else ROOT
    if options.feeds:
        run = measure(options.feeds, None, extractors=options.extractors, root=root, minutes=options.minutes)
    else:
        run = generated(options.articles, extractors=options.extractors, root=root, minutes=options.minutes)
    print(
        f"{run.articles} articles in {run.seconds:.1f} s: {run.rate:.0f}/s; {run.unique} unique, {run.repeats} repeats"
    )
    print(f"{run.events} events, {run.counts} counts, {run.dead_letters} dead letters")
    for name in run.cpu:
        start = f", ready after {run.start_seconds[name]:.1f} s" if name in run.start_seconds else ""
        print(
            f"  {name:12} {run.per_thousand(name):6.2f} CPU s per 1,000 articles, {run.megabytes[name]:5.0f} MB{start}"
        )
    print(f"  {'all':12} {sum(map(run.per_thousand, run.cpu)):6.2f}")
    if options.json:
        options.json.write_text(json.dumps(asdict(run), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
