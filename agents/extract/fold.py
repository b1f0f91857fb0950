"""One folded form of a name for all spellings of it: case, accents, letter variants, hyphens and apostrophes gone."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        **dict.fromkeys("'’‘ʻʼ`´ʿʾ′″\"״׳ـ", ""),  # apostrophes, geresh, gershayim, tatweel
        **dict.fromkeys("‎‏‪‫‬‭‮⁦⁧⁨⁩‍", ""),  # directional marks, joiner
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("یىئ", "ي"),
        "ؤ": "و",
        "ک": "ك",
        "ة": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "ə": "a",
        "ı": "i",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "ё": "е",
        "և": "եւ",
    }
)

_LAST_MARK: Final = 0x1FFFF
"""Behind it Unicode has no combining marks but variation selectors, which combine with class 0."""

_BARE: Final = dict.fromkeys(filter(unicodedata.combining, map(chr, range(0x300, _LAST_MARK))), "")
_BARE_LETTERS: Final = str.maketrans(_BARE) | _LETTERS


def fold_letters(text: str) -> str:
    """The folded letters of a text; each is folded alike wherever it stands, as marks go and nothing else moves."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return bare.translate(_BARE_LETTERS)


class _Folds(dict[int, str]):
    """Letters by code point → what they are folded to."""

    def __missing__(self, code: int) -> str:
        return fold_letters(chr(code))


_FOLDS: Final = _Folds((code, fold_letters(chr(code))) for code in range(0x2100))
"""Those of alphabets, one look-up a letter instead of four walks over a word."""

_KEPT: Final = 8_192
_LONGEST: Final = 200
"""Letters of a name whose words are kept; only hostile names are longer."""

_WORD: Final = re.compile(r"[^\W_]+")


def fold_words(name: str) -> tuple[str, ...]:
    """The folded words of `name`: case folded, without marks and apostrophes, split at all that is no letter or digit.

    `Xankəndi`, `XANKƏNDI` and `Xankendi's` differ only as their letters do: `("xankandi",)`, ... Never raises.
    """
    return _kept(name) if len(name) <= _LONGEST else fold_once(name)


def fold_once(name: str) -> tuple[str, ...]:
    """The same for one who keeps it."""
    return tuple(_words(name))


_kept: Final = lru_cache(maxsize=_KEPT)(fold_once)


def fold(name: str) -> str:
    """The folded words joined with blanks."""
    return " ".join(fold_words(name))


def fold_text(text: str) -> str:
    """The same of a text, which is not likely to come again: to ask for its words one by one takes twice the time."""
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    folded = text.translate(_FOLDS)
    return [folded] if folded.isalnum() else _WORD.findall(folded)
