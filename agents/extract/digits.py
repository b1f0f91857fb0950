"""Figures written in digits: which number a token is under a language's marks, and which are no numbers at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from agents.extract.text import NUMBER, PUNCT, WORD, Token

_MARK: Final = re.compile(r"[^\d]")
_MAX_DIGITS: Final = 15
"""More digits are an account, an identifier or hostile text."""

_JOINTS: Final = frozenset(".,:/\\#@&=_*^")
"""Standing without a blank between two figures, or before one, these make a date, a time, a score, a code."""

HYPHENS: Final = frozenset("-‐‑־")
_TYING: Final = _JOINTS | HYPHENS
DASHES: Final = HYPHENS | frozenset("–—−~")
_HANGING: Final = HYPHENS | frozenset("'’ʼ")
"""What may stand between a figure and what is written on to it."""

_MAX_TEXT: Final = 2 * _MAX_DIGITS
"""Characters of a figure whose value is kept: more hold too many digits, as a mark stands only between two."""
_KEPT: Final = 4_096


class Marks(NamedTuple):
    """Which marks a language puts between thousands and before a fraction."""

    thousands: frozenset[str]
    decimal: frozenset[str]


@dataclass(slots=True)
class Literal:
    """A figure in digits: its tokens `first`..`last` (exclusive), its value, and whether a fraction is written.

    `value` None: the tokens are a date, a time, a code or the like, no number. `doubtful`: one mark and three digits
    after it, read as thousands although the mark is the language's decimal one.
    """

    first: int
    last: int
    value: int | Fraction | None
    decimal: bool = False
    doubtful: bool = False


def read_literal(tokens: Sequence[Token], first: int, marks: Marks) -> Literal:
    """The figure that begins at token `first`, groups of three digits after blanks included."""
    text, last = tokens[first].text, first + 1
    if not text[0].isdecimal():  # ², ④
        return Literal(first, last, None)
    if len(text) <= 3 and text.isdecimal():
        last = _after_groups(tokens, last, marks)
        text += "".join(t.text for t in tokens[first + 1 : last] if t.kind == NUMBER)
    if _joins(tokens, last):
        fraction = _slash_fraction(tokens, last, marks)
        if fraction is not None:
            return Literal(first, last + 2, int(text) + fraction, decimal=True)
        return Literal(first, _after_joined(tokens, last), None)
    if _is_joined_before(tokens, first):
        return Literal(first, last, None)
    read = _value(text, marks) if len(text) <= _MAX_TEXT else None
    return Literal(first, last, *read) if read else Literal(first, _after_joined(tokens, last), None)


def _is_joined_before(tokens: Sequence[Token], first: int) -> bool:
    """Whether a mark without blanks ties the figure to what stands before it (`19:30`, `Rp1,2`, `№5`)."""
    if first == 0 or tokens[first - 1].end != tokens[first].start:
        return False
    before = tokens[first - 1]
    if before.kind != PUNCT:
        return before.kind == NUMBER
    if before.text in "№#§$€£¥₽₴₪﷼₹":
        return True
    return before.text in _JOINTS and first > 1 and tokens[first - 2].end == before.start


def _joins(tokens: Sequence[Token], at: int) -> bool:
    """Whether the mark at `at` ties two figures into a date, time or code."""
    if not _ties(tokens, at, _TYING):
        return False
    return tokens[at].text in _JOINTS or _ties(tokens, at + 2, HYPHENS)


def _ties(tokens: Sequence[Token], at: int, marks: frozenset[str]) -> bool:
    """Whether one of `marks` stands at `at`, a figure after it, and no blank anywhere between."""
    if at + 1 >= len(tokens) or tokens[at].text not in marks:
        return False
    before, mark, after = tokens[at - 1 : at + 2]
    return before.end == mark.start and mark.end == after.start and after.kind == NUMBER


def _after_joined(tokens: Sequence[Token], at: int) -> int:
    while _ties(tokens, at, _TYING):
        at += 2
    return at


def _slash_fraction(tokens: Sequence[Token], at: int, marks: Marks) -> Fraction | None:
    """Persian writes one and a half as `۱/۵`: the fraction after the mark at `at`, None for dates and the like."""
    digits = tokens[at + 1].text
    if tokens[at].text not in marks.decimal or len(digits) > 2 or not digits.isdecimal():
        return None
    if _ties(tokens, at + 2, _JOINTS) or tokens[at - 1].text.startswith("0"):
        return None
    return Fraction(int(digits), 10 ** len(digits)) if len(tokens[at - 1].text) <= 3 else None


def _after_groups(tokens: Sequence[Token], at: int, marks: Marks) -> int:
    """The index after all groups of three digits that follow, each after one blank or one mark of thousands."""
    while at < len(tokens):
        before, token = tokens[at - 1], tokens[at]
        if _is_group(token) and token.start - before.end == 1:
            at += 1
        elif _is_torn(tokens, at, marks) or (
            token.kind == PUNCT
            and token.text in marks.thousands
            and token.start == before.end
            and at + 1 < len(tokens)
            and _is_group(tokens[at + 1])
            and tokens[at + 1].start == token.end
        ):
            at += 2
        else:
            break
    return at


def _is_torn(tokens: Sequence[Token], at: int, marks: Marks) -> bool:
    """`61, 000`: thousands torn off by a blank; only noughts, which begin no other figure."""
    if at + 1 >= len(tokens) or tokens[at].text not in marks.thousands or tokens[at].start != tokens[at - 1].end:
        return False
    return tokens[at + 1].text == "000" and tokens[at + 1].start == tokens[at].end + 1


def _is_group(token: Token) -> bool:
    return token.kind == NUMBER and len(token.text) == 3 and token.text.isdecimal()


@lru_cache(maxsize=_KEPT)
def _value(text: str, marks: Marks) -> tuple[int | Fraction, bool, bool] | None:
    """Value, whether a fraction is written, whether doubtful; None for what no number looks like."""
    if text.isdecimal():
        sound = len(text) <= _MAX_DIGITS and (len(text) == 1 or int(text[0]) != 0)
        return (int(text), False, False) if sound else None
    parts, found = _MARK.split(text), _MARK.findall(text)
    if sum(map(len, parts)) > _MAX_DIGITS or (len(parts[0]) > 1 and int(parts[0][0]) == 0):
        return None
    if set(found) <= marks.thousands and _is_indian(parts):
        return int("".join(parts)), False, False
    grouped = len(parts[0]) <= 3 and int(parts[0]) > 0 and all(len(part) == 3 for part in parts[1:])
    one_mark = len(set(found)) == 1
    if one_mark and grouped:
        sure = found[0] not in marks.decimal or found[0] in marks.thousands or len(found) > 1
        return int("".join(parts)), False, not sure
    two_marks = len(set(found)) == 2 and found.count(found[-1]) == 1 and all(len(p) == 3 for p in parts[1:-1])
    if len(found) == 1 or two_marks:
        return int("".join(parts[:-1])) + Fraction(int(parts[-1]), 10 ** len(parts[-1])), True, False
    return None


def _is_indian(parts: Sequence[str]) -> bool:
    """`3,57,243`: lakh and crore group by twos above the thousand."""
    middle = parts[1:-1]
    return bool(middle) and 0 < len(parts[0]) <= 2 and len(parts[-1]) == 3 and all(len(part) == 2 for part in middle)


@dataclass(slots=True)
class Tail:
    """What is written on to a figure (`20-si`, `45k`, `21st`): the words' normal form and the index after it."""

    norm: str
    last: int
    hyphened: bool


def read_tail(tokens: Sequence[Token], last: int) -> Tail | None:
    """The word that hangs on the figure ending before token `last`, None if there is none."""
    if last >= len(tokens) or tokens[last].start != tokens[last - 1].end:
        return None
    token = tokens[last]
    if token.kind == WORD:
        return Tail(token.norm, last + 1, hyphened=False)
    if token.kind != PUNCT or token.text not in _HANGING or last + 1 >= len(tokens):
        return None
    word = tokens[last + 1]
    if word.kind != WORD or word.start != token.end:
        return None
    return Tail(word.norm, last + 2, hyphened=True)
