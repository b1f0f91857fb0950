"""What makes two articles one: the words of a text, and keys of its address, its guid and its text."""

import re
import sys
import unicodedata
from hashlib import blake2b
from typing import Final

from streams.records import RawArticle
from streams.urls import canonical_url, url_identity

URL: Final = b"u"
GUID: Final = b"g"
TEXT: Final = b"t"

_LEAST_WORDS: Final = 8
"""A shorter text ("Breaking news", "Photos of the day") is no evidence that two articles are one."""

_DIGITS: Final = {
    code: str(unicodedata.decimal(chr(code))) for code in range(sys.maxunicode + 1) if chr(code).isdecimal()
}
_UNSEEN: Final = re.compile(
    "[\u00ad\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""Soft hyphens, Hebrew points, Arabic vowel signs, tatweel, joiners, direction marks: spelled or not, one word."""

_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
"""A run of letters and digits; in scripts without spaces (Thai, Lao, Burmese, Khmer, Chinese, Japanese) a letter."""

_GLOBAL_GUID: Final = re.compile(r"(?:https?://|tag:|urn:)\S", re.IGNORECASE)


def words(text: str) -> list[str]:
    """The words of a text without case, marks and width; digits of all scripts as ASCII."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold().translate(_DIGITS)
    return _WORD.findall(folded)


def text_key(title_and_body: list[str]) -> bytes | None:
    """The key of a text by its words; None where they are too few to say that two articles are one."""
    return _key(TEXT, *title_and_body) if len(title_and_body) >= _LEAST_WORDS else None


def url_key(url: str | None) -> bytes | None:
    """The key of an article's address; None without one, and for a bare host."""
    page = url_identity(canonical_url(url))
    return _key(URL, page) if page else None


def guid_key(guid: str | None, source: str) -> bytes | None:
    """The key of a guid: alone where it is unique in the world (URL, `tag:`, `urn:`), else within its outlet.

    None without a guid, and for the bare address of a site.
    """
    guid = guid.strip() if guid else ""
    if not guid:
        return None
    if not _GLOBAL_GUID.match(guid):
        return _key(GUID, source, guid)
    if guid.lower().startswith("http"):
        page = url_identity(canonical_url(guid))
        return _key(GUID, page) if page else None
    return _key(GUID, guid)


def keys(article: RawArticle) -> tuple[bytes, ...]:
    """All keys of an article, in the order in which a match is believed: address, guid, text."""
    found = (url_key(article.url), guid_key(article.guid, article.source), text_key(words(article.text)))
    return tuple(key for key in found if key)


def _key(kind: bytes, *parts: str) -> bytes:
    """16 bytes: the kind, and 120 bits of hash over the parts, each ended by a character that no part holds."""
    joined = "".join(part + "\x1f" for part in parts)
    return kind + blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=15).digest()
