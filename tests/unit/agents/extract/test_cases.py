"""Case endings tell what a noun phrase is in its sentence."""

from dataclasses import replace

import pytest

from agents.extract.cases import Case, Cases
from agents.extract.pack import PackError, load_packs

TURKISH = load_packs()["tr"]


@pytest.fixture(scope="module")
def cases() -> Cases:
    return Cases.of_pack(TURKISH, {"ukrayna", "uganda"}.__contains__)


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("smo'nun", Case.OWNER),
        ("ordusunun", Case.OWNER),
        ("köyünü", Case.OBJECT),
        ("polislere", Case.GOAL),
        ("kampından", Case.ADJUNCT),
        ("halep'te", Case.ADJUNCT),
        ("ordusu", None),
        ("komutan", None),
        ("uganda", None),
        ("ukrayna", None),
    ],
)
def test_an_ending_tells_the_case(cases: Cases, word: str, case: Case | None) -> None:
    assert cases.of(word) is case


def test_a_plural_closes_its_phrase_and_a_possessive_belongs_to_a_compound(cases: Cases) -> None:
    assert cases.is_plural("yerleşimciler")
    assert not cases.is_plural("yerleşimcilere")
    assert cases.is_compound("karargahına")
    assert not cases.is_compound("göstericilere")
    assert cases.is_possessed("kampı")
    assert not cases.is_possessed("köylerini")


def test_without_endings_no_word_has_a_case() -> None:
    none = Cases.none()
    assert not none
    assert none.of("köyünü") is None


def test_a_wrong_table_is_an_error_that_names_file_and_key() -> None:
    wrong = replace(TURKISH, data={"cases": {"thing": ["a"]}})
    with pytest.raises(PackError, match=r"tr\.toml, cases\.thing"):
        Cases.of_pack(wrong, str.isupper)
