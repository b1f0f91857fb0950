"""Words are the same however they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.words import fold, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le 5月12日", ["le", "5", "月", "12", "日"]),
        ("1,234 ١٢٣ ＡＢ", ["1", "234", "123", "ab"]),
        ("کتاب\u200cها", ["کتابها"]),
        ("Stra\u00adße — “naïve”", ["strasse", "naïve"]),
        ("İSTANBUL ﹱ", ["istanbul"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_folded_name_has_no_case_and_no_punctuation() -> None:
    assert fold(" The U.N.  Refugee\nAgency ") == fold("the u n refugee agency")
    assert fold(None) == ""


@given(st.text())
def test_words_of_words_are_the_words(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
