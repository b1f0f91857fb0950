"""The sentence around a quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.desk.sentence import Sentence, around


@pytest.mark.parametrize(
    ("text", "quote", "before", "after"),
    [
        (
            "Calm. On Monday troops shelled the port, he said. End.",
            "troops shelled the port",
            "On Monday ",
            ", he said.",
        ),
        ("Title\n\nTroops moved on.", "Troops moved on", "", "."),
        ("He paid 3.5 million to flee. Then", "to flee", "He paid 3.5 million ", "."),
        ("«Отступили», — сказал он. Да.", "Отступили", "«", "», — сказал он."),
        ("هل انسحبوا؟ نعم، انسحبت القوات من المدينة. لا.", "انسحبت القوات", "نعم، ", " من المدينة."),
        ("They fled. They", "They fled.", "", ""),
        ("\u202eThey\x07 fled\u202c now", "fled", "They ", " now"),
    ],
)
def test_a_sentence_is_cut_around_its_quote(text: str, quote: str, before: str, after: str) -> None:
    start = text.index(quote)
    assert around(text, start, start + len(quote), quote) == Sentence(before, quote, after)


def test_a_long_sentence_is_cut_at_words() -> None:
    text = "word " * 200 + "fled" + " word" * 200
    cut = around(text, 1000, 1004, "fled")
    assert cut.before.startswith("…word ")
    assert cut.before.endswith("word ")
    assert cut.after.endswith("word…")
    assert len(cut.before) < 270 > len(cut.after)


def test_a_quote_that_is_not_there_stands_alone() -> None:
    assert around("Another text.", 3, 9, "they fled") == Sentence("", "they fled", "")
    assert around(None, 3, 9, "they fled") == Sentence("", "they fled", "")


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 60))
def test_any_text_gives_a_sentence_on_one_line(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    cut = around(text, start, start + len(quote), quote)
    assert "\n" not in cut.before + cut.quote + cut.after
