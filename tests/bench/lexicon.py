"""What finding a pack's phrases costs when the pack has four times as many: `python -m tests.bench.lexicon`.

The other three quarters are its own phrases with their letters turned round, so that they are as long and as many, and
are not found.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from agents.extract.analysis import analyse
from agents.extract.batch import article_of
from agents.extract.lexicon import Lexicon
from agents.extract.pack import Pack, load_packs
from streams import codec
from streams.records import Article
from tests.bench.extract import measure
from tests.quality import corpus
from tests.quality.speed import articles

LANGUAGES: Final = ("en", "ru", "ar", "tr")
_ARTICLES: Final = 60
_MARKS: Final = frozenset("=^*~|")


def larger(pack: Pack) -> Pack:
    """The pack with four times its phrases."""
    return replace(pack, concepts={name: _with_others(phrases) for name, phrases in pack.concepts.items()})


def _with_others(phrases: Sequence[str]) -> tuple[str, ...]:
    plain = [phrase for phrase in phrases if _MARKS.isdisjoint(phrase)]
    others = [" ".join(_turned(word, by) for word in phrase.split()) for phrase in plain for by in (1, 2, 3)]
    return (*phrases, *others)


def _turned(word: str, by: int) -> str:
    back = word[::-1]
    return back[by:] + back[:by]


def milliseconds(language: str) -> tuple[float, float]:
    """For an article of 300 words, with the pack as it is and with the larger one."""
    pack = load_packs()[language]
    made = [article_of(codec.encode(one)) for one in articles(corpus.load(language), _ARTICLES)]
    lexicons = Lexicon(pack), Lexicon(larger(pack))
    once, four = (measure(partial(_scan, known), made) for known in lexicons)
    return once, four


def _scan(lexicon: Lexicon, article: Article) -> object:
    return analyse(article, lexicon)


def main() -> None:
    """Print the table."""
    for language in LANGUAGES:
        once, four = milliseconds(language)
        print(
            f"{language}: {once:.2f} ms an article, {four:.2f} ms with four times the phrases ({four / once:.2f} times)"
        )


if __name__ == "__main__":
    main()
