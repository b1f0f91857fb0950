"""Rules leave a sentence early by the bits of what it names: never one in which they would have found something."""

import pytest

from agents.extract.concepts import BIT, bits
from agents.extract.engine import Engine, Extraction
from agents.extract.lexicon import Lexicon
from agents.extract.text import Hit, Sentence
from streams.records import Article
from tests.bench import cost
from tests.quality import corpus
from tests.support.extraction import article, languages

_EVERYTHING = bits(*BIT)
_OF_EACH = 12
_FLIGHT = "Evacuation has begun. If the shelling rises, 300 people may have to set out for the hills."
"""Before a flood, who may have to set out would be evacuated."""


def _articles() -> list[Article]:
    labelled = [one.article for code in corpus.languages() for one in corpus.load(code)[:_OF_EACH]]
    return [
        *cost.articles(),
        article(_FLIGHT, "en"),
        *(article(row["body"], row["language"], row["title"], row["published"]) for row in labelled),
    ]


def _said(found: Extraction) -> object:
    return found.events, found.counts, found.features


def test_a_sentence_that_seems_to_name_everything_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    articles, engine = _articles(), Engine(languages(), "test")
    gated = [_said(engine.extract(one)) for one in articles]
    scan = Lexicon.scan

    def scan_and_claim_all(lexicon: Lexicon, sentence: Sentence) -> list[Hit]:
        hits = scan(lexicon, sentence)
        sentence.concepts = _EVERYTHING
        return hits

    monkeypatch.setattr(Lexicon, "scan", scan_and_claim_all)
    assert [_said(engine.extract(one)) for one in articles] == gated


def test_the_bits_of_a_sentence_hold_all_its_hits() -> None:
    engine = Engine(languages(), "test")
    for one in cost.articles():
        analysis = engine.extract(one).analysis
        assert analysis is not None
        for sentence in analysis.sentences:
            assert bits(*(hit.concept for hit in sentence.hits if hit.concept in BIT)) & ~sentence.concepts == 0
