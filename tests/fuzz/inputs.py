"""Hostile inputs out of good ones: changes of text, of bytes and of JSON, each drawn from a seeded `Random`.

Texts are taken apart at words and sentences, not only at letters, so that what comes out still reaches the rules behind
the first check.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

# fmt: off  (one piece a line would be a hundred lines)
NASTY: Final = (
    *("\x00", "\x1b[2J", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\ufffd", "\ud800", "\udfff", "\udc80\ud83d"),
    *("\u200b", "\u200c", "\u200d", "\u00ad", "\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069"),
    *("e\u0301\u0301\u0301", "ا\u064b\u064b\u0651", "İ", "ı", "ß", "ﬁ", "ŉ", "Ǆ", "ὐ", "ﷺ", "👩‍👩‍👧‍👦", "\U000e0041"),
    *(
        "“",
        "”",
        "„",
        "«",
        "»",
        "'",
        "’",
        '"',
        "(",
        ")",
        "[",
        "{",
        "—",
        "–",
        "-",
        "…",
        ".",
        ";",
        ":",
        "!?",
        "،",
        "؟",
        "׳",
        "։",
    ),
    *(
        "0",
        "-1",
        "007",
        "1,000,000",
        "1.000.000",
        "1 000 000",
        "12,5",
        "1,00,000",
        "3.14.15",
        "10%",
        "٪٥٠",
        "½",
        "²",
        "①",
    ),
    *(
        "٢٠٠٠",
        "۲۰۰۰",
        "二千",
        "𝟚𝟘",
        "Ⅻ",
        "1e309",
        "NaN",
        "9" * 20,
        "18446744073709551616",
        "9" * 400,
        "9" * 5000,
        "1/2",
    ),
    *("5-7", "7–5", "200+", "№", "$5", "31.02.2023", "0000-00-00", "2023-13-45T99:99", "29 February 1900", "24:60"),
    *("<", ">", "&", "&amp;amp;", "&#0;", "&#6;", "&#1114112;", "&#xD800;", "&nbsp", "<![CDATA[", "]]>", "<!--", "-->"),
    *("<?xml ", "<br>", "<div>", "</div>", "<script>", "<svg><style>", "<math><mtext>", "<noscript>", "<plaintext>"),
    *("%", "%zz", "%00", "%s", "{}", "\\", "\\u0000", "\r", "\r\n", "\t", "\n", "\n\n\n", " ", "\u00a0", "\u3000", ""),
)
# fmt: on
"""Pieces that break readers: controls, surrogates, directions, odd letters, quotes, numbers, dates, tags, escapes."""

VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1.5, -0.0, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64 - 1, 2**64, 10**30, 1e308),
    *(
        "",
        " ",
        "\x00",
        "null",
        "2023-09-20T09:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "en",
        "a" * 300,
    ),
    *([], {}, [None], [[]], {"": ""}, [0, "", {}], [[[[[[[[[[]]]]]]]]]]),
)
"""What JSON may hold where something else is expected."""

_WORD: Final = re.compile(r"\S+")
_NUMBER: Final = re.compile(r"\d+")
_FORMS: Final = ("NFC", "NFD", "NFKC", "NFKD")

Pool = Sequence[str]
Change = Callable[[Random, str, Pool], str]


def _span(random: Random, text: str) -> tuple[int, int]:
    """A slice of the text, short more often than long."""
    start = random.randrange(len(text) + 1)
    return start, min(len(text), start + int(random.paretovariate(0.7)))


def _insert(random: Random, text: str, pool: Pool) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(NASTY) + text[at:]


def _replace_word(random: Random, text: str, pool: Pool) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return random.choice(NASTY)
    word = random.choice(words)
    return text[: word.start()] + random.choice(NASTY) + text[word.end() :]


def _replace_number(random: Random, text: str, pool: Pool) -> str:
    digits = "".join(random.choices("0123456789", k=random.choice((1, 3, 9, 19, 20, 40))))
    return _NUMBER.sub(lambda _: digits, text, count=random.choice((0, 1)))


def _splice(random: Random, text: str, pool: Pool) -> str:
    other = random.choice(pool)
    return text[: random.randrange(len(text) + 1)] + other[random.randrange(len(other) + 1) :]


def _cut(random: Random, text: str, pool: Pool) -> str:
    start, end = _span(random, text)
    return text[:start] + text[end:]


def _repeat(random: Random, text: str, pool: Pool) -> str:
    start, end = _span(random, text)
    return text[:start] + text[start:end] * random.choice((2, 3, 8, 30)) + text[end:]


def _shuffle(random: Random, text: str, pool: Pool) -> str:
    words = text.split(" ")
    random.shuffle(words)
    return " ".join(words)


def _recase(random: Random, text: str, pool: Pool) -> str:
    return random.choice((str.upper, str.lower, str.title, str.swapcase))(text)


def _reform(random: Random, text: str, pool: Pool) -> str:
    return unicodedata.normalize(random.choice(_FORMS), text)


def _glue(random: Random, text: str, pool: Pool) -> str:
    return text.replace(" ", random.choice(("", "-", "\u00a0", "\u200c", ", ", ". ", "\n")), random.choice((-1, 1, 5)))


def _noise(random: Random, text: str, pool: Pool) -> str:
    top = random.choice((0x80, 0x700, 0x3000, 0x110000))
    noise = "".join(chr(random.randrange(top)) for _ in range(random.randrange(1, 12)))
    start, end = _span(random, text)
    return text[:start] + noise + text[end:]


def _nest(random: Random, text: str, pool: Pool) -> str:
    left, right = random.choice(
        (("“", "”"), ("«", "»"), ("(", ")"), ("<b>", "</b>"), ("<div><p>", "</p></div>"), ('"', '"'))
    )
    depth = random.choice((1, 2, 10, 60))
    return left * depth + text + right * random.choice((0, depth))


CHANGES: Final[tuple[Change, ...]] = (
    *(_insert, _insert, _replace_word, _replace_word, _replace_number, _splice, _splice, _cut, _repeat, _shuffle),
    *(_recase, _reform, _glue, _noise, _nest),
)


def text_of(random: Random, pool: Pool) -> str:
    """A text of the pool, changed up to four times."""
    text = random.choice(pool)
    for _ in range(random.choice((0, 1, 1, 2, 2, 3, 4))):
        text = random.choice(CHANGES)(random, text[:20_000], pool)
    return text


def giant(random: Random, pool: Pool, characters: int) -> str:
    """A text of about so many characters that is one piece over and over: long words, nested quotes, many numbers."""
    piece = random.choice(
        (*NASTY[:-1], random.choice(pool), "x", "1,000 ", "if not ", "“", "( ", "<i>", ". ", "a.", "12 or ")
    )
    return piece * (characters // len(piece) + 1)


def bytes_of(random: Random, text: str) -> bytes:
    """The text as bytes, in one of three broken as bytes: cut, with stray ones, or in another encoding."""
    data = text.encode("utf-8", "surrogatepass")
    kind = random.randrange(12)
    if kind == 0:
        return data[: random.randrange(len(data) + 1)]
    if kind == 1:
        at = random.randrange(len(data) + 1)
        return (
            data[:at]
            + random.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5", b"\x00", b"\xe2\x82"))
            + data[at:]
        )
    if kind == 2:
        return text.encode(random.choice(("utf-16", "utf-16-be", "utf-32", "cp1251", "utf-7", "gb18030")), "replace")
    if kind == 3 and data:
        changed = bytearray(data)
        for _ in range(random.randrange(1, 6)):
            changed[random.randrange(len(changed))] = random.randrange(256)
        return bytes(changed)
    return data


def read_text(data: bytes) -> str:
    """The text of an input: lone surrogates come through, what is no UTF-8 at all as U+FFFD."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def json_of(random: Random, value: Any, pool: Pool) -> bytes:
    """The value as JSON after up to three changes of its fields; one in eight then broken as bytes."""
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        value = _changed(random, value, pool)
    text = json.dumps(value, ensure_ascii=random.random() < 0.1)
    return bytes_of(random, text) if random.random() < 0.125 else text.encode("utf-8", "replace")


def _changed(random: Random, value: Any, pool: Pool) -> Any:
    """The value with one field of it, at any depth, changed."""
    if isinstance(value, dict) and value and random.random() < 0.95:
        key = random.choice(list(value))
        if random.random() < 0.05:
            return {name: part for name, part in value.items() if name != key}
        return value | {key: _changed(random, value[key], pool)}
    if isinstance(value, list) and value and random.random() < 0.9:
        at = random.randrange(len(value))
        changed = [*value[:at], _changed(random, value[at], pool), *value[at + 1 :]]
        return changed * random.choice((1, 1, 1, 5))
    if isinstance(value, str) and random.random() < 0.6:
        return random.choice(CHANGES)(random, value, pool)
    return random.choice(VALUES)
