"""Runs the extraction over articles in the form of labelled lines, and tallies what it found."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from agents.extract.batch import batch
from agents.extract.engine import shared_engine
from tests.quality import corpus
from tests.quality.corpus import Labelled
from tests.quality.score import Record, Tally

SHARED: Final = Path(__file__).parents[3] / "shared"
"""Labelled articles and public data that are no part of the project; what reads them skips where they are absent."""

Found = Mapping[str, tuple[list[Record], list[Record]]]
"""Events and counts by article id."""


def extract(articles: Iterable[Mapping[str, Any]]) -> Found:
    """The events and counts of articles, by the batch command's own function."""
    found: dict[str, tuple[list[Record], list[Record]]] = defaultdict(lambda: ([], []))
    for line in batch((json.dumps(article).encode() for article in articles), shared_engine()):
        sent = json.loads(line)
        which = {"conflict.events": 0, "evacuation.counts": 1}.get(sent["topic"])
        if which is not None:
            found[sent["value"]["article_id"]][which].append(sent["value"])
    return found


def tally(labelled: Sequence[Labelled]) -> tuple[Tally, Tally]:
    """Events and counts of labelled articles."""
    found = extract(one.article for one in labelled)
    events, counts = Tally.of_events(), Tally.of_counts()
    for one in labelled:
        guessed = found[one.article["id"]]
        events.add(one.article, one.events, guessed[0])
        counts.add(one.article, one.counts, guessed[1])
    return events, counts


def gold(language: str, folder: str = "dev") -> list[Labelled]:
    """Labelled articles of `../shared/gold`, none where that is absent. `seed` is the seed article."""
    path = SHARED / "gold" / folder / f"{language}.jsonl"
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Labelled(row, tuple(row["events"]), tuple(row["counts"])) for row in rows]


def sets(language: str) -> Mapping[str, list[Labelled]]:
    """What there is to measure a language on, by name."""
    found = {
        "corpus": corpus.load(language),
        "press": corpus.articles(corpus.PRESS, language),
        "fresh": corpus.articles(corpus.FRESH, language),
        "gold": gold(language),
    }
    return {name: labelled for name, labelled in found.items() if labelled}
