"""The words of an article that stories are found by, in any language, with a pack or without."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from agents.extract.text import MAX_FORM, NUMBER, PUNCT, WORD, Sentence, Token
from streams.words import cased_words

_MOST_WORDS: Final = 400
_MOST_LETTERS: Final = 40
_TEXT: Final = 6000
"""Letters read of the body: longer than so many words of any language, and a bound for hostile text."""


def story_terms(title: str, body: str) -> dict[str, int]:
    """The words of an article's beginning and how often each stands there; names with a capital letter, others without.

    A name is a word that the text writes with a capital letter inside a sentence and never small.
    """
    return _terms([word for text in (title, body) for word in _words(text[:_TEXT])])


def terms_of(sentences: Iterable[Sentence]) -> dict[str, int]:
    """The same of an article that is cut into sentences: the words of a token are made once for each written word.

    Letters behind a figure belong to it ("33rd"); what stands before one does not ("ו-400" and "ו400" are alike).
    """
    words: list[str] = []
    for sentence in sentences:
        _add(sentence.tokens, words)
        if len(words) >= _MOST_WORDS:
            break
    return _terms(words)


def _add(tokens: Sequence[Token], words: list[str]) -> None:
    """Append the words of a sentence."""
    figure_ends = -1
    for token in tokens:
        terms = token.form.terms
        if terms is None:
            terms = token.form.terms = _terms_of(token)
        if not isinstance(terms, str):
            words += terms
        elif token.start == figure_ends and token.kind == WORD:
            words[-1] = (words[-1] + terms)[:_MOST_LETTERS]
        else:
            words.append(terms)
        if token.kind == NUMBER:
            figure_ends = token.end


def _terms_of(token: Token) -> str | tuple[str, ...]:
    # no more than the form is known by: longer words that begin alike have one form
    found = _words(token.text[:MAX_FORM]) if token.kind != PUNCT else []
    return found[0] if len(found) == 1 else tuple(found)


def _words(text: str) -> list[str]:
    return [word[:_MOST_LETTERS] for word in cased_words(text)]


def _terms(words: Sequence[str]) -> dict[str, int]:
    """The first words as terms."""
    told = Counter(words[:_MOST_WORDS])
    small = {word for word in told if not word[0].isupper()}
    terms: dict[str, int] = {}
    for word, times in told.items():
        term = word.casefold()
        if word not in small and term not in small:
            term = word.capitalize()
        if len(term) > 1:
            terms[term] = terms.get(term, 0) + times
    return terms
