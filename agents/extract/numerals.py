"""Numbers of a sentence: digits, words and mixtures of both, ranges joined, by the number words of a language.

Nothing here decides what a number counts: that is `quantity`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from agents.extract.digits import HYPHENS, Literal, read_literal, read_tail
from agents.extract.numeral_ranges import join_ranges
from agents.extract.numeral_sum import MAX_VALUE, Number, Sum
from agents.extract.numeral_words import Numerals, Word, some_count
from agents.extract.text import NUMBER, PUNCT, WORD, Sentence, Token

__all__ = ["MAX_VALUE", "Number", "find_numbers", "numbers_of"]

_SHORT_TAIL: Final = 3
"""Letters written on to a figure: up to so many are a unit or an ordinal (`25km`, `90s`), more a word of its own."""

_TAIL_FLAGS: Final = {
    "approximate_suffixes": "approximate",
    "more_suffixes": "more",
    "up_to_suffixes": "up_to",
    "from_suffixes": "open_end",
}


def numbers_of(rules: Numerals, sentence: Sentence) -> list[Number]:
    """The numbers of a sentence, found once; `rules` are those of its language."""
    known: list[Number] | None = sentence.memo.get("numbers")
    if known is None:
        tokens = sentence.tokens
        loud = [index for index, form in enumerate(sentence.forms) if not form.silent]
        known = sentence.memo["numbers"] = find_numbers(rules, tokens, loud) if loud else []
        for index in loud:
            token = tokens[index]
            if token.kind != NUMBER and token.norm in rules.silent:
                sentence.forms[index].silent = True
    return known


def find_numbers(rules: Numerals, tokens: Sequence[Token], loud: Iterable[int] | None = None) -> list[Number]:
    """All numbers of a sentence, in order, ranges joined; linear in the tokens.

    `loud` are the indexes of the tokens that may begin one, by default all.
    """
    numbers: list[Number] = []
    behind = 0
    for at in range(len(tokens)) if loud is None else loud:
        if at < behind:
            continue
        kind = tokens[at].kind
        plain = _plain(rules, tokens, at) if kind == NUMBER else None
        if plain is not None:
            numbers.append(plain)
            behind = plain.last
        elif kind == NUMBER or (kind == WORD and rules.counts(tokens, at)):
            run = _Run(rules, tokens, at)
            numbers += run.read()
            behind = max(run.at, at + 1)
    return join_ranges(rules, tokens, numbers) if len(numbers) > 1 else numbers


def _plain(rules: Numerals, tokens: Sequence[Token], at: int) -> Number | None:
    """The figure at `at` if it stands between blanks and no word of number follows: most do."""
    token = tokens[at]
    if at + 1 >= len(tokens) or (at and tokens[at - 1].end == token.start):
        return None
    after = tokens[at + 1]
    if after.kind != WORD or after.start == token.end or rules.counts(tokens, at + 1) or rules.joins(after.norm):
        return None
    literal = read_literal(tokens, at, rules.marks)
    if literal.value is None or literal.last != at + 1 or literal.doubtful:
        return None
    return Number(at, at + 1, literal.value, digits=True, decimal=literal.decimal)


class _Run:
    """One pass over neighbouring number words and figures; after `read`, `at` says where to go on."""

    def __init__(self, rules: Numerals, tokens: Sequence[Token], at: int) -> None:
        self.rules, self.tokens = rules, tokens
        self.first = self.at = at
        self.sum = Sum(rules)
        self.seen: set[str] = set()
        self.rejected = False

    def read(self) -> list[Number]:
        while self.at < len(self.tokens):
            at, joined, linked = self._after_joints()
            if at >= len(self.tokens):
                break
            token = self.tokens[at]
            taken = self._figure(at) if token.kind == NUMBER else self._words(at, joined, linked)
            if not taken:
                break
        self._after_abbreviation()
        number = None if self.rejected else self.sum.number(self.first, self.at)
        return [self._marked(number)] if number else []

    def _after_abbreviation(self) -> None:
        """Take the full stop of an abbreviated scale (`82 тыс. мешканців`) into the number."""
        at, size = self.at, len(self.tokens)
        if self.first < at < size - 1 and self.tokens[at].text == "." and _touches(self.tokens, at - 1, at):
            self.at += self.tokens[at - 1].kind == WORD and self._scale_at(at - 1)

    def _marked(self, number: Number) -> Number:
        """The number with what its endings and marks say."""
        if not self.seen:
            return number
        return replace(
            number,
            approximate=number.approximate or "approximate" in self.seen,
            more="more" in self.seen,
            up_to="up_to" in self.seen,
            open_end="open_end" in self.seen,
            percent="percent" in self.seen,
        )

    def _after_joints(self) -> tuple[int, bool, bool]:
        """Where the next part would begin, and whether a joiner or a link stands before it."""
        at, joined, linked = self.at, False, False
        if at == self.first:
            return at, joined, linked
        while at < len(self.tokens) and at - self.at < 2:
            token = self.tokens[at]
            if token.kind == PUNCT and self._is_joint(at):
                at += 1
                continue
            words = self.rules.form(token.norm) if token.kind == WORD else ()
            if len(words) != 1 or words[0].counts or not (words[0].joiner or words[0].link):
                break
            joined, linked = joined or words[0].joiner, linked or not words[0].joiner
            at += 1
        return at, joined, linked

    def _is_joint(self, at: int) -> bool:
        """A hyphen within a number, or the full stop of an abbreviated scale before more digits (`2 тыс. 750`)."""
        if self.tokens[at].text in HYPHENS:
            return _tight(self.tokens, at)
        follows = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == NUMBER
        return self.tokens[at].text == "." and follows and self._scale_at(at - 1) and self.sum.digits

    def _words(self, at: int, joined: bool, linked: bool) -> bool:
        """Take the number word at `at`, all parts of a joined one or none."""
        token = self.tokens[at]
        if token.kind != WORD:
            return False
        words, length = self.rules.at(self.tokens, at)
        if not some_count(words):
            return False
        if not joined and self.sum.started and self._prefixed_by_joiner(token.norm):
            joined = True
        for index, word in enumerate(words):
            if not word.counts:
                joined = True
                continue
            if word.part and self.sum.group and not self._scale_follows(words[index + 1 :], at + length):
                return False
            if not self.sum.word(word, joined, linked and not joined):
                return False
        self.at = at + length
        return True

    def _prefixed_by_joiner(self, norm: str) -> bool:
        """`וחמש`, `وخمسمائة`: the joiner is written on to the word."""
        known = self.rules.words
        return (norm,) not in known and any(
            (word := known.get((norm[:n],))) is not None and word.joiner for n in range(1, min(3, len(norm)))
        )

    def _scale_follows(self, rest: Sequence[Word], at: int) -> bool:
        if rest:
            return rest[0].times > 0
        return at < len(self.tokens) and any(word.times for word in self.rules.form(self.tokens[at].norm)[:1])

    def _figure(self, at: int) -> bool:
        literal = read_literal(self.tokens, at, self.rules.marks)
        began = self.sum.started
        if literal.value is not None and literal.doubtful and self._scale_at(literal.last):
            literal = _as_decimal(literal)
        if not began and (literal.value is None or self._hangs_on_word(at)):
            self.at, self.rejected = self._after_scales(literal.last), True
            return False
        if (began and self._scale_at(literal.last)) or not self.sum.figure(literal):
            return False
        self.at = literal.last
        return self._tail(began)

    def _after_scales(self, at: int) -> int:
        """The scale of what was no number is none either (`$4.2 million`)."""
        while self._scale_at(at):
            at += 1
        return at

    def _hangs_on_word(self, at: int) -> bool:
        """`Su-24`, `Covid-19`; a prefix of the language (`מ-200`, `و80`) hangs on the figure instead."""
        if at == 0 or not _touches(self.tokens, at - 1, at):
            return False
        word = self.tokens[at - 1]
        if word.text in HYPHENS and at > 1 and _touches(self.tokens, at - 2, at - 1):
            word = self.tokens[at - 2]
        if word.kind != WORD:
            return False
        if word.norm in self.rules.endings["approximate_prefixes"]:
            self.seen.add("approximate")
        return word.norm not in self.rules.endings["prefixes"]

    def _scale_at(self, at: int) -> bool:
        return at < len(self.tokens) and any(word.times >= 1000 for word in self.rules.form(self.tokens[at].norm)[:1])

    def _tail(self, began: bool) -> bool:
        """What hangs on the figure just taken; True if the number may go on after it."""
        tail = read_tail(self.tokens, self.at)
        if tail is None:
            return self._marks()
        endings = self.rules.endings
        if any(word.times for word in self.rules.form(tail.norm)[:1]):
            return True
        for name, flag in _TAIL_FLAGS.items():
            if tail.norm in endings[name]:
                self.seen.add(flag)
        if any(tail.norm in endings[name] for name in (*_TAIL_FLAGS, "suffixes")):
            self.at = tail.last
            return False
        if tail.hyphened or tail.norm in endings["ordinals"] or len(tail.norm) <= _SHORT_TAIL:
            self.rejected = True
            self.at = tail.last
        return False

    def _marks(self) -> bool:
        mark = self.tokens[self.at].text if self.at < len(self.tokens) else ""
        if mark in "%٪" and mark:
            self.seen.add("percent")
        elif mark == "+" and _touches(self.tokens, self.at - 1, self.at):
            self.seen.add("more")
        else:
            return True
        self.at += 1
        return False


def _as_decimal(literal: Literal) -> Literal:
    """`1.250 million` after all: the mark was the decimal one."""
    assert literal.value is not None
    return replace(literal, value=Fraction(literal.value) / 1000, decimal=True, doubtful=False)


def _touches(tokens: Sequence[Token], a: int, b: int) -> bool:
    return tokens[a].end == tokens[b].start


def _tight(tokens: Sequence[Token], at: int) -> bool:
    """Whether the mark at `at` stands between two tokens without blanks."""
    return 0 < at < len(tokens) - 1 and _touches(tokens, at - 1, at) and _touches(tokens, at, at + 1)
