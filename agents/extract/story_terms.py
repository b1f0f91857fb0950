"""The words of an article that stories are found by, in any language, with a pack or without."""

from collections import Counter
from typing import Final

from streams.words import cased_words

_MOST_WORDS: Final = 400
_MOST_LETTERS: Final = 40
_TEXT: Final = 6000
"""Letters read of the body: longer than so many words of any language, and a bound for hostile text."""


def story_terms(title: str, body: str) -> dict[str, int]:
    """The words of an article's beginning and how often each stands there; names with a capital letter, others without.

    A name is a word that the text writes with a capital letter inside a sentence and never small.
    """
    words = [word[:_MOST_LETTERS] for text in (title, body) for word in cased_words(text[:_TEXT])][:_MOST_WORDS]
    told = Counter(words)
    small = {word for word in told if not word[0].isupper()}
    terms: dict[str, int] = {}
    for word, times in told.items():
        term = word.casefold()
        if word not in small and term not in small:
            term = word.capitalize()
        if len(term) > 1:
            terms[term] = terms.get(term, 0) + times
    return terms
