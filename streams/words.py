"""The words of a text as all stages compare them: without case, marks and width."""

import re
import sys
import unicodedata
from typing import Final

_DIGITS: Final = {
    code: str(unicodedata.decimal(chr(code))) for code in range(sys.maxunicode + 1) if chr(code).isdecimal()
}
_FOREIGN_DIGIT: Final = re.compile(r"[^\D0-9]")
_MARKS: Final = "\u00ad\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_UNSEEN: Final = re.compile(f"[{_MARKS}]")
"""Loose accents, Hebrew points, Arabic vowel signs, tatweel, joiners, direction marks: spelled or not, one word."""

_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
"""A run of letters and digits; in scripts without spaces (Thai, Lao, Burmese, Khmer, Chinese, Japanese) a letter."""

_UNSPACED_LETTER: Final = re.compile(f"[{_UNSPACED}]")
_SPACED_WORD: Final = re.compile(r"\w+")
"""All words of a text without letters of those scripts, in half of the time."""

_BASIC: Final = 0xFFFF
_BASIC_DIGITS: Final = "".join(chr(code) for code in _DIGITS if ord("9") < code <= _BASIC)
_UNUSUAL: Final = re.compile(f"[{_MARKS}{_UNSPACED}{_BASIC_DIGITS}\U00010000-\U0010ffff]")
"""What most texts have none of: one look for all that needs a look of its own."""


def words(text: str) -> list[str]:
    """The words of a text in order; digits of all scripts as ASCII."""
    return _split(unicodedata.normalize("NFKC", text).casefold())


def cased_words(text: str) -> list[str]:
    """The words of a text as `words` cuts them, with their case left."""
    return _split(unicodedata.normalize("NFKC", text))


def fold(name: str | None) -> str:
    """A name by its words: equal for spellings that differ in case, spaces and punctuation; empty for None."""
    return " ".join(words(name)) if name else ""


def _split(text: str) -> list[str]:
    if text.isascii() or not _UNUSUAL.search(text):
        return _SPACED_WORD.findall(text)
    text = _UNSEEN.sub("", text)
    text = text.translate(_DIGITS) if _FOREIGN_DIGIT.search(text) else text
    return (_WORD if _UNSPACED_LETTER.search(text) else _SPACED_WORD).findall(text)
