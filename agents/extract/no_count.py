"""Numbers that count nothing: days, hours, years, ages, and numbers that are names."""

import re
from typing import Final

from agents.extract.concepts import bits
from agents.extract.hits import Around, any_of
from agents.extract.numerals import Number
from agents.extract.quantity_concepts import MONTHS
from agents.extract.text import NUMBER

_HOUR: Final = re.compile(r"0\d[0-5]\d")
MAX_AGE: Final = 120
_TIMES_BEFORE: Final = any_of(*(f"time.{name}" for name in MONTHS), "time.clock")
_TIMES_AFTER: Final = _TIMES_BEFORE | any_of("time.year")
_NUMBERED: Final = any_of("unit.numbered")
_NAMED: Final = any_of("unit.numbered", "unit.money")
_AGE: Final = any_of("unit.age")
_AND: Final = any_of("cue.and")
_TIME_BITS: Final = bits(*_TIMES_AFTER)
_AGE_BIT: Final = bits(*_AGE)
_MINUTES: Final = 60
_FIRST_YEAR: Final = 1000
_LAST_YEAR: Final = 2200
"""What stands beside a month is a day, a time or a year: "in October 120 families" counts families."""


def is_named(around: Around, number: Number) -> bool:
    """`Highway 10`, `Rp 20`, `USD 5 million`, `12 Gubkin street`, `улица Губкина, 55`."""
    if around.before(number.first, _NAMED) is not None:
        return True
    tokens, comma = around.tokens, number.first - 1
    if comma < 2 or tokens[comma].text != "," or not number.digits:
        return False
    return any(around.before(at, _NUMBERED) is not None for at in range(max(0, comma - 2), comma))


def is_time(around: Around, number: Number) -> bool:
    """Whether the number is a day of a month, a year with its word, or an hour (`at 0230` too)."""
    written = around.tokens[number.first].text
    if number.digits and written[0] == "0" and _HOUR.fullmatch(written):
        return True
    if not around.concepts & _TIME_BITS:
        return False
    if around.at(number.last, _TIMES_AFTER) is None and around.before(number.first, _TIMES_BEFORE) is None:
        return False
    if number.value is None or number.scale != 1:
        return number.value is None
    padded = number.digits and written[0] in "0٠۰"
    return padded or number.value <= _MINUTES or _FIRST_YEAR <= number.value < _LAST_YEAR


def is_year(around: Around, number: Number) -> bool:
    if not number.digits or number.last - number.first != 1:
        return False
    return len(around.tokens[number.first].text) == 4 and 1900 <= (number.count or 0) < 2100


def is_age(around: Around, number: Number) -> bool:
    """Whether a figure without a noun is an age: `Amina Salimo, 34, heard`, alone between marks; `aged 67 and 71`."""
    if (number.count or MAX_AGE) >= MAX_AGE:
        return False
    if around.concepts & _AGE_BIT and _is_told_as_age(around, number.first):
        return True
    if not number.digits:
        return False
    tokens = around.tokens
    before = tokens[number.first - 1].text if number.first else ""
    after = tokens[number.last].text if number.last < len(tokens) else "."
    return before in (",", "(", "،") and after in (",", ")", ".", "،", ";")


def _is_told_as_age(around: Around, at: int) -> bool:
    """Whether a word for ages stands before the token, or before the number that "and" joins to it."""
    joint = around.before(at, _AND)
    if joint is not None and joint.first > 0 and around.tokens[joint.first - 1].kind == NUMBER:
        at = joint.first - 1
    return around.before(at, _AGE) is not None
