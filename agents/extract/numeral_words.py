"""The number words of a language: the `[numerals]` table of its pack, checked, and what a written word stands for.

`add` (one, twenty, двести), `times` (hundred, thousand, ribu), `teens` (belas, עשרה), `vague` (dozens, ribuan) are
tables of value and spellings; `*_approximately` are round by themselves (une centaine); `joiners` stand between any
parts of a number (and), `links` before scales and halves (of, a), `ranges` between two ends, `pair_ranges` there if
one of `openers` comes first (between ... and). `weak` words may well be no numbers, `never` are none, `bare` take no
endings. `prefixes`, `suffixes` and the other endings are what may hang on a number word or figure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

from agents.extract.digits import Marks
from agents.extract.text import MAX_FORM, NUMBER, Token

MAX_FORMS: Final = 16_384
"""Word forms kept with what they mean, and as many that are no number words; what is forgotten is read anew."""

_VALUES: Final = ("add", "add_approximately", "times", "times_approximately", "teens", "vague", "one_and_half")
_WORDS: Final = (
    "joiners",
    "links",
    "ranges",
    "pair_ranges",
    "openers",
    "half",
    "quarter",
    "several",
    "never",
    "weak",
    "bare",
)
_ENDINGS: Final = (
    "ordinals",
    "approximate_suffixes",
    "more_suffixes",
    "up_to_suffixes",
    "from_suffixes",
    "suffixes",
    "prefixes",
    "approximate_prefixes",
    "inverting",
)
_MARKS: Final = ("thousands", "decimal")
_LISTS: Final = (*_WORDS, *_ENDINGS, *_MARKS)
_FLAGS: Final = ("joined", "units_first", "vigesimal", "inverted")
_LONGEST_PHRASE: Final = 3


class NumeralsError(ValueError):
    """A `[numerals]` table that cannot be used; the message names the key and the reason."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"numerals.{key}: {reason}")
        self.key, self.reason = f"numerals.{key}", reason


@dataclass(slots=True)
class Word:
    """What a number word can stand for; 0 or False where it cannot. `part` is a half or a quarter."""

    add: int = 0
    times: int = 0
    teens: int = 0
    vague: int = 0
    part: Fraction = Fraction(0)
    one_and_half: bool = False
    several: bool = False
    approximate: bool = False
    weak: bool = False
    inverting: bool = False
    joiner: bool = False
    link: bool = False
    range: bool = False
    pair_range: bool = False
    opener: bool = False
    counts: bool = field(init=False, default=False)
    """Whether it is part of a number rather than something between numbers."""

    def __post_init__(self) -> None:
        self.counts = bool(
            self.add or self.times or self.teens or self.vague or self.part or self.one_and_half or self.several
        )


@dataclass(slots=True)
class Numerals:
    """The number words of one language; `of` reads a pack's table."""

    marks: Marks
    words: Mapping[tuple[str, ...], Word]
    endings: Mapping[str, frozenset[str]]
    never: frozenset[str]
    bare: frozenset[str]
    joined: bool
    units_first: bool
    vigesimal: bool
    _single: Mapping[str, Word] = field(default_factory=dict)
    _reach: Mapping[str, int] = field(default_factory=dict)
    """The longest of the words of one part that begin with two letters: how far a part of a joined word may go."""
    _starts: frozenset[str] = frozenset()
    _prefixes: tuple[str, ...] = ()
    _suffixes: tuple[str, ...] = ()
    _forms: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """Words that were asked for and begin no number: most of a text; as bounded as the rest."""

    @classmethod
    def of(cls, table: Mapping[str, Any], normal: Callable[[str], str]) -> "Numerals":
        """Read a pack's `[numerals]` table; `normal` gives the normal form of a word.

        Raises:
            NumeralsError: an unknown key, or a value of the wrong shape.
        """
        _check(table)
        words: dict[tuple[str, ...], Word] = {}

        def learn(spelling: str, **facts: Any) -> None:
            key = tuple(normal(part) for part in spelling.split())
            words[key] = replace(words.get(key, Word()), **facts)

        for spelling, facts in _spellings(table):
            learn(spelling, **facts)
        single = {key[0]: word for key, word in words.items() if len(key) == 1}
        endings = {name: frozenset(normal(e) for e in table.get(name, ())) for name in _ENDINGS}
        return cls(
            marks=Marks(frozenset(table.get("thousands", ())) | {"٬"}, frozenset(table.get("decimal", ())) | {"٫"}),
            words=words,
            endings=endings,
            never=frozenset(normal(w) for w in table.get("never", ())),
            bare=frozenset(normal(w) for w in table.get("bare", ())),
            joined=bool(table.get("joined")),
            units_first=bool(table.get("units_first")),
            vigesimal=bool(table.get("vigesimal")),
            _single=single,
            _reach={head: max(len(word) for word in single if word[:2] == head) for head in {w[:2] for w in single}},
            _starts=frozenset(key[0] for key in words if len(key) > 1),
            _prefixes=tuple(sorted(endings["prefixes"], key=_longest_first)),
            _suffixes=tuple(sorted(endings["suffixes"], key=_longest_first)),
        )

    def counts(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a number word stands at `at`."""
        norm = tokens[at].norm
        if norm in self.silent:
            return False
        words = self._forms.get(norm)
        if words is None:
            words = self._read_form(norm)
            if norm not in self._starts and tokens[at].kind != NUMBER and not some_count(words):
                if len(self.silent) >= MAX_FORMS:
                    self.silent.clear()
                self.silent.add(norm)
                return False
            self._keep(norm, words)
        return some_count(words) or (norm in self._starts and some_count(self.at(tokens, at)[0]))

    def joins(self, norm: str) -> bool:
        """Whether a word may stand inside a number."""
        words = self.form(norm)
        return len(words) == 1 and (words[0].joiner or words[0].link)

    def at(self, tokens: Sequence[Token], at: int) -> tuple[tuple[Word, ...], int]:
        """What the word at `at` stands for (parts of a joined word in order), and how many tokens it takes."""
        if tokens[at].norm in self._starts:
            for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 1, -1):
                word = self.words.get(tuple(token.norm for token in tokens[at : at + length]))
                if word is not None:
                    return (word,), length
        return self.form(tokens[at].norm), 1

    def form(self, norm: str) -> tuple[Word, ...]:
        """What a single written word stands for; empty if it is no number word."""
        known = self._forms.get(norm)
        if known is None:
            known = self._read_form(norm)
            self._keep(norm, known)
        return known

    def _keep(self, norm: str, words: tuple[Word, ...]) -> None:
        if len(self._forms) >= MAX_FORMS:
            self._forms.clear()
        self._forms[norm] = words

    def _read_form(self, norm: str) -> tuple[Word, ...]:
        if norm in self.never:
            return ()
        if norm in self._single:
            return (self._single[norm],)
        parts = self._parts(norm)
        if not parts and norm.startswith(self._prefixes):
            parts = self._without_prefix(norm)
        if not parts and norm.endswith(self._suffixes):
            parts = self._without_suffix(norm)
        return parts

    def _without_prefix(self, norm: str) -> tuple[Word, ...]:
        """What is left of a word without its prefix, which may say "about"."""
        for prefix in self._prefixes:
            if norm.startswith(prefix) and len(norm) - len(prefix) >= 2:
                parts = self._parts(norm[len(prefix) :])
                if parts:
                    near = prefix in self.endings["approximate_prefixes"]
                    return (replace(parts[0], approximate=True), *parts[1:]) if near else parts
        return ()

    def _without_suffix(self, norm: str) -> tuple[Word, ...]:
        """What is left of a word without its ending."""
        for suffix in self._suffixes:
            if norm.endswith(suffix):
                stem = norm[: -len(suffix)].rstrip("'")
                parts = self._parts(stem) if len(stem) >= 2 and stem not in self.bare else ()
                if parts:
                    return parts
        return ()

    def _parts(self, form: str) -> tuple[Word, ...]:
        """The parts of a word that are all of a number or join such parts; empty for other words."""
        parts = self._segments(form)
        for part in parts:
            if not (part.counts or part.joiner or part.link):
                return ()
        return parts

    def _segments(self, form: str) -> tuple[Word, ...]:
        """The number words that a joined word is made of, longest first; empty if anything is left over."""
        if form in self._single:
            return (self._single[form],)
        if not self.joined or len(form) > MAX_FORM:
            return ()
        out: list[Word] = []
        at = 0
        while at < len(form):
            for end in range(min(len(form), at + self._reach.get(form[at : at + 2], 1)), at, -1):
                word = self._single.get(form[at:end])
                if word is not None and (word.counts or ((word.joiner or word.link) and out)) and not word.weak:
                    out.append(word)
                    at = end
                    break
            else:
                return ()
        return tuple(out)


def _longest_first(ending: str) -> tuple[int, str]:
    return -len(ending), ending


def _check(table: Mapping[str, Any]) -> None:
    for key, value in table.items():
        if key in _VALUES:
            if not isinstance(value, dict) or not all(k.isdecimal() and int(k) for k in value):
                raise NumeralsError(key, "must be a table of values (whole numbers) and their spellings")
            for number, spellings in value.items():
                _check_list(f"{key}.{number}", spellings)
        elif key in _FLAGS:
            if not isinstance(value, bool):
                raise NumeralsError(key, "must be true or false")
        elif key in _LISTS:
            _check_list(key, value)
        else:
            raise NumeralsError(key, f"unknown key; there are {', '.join((*_VALUES, *_LISTS, *_FLAGS))}")


def _check_list(key: str, value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
        raise NumeralsError(key, "must be a list of spellings")
    if len(set(value)) != len(value):
        raise NumeralsError(key, "names a spelling twice")


def _spellings(table: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every spelling of the table with the facts of `Word` that it adds."""
    for section in _VALUES:
        fact = section.removesuffix("_approximately")
        for number, spellings in table.get(section, {}).items():
            facts: dict[str, Any] = {fact: True} if fact == "one_and_half" else {fact: int(number)}
            if section.endswith("_approximately"):
                facts["approximate"] = True
            yield from ((spelling, facts) for spelling in spellings)
    single = {"joiners": "joiner", "links": "link", "ranges": "range", "pair_ranges": "pair_range", "openers": "opener"}
    flags = {**single, "several": "several", "weak": "weak", "inverting": "inverting"}
    for key, fact in flags.items():
        yield from ((spelling, {fact: True}) for spelling in table.get(key, ()))
    yield from ((spelling, {"part": Fraction(1, 2)}) for spelling in table.get("half", ()))
    yield from ((spelling, {"part": Fraction(1, 4)}) for spelling in table.get("quarter", ()))


def some_count(words: Iterable[Word]) -> bool:
    """Whether one of the parts of a written word is a number."""
    for word in words:  # noqa: SIM110 - asked of most words, and a generator is a call for each part
        if word.counts:
            return True
    return False
