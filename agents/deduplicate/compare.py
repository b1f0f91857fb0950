"""How two texts lie to one another: the same, one within the other, or different however alike they look."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from rapidfuzz.distance import LCSseq

from agents.deduplicate import text as texts
from agents.deduplicate.text import Text

_RUN: Final = 3
"""Shared words count in runs of at least so many: single words are shared by any two texts of a language."""

_LEAST_WORDS: Final = 12
_FEW_WORDS: Final = 60
_MOST_OF_A_LONG_TEXT: Final = 0.62
_MOST_OF_A_SHORT_TEXT: Final = 0.8
"""Share of the shorter text's words in shared runs. A text with 15 % of its words changed keeps 0.79, a follow-up that
repeats half of a report 0.5; see `tests/quality/duplicates.py`."""

_LITTLE: Final = 0.2
"""Texts that share less are about different things, whatever their guids say."""

_EXCERPT: Final = 0.7
"""A text shorter than this share of the other is an excerpt of it."""

_NAME_WORDS: Final = 3
_FEW_NAMES: Final = 3
"""Three words stand for a name at most, and three names for those of a template; 5 % of 80 words are four."""

_SLIP: Final = 8
"""Words. A shorter difference is a change of words; a longer one a passage added, left out or written anew."""


class Relation(Enum):
    """What a new text is to an older one."""

    SAME = "same"
    EXCERPT = "excerpt"
    """A part of the older one."""
    FULLER = "fuller"
    """The older one is a part of it."""
    CHANGED = "changed"
    """The same words with another number or name: an update, or another event told from the same template."""
    OTHER = "other"
    UNKNOWN = "unknown"
    """One of them is too short to tell."""

    @property
    def is_one(self) -> bool:
        """Whether the texts are one article by their words alone."""
        return self in (Relation.SAME, Relation.EXCERPT, Relation.FULLER)

    @property
    def is_other(self) -> bool:
        """Whether the texts are two articles whatever else they share."""
        return self is Relation.OTHER


@dataclass(frozen=True, slots=True)
class Comparison:
    """A relation, and the share of the shorter text's words that both have in runs, 0..1."""

    relation: Relation
    similarity: float


def may_be_one(old: Text, new: Text) -> bool:
    """Whether `compare` may find one article: quick, and rather too often than too seldom."""
    shorter = min(len(old.body), len(new.body)) // texts.BYTES
    if shorter < _LEAST_WORDS:
        return False
    return texts.in_runs(old.body, new.body) >= _least(shorter) * shorter


def compare(old: Text, new: Text) -> Comparison:
    """What `new` is to `old`."""
    one, other = texts.folded(old.body), texts.folded(new.body)
    shorter = min(len(one), len(other))
    if shorter < _LEAST_WORDS:
        return Comparison(Relation.UNKNOWN, 0.0)
    blocks = _blocks(one, other)
    shared = sum(size for _, _, size in blocks if size >= _RUN) / shorter
    if shared < _least(shorter):
        return Comparison(Relation.OTHER if shared < _LITTLE else Relation.UNKNOWN, shared)
    if _titles_part(old, new, shorter) or _differ(old.body, new.body, blocks) or _swaps(old.body, new.body, blocks):
        return Comparison(Relation.CHANGED, shared)
    if len(other) < _EXCERPT * len(one):
        return Comparison(Relation.EXCERPT, shared)
    return Comparison(Relation.FULLER if len(one) < _EXCERPT * len(other) else Relation.SAME, shared)


def _least(shorter: int) -> float:
    """The share of its words that the shorter text must have in common with the other."""
    return _MOST_OF_A_LONG_TEXT if shorter >= _FEW_WORDS else _MOST_OF_A_SHORT_TEXT


def _blocks(one: str, other: str) -> list[tuple[int, int, int]]:
    """Shared runs of words: where they begin in each text, and how long they are."""
    return [(block.a, block.b, block.size) for block in LCSseq.editops(one, other).as_matching_blocks()]


def _runs(one: str, other: str, blocks: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """The blocks that are runs. The longest common sequence is one of many: it may take the word before a run from
    elsewhere, so runs are drawn out over the words before and after them that are equal, too."""
    begin_one = begin_other = 0
    for a, b, size in (block for block in blocks if block[2] >= _RUN):
        start_one, start_other = max(a, begin_one), max(b, begin_other)
        end_one, end_other = a + size, b + size
        while start_one > begin_one and start_other > begin_other and one[start_one - 1] == other[start_other - 1]:
            start_one, start_other = start_one - 1, start_other - 1
        while end_one < len(one) and end_other < len(other) and one[end_one] == other[end_other]:
            end_one, end_other = end_one + 1, end_other + 1
        if end_one - start_one == end_other - start_other:
            yield start_one, start_other, end_one - start_one
            begin_one, begin_other = end_one, end_other


def _titles_part(old: Text, new: Text, shorter: int) -> bool:
    """Whether the titles say that two like bodies are not one article.

    Titles alike but for a number or a name do; and under a short body, titles that share nothing with each other and
    nothing with the body: "read more on our site" stands under all articles of an outlet.
    """
    one, other = texts.folded(old.title), texts.folded(new.title)
    if not one or not other:
        return False
    blocks = _blocks(one, other)
    shared = sum(size for _, _, size in blocks)
    if 2 * shared > min(len(one), len(other)):
        return _differ(old.title, new.title, blocks)
    return shorter < _FEW_WORDS and not shared and not (_speaks(old) and _speaks(new))


def _speaks(text: Text) -> bool:
    """Whether the title has a number or name of the body, or half of its words."""
    title, body = set(texts.folded(text.title)), set(texts.folded(text.body))
    told = texts.numbers_in(texts.plain(text.title)) | texts.names_in(texts.plain(text.title))
    found = {code for code in told if code in texts.plain(text.body)}
    return bool(found) or 2 * len(title & body) >= len(title)


def _differ(old: bytes, new: bytes, blocks: list[tuple[int, int, int]]) -> bool:
    """Whether the texts say different numbers or names where they else agree."""
    one, other = texts.plain(old), texts.plain(new)
    numbers = texts.numbers_in(one) ^ texts.numbers_in(other)
    spelled = numbers | (texts.number_words_in(one) ^ texts.number_words_in(other))
    names = _names_of_one(one, other)
    if not spelled and not names:
        return False
    return any(_slips(gone, come, numbers, spelled, names) for gone, come in _gaps(old, new, blocks))


def _swaps(old: bytes, new: bytes, blocks: list[tuple[int, int, int]]) -> bool:
    """Whether texts of a script without capital letters differ in a few words alone, each of which may be a name.

    Editors change more words than that, or none; a template told of another person or place changes just these.
    """
    if texts.names_in(texts.plain(old)) or texts.names_in(texts.plain(new)):
        return False
    gaps = list(_gaps(old, new, blocks))
    swapped = [max(len(gone), len(come)) <= _NAME_WORDS for gone, come in gaps if gone and come]
    return 0 < len(swapped) <= _FEW_NAMES and all(swapped) and len(swapped) == len(gaps)


def _names_of_one(one: str, other: str) -> set[str]:
    """The names that only one text has: capitalised words that neither also writes small."""
    names = texts.names_in(one) ^ texts.names_in(other)
    return {code for code in names if texts.lowered(code) not in one and texts.lowered(code) not in other}


def _slips(gone: str, come: str, numbers: set[str], spelled: set[str], names: set[str]) -> bool:
    """Whether between two shared runs one number or name stands for another, or a number in digits came or went."""
    few = max(len(gone), len(come)) <= _SLIP
    if few and not numbers.isdisjoint(gone + come):
        return True
    return any(not changed.isdisjoint(gone) and not changed.isdisjoint(come) for changed in (spelled, names))


def _gaps(old: bytes, new: bytes, blocks: list[tuple[int, int, int]]) -> Iterator[tuple[str, str]]:
    """What stands between shared runs; without passages that only one text has, and without what ends both."""
    one, other = texts.plain(old), texts.plain(new)
    runs = _runs(texts.folded(old), texts.folded(new), blocks)
    at_one = at_other = 0
    for a, b, size in [*runs, (len(one), len(other), 0)]:
        gone, come = one[at_one:a], other[at_other:b]
        few, added = max(len(gone), len(come)) <= _SLIP, not (gone and come)
        if (gone or come) and (few if added else few or size) and (size or not added):
            yield gone, come
        at_one, at_other = a + size, b + size
