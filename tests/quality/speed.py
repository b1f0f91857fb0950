"""How many articles a second one core reads, by language: 300-word articles made from the language's own texts."""

import time
from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any, Final

from tests.quality.corpus import Labelled
from tests.quality.run import extract

WORDS: Final = 300
_ARTICLES: Final = 300


def articles(labelled: Sequence[Labelled], number: int = _ARTICLES) -> list[dict[str, Any]]:
    """So many articles of about 300 words, each of other paragraphs of the texts given, in turn."""
    paragraphs = [p for one in labelled for p in one.article["body"].split("\n") if p.strip()]
    titles = [one.article["title"] for one in labelled]
    source = cycle(paragraphs)
    made = []
    for index in range(number):
        body: list[str] = []
        while sum(len(p.split()) for p in body) < WORDS:
            body.append(next(source))
        article = {**labelled[0].article, "id": f"speed-{index}", "title": titles[index % len(titles)]}
        made.append({**article, "body": "\n".join(body)})
    return made


def rate(labelled: Sequence[Labelled]) -> float:
    """Articles a second, after one round to warm the caches that a worker keeps."""
    made = articles(labelled)
    extract(islice(made, 60))
    before = time.process_time()
    extract(made)
    return len(made) / (time.process_time() - before)
