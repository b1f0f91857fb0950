"""Articles, languages and sentences for tests of the extraction, on the real packs and the real GeoNames index."""

from collections.abc import Mapping
from functools import cache

from agents.extract.analysis import Analysis, analyse
from agents.extract.engine import Engine, Extraction
from agents.extract.figures import Figure
from agents.extract.forms import Form
from agents.extract.gazetteer import shared_gazetteer
from agents.extract.language import Language, load_languages
from agents.extract.lexicon import Lexicon
from agents.extract.numerals import Number, find_numbers
from agents.extract.pack import Pack, load_packs
from agents.extract.quantity import FigureReader
from agents.extract.text import PUNCT, Sentence, Spelling, kind_of, sentences
from streams.records import Article


@cache
def languages() -> Mapping[str, Language]:
    """All languages that have a pack."""
    return load_languages(shared_gazetteer())


@cache
def _packs() -> Mapping[str, Pack]:
    return load_packs()


def load_pack(code: str) -> Pack:
    """The pack of one language."""
    return _packs()[code]


@cache
def lexicon(code: str) -> Lexicon:
    """The matcher of one pack alone."""
    return Lexicon(load_pack(code))


@cache
def reader(code: str) -> FigureReader:
    """The reader of figures of one pack, without names of nations."""
    return FigureReader.of_pack(load_pack(code))


def article(body: str, language: str = "en", title: str = "", published: str | None = None) -> Article:
    """An article with a text and a day of publication."""
    return Article(
        article_id="a",
        revision=1,
        feed_id="f",
        source="s",
        url=None,
        guid=None,
        title=title,
        body=body,
        html=None,
        language=language,
        language_declared=None,
        language_detected=None,
        published=published,
        fetched="2024-01-01T00:00:00Z",
    )


def extracted(body: str, language: str = "en", title: str = "", published: str | None = None) -> Extraction:
    """What the engine reads out of an article."""
    return Engine(languages()).extract(article(body, language, title, published))


def analysis(body: str, language: str = "en", title: str = "", published: str | None = None) -> Analysis:
    """An article as the extractors see it."""
    return analyse(article(body, language, title, published), lexicon(language))


def cut(text: str, language: str) -> list[Sentence]:
    """The sentences of a text, with hits."""
    matcher = lexicon(language)
    found = sentences(text, 0, matcher.pack.spelling, matcher.forms)
    for sentence in found:
        sentence.hits = matcher.scan(sentence)
    return found


class _Forms(dict[str, Form]):
    """Written words as they are, without the lexicon: enough for numbers, and quick."""

    def __init__(self, spelling: Spelling) -> None:
        super().__init__()
        self.spelling = spelling

    def __missing__(self, word: str) -> Form:
        kind = kind_of(word)
        form = self[word] = Form(word if kind == PUNCT else self.spelling.normal(word), kind, ())
        return form


def numbers(text: str, language: str) -> list[Number]:
    """All numbers of a text."""
    spelling = load_pack(language).spelling
    found = sentences(text, 0, spelling, _Forms(spelling))
    return [number for s in found for number in find_numbers(reader(language).numerals, s.tokens)]


def figures(text: str, language: str) -> list[Figure]:
    """All figures of a text."""
    return [figure for sentence in cut(text, language) for figure in reader(language).read(sentence)]
