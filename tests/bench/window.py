"""What the duplicate check costs as its window grows: `python -m tests.bench.window [--sizes 10000 100000 1000000]`.

One partition of one language, its state in the worker's own local copy on disk (SQLite), no Kafka. The window is filled
with different articles; at each size it prints how many articles a second of CPU the check takes (one in five repeats
an older one), what is resident and on disk for each article, and how long a new process needs to open the state.
"""

import argparse
import multiprocessing
import random
import tempfile
import time
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Final

from agents.deduplicate.core import Deduplicator
from streams import codec
from streams.kafka.local import LocalCopy, Mark, Row
from streams.records import RawArticle
from streams.stage import Message

WINDOW: Final = 72 * 3600
_VOCABULARY: Final = 60_000
_WORDS: Final = (80, 400)
_BATCH: Final = 100
_MEASURED: Final = 3_000
_REPEATS: Final = 0.2


class DiskState:
    """A state as a worker keeps it: writes wait for the next flush, all others are in the local copy."""

    def __init__(self, path: Path) -> None:
        self._copy = LocalCopy(path)
        self._staged: dict[bytes, Row] = {}
        self._revision = 0

    def get(self, key: bytes) -> bytes | None:
        row = self._staged.get(key)
        return row[2] if row else self._copy.get(key)

    def put(self, key: bytes, value: bytes | None) -> None:
        self._revision += 1
        self._staged[key] = (key, self._revision, value)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        yield from self._copy.scan(prefix)

    def flush(self) -> None:
        """Write what waits, as a worker does after a batch."""
        self._copy.keep(self._staged.values(), Mark(self._revision, "bench", 0, 1))
        self._staged = {}

    def close(self) -> None:
        self.flush()
        self._copy.close()


class Writer:
    """Seeded articles of words as frequent as a language's (Zipf), each different from all others."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(_VOCABULARY)))
        self._words = [self._word() for _ in range(_VOCABULARY)]

    def _word(self) -> str:
        word = "".join(self._rng.choices("aeioubcdfghklmnprstvz", k=self._rng.randint(3, 9)))
        return word.capitalize() if self._rng.random() < 0.1 else word

    def body(self) -> str:
        most = self._weights[-1]
        points = [self._rng.random() * most for _ in range(self._rng.randint(*_WORDS))]
        return " ".join([self._words[bisect(self._weights, point)] for point in points])


class Line:
    """Articles into one core, with a batch's flush."""

    def __init__(self, path: Path) -> None:
        self.state = DiskState(path)
        self.core = Deduplicator(WINDOW)
        self.core.opened(0, self.state)
        self.offset = 0
        self.seconds = 0.0
        self.repeats = 0

    def send(self, body: str) -> None:
        """One article, timed."""
        self.offset += 1
        message = _message(self.offset, " ".join(body.split(" ", 9)[:9]), body)
        before = time.process_time()
        sends = self.core.process(message, self.state)
        if self.offset % _BATCH == 0:
            self.state.flush()
        self.seconds += time.process_time() - before
        self.repeats += sends[0].topic != "articles.unique"


def _message(offset: int, title: str, body: str) -> Message:
    raw = RawArticle(
        article_id=f"{offset:032x}",
        revision=1,
        feed_id=f"feed-{offset % 400}",
        source=f"Outlet {offset % 400}",
        url=f"https://outlet-{offset % 400}.example/news/{offset}",
        guid=f"{offset}",
        title=title,
        body=body,
        html=None,
        language="en",
        language_declared=None,
        language_detected=None,
        published=None,
        fetched="2026-01-05T08:00:00Z",
    )
    return Message(
        topic="articles.raw", partition=0, offset=offset, timestamp_ms=None, key=None, value=codec.encode(raw)
    )


def fill(path: Path, size: int, seed: int) -> Line:
    """A line whose window holds so many articles."""
    writer, line = Writer(seed), Line(path)
    for number in range(size):
        line.send(writer.body())
        if number % 50_000 == 49_999:
            print(f"  {number + 1} articles in the window", flush=True)
    return line


def measure(line: Line, seed: int) -> float:
    """Articles a second of CPU at this size, a fifth of them repeats with a word or two changed."""
    writer, rng = Writer(seed), random.Random(seed)
    bodies = [writer.body() for _ in range(_MEASURED)]
    line.seconds, line.repeats = 0.0, 0
    wanted = 0
    told: list[str] = []
    for body in bodies:
        again = bool(told) and rng.random() < _REPEATS
        wanted += again
        line.send(rng.choice(told) + " indeed" if again else body)
        told += [] if again else [body]
    if line.repeats < 0.95 * wanted:
        raise SystemExit(
            f"{line.repeats} of {wanted} repeats were found: the check is broken, its speed means nothing."
        )
    return _MEASURED / line.seconds


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def _restored(path: str, answer: "multiprocessing.Queue[tuple[float, int]]") -> None:
    before, empty = time.perf_counter(), resident()
    state = DiskState(Path(path))
    core = Deduplicator(WINDOW)
    core.opened(0, state)
    answer.put((time.perf_counter() - before, resident() - empty))
    core.closed(0)


def restore(path: Path) -> tuple[float, int]:
    """Seconds that a new process needs to open the state, and bytes it then holds."""
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.Queue[tuple[float, int]] = context.Queue()
    process = context.Process(target=_restored, args=(str(path), answer))
    process.start()
    found = answer.get()
    process.join()
    return found


def at(size: int) -> tuple[float, float, float, float]:
    """With so many articles in the window: articles a second, bytes of each in memory and on disk, and the seconds
    that a new worker needs to open it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.sqlite"
        line = fill(path, size, seed=1)
        rate = measure(line, seed=2)
        line.state.close()
        disk = path.stat().st_size
        del line
        seconds, held = restore(path)
    return rate, held / size, disk / size, seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    rates = []
    for size in options.sizes:
        rate, held, disk, seconds = at(size)
        rates.append(rate)
        print(f"{size:9} articles: {rate:6.0f}/s, {held:5.0f} B resident an article, ", end="")
        print(f"{disk:5.0f} B on disk, opened in {seconds:.1f} s", flush=True)
    if len(rates) > 1:
        times = rates[0] / rates[-1]
        print(
            f"cost of an article with {options.sizes[-1]} in the window against {options.sizes[0]}: {times:.2f} times"
        )


if __name__ == "__main__":
    main()
