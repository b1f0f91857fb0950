"""The value of a number while its words and figures are read one after another."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from agents.extract.digits import Literal
from agents.extract.numeral_words import Numerals, Word

MAX_VALUE: Final = 10**12
"""Larger figures count no people."""


Value = int | Fraction
"""Whole where it can be: fractions are slow, and rare."""


@dataclass(slots=True)
class Number:
    """A number in tokens `first`..`last` (exclusive) of a sentence.

    `value` is what is written, None for a range (`low`, `high`) and for vague words (`low` alone: one such unit).
    `vague_value` is what a vague word would be after a quantifier ("more than hundreds" -> 100, "до тысячи" -> 1000).
    `approximate`: the wording itself is round ("une centaine", "600-odd", "тысяч пять"); `more`, `up_to` likewise for
    "700+" and "200-dək". `weak`: might be no number at all ("one", "un", "نه"). `scale` and `small` are the scale
    (thousand, million) and the ten or hundred that the whole number was multiplied by, 1 for none. `decimal`: a
    fraction is written and no scale follows. `percent`: a percent sign follows. `open_end`: its ending says "from".
    """

    first: int
    last: int
    value: Value | None
    low: Value | None = None
    high: Value | None = None
    scale: int = 1
    small: int = 1
    approximate: bool = False
    more: bool = False
    up_to: bool = False
    weak: bool = False
    digits: bool = False
    decimal: bool = False
    percent: bool = False
    vague_value: int | None = None
    open_end: bool = False

    @property
    def count(self) -> int | None:
        """The value as a whole number, None where there is no single one."""
        value = self.value
        if value is None or self.decimal or (not isinstance(value, int) and value.denominator != 1):
            return None
        return int(value) if value <= MAX_VALUE else None


class Sum:
    """The value of a number while its parts are read: `total` of finished scales, `group` below the next scale."""

    def __init__(self, rules: Numerals) -> None:
        self.rules = rules
        self.total: Value = 0
        self.group: Value = 0
        self.last: Value = 0
        self.scale = 0
        self.small = 1
        self.vague = 0
        self.vague_value: int | None = None
        self.several = False
        self.approximate = False
        self.inverting = 0
        self.digits = self.decimal = self.weak = False

    @property
    def started(self) -> bool:
        return bool(self.total or self.group or self.vague)

    def figure(self, literal: Literal) -> bool:
        """Take a figure in digits; False if it begins a number of its own."""
        value = literal.value
        if value is None or (self.started and (self.group or self.vague or value >= self.scale)):
            return False
        self.group = self.last = value
        self.digits, self.decimal = True, literal.decimal
        return True

    def word(self, word: Word, joined: bool, linked: bool) -> bool:
        """Take a number word; False if it begins a number of its own."""
        if word.part:
            return self._part(word.part, joined or linked)
        if self.vague and word.vague:
            return self._times(word.vague)
        if word.times and self.started and self._times(word.times):
            self.approximate |= word.approximate
            return True
        if self.inverting and (word.add or word.one_and_half):
            return self._invert(Fraction(3, 2) if word.one_and_half else word.add)
        if self.started and linked:
            return False
        if word.add:
            return self._add(word.add, joined) and self._note(word)
        if word.teens:
            return self._teens(word.teens, joined) and self._note(word)
        if self.started and not (word.times and not word.vague):
            return self._compound_vague(word)
        return self._first(word)

    def _note(self, word: Word) -> bool:
        self.approximate |= word.approximate
        self.weak = word.weak or self.total + self.group == 1
        self.small = 1
        return True

    def _first(self, word: Word) -> bool:
        """A scale, a vague word or `several` that begins a number (or a hundred after a thousand)."""
        if self.started:
            return bool(word.times) and self._times(word.times)
        if word.one_and_half:
            self.group = Fraction(3, 2)
        elif word.several:
            self.vague, self.several = 1, True
        elif word.vague:
            self.vague, self.vague_value = word.vague, word.times or None
            self.inverting = word.times if word.inverting else 0
        elif word.times >= 1000:
            self.total, self.scale = word.times, word.times
            self.inverting = word.times if word.inverting else 0
        else:
            self.group = self.last = word.times
        self.approximate |= word.approximate
        self.weak = word.weak
        return True

    def _invert(self, factor: Value) -> bool:
        """`тысяч пять`: the scale before its number, which makes it a round one."""
        self.total, self.scale = factor * self.inverting, self.inverting
        self.vague, self.vague_value, self.inverting = 0, None, 0
        self.group, self.approximate = 0, True
        return True

    def _compound_vague(self, word: Word) -> bool:
        """`on binlerce`: ten and thousands make tens of thousands."""
        power = self.total + self.group
        if not word.vague or self.digits or power not in (10, 100):
            return False
        self.vague, self.vague_value = int(power) * word.vague, None
        self.total = self.group = 0
        return True

    def _add(self, value: int, joined: bool) -> bool:
        if self.vague or (self.digits and self.group):
            return False
        if value >= 1000:
            return self._add_scaled(value)
        if not self.group:
            if self.total and value >= self.scale:
                return False
            self.group = self.last = value
            return True
        if self.rules.vigesimal and self._add_by_twenties(value):
            return True
        tens_after_units = self.rules.units_first and joined and self.last < 10 and 20 <= value < 100
        if value >= _place(self.last) and not tens_after_units:
            return False
        self.group += value
        self.last = 1 if tens_after_units else value
        return True

    def _add_scaled(self, value: int) -> bool:
        scale = 1_000_000 if value >= 1_000_000 else 1000
        if self.group or (self.scale and scale >= self.scale):
            return False
        self.total += value
        self.scale = scale
        return True

    def _add_by_twenties(self, value: int) -> bool:
        """French counts 60 + 10..19, 4 x 20 + 1..19, and 10 + 7..9."""
        if self.last == 4 and value == 20:
            self.group, self.last = self.group + 76, Fraction(80)
        elif (self.last in (60, 80) and 10 <= value < 20) or (self.last == 10 and 7 <= value <= 9):
            self.group, self.last = self.group + value, value
        else:
            return False
        return True

    def _teens(self, value: int, joined: bool) -> bool:
        if joined or not self.group:
            return self._add(value, joined)
        if not 1 <= self.last <= 9 or self.digits or self.vague:
            return False
        self.group += value
        self.last = 1
        return True

    def _times(self, factor: int) -> bool:
        self.weak = False
        if self.vague:
            self.vague, self.vague_value, self.inverting = self.vague * factor, None, 0
            return True
        if factor < 1000 and not (self.digits and self.group):
            return self._times_small(factor)
        if self.group and (not self.scale or factor < self.scale):
            self.total, self.scale = self.total + self.group * factor, factor
        elif self.group + self.total < factor:
            self.total, self.scale = (self.total + self.group) * factor, factor
        elif self.group or factor > self.scale:
            return False
        elif factor < self.scale:
            self.total, self.scale = self.total + factor, factor
        self.group = self.last = 0
        self.decimal = False
        return True

    def _times_small(self, factor: int) -> bool:
        """A ten, dozen or hundred: multiplies the last part alone, or stands for itself after a scale."""
        if not self.group:
            if self.total and factor >= self.scale:
                return False
            self.group = self.last = factor
            return True
        self.small = factor if self.group == self.last else 1
        if self.last >= 100 or (self.last >= factor > 12):
            return False
        self.group += self.last * (factor - 1)
        self.last *= factor
        return True

    def _part(self, part: Fraction, joined: bool) -> bool:
        if not self.started:
            self.group = self.last = part
        elif self.group and not self.vague:
            self.group += part
        elif self.scale and joined and not self.vague:
            self.total += part * self.scale
        else:
            return False
        return True

    def number(self, first: int, last: int) -> Number | None:
        """What was read, as a number of the tokens `first`..`last`."""
        if self.vague:
            low = 3 if self.several and self.vague == 1 else self.vague
            return Number(first, last, None, low, vague_value=self.vague_value, weak=self.weak)
        value = self.total + self.group if self.total else self.group
        scale = 1 if self.scale and self.group else max(self.scale, 1)
        if not self.started:
            return None
        return Number(
            first,
            last,
            value,
            scale=scale,
            small=self.small,
            approximate=self.approximate,
            weak=self.weak,
            digits=self.digits,
            decimal=self.decimal,
        )


def _place(value: Value) -> int:
    """The lowest decimal place in use: 1 for 21, 10 for 20, 100 for 300."""
    place = 1
    while value and value % (place * 10) == 0:
        place *= 10
    return place
