"""One article as all extractors see it: its pack, text and sentences, and what is read from them only when asked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.extract.text import Sentence
from streams.records import Article

if TYPE_CHECKING:
    from agents.extract.pack import Pack


@dataclass(slots=True)
class Analysis:
    """An article cut into sentences with hits. `complete` is False where the article was too long to read whole."""

    article: Article
    pack: "Pack"
    text: str
    sentences: list[Sentence]
    complete: bool = True
