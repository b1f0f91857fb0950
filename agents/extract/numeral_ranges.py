"""Two numbers that are the ends of one range: "5,000 to 7,000", "beş altı yüz", "от трёх до четырёх тысяч"."""

from collections.abc import Sequence
from dataclasses import replace

from agents.extract.digits import DASHES, HYPHENS
from agents.extract.numeral_sum import Number, Value
from agents.extract.numeral_words import Numerals
from agents.extract.text import WORD, Token


def join_ranges(rules: Numerals, tokens: Sequence[Token], numbers: list[Number]) -> list[Number]:
    """Two numbers with a range word or dash between them become one."""
    out: list[Number] = []
    for number in numbers:
        joined = _range(rules, tokens, out[-1], number) if out else None
        if joined is None:
            out.append(number)
        else:
            out[-1] = joined
    return out


def _range(rules: Numerals, tokens: Sequence[Token], a: Number, b: Number) -> Number | None:
    if a.value is None or b.value is None or b.first - a.last > 2:
        return None
    low = _shared_scale(a, a.value, b, b.value)
    if not low < b.value or low.denominator != 1 or (a.decimal and low == a.value):
        return None
    if not _connects(rules, tokens, a, b, low):
        return None
    first = a.first - 1 if a.first and _opens(rules, tokens, a.first) else a.first
    return replace(b, first=first, value=None, low=low, high=b.value, scale=1, approximate=False, open_end=False)


def _shared_scale(a: Number, low: Value, b: Number, high: Value) -> Value:
    """`90-100 thousand`, `five or six hundred`: the first number takes the scale of the second."""
    if a.scale > 1 or a.small > 1:
        return low
    if b.small > 1 and low * b.small * b.scale < high <= 10 * low * b.small * b.scale:
        return low * b.small * b.scale
    return low * b.scale if low * b.scale < high else low


def _connects(rules: Numerals, tokens: Sequence[Token], a: Number, b: Number, low: Value) -> bool:
    between = tokens[a.last : b.first]
    if not between:
        return a.open_end or (not a.digits and not b.digits and b.value is not None and b.value <= 2 * low and low > 1)
    if len(between) == 1 and between[0].text in DASHES:
        return True
    if between[-1].text in HYPHENS:
        between = between[:-1]
    if not between or any(token.kind != WORD for token in between):
        return False
    words, length = rules.at(tokens, a.last)
    if len(words) != 1 or length != len(between):
        return False
    return words[0].range or (words[0].pair_range and _opens(rules, tokens, a.first))


def _opens(rules: Numerals, tokens: Sequence[Token], first: int) -> bool:
    """Whether `between`, `from` or the like stands right before token `first`."""
    if first and tokens[first - 1].text in HYPHENS:
        first -= 1
    for length in (1, 2):
        if first >= length:
            word = rules.words.get(tuple(token.norm for token in tokens[first - length : first]))
            if word is not None and word.opener:
                return True
    return False
