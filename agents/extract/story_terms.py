"""The words of an article that stories are found by, in any language, with a pack or without."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from agents.extract.forms import Name
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
    words = [word for text in (title, body) for word in _words(text[:_TEXT])]
    return _terms(words, {term.written: term for term in map(_term, {*words}) if isinstance(term, Name)})


def terms_of(sentences: Iterable[Sentence]) -> dict[str, int]:
    """The same of an article that is cut into sentences: the words of a token are made once for each written word.

    Letters behind a figure belong to it ("33rd"); what stands before one does not ("ו-400" and "ו400" are alike).
    """
    words: list[str] = []
    names: dict[str, Name] = {}
    for sentence in sentences:
        _add(sentence.tokens, words, names)
        if len(words) >= _MOST_WORDS:
            break
    return _terms(words, names)


def _add(tokens: Sequence[Token], words: list[str], names: dict[str, Name]) -> None:
    """Append the words of a sentence, and note which of them are names."""
    figure_ends = -1
    for token in tokens:
        terms = token.form.terms
        if terms is None:
            terms = token.form.terms = _terms_of(token)
        if not isinstance(terms, tuple):
            if token.start == figure_ends and token.kind == WORD:
                behind = terms if isinstance(terms, str) else terms.written
                terms = _term((words.pop() + behind)[:_MOST_LETTERS])
            _append(terms, words, names)
        else:
            for term in terms:
                _append(term, words, names)
        if token.kind == NUMBER:
            figure_ends = token.end


def _append(term: str | Name, words: list[str], names: dict[str, Name]) -> None:
    if isinstance(term, str):
        words.append(term)
    else:
        words.append(term.written)
        names[term.written] = term


def _terms_of(token: Token) -> str | Name | tuple[str | Name, ...]:
    # no more than the form is known by: longer words that begin alike have one form
    found = [_term(word) for word in _words(token.text[:MAX_FORM])] if token.kind != PUNCT else []
    return found[0] if len(found) == 1 else tuple(found)


def _term(word: str) -> str | Name:
    """The word itself where it can only be a term as it is written."""
    small, is_name = word.casefold(), word[0].isupper()
    return word if small == word and not is_name else Name(word, small, word.capitalize() if is_name else small)


def _words(text: str) -> list[str]:
    return [word[:_MOST_LETTERS] for word in cased_words(text)]


def _terms(words: Sequence[str], names: Mapping[str, Name]) -> dict[str, int]:
    """The first words as terms; all that are not among `names` are terms as they are."""
    told = Counter(words[:_MOST_WORDS])
    terms: dict[str, int] = {}
    for word, times in told.items():
        name = names.get(word)
        term = word if name is None else name.small if name.small in told else name.capital
        if len(term) > 1:
            terms[term] = terms.get(term, 0) + times
    return terms
