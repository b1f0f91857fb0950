"""How the words around a number bound it, by the quantifier table of the contract."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from agents.extract.concepts import bits
from agents.extract.digits import HYPHENS
from agents.extract.hits import Around, any_of
from agents.extract.numerals import Number
from agents.extract.text import Hit
from streams.records import Count
from streams.vocabulary import Quantifier

_KEPT: Final = 4_096
"""Counts kept: most figures are small, or round."""

_BOUNDED: Final = (Quantifier.MORE_THAN, Quantifier.AT_LEAST, Quantifier.LESS_THAN, Quantifier.UP_TO)
_BOUNDS: Final = (*_BOUNDED, Quantifier.APPROXIMATELY)
_BEFORE: Final[dict[str, Quantifier | None]] = {
    "quant.exactly": None,
    **{f"quant.{quantifier}": quantifier for quantifier in _BOUNDS},
}
_AFTER: Final = {f"quant.{quantifier}_after": quantifier for quantifier in _BOUNDS}
_QUANT: Final = any_of("quant")
_QUANT_BITS: Final = bits(*_QUANT)
_ARTICLE: Final = any_of("func.article")


@lru_cache(maxsize=_KEPT)
def bounds(quantifier: Quantifier, value: int) -> Count:
    """The count of a value with a quantifier, by the contract's table."""
    low = value if quantifier in (Quantifier.EXACT, Quantifier.MORE_THAN, Quantifier.AT_LEAST) else None
    high = value if quantifier in (Quantifier.EXACT, Quantifier.LESS_THAN, Quantifier.UP_TO) else None
    return Count(quantifier=quantifier, reported=value, low=low, high=high)


def quantifier_of(around: Around, number: Number, after: int) -> tuple[Quantifier | None, int]:
    """The quantifier around a number, and the first token of its wording."""
    first = number.first
    found: Quantifier | None = None
    if not around.concepts & _QUANT_BITS:
        return None, first
    for _ in range(3):
        hit = around.before(_hyphen(around, first), _QUANT) or _before_article(around, first)
        if hit is None or hit.concept not in _BEFORE:
            break
        first = hit.first
        said = _BEFORE[hit.concept]
        if said is not None and (found is None or found is Quantifier.APPROXIMATELY):
            found = said
    if found is None or found is Quantifier.APPROXIMATELY:
        behind = after_hit(around.starting(number.last)) or after_hit(around.starting(after))
        if behind is not None:
            return _AFTER[behind.concept], first
    return found, first


def _hyphen(around: Around, first: int) -> int:
    """The hyphen by which a prefix hangs on a figure ("יותר מ־60"), else `first` itself."""
    tokens = around.tokens
    tied = first > 1 and tokens[first - 1].text in HYPHENS and tokens[first - 1].end == tokens[first].start
    return first - 1 if tied else first


def _before_article(around: Around, first: int) -> Hit | None:
    """The quantifier before an article ("nearly a million")."""
    article = around.before(first, _ARTICLE)
    return around.before(article.first, _QUANT) if article is not None else None


def after_hit(behind: Sequence[Hit]) -> Hit | None:
    """Of the hits that begin behind a figure, the word that bounds it from there."""
    for hit in behind:
        if hit.concept in _AFTER:
            return hit
    return None


def count_of(number: Number, quantifier: Quantifier | None) -> Count | None:
    if number.high is not None and number.low is not None:
        return Count(quantifier=Quantifier.BETWEEN, reported=None, low=int(number.low), high=int(number.high))
    if number.value is None:
        if quantifier in _BOUNDED and number.vague_value is not None:
            return bounds(quantifier, number.vague_value)
        return Count(quantifier=Quantifier.VAGUE, reported=None, low=int(number.low or 0), high=None)
    value = number.count
    if value is None or value <= 0:
        return None
    return bounds(quantifier or _own(number), value)


def _own(number: Number) -> Quantifier:
    """What the number's own form says: endings, plus signs, round words."""
    if number.more:
        return Quantifier.MORE_THAN
    if number.up_to:
        return Quantifier.UP_TO
    return Quantifier.APPROXIMATELY if number.approximate else Quantifier.EXACT
