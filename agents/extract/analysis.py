"""One article as all extractors see it: its pack, its text, and sentences with the concepts that the lexicon saw."""

from dataclasses import dataclass, field
from typing import Any, Final

from agents.extract.concepts import starting
from agents.extract.frames import BY_TRIGGER
from agents.extract.lexicon import Lexicon
from agents.extract.pack import Pack
from agents.extract.text import WORD, Hit, Sentence, sentences
from streams.records import TITLE_BODY_SEPARATOR, Article

MAX_CHARACTERS: Final = 100_000
"""What is read of one article, about 15,000 words; the rest is left unread and `complete` says so."""

_SMALL_WORD: Final = 3
"""Letters of words that headlines write small ("by", "and")."""

_HEADLINE_WORDS: Final = 3
_HEADLINE_SHARE: Final = 0.8


@dataclass(slots=True)
class Analysis:
    """An article cut into sentences with hits. `complete` is False where the article was too long to read whole.

    `memo` holds what extractors read from it only when asked (numbers, dates, clauses), by their own keys.
    """

    article: Article
    pack: Pack
    text: str
    sentences: list[Sentence]
    complete: bool = True
    memo: dict[Any, Any] = field(default_factory=dict)


def analyse(article: Article, lexicon: Lexicon) -> Analysis:
    """Cut and scan an article's text. Linear in its length, and in the worst case bounded by `MAX_CHARACTERS`."""
    text = article.title + TITLE_BODY_SEPARATOR + article.body
    read = text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS]
    cut = sentences(read, len(article.title), lexicon.pack.spelling, lexicon.forms)
    for sentence in cut:
        hits = lexicon.scan(sentence)
        sentence.hits = _without_names(sentence, hits) if lexicon.pack.capitals and not sentence.in_title else hits
    return Analysis(article, lexicon.pack, text, cut, len(read) == len(text))


def _without_names(sentence: Sentence, hits: list[Hit]) -> list[Hit]:
    """Drop words of action and mood with a capital inside a sentence: parts of names ("El Retorno", "Uvira").

    Not in a headline within the body ("10,000 Displaced by Floods"), where capitals tell no names.
    """
    tokens = sentence.tokens
    actions = [hit for hit in hits if hit.concept in _ACTIONS and tokens[hit.first].text[0].isupper()]
    named = [hit for hit in actions if _is_name_part(sentence, hit.first)]
    if not named or _is_headline(sentence):
        return hits
    return [hit for hit in hits if hit not in named]


_ACTIONS: Final = starting("act.", "say.verb", "cue.", "term.", "move.") | frozenset(BY_TRIGGER)


def _is_headline(sentence: Sentence) -> bool:
    """Whether most words of a sentence begin with a capital, short ones left out."""
    words = [token.text for token in sentence.tokens if token.kind == WORD and len(token.text) > _SMALL_WORD]
    return len(words) >= _HEADLINE_WORDS and sum(word[0].isupper() for word in words) > _HEADLINE_SHARE * len(words)


def _is_name_part(sentence: Sentence, index: int) -> bool:
    token = sentence.tokens[index]
    text = token.text
    if not index or token.kind != WORD or not text[0].isupper() or text.isupper():
        return False
    before = sentence.tokens[index - 1]
    joined = before.text == "-" and before.end == token.start  # a dash with blanks ends a dateline
    return before.text[-1].isalnum() or joined
