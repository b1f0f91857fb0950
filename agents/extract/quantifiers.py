"""How the words around a number bound it, by the quantifier table of the contract."""

from typing import Final

from agents.extract.digits import HYPHENS
from agents.extract.hits import Around
from agents.extract.numerals import Number
from agents.extract.text import Hit
from streams.records import Count
from streams.vocabulary import Quantifier

_BOUNDED: Final = (Quantifier.MORE_THAN, Quantifier.AT_LEAST, Quantifier.LESS_THAN, Quantifier.UP_TO)


def bounds(quantifier: Quantifier, value: int) -> Count:
    """The count of a value with a quantifier, by the contract's table."""
    low = value if quantifier in (Quantifier.EXACT, Quantifier.MORE_THAN, Quantifier.AT_LEAST) else None
    high = value if quantifier in (Quantifier.EXACT, Quantifier.LESS_THAN, Quantifier.UP_TO) else None
    return Count(quantifier=quantifier, reported=value, low=low, high=high)


def quantifier_of(around: Around, number: Number, after: int) -> tuple[Quantifier | None, int]:
    """The quantifier around a number, and the first token of its wording."""
    first, found = number.first, None
    for _ in range(3):
        hit = around.before(_hyphen(around, first), "quant") or _before_article(around, first)
        if hit is None or hit.concept.endswith("_after"):
            break
        first = hit.first
        name = hit.concept.removeprefix("quant.")
        if name != "exactly" and (found is None or found is Quantifier.APPROXIMATELY):
            found = Quantifier(name)
    if found is None or found is Quantifier.APPROXIMATELY:
        for at in dict.fromkeys((number.last, after)):
            hit = after_hit(around, at)
            if hit is not None:
                return Quantifier(hit.concept.removeprefix("quant.").removesuffix("_after")), first
    return found, first


def _hyphen(around: Around, first: int) -> int:
    """The hyphen by which a prefix hangs on a figure ("יותר מ־60"), else `first` itself."""
    tokens = around.tokens
    tied = first > 1 and tokens[first - 1].text in HYPHENS and tokens[first - 1].end == tokens[first].start
    return first - 1 if tied else first


def _before_article(around: Around, first: int) -> Hit | None:
    """The quantifier before an article ("nearly a million")."""
    article = around.before(first, "func.article")
    return around.before(article.first, "quant") if article is not None else None


def after_hit(around: Around, at: int) -> Hit | None:
    for hit in around.starting(at):
        if hit.concept.startswith("quant.") and hit.concept.endswith("_after"):
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
