from pathlib import Path

import pytest

from tests.quality.corpus import CorpusError, figure, languages, load, read
from tests.quality.score import Tally

COUNT = {"term": "evacuated", "unit": "person", "modality": "asserted", "quote": "312 people were moved"}


@pytest.mark.parametrize(
    ("text", "quantifier", "reported", "low", "high"),
    [
        ("312", "exact", 312, 312, 312),
        ("~500", "approximately", 500, None, None),
        (">2000", "more_than", 2000, 2000, None),
        (">=30", "at_least", 30, 30, None),
        ("<90", "less_than", 90, None, 90),
        ("<=90", "up_to", 90, None, 90),
        ("5000-7000", "between", None, 5000, 7000),
        ("12?", "vague", None, 12, None),
    ],
)
def test_short_figures_have_the_contract_s_bounds(
    text: str, quantifier: str, reported: int | None, low: int | None, high: int | None
) -> None:
    assert figure(text) == {"quantifier": quantifier, "reported": reported, "low": low, "high": high}


@pytest.mark.parametrize("language", languages())
def test_every_corpus_reads_and_has_texts_with_and_without_records(language: str) -> None:
    texts = load(language)
    assert any(one.events for one in texts)
    assert any(one.counts for one in texts)
    assert any(not one.events and not one.counts for one in texts)


def test_a_quote_that_the_text_does_not_hold_is_told_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text('[[text]]\ntext = "Calm."\nevents = [{type = "attack", quote = "shot"}]\n')
    with pytest.raises(CorpusError, match=r"x\.toml, text 1.*'shot'"):
        list(read(file, "en"))


def test_a_record_is_found_by_key_and_overlap_only() -> None:
    article = {"id": "a", "title": "", "body": "312 people were moved. 400 people were moved."}
    label = COUNT | figure("312")
    right = label | {"start": 2, "end": 23}
    other = COUNT | figure("400") | {"quote": "400 people were moved", "start": 25, "end": 46}
    tally = Tally.of_counts()
    tally.add(article, [label], [right, other])
    assert (tally.found, tally.guessed, tally.recall) == (1, 2, 1.0)
    assert tally.precision == 0.5


def test_a_quote_that_is_not_at_its_offsets_is_an_error() -> None:
    article = {"id": "a", "title": "", "body": "312 people were moved."}
    label = COUNT | figure("312")
    with pytest.raises(AssertionError, match="not at its offsets"):
        Tally.of_counts().add(article, [label], [label | {"start": 0, "end": 21}])


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    assert Tally.of_events().f1 == 1.0
