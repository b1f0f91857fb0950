"""What makes two articles one: keys of the address, the guid and the text."""

import re
from hashlib import blake2b
from typing import Final

from streams.records import RawArticle
from streams.urls import canonical_url, url_identity
from streams.words import words

URL: Final = b"u"
GUID: Final = b"g"
TEXT: Final = b"t"

_LEAST_WORDS: Final = 8
"""A shorter text ("Breaking news", "Photos of the day") is no evidence that two articles are one."""

_GLOBAL_GUID: Final = re.compile(r"(?:https?://|tag:|urn:)\S", re.IGNORECASE)


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
