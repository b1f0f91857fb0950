"""An article's text as it is compared: one 16-bit code a word, title and body apart, without the dateline.

The code tells numbers and capitalised words from the others, so that what two texts differ in can be judged from the
codes alone.
"""

import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from agents.deduplicate.number_words import NUMBER_WORDS
from streams.words import cased_words

_BUCKETS: Final = 0x4000
_NUMBER: Final = 0x1000
_NAME: Final = 0x5000
_PLAIN: Final = 0x9000
_NUMBER_WORD: Final = 0xE000
"""First code of each kind; none is a surrogate, so that codes can travel as text."""

BYTES: Final = 2
"""Of a code."""

_FEWER_BUCKETS: Final = 0x1000

_MOST_WORDS: Final = 600
"""Of a body; what comes later than a long article's first pages decides nothing."""

_MOST_TITLE_WORDS: Final = 40
_SHINGLE: Final = 3
_ONE_IN: Final = 6
"""One in so many shingles is looked up: 20 of a text of 120 words, and the same ones wherever they stand (Broder 1997,
"On the resemblance and containment of documents": the mod-m sketch, which finds excerpts, as a MinHash does not)."""

_PAIR: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_RUN_MIX: Final = np.uint16(0x9E35)

_DATELINE: Final = re.compile(
    r"\s*(?:[^\n.!?]{0,80}?\([^)\n]{2,30}\)|[^\n!?]{0,60}?/[^/\n]{2,30}/|[^\n!?:;]{2,80}?)[.,]?\s*(?:[-\u2013\u2014]{1,2}\s|[.:]\s)"
)
_NUMBERS: Final = frozenset(part for word in NUMBER_WORDS for part in cased_words(word))
_SMALL_WORD: Final = 3
_DATELINE_SPAN: Final = 200
_FOLDED: Final = np.arange(1 << 16, dtype="<u2")
_FOLDED[_NAME:_PLAIN] += _PLAIN - _NAME
"""Each code as that of the word written small."""

_MOST_ALIKE: Final = 8
"""Texts kept as they were read last: one that is new is compared with several."""

_MOST_CODES: Final = 1 << 18
_MOST_DATELINES: Final = 2
"""An outlet puts its own before the agency's."""


class Text(msgspec.Struct, frozen=True, array_like=True):
    """Title and body, two bytes a word."""

    title: bytes
    body: bytes


def read(title: list[str], body: list[str], beginning: str) -> Text:
    """The codes of an article's words (with their case); `beginning` is how its body begins, as it is written."""
    begin = _dateline_words(beginning)
    return Text(_codes(title[:_MOST_TITLE_WORDS]), _codes(body[begin : begin + _MOST_WORDS]))


@lru_cache(maxsize=_MOST_ALIKE)
def folded(codes: bytes) -> str:
    """One character a word, the same for a word with and without a capital letter."""
    return _FOLDED.take(_array(codes), mode="clip").tobytes().decode("utf-16-le")


def in_runs(one: bytes, other: bytes) -> int:
    """How many words of the first text stand in runs of three that the other has, too, at most: with whatever capital
    letters, and words taken for others whose run has the same hash."""
    ends = int.from_bytes(_runs_of(other).take(_runs(one), mode="clip").tobytes(), "little")  # a byte a run
    return (ends | ends << 8 | ends << 16).bit_count()


@lru_cache(maxsize=1)
def _runs_of(codes: bytes) -> NDArray[np.bool_]:
    told = np.zeros(_BUCKETS, np.bool_)
    told[_runs(codes)] = True
    return told


def _runs(codes: bytes) -> NDArray[np.uint16]:
    """A hash of each three words, the same for codes that are alike when they are folded: these differ by a multiple
    of the buckets."""
    words = _array(codes)
    return ((words[:-2] * _RUN_MIX + words[1:-1]) * _RUN_MIX + words[2:]) & np.uint16(_BUCKETS - 1)


def numbers_in(codes: str) -> set[str]:
    """The numbers in digits among codes."""
    return {code for code in codes if ord(code) < _NAME}


def number_words_in(codes: str) -> set[str]:
    """The numbers in words among codes."""
    return {code for code in codes if ord(code) >= _NUMBER_WORD}


def names_in(codes: str) -> set[str]:
    """The capitalised words among codes that are not folded."""
    return {code for code in codes if _NAME <= ord(code) < _PLAIN}


def lowered(name: str) -> str:
    """The code of a capitalised word when it is written small."""
    return chr(ord(name) + _PLAIN - _NAME)


def plain(codes: bytes) -> str:
    """One character a word, capital letters told apart."""
    return codes.decode("utf-16-le")


@lru_cache(maxsize=_MOST_ALIKE)
def sketch(body: bytes) -> NDArray[np.uint32]:
    """The shingles that a body is looked up by, 32 bits each. Empty for a body under three words."""
    return sketches([body])[0]


def sketches(bodies: Sequence[bytes]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The shingles of many bodies, one body's behind the other's, and how many each has."""
    codes = _array(b"".join(bodies))
    sizes = np.array([len(body) // BYTES for body in bodies], np.int64)
    if len(codes) < _SHINGLE:
        return np.empty(0, np.uint32), np.zeros(len(bodies), np.int64)
    wide = _FOLDED.take(codes, mode="clip").astype(np.uint64)
    joined = wide[:-2] | (wide[1:-1] << np.uint64(16)) | (wide[2:] << np.uint64(32))
    mixed = (joined ^ (joined >> np.uint64(29))) * _PAIR
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _MIX
    (chosen,) = np.nonzero((mixed >> np.uint64(40)) % np.uint64(_ONE_IN) == 0)
    if len(bodies) == 1:
        return mixed[chosen].astype(np.uint32), np.array([len(chosen)])
    ends = np.cumsum(sizes)
    owners = np.searchsorted(ends, chosen, side="right")
    whole = chosen + _SHINGLE <= ends[owners]  # the others begin in one body and end in the next
    return mixed[chosen[whole]].astype(np.uint32), np.bincount(owners[whole], minlength=len(bodies))


def _array(codes: bytes) -> NDArray[np.uint16]:
    return np.frombuffer(codes, "<u2")


def _codes(words: list[str]) -> bytes:
    return "".join(map(_CODES.__getitem__, words)).encode("utf-16-le")


class _Codes(dict[str, str]):
    """The code of each word seen lately: a dictionary asks half of what `lru_cache` does of a word it knows."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_CODES:
            self.clear()
        code = self[word] = sys.intern(_code(word))  # one object for all words of a code
        return code


_CODES: Final = _Codes()


def _code(word: str) -> str:
    folded = word.casefold()
    bucket = int.from_bytes(blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=4).digest())
    if folded in _NUMBERS:
        return chr(_NUMBER_WORD + bucket % _FEWER_BUCKETS)
    has_digit = not word.isalpha() and any(map(str.isdigit, word))
    kind = _NUMBER if has_digit else _NAME if word[0].isupper() else _PLAIN
    return chr(kind + bucket % _BUCKETS)


def _dateline_words(body: str) -> int:
    """How many words stand before the text in "KYIV, 20 September (Reuters) - " and the like."""
    end = 0
    for _ in range(_MOST_DATELINES):
        head = _dateline(body[end : end + _DATELINE_SPAN])
        if not head:
            break
        end += head
    return len(cased_words(body[:end])) if end else 0


def _dateline(body: str) -> int:
    """Where the text begins after a dateline; 0 without one.

    A dateline names a place, a day and an agency: a run of capitalised words, numbers and small words that ends in a
    dash, or in a parenthesis or slashes with the agency.
    """
    match = _DATELINE.match(body)
    if match is None:
        return 0
    head = match[0]
    agency = "(" in head or head.count("/") >= 2
    dash = head.rstrip()[-1] in "-\u2013\u2014"
    told = [word for word in cased_words(re.sub(r"\([^)]*\)|/[^/]*/", " ", head)) if word[0].islower()]
    small = all(len(word) <= _SMALL_WORD for word in told) or (agency and len(told) <= 1)
    cased = any(word[0].isupper() for word in cased_words(head))
    return match.end() if (agency or (dash and cased)) and small else 0
