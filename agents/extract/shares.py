"""Shares of a figure: halves and thirds in words, percentages, so many in ten."""

from collections.abc import Iterable
from typing import Final

from agents.extract.concepts import BIT
from agents.extract.figures import Figure
from agents.extract.hits import Around, any_of
from agents.extract.numerals import Number
from agents.extract.quantifiers import quantifier_of
from agents.extract.text import Hit
from streams.records import Count
from streams.vocabulary import Quantifier

_OUT_OF: Final = any_of("share.out_of")
MAX_RATIO: Final = 10
"""Shares are told as so many in up to ten."""
SHARES: Final = {
    "share.half": 0.5,
    "share.third": 0.33,
    "share.two_thirds": 0.67,
    "share.quarter": 0.25,
    "share.three_quarters": 0.75,
    "share.fifth": 0.2,
    "share.most": 0.5,
}


def ratios_of(around: Around, numbers: list[Number]) -> tuple[list[Number], list[Figure]]:
    """`three in five` is a share of what stands before it; the other numbers stay."""
    kept: list[Number] = []
    ratios: list[Figure] = []
    if not around.concepts & BIT["share.out_of"]:
        return numbers, ratios
    for number in numbers:
        part = kept[-1] if kept else None
        link = around.at(part.last, _OUT_OF) if part is not None else None
        if part is None or link is None or link.last != number.first or not _is_ratio(part, number):
            kept.append(number)
            continue
        kept.pop()
        quantifier, first = quantifier_of(around, part, number.last)
        value = round((part.count or 0) / (number.count or 1), 2)
        ratios.append(share_figure(first, number.last, quantifier or Quantifier.EXACT, value))
    return kept, ratios


def _is_ratio(part: Number, whole: Number) -> bool:
    return 0 < (part.count or 0) < (whole.count or 0) <= MAX_RATIO


def share_figure(first: int, last: int, quantifier: Quantifier, value: float) -> Figure:
    low = value if quantifier in (Quantifier.EXACT, Quantifier.MORE_THAN, Quantifier.AT_LEAST) else None
    high = value if quantifier in (Quantifier.EXACT, Quantifier.LESS_THAN, Quantifier.UP_TO) else None
    count = Count(quantifier=quantifier, reported=None, low=None, high=None)
    return Figure(first, last, None, count, None, None, None, share=(low, high))


def in_share(shares: Iterable[Hit], number: Number) -> bool:
    """Whether a number is a word of a share ("two thirds", "üçte ikisi")."""
    return any(h.first <= number.first and number.last <= h.last for h in shares)
