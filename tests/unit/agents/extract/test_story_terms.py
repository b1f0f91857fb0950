"""The words that stories are found by: the same of a text and of its tokens."""

import re
from collections import Counter

import pytest

from agents.extract.story_terms import story_terms, terms_of
from agents.extract.text import MAX_FORM
from tests.quality.corpus import languages, load
from tests.support.extraction import analysis, cut

_CLITIC = re.compile(r"(?<!\w)([א-ת]{1,3}|[ء-ي]{1,3})(?=\d)")


def _apart(text: str) -> str:
    """A text in which marks part what its tokens part: clitics before figures, the Hebrew hyphen, the mark "№"."""
    return _CLITIC.sub(r"\1-", text).replace("\u05be", "-").replace("№", "-")


@pytest.mark.parametrize("language", languages())
def test_tokens_hold_the_words_of_their_text(language: str) -> None:
    same = told = 0
    for one in load(language):
        title, body = one.article["title"], one.article["body"]
        long = Counter(story_terms(_apart(title), _apart(body)))
        short = Counter(terms_of(analysis(body, language, title).sentences))
        same += (long & short).total()
        told += (long | short).total()
    assert told > 300
    assert same >= 0.999 * told


def test_letters_behind_a_figure_belong_to_it() -> None:
    assert terms_of(cut("The 33rd and 3 rd 12,500km", "en")) == {
        "The": 1, "33rd": 1, "and": 1, "rd": 1, "12": 1, "500km": 1,
    }  # fmt: skip


def test_a_clitic_before_a_figure_does_not() -> None:
    assert terms_of(cut("ברחו כ400 איש", "he")) == {"ברחו": 1, "400": 1, "איש": 1}


def test_the_first_words_are_counted() -> None:
    text = "l'eau monte. " * 500
    assert terms_of(cut(text, "fr")) == story_terms("", text)


def test_a_term_of_a_figure_and_letters_is_cut_as_others_are() -> None:
    text = f"{'7' * 30}{'k' * 30}"
    assert terms_of(cut(text, "en")) == story_terms("", text) == {text[:40]: 1}


def test_no_more_of_a_long_word_is_read_than_it_is_known_by() -> None:
    """Long words that begin alike have one form: what it keeps depends on none of them, nor grows with them."""
    beginning = "word'" * 12 + "next"
    assert len(beginning) == MAX_FORM
    (one,) = cut(f"{beginning}'other" + "'more" * 1_000, "en")
    assert terms_of([one]) == terms_of(cut(beginning, "en")) == {"word": 12, "next": 1}
    assert len(one.tokens) == 1
