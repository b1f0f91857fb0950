"""What the extraction says of all labelled articles, as one number a language: equal before and after a change.

    .venv/bin/python -m tests.bench.digest [--language CODE]... [--records FILE]

A change that only makes the extraction faster, or another build of the same rules, must print the same lines. Records
are digested as they would be sent, but for the extractor's version, and with them every line of `explain`. Long
articles put together as for the measure of speed are among them: caches and carried facts seldom fail in short ones.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson

from agents.extract.batch import article_of
from agents.extract.engine import Engine
from agents.extract.explain import lines
from agents.extract.gazetteer import shared_gazetteer
from agents.extract.language import load_languages
from streams.records import Article
from tests.bench import cost
from tests.quality import corpus
from tests.quality.run import sets
from tests.quality.speed import articles

_LONG: Final = 60


def read(language: str) -> list[Article]:
    """All articles of a language that there are here."""
    labelled = [one for some in sets(language).values() for one in some]
    rows = [one.article for one in labelled] + articles(labelled, _LONG)
    fixed = [article for article in cost.articles() if article.language == language]
    return [*(article_of(json.dumps(row).encode()) for row in rows), *fixed]


def said(engine: Engine, article: Article) -> Iterator[bytes]:
    """The records of one article, its story features, and what `explain` tells of it."""
    found = engine.extract(article)
    for record in (*found.events, *found.counts, found.features):
        yield orjson.dumps(record)
    yield from (line.encode(errors="surrogatepass") for line in lines(found))


def main() -> None:
    """Print the digests."""
    parser = argparse.ArgumentParser(description="One number a language for all that the extraction says.")
    parser.add_argument("--language", action="append", choices=corpus.languages(), help="only this one")
    parser.add_argument("--records", type=Path, help="write what was digested there, to see where two differ")
    options = parser.parse_args()
    engine = Engine(load_languages(shared_gazetteer()), "digest")
    kept: list[bytes] = []
    for language in options.language or corpus.languages():
        made = read(language)
        parts = [part for article in made for part in (article.article_id.encode(), *said(engine, article))]
        digest = hashlib.sha256(b"\n".join(parts)).hexdigest()
        print(f"{language} {len(made)} articles, {len(parts)} lines: {digest}", flush=True)
        kept += parts
    if options.records:
        options.records.write_bytes(b"\n".join(kept) + b"\n")


if __name__ == "__main__":
    main()
