"""One folded form of a name for all spellings of it: case, accents, letter variants, hyphens and apostrophes gone."""

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


@lru_cache(maxsize=65536)
def fold_words(name: str) -> tuple[str, ...]:
    """The folded words of `name`: case folded, without marks and apostrophes, split at all that is no letter or digit.

    `Xankəndi`, `XANKƏNDI` and `Xankendi's` differ only as their letters do: `("xankandi",)`, ... Never raises.
    """
    if name.isascii():
        folded = name.lower().translate(_LETTERS)
    else:
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
        folded = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)
    return tuple("".join(c if c.isalnum() else " " for c in folded).split())


def fold(name: str) -> str:
    """The folded words joined with blanks."""
    return " ".join(fold_words(name))
