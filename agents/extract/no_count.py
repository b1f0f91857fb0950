"""Numbers that count nothing: days, hours, years, ages, and numbers that are names."""

import re
from typing import Final

from agents.extract.hits import Around
from agents.extract.numerals import Number
from agents.extract.quantity_concepts import MONTHS
from agents.extract.text import NUMBER, Hit

_HOUR: Final = re.compile(r"0\d[0-5]\d")
MAX_AGE: Final = 120
_TIMES_BEFORE: Final = (*(f"time.{name}" for name in MONTHS), "time.clock")
_TIMES_AFTER: Final = (*_TIMES_BEFORE, "time.year")
_MINUTES: Final = 60
_FIRST_YEAR: Final = 1000
_LAST_YEAR: Final = 2200
"""What stands beside a month is a day, a time or a year: "in October 120 families" counts families."""


def is_named(around: Around, number: Number) -> bool:
    """`Highway 10`, `Rp 20`, `USD 5 million`, `12 Gubkin street`, `улица Губкина, 55`."""
    if around.before(number.first, "unit.numbered", "unit.money") is not None:
        return True
    tokens, comma = around.tokens, number.first - 1
    if comma < 2 or tokens[comma].text != "," or not number.digits:
        return False
    return any(around.before(at, "unit.numbered") is not None for at in range(max(0, comma - 2), comma))


def is_time(around: Around, number: Number) -> bool:
    """Whether the number is a day of a month, a year with its word, or an hour (`at 0230` too)."""
    if number.digits and _HOUR.fullmatch(around.tokens[number.first].text):
        return True
    beside = (
        around.at(number.last, *_TIMES_AFTER),
        around.before(number.first, *_TIMES_BEFORE),
    )
    if not any(beside):
        return False
    if number.value is None or number.scale != 1:
        return number.value is None
    written = number.digits and around.tokens[number.first].text[0] in "0٠۰"
    return written or number.value <= _MINUTES or _FIRST_YEAR <= number.value < _LAST_YEAR


def is_year(around: Around, number: Number) -> bool:
    tokens = around.tokens[number.first : number.last]
    return len(tokens) == 1 and len(tokens[0].text) == 4 and number.digits and 1900 <= (number.count or 0) < 2100


def is_age(around: Around, number: Number, noun: Hit | None) -> bool:
    """`Amina Salimo, 34, heard`: a small figure alone between commas or in brackets; `aged 67 and 71`."""
    if noun is not None or (number.count or MAX_AGE) >= MAX_AGE:
        return False
    if _is_told_as_age(around, number.first):
        return True
    if not number.digits:
        return False
    tokens = around.tokens
    before = tokens[number.first - 1].text if number.first else ""
    after = tokens[number.last].text if number.last < len(tokens) else "."
    return before in (",", "(", "،") and after in (",", ")", ".", "،", ";")


def _is_told_as_age(around: Around, at: int) -> bool:
    """Whether a word for ages stands before the token, or before the number that "and" joins to it."""
    joint = around.before(at, "cue.and")
    if joint is not None and joint.first > 0 and around.tokens[joint.first - 1].kind == NUMBER:
        at = joint.first - 1
    return around.before(at, "unit.age") is not None
