"""The sentence around a quote, for people to read it in."""

from dataclasses import dataclass
from typing import Final
from unicodedata import category

from agents.show import plain

_ENDS: Final = frozenset(".!?…。।؟۔։:\u0589")
_MOST_LETTERS: Final = 260
"""On either side of the quote."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A quote between what stands before and after it in its sentence; each on one line."""

    before: str
    quote: str
    after: str


def around(text: str | None, start: int, end: int, quote: str) -> Sentence:
    """The sentence of `text` that holds the quote at `start` to `end` (code points); the quote alone if it is not
    there."""
    if text is None or text[start:end] != quote:
        return Sentence("", plain(quote), "")
    before, after = _tail(text[:start]), _head(text[end:], ended=bool(quote) and quote[-1] in _ENDS)
    return Sentence(before, plain(quote), after)


def _tail(text: str) -> str:
    """What stands before the quote, from the beginning of its sentence."""
    first = max(0, len(text) - _MOST_LETTERS)
    for at in range(len(text) - 1, first - 1, -1):
        if text[at] == "\n" or (text[at] in _ENDS and text[at + 1 : at + 2].isspace() and text[at + 1 :].strip()):
            return _joined(text[at + 1 :], before=True)
    cut = text[first:]
    return _joined(("…" + cut.partition(" ")[2]) if first else cut, before=True)


def _head(text: str, *, ended: bool) -> str:
    """What stands after the quote, to the end of its sentence."""
    if ended and text[:1].isspace():
        return ""
    for at, letter in enumerate(text[:_MOST_LETTERS]):
        if letter == "\n":
            return _joined(text[:at], before=False)
        if letter in _ENDS and not text[at + 1 : at + 2].strip():
            return _joined(text[: at + 1], before=False)
    if len(text) <= _MOST_LETTERS:
        return _joined(text, before=False)
    return _joined(text[:_MOST_LETTERS].rpartition(" ")[0] + "…", before=False)


def _joined(text: str, *, before: bool) -> str:
    """The text on one line, with the blank next to the quote kept."""
    words = plain(text)
    seen = [letter for letter in text if category(letter) != "Cf"]
    blank = " " if words and seen[-1 if before else 0].isspace() else ""
    return words + blank if before else blank + words
