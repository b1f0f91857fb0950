"""Tokens and sentences: every offset re-reads the text, and hostile text costs no more than its length."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.extract.forms import Form
from agents.extract.text import (
    MAX_SENTENCE_TOKENS,
    NUMBER,
    PUNCT,
    WORD,
    Sentence,
    Spelling,
    has_case,
    is_small,
    kind_of,
    sentences,
    strip_latin_marks,
)


class _Forms(dict[str, Form]):
    def __missing__(self, word: str) -> Form:
        return Form(word.lower(), kind_of(word), ())


class _Kept(dict[str, Form]):
    def __missing__(self, word: str) -> Form:
        form = self[word] = Form(word.lower(), kind_of(word), ())
        return form


def cut(text: str, title: int = 0, spelling: Spelling | None = None) -> list[Sentence]:
    return sentences(text, title, spelling or Spelling(), _Forms())


_PIECES = (
    *(" ", "  ", "\n", "\t", "a", "B", "l", "d", "L'", "'", "’", '"', ".", ",", "-", "_", "U.", "7", "33", "x" * 63),
    *("é", "\u0301", "ו", "צ", "״", "و", "ب", "中", "№", "½", "\u200b", "\u200c", "\u00ad"),
)
"""What the cut looks at, to be put together."""


def texts(found: list[Sentence]) -> list[list[str]]:
    return [[token.text for token in sentence.tokens] for sentence in found]


def test_words_numbers_and_marks_are_apart() -> None:
    (sentence,) = cut("M23 fired 2.000,5 shells at צה\"ל's T-72, 12k away")
    kinds = [(t.text, t.kind) for t in sentence.tokens]
    assert ("M23", WORD) in kinds
    assert ("2.000,5", NUMBER) in kinds
    assert ("צה\"ל's", WORD) in kinds
    assert ("-", PUNCT) in kinds
    assert ("12", NUMBER) in kinds
    assert ("k", WORD) in kinds


def test_a_full_stop_before_a_small_letter_ends_nothing() -> None:
    assert len(cut("Mereka melakukan serangan. senjata untuk fasilitas militer. Itu saja.")) == 2


def test_abbreviations_and_initials_end_nothing() -> None:
    spelling = Spelling(abbreviations=frozenset({"gen", "mr"}))
    assert len(cut("Gen. J. Smith met Mr. Jones. They talked.", spelling=spelling)) == 2


def test_initials_of_a_country_are_one_word_that_parts_nothing() -> None:
    assert texts(cut("Two U.S. Army men left. It rained.")) == [
        ["Two", "U.S.", "Army", "men", "left", "."],
        ["It", "rained", "."],
    ]
    assert texts(cut("Plan B. Go on.")) == [["Plan", "B", ".", "Go", "on", "."]]


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    assert texts(cut("“We fled.” She wept."))[0] == ["“", "We", "fled", ".", "”"]


def test_a_straight_quotation_mark_behind_a_blank_opens_a_sentence() -> None:
    assert [words[0] for words in texts(cut('They fled. "If it holds," he said. "Go home."'))] == ["They", '"', '"']


def test_lines_are_paragraphs_and_the_title_is_apart() -> None:
    found = cut("Title here\n\nFirst line.\nSecond line.", title=10)
    assert [(s.in_title, s.paragraph) for s in found] == [(True, 0), (False, 1), (False, 2)]


def test_a_line_wrapped_in_a_sentence_is_no_border() -> None:
    assert len(cut("T\n\nThe army said that it\nhad left the town.", title=1)) == 2


def test_elisions_are_words_of_their_own() -> None:
    spelling = Spelling(elisions=("l'", "d'", "qu'"))
    assert texts(cut("L'armée d’Israël", spelling=spelling)) == [["L'", "armée", "d’", "Israël"]]


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_what_is_known_of_words_changes_no_cut(text: str) -> None:
    spelling, known = Spelling(elisions=("l'", "d'")), _Kept()
    sentences(text, 0, spelling, known)
    again = sentences(text, 0, spelling, known)
    assert [[(t.text, t.start) for t in s.tokens] for s in again] == [
        [(t.text, t.start) for t in s.tokens] for s in cut(text, spelling=spelling)
    ]


def test_normal_forms_fold_what_writers_mix() -> None:
    plain, turkic = Spelling(), Spelling(dotless_i=True, diacritics=True)
    assert plain.normal("Ёлка") == "елка"
    assert plain.normal("Café") == "cafe"
    assert plain.normal("Край") == "край"
    assert plain.normal("أُخلي") == plain.normal("اخلی")
    assert plain.normal("آواره‌ها") == plain.normal("آوارهها")
    assert turkic.normal("IŞIK İZMİR") == "ışık izmir"
    assert turkic.normal("öldü") == "öldü"


_WRITTEN = st.text(st.characters(max_codepoint=0x20FF), min_size=1) | st.text(
    st.sampled_from("aIiéßİıǰŉΐςЙйёאָأَیەكՀև\u0301\u0345\u0323\u0653\u200c\u0640'’-²ﬁ한각が"), min_size=1
)


@given(_WRITTEN, st.booleans(), st.booleans())
@example(word="a\u0385", dotless=False, marks=False)  # a mark that, taken apart, begins with one of Latin
def test_letters_have_normal_forms_one_by_one_as_a_word_has_one(word: str, dotless: bool, marks: bool) -> None:
    spelling = Spelling(dotless_i=dotless, diacritics=marks)
    assert spelling.normal(word) == spelling.folded(word)


def test_marks_of_other_scripts_stay() -> None:
    assert strip_latin_marks("йї café") == "йї cafe"


def test_a_run_without_an_end_is_cut() -> None:
    found = cut("word " * 1000)
    assert max(len(s.tokens) for s in found) == MAX_SENTENCE_TOKENS


@given(st.text(max_size=400), st.integers(0, 30))
def test_offsets_re_read_the_text(text: str, title: int) -> None:
    last = 0
    for sentence in cut(text, title):
        assert sentence.start == sentence.tokens[0].start
        assert sentence.end == sentence.tokens[-1].end
        for token in sentence.tokens:
            assert token.start >= last
            assert text[token.start : token.end] == token.text
            last = token.end


@given(st.text(max_size=400))
def test_no_letter_is_lost(text: str) -> None:
    covered = {i for s in cut(text) for t in s.tokens for i in range(t.start, t.end)}
    assert all(i in covered for i, char in enumerate(text) if char.isalnum() and char.isascii())


@pytest.mark.parametrize(
    ("word", "small", "case"),
    [
        ("goma", True, True),
        ("Goma", False, True),
        ("USA", False, True),
        ("غزة", False, False),
        ("თბილისი", False, False),
    ],
)
def test_only_scripts_that_write_capitals_have_case(word: str, small: bool, case: bool) -> None:
    assert (is_small(word), has_case(word)) == (small, case)


def test_sentences_of_a_script_without_capitals_end_at_their_full_stops() -> None:
    assert len(cut("ჯარი შევიდა ქალაქში. ბრძოლა დასრულდა.")) == 2
