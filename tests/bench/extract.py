"""Extraction beside the bare scan of its own matcher, on the same articles, in one run.

    .venv/bin/python -m tests.bench.extract [--json FILE]

The floor is what nobody can do without: cutting a text into tokens and finding the pack's phrases in them. Beside it
stand the same phrases, as they are written, in an Aho-Corasick automaton (`ahocorasick_rs`), which knows neither words
nor forms, and on Russian the name finder of `natasha`; each only where it is installed. Times are CPU seconds; the
articles are those of `tests.quality` for speed, all languages in turn, after one round to warm what a worker keeps.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from agents.extract.analysis import analyse
from agents.extract.batch import article_of
from agents.extract.engine import shared_engine
from agents.extract.pack import Pack
from streams.records import Article
from tests.quality import corpus
from tests.quality.speed import articles

GOAL: Final = 8.0
"""Times the bare scan that the whole extraction may take."""

_ARTICLES: Final = 60
_ROUNDS: Final = 3


def measure(read: Callable[[Article], object], made: Sequence[Article]) -> float:
    """Milliseconds an article, the best of some rounds after one that warms the caches."""
    rounds = []
    for _ in range(_ROUNDS + 1):
        before = time.process_time()
        for article in made:
            read(article)
        rounds.append(time.process_time() - before)
    return min(rounds[1:]) / len(made) * 1000


def automaton(pack: Pack) -> Callable[[Article], object] | None:
    """All phrases of a pack, without their grammar, in one automaton over small letters."""
    if find_spec("ahocorasick_rs") is None:
        return None
    phrases = {phrase.translate({ord(mark): None for mark in "=^*"}) for p in pack.concepts.values() for phrase in p}
    patterns = [option for phrase in phrases if "~" not in phrase for option in phrase.split("|")]
    matcher: Any = import_module("ahocorasick_rs").AhoCorasick([p.lower() for p in patterns if p])
    return lambda article: matcher.find_matches_as_indexes(f"{article.title}\n{article.body}".lower())


def names_of_natasha() -> Callable[[Article], object] | None:
    """The names of a Russian text by natasha's tagger."""
    if find_spec("natasha") is None:
        return None
    natasha: Any = import_module("natasha")
    segmenter, tagger = natasha.Segmenter(), natasha.NewsNERTagger(natasha.NewsEmbedding())

    def read(article: Article) -> object:
        document = natasha.Doc(f"{article.title}\n{article.body}")
        document.segment(segmenter)
        document.tag_ner(tagger)
        return document.spans

    return read


def row(language: str, number: int = _ARTICLES) -> dict[str, Any]:
    """What one language's articles take, in milliseconds each."""
    engine = shared_engine()
    known = engine.languages[language]
    made = [article_of(json.dumps(one).encode()) for one in articles(corpus.load(language), number)]
    whole = measure(engine.extract, made)
    scan = measure(lambda article: analyse(article, known.lexicon), made)
    others = {"Aho-Corasick": automaton(known.pack), "natasha": names_of_natasha() if language == "ru" else None}
    beside = {name: measure(read, made) for name, read in others.items() if read is not None}
    return {"language": language, "extraction": whole, "bare scan": scan, "times": whole / scan, **beside}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Extraction beside the bare scan of its own matcher.")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--language", action="append", choices=corpus.languages(), help="only this one")
    options = parser.parse_args()
    rows = [row(language) for language in options.language or corpus.languages()]
    print("| language | extraction, ms | bare scan, ms | times | Aho-Corasick, ms | natasha, ms |")
    print("|---|---|---|---|---|---|")
    for one in rows:
        beside = " | ".join(f"{one[name]:.2f}" if name in one else "" for name in ("Aho-Corasick", "natasha"))
        own = f"{one['extraction']:.2f} | {one['bare scan']:.2f} | {one['times']:.1f}"
        print(f"| {one['language']} | {own} | {beside} |")
    whole, scan = (sum(one[name] for one in rows) for name in ("extraction", "bare scan"))
    print(f"\nall: {whole / scan:.1f} times the bare scan, goal {GOAL:.0f}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
