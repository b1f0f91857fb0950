from hypothesis import given
from hypothesis import strategies as st

from agents.extract.fold import fold, fold_letters, fold_once, fold_words


def test_spellings_of_one_name_fold_alike() -> None:
    assert fold("XANKƏNDİ") == fold("Xankəndi") == "xankandi"
    assert fold_words("Ес-Сувейда") == ("ес", "сувеида")
    assert fold("Г’янін") == fold("Гʼянін") == fold("Г'янін")


def test_arabic_and_persian_letters_fold_alike() -> None:
    assert fold("الحدیده") == fold("الحديدة")
    assert fold("إدلب") == fold("ادلب")


def test_hebrew_hyphen_parts_words_and_gershayim_do_not() -> None:
    assert fold_words("אל־מזרעה") == ("אל", "מזרעה")
    assert fold('צה"ל') == fold("צה״ל") == "צהל"


@given(st.text())
def test_folded_words_hold_letters_and_digits_only(text: str) -> None:
    assert all(c.isalnum() for word in fold_words(text) for c in word)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


_MARKED = st.text(st.sampled_from("aéßİıǰΐςЙёאָأَیەكՀև\u0301\u0345\u0323\u0653\u200c'’-²ﬁ한각が"))


@given(st.text() | _MARKED)
def test_letters_fold_one_by_one_as_a_text_folds(text: str) -> None:
    whole = "".join(c for c in fold_letters(text) if c.isalnum())
    assert "".join(fold_once(text)) == whole
