"""From an article's text to sentences of tokens with code point offsets. Linear in the text, whatever the text is.

Nothing here knows a language beyond what a `Spelling` says (facts out of a language pack): where words join, which
marks end a sentence, which abbreviations do not, and how a word is brought to its normal form.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from agents.extract.forms import Form

WORD: Final = 0
NUMBER: Final = 1
PUNCT: Final = 2

MAX_FORM: Final = 64
"""Longer words are cut before they are looked up: no language needs them, hostile text has them."""

MAX_SENTENCE_TOKENS: Final = 160
"""A run of words without an end is cut here, so that work within a sentence stays bounded."""

_MARKS: Final = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d"
)
_APOSTROPHES: Final = "'’ʼʹ‘`"
_INNER: Final = rf"(?:[{_APOSTROPHES}״׳]|(?<=[\u0590-\u05ff])\"(?=[\u0590-\u05ff]))"
_TOKEN: Final = (  # the most frequent first; an empty branch costs less than a repeat of nothing, as most words end in
    r"[\u05d0-\u05ea][\u05d0-\u05ea]{0,2}+(?=\d)|[\u0621-\u064a][\u0621-\u064a]{0,2}+(?=\d)"  # clitics of figures: و400
    r"|[A-Z]\.(?:[A-Z]\.)+"  # U.S., in which a full stop parts nothing
    rf"|[^\W\d_][\w{_MARKS}]*+(?:(?=[{_APOSTROPHES}״׳\"])(?:{_INNER}[^\W\d_][\w{_MARKS}]*+)*|)"
    r"|\d++(?:(?=[.,'’٫٬])(?:[.,'’٫٬]\d++)*|)"
    r"|\n+|[^\w\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|_+"
)

COMMAS: Final = frozenset(",،")
_ENDS: Final = frozenset(".!?…。؟۔։।")
_CLOSERS: Final = frozenset("\"”’»)]'›")
_STRAIGHT: Final = frozenset("\"'")
"""Marks that open as well as close: behind a blank they open."""

_REMOVED: Final = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]"
)
_LETTERS: Final = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ک": "ك",
        "ة": "ه",
        "ہ": "ه",
        "ۀ": "ه",
        "ؤ": "و",
    }
    | {"ё": "е", "’": "'", "ʼ": "'", "ʹ": "'", "‘": "'", "`": "'", "״": '"', "׳": "'", "և": "եւ"}
)
_LATIN: Final = re.compile("[\0-\u024f\u1e00-\u1eff]")
_TURKIC: Final = str.maketrans({"I": "ı", "İ": "i"})


class Token:
    """One word, number or mark. `start` and `end` are code point offsets into the article's text, `end` exclusive.

    `form` is what is known of it wherever it stands; its `norm` is the normal form (see `Spelling.normal`), its `kind`
    is `WORD`, `NUMBER` or `PUNCT`.
    """

    __slots__ = ("end", "form", "kind", "norm", "start", "text")

    def __init__(self, text: str, form: Form, start: int, end: int) -> None:
        self.text = text
        self.form = form
        self.norm = form.norm
        self.start = start
        self.end = end
        self.kind = form.kind


class Hit:
    """A concept of the pack seen in a sentence: token indexes `first`..`last`, `last` exclusive."""

    __slots__ = ("concept", "first", "last")

    def __init__(self, concept: str, first: int, last: int) -> None:
        self.concept = concept
        self.first = first
        self.last = last


class Phrase:
    """Tokens `first`..`last` (exclusive) of a sentence; equal to every other one of the same tokens."""

    __slots__ = ("first", "last")

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and self.first == other.first and self.last == other.last

    def __hash__(self) -> int:
        return hash((self.first, self.last))

    def touches(self, hit: Hit) -> bool:
        """Whether phrase and hit share a token."""
        return hit.first < self.last and hit.last > self.first


@dataclass(slots=True)
class Sentence:
    """A sentence with its tokens and what the lexicon saw in it. `start`, `end` are offsets into the article's text.

    `paragraph` 0 is the title; `tokens` hold no line breaks; `hits` are in order of `first`. `forms` has one entry a
    token; `numbers` are the indexes of the tokens that are figures in digits; `concepts` has the bits of all concepts
    that hits may be of. `memo` holds what was read of this sentence alone, once its hits are known, by the readers' own
    keys; nothing in it points back at the sentence.
    """

    index: int
    start: int
    end: int
    tokens: list[Token]
    in_title: bool
    paragraph: int
    hits: list[Hit] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    concepts: int = 0
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def taken(self) -> set[int]:
        """The indexes of the tokens that hits hold."""
        known: set[int] | None = self.memo.get("taken")
        if known is not None:
            return known
        held = {hit.first for hit in self.hits}
        for hit in self.hits:
            if hit.last - hit.first > 1:
                held.update(range(hit.first, hit.last))
        self.memo["taken"] = held
        return held

    def hits_on(self, first: int, last: int) -> list[Hit]:
        """The hits that share one of the tokens `first`..`last` (exclusive)."""
        return [hit for hit in self.hits if hit.first < last and hit.last > first]

    def names(self, first: int, last: int, concepts: tuple[str, ...]) -> bool:
        """Whether a hit on these tokens is of a concept that begins like one of `concepts`."""
        for hit in self.hits:  # noqa: SIM110 - asked of most phrases, and a generator is a call for each hit
            if hit.first < last and hit.last > first and hit.concept.startswith(concepts):
                return True
        return False

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets of the tokens `first`..`last` (exclusive) in the article's text."""
        return self.tokens[first].start, self.tokens[last - 1].end


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a language writes, as far as tokens and sentences are concerned.

    `elisions` are prefixes that end in an apostrophe and are words of their own ("l'", "qu'"). `abbreviations` (normal
    form, without the full stop) end no sentence. `ends` are further marks that end one. `dotless_i` is the Turkic pair
    I/ı. `diacritics` False strips the marks of Latin letters.
    """

    elisions: tuple[str, ...] = ()
    abbreviations: frozenset[str] = frozenset()
    ends: str = ""
    dotless_i: bool = False
    diacritics: bool = False

    def normal(self, word: str) -> str:
        """The form under which a word is looked up: case, accents, vowel points and look-alike letters folded.

        Most words are written as they are looked up: those are given back themselves, so that none is kept twice.
        """
        if word.isascii() and not self.dotless_i:
            made = word.lower()
        else:
            try:
                made = word.translate(_NORMAL[self.dotless_i, self.diacritics])
            except _UnlistedError:
                made = self.folded(word)
        return word if made == word else made

    def folded(self, word: str) -> str:
        """The normal form made step by step, as all letters may be brought to it."""
        if self.dotless_i:
            word = word.translate(_TURKIC)
        word = _REMOVED.sub("", word.casefold()).translate(_LETTERS)
        return word if self.diacritics or word.isascii() else strip_latin_marks(word)

    def apart(self, phrase: str) -> str:
        """The phrase with a blank behind every elision, as a text is cut into tokens: "d'après" is "d' après".

        Words with alternatives (a|b) stay as they are.
        """
        if not self.elisions or "'" not in phrase:
            return phrase
        stems = "|".join(re.escape(prefix[:-1]) for prefix in self.elisions)
        cut = re.compile(rf"^([=^]?(?:{stems})')(?=\w)")
        return " ".join(word if "|" in word else cut.sub(r"\1 ", word) for word in phrase.split())

    @cache  # noqa: B019  # one small frozen value a language, kept as long as the process
    def pattern(self) -> re.Pattern[str]:
        """The expression that splits a text into this language's tokens and what stands between them, in turn."""
        if not self.elisions:
            return re.compile(f"({_TOKEN})")
        stems = "|".join(re.escape(prefix[:-1]) for prefix in self.elisions)
        return re.compile(rf"((?i:\b(?:{stems})[{_APOSTROPHES}](?![^\w\s]))|{_TOKEN})")


def strip_latin_marks(word: str) -> str:
    """Take accents and the like off Latin letters; letters of other scripts keep theirs (й is no и)."""
    if not _LATIN.search(word):
        return unicodedata.normalize("NFC", word)
    out: list[str] = []
    base_is_latin = False
    for char in unicodedata.normalize("NFD", word):
        if unicodedata.combining(char):
            if not base_is_latin:
                out.append(char)
        else:
            base_is_latin = char < "\u0250" or "\u1e00" <= char <= "\u1eff"
            out.append(char)
    return unicodedata.normalize("NFC", "".join(out))


class _UnlistedError(Exception):
    """A letter that changes with those around it, or is of a script that no pack writes."""


class _Letters(dict[int, str]):
    """Letters by code point → their normal forms."""

    def __missing__(self, code: int) -> str:
        raise _UnlistedError


_LISTED: Final = (*range(0x700), *range(0x10A0, 0x1100), *range(0x1E00, 0x1F00), *range(0x2000, 0x2070))
"""Latin to Arabic, Georgian, Latin with further marks, and punctuation."""


def _letters(dotless_i: bool, diacritics: bool) -> _Letters:
    """The letters that are folded behind a Latin one as they are alone: no marks that join the letter before them."""
    spelling = Spelling(dotless_i=dotless_i, diacritics=diacritics)
    alone = {code: spelling.folded(chr(code)) for code in _LISTED}
    return _Letters((code, made) for code, made in alone.items() if spelling.folded(f"a{chr(code)}") == f"a{made}")


_NORMAL: Final = {(i, marks): _letters(i, marks) for i in (False, True) for marks in (False, True)}


def sentences(text: str, title_length: int, spelling: Spelling, forms: dict[str, Form]) -> list[Sentence]:
    """Cut an article's text into sentences of tokens.

    A full stop followed by a small letter ends nothing (machine translation strews them), nor does an abbreviation or
    an initial. Line breaks always end a sentence and count paragraphs; everything before `title_length` is the title.
    `forms` holds tokens and nothing else, and makes those that it lacks.
    """
    return _Cutter(text, title_length, spelling, forms).run()


class _Cutter:
    """One pass over one text."""

    def __init__(self, text: str, title_length: int, spelling: Spelling, forms: dict[str, Form]) -> None:
        self.text = text
        self.title_length = title_length
        self.spelling = spelling
        self.known = forms
        self.ends = _ENDS | frozenset(spelling.ends)
        self.done: list[Sentence] = []
        self.tokens: list[Token] = []
        self.forms: list[Form] = []
        self.paragraph = 0
        self.ended = False

    def run(self) -> list[Sentence]:
        known = self.known
        split = self.spelling.pattern().split
        start = 0
        for piece in self.text.split(" "):  # a blank stands in no token: what is known between two of them is one
            length = len(piece)
            form = known.get(piece) if length < MAX_FORM else None  # longer ones are known by their beginnings alone
            if form is not None:
                self._take(piece, form, start)
            elif piece:
                at = start
                for index, word in enumerate(split(piece)):
                    if index % 2:
                        self._take(word, known[word if len(word) <= MAX_FORM else word[:MAX_FORM]], at)
                    at += len(word)
            start += length + 1
        self._close()
        return self.done

    def _take(self, word: str, form: Form, start: int) -> None:
        """The next token: it may end the sentence, or begin one."""
        still = False
        if form.kind == PUNCT:
            if word[0] == "\n":
                if self.ended or not self._is_wrapped(word, start):
                    self._break(start)
                return
            still = word in self.ends or (self.ended and self._closes(word, start))
        if self.ended and not still and self._really_ends(word, start):
            self._close()
        self.tokens.append(Token(word, form, start, start + len(word)))
        self.forms.append(form)
        self.ended = still
        if len(self.tokens) >= MAX_SENTENCE_TOKENS:
            self._close()

    def _closes(self, mark: str, start: int) -> bool:
        """Whether a mark behind the end of a sentence still belongs to it."""
        return mark in _CLOSERS and (mark not in _STRAIGHT or start == self.tokens[-1].end)

    def _is_wrapped(self, word: str, start: int) -> bool:
        """Whether a line break stands in the middle of a sentence, where lines were wrapped."""
        return word == "\n" and start > self.title_length and is_small(self.text[start + 1 : start + 2])

    def _break(self, start: int) -> None:
        """A line break: the sentence ends, and behind the title a paragraph begins."""
        self._close()
        if start >= self.title_length:
            self.paragraph += 1

    def _really_ends(self, following: str, start: int) -> bool:
        """Whether the end mark last seen ends a sentence, given the token that follows it."""
        mark = self._last_end_mark()
        if start == self.tokens[-1].end or is_small(following[0]):
            return False
        if self.tokens[mark].text != "." or mark == 0:
            return True
        before = self.tokens[mark - 1]
        if before.kind != WORD or before.end != self.tokens[mark].start:
            return True
        return not (before.norm in self.spelling.abbreviations or (len(before.text) == 1 and before.text.isupper()))

    def _last_end_mark(self) -> int:
        index = len(self.tokens) - 1
        while index > 0 and self.tokens[index].text not in self.ends:
            index -= 1
        return index

    def _close(self) -> None:
        self.ended = False
        if not self.tokens:
            return
        start, end = self.tokens[0].start, self.tokens[-1].end
        in_title = start < self.title_length
        paragraph = 0 if in_title else max(1, self.paragraph)
        numbers = [index for index, form in enumerate(self.forms) if form.kind == NUMBER]
        cut = Sentence(len(self.done), start, end, self.tokens, in_title, paragraph, [], self.forms, numbers)
        self.done.append(cut)
        self.tokens, self.forms = [], []


def is_small(text: str) -> bool:
    """Whether letters are small ones of a script that writes capitals.

    Unicode has capitals of Georgian, too, but no word begins with one: its letters are their own title case.
    """
    return text.islower() and text != text.title()


def has_case(text: str) -> bool:
    """Whether a word is of a script in which words may begin with a capital."""
    return text != text.title() or text != text.lower()


def kind_of(word: str) -> int:
    """The kind of a token by its first character."""
    first = word[0]
    return NUMBER if first.isdigit() else WORD if first.isalpha() else PUNCT
