"""How many articles a second one core reads, by language: 300-word articles made from the language's own texts.

What is timed is the extraction alone, as the worker runs it: from the Article to its records as objects.
"""

import json
import time
from collections.abc import Sequence
from itertools import cycle
from typing import Any, Final

from agents.extract.batch import article_of
from agents.extract.engine import shared_engine
from tests.quality.corpus import Labelled

WORDS: Final = 300
_ARTICLES: Final = 300
_WARM: Final = 60


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
    made = [article_of(json.dumps(one).encode()) for one in articles(labelled)]
    engine = shared_engine()
    for article in made[:_WARM]:
        engine.extract(article)
    before = time.process_time()
    for article in made:
        engine.extract(article)
    return len(made) / (time.process_time() - before)
