"""Whether the load of the benches is as different as it claims: repeats that nobody meant, by the line's own check.

    .venv/bin/python -m tests.bench.alike [--articles 200000]

The generated articles go, language by language, through the duplicate check with a window that holds all of them.
"""

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from agents.deduplicate.core import Deduplicator
from seeds.rss import SeedArticle
from streams import codec
from streams.records import RawArticle
from streams.stage import Message
from streams.topics import language_partition
from tests.bench.line import REPEATS, SEED
from tests.support.memory_state import MemoryState
from tests.support.newsroom import articles

GOAL: Final = 0.001
_WINDOW: Final = 365 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Of `articles`, how many repeat another though none was `meant` to, and how many that were meant to were found."""

    articles: int
    unintended: int
    meant: int
    found: int

    @property
    def share(self) -> float:
        """Unintended repeats among all."""
        return self.unintended / self.articles


def measure(number: int) -> Alike:
    """Check so many articles of the load."""
    core, states, offsets = Deduplicator(_WINDOW), dict[int, MemoryState](), Counter[int]()
    told = Counter[tuple[bool, bool]]()
    for article in articles(number, seed=SEED, run="line", repeats=REPEATS):
        partition = language_partition(article.language)
        state = states.setdefault(partition, MemoryState())
        offsets[partition] += 1
        sends = core.process(_message(article, partition, offsets[partition]), state)
        told[article.guid.endswith("/again"), any(send.topic == "articles.duplicates" for send in sends)] += 1
    meant = told[True, True] + told[True, False]
    return Alike(articles=number, unintended=told[False, True], meant=meant, found=told[True, True])


def _message(article: SeedArticle, partition: int, offset: int) -> Message:
    raw = RawArticle(
        article_id=sha256(article.url.encode()).hexdigest()[:32],
        revision=1,
        feed_id=f"feed-{offset % 400}",
        source=f"Outlet {offset % 400}",
        url=article.url,
        guid=article.guid,
        title=article.title,
        body=article.body,
        html=None,
        language=article.language,
        language_declared=None,
        language_detected=None,
        published=article.published,
        fetched=article.published,
    )
    value = codec.encode(raw)
    return Message(topic="articles.raw", partition=partition, offset=offset, timestamp_ms=None, key=None, value=value)


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description="Repeats in the load of the benches that nobody meant.")
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    found = measure(options.articles)
    print(
        f"{found.unintended} of {found.articles} articles repeat another by chance ({found.share:.4%}, goal {GOAL:.1%})"
    )
    print(f"{found.found} of {found.meant} intended repeats were found")
    if options.json:
        options.json.write_text(json.dumps({"share": found.share}), encoding="utf-8")


if __name__ == "__main__":
    main()
