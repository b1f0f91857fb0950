"""What makes two articles one: keys of the address, the guid and the text."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from streams.records import RawArticle
from streams.urls import canonical_url, url_identity

URL: Final = b"u"
GUID: Final = b"g"
TEXT: Final = b"t"

_LEAST_WORDS: Final = 8
"""A shorter text ("Breaking news", "Photos of the day") is no evidence that two articles are one."""

_GLOBAL_GUID: Final = re.compile(r"(?:https?://|tag:|urn:)\S", re.IGNORECASE)


def text_key(words: Sequence[str]) -> bytes | None:
    """The key of a text by its words, whatever their case; None where they are too few to make two articles one."""
    return _key(TEXT, " ".join(words).casefold()) if len(words) >= _LEAST_WORDS else None


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


def keys(article: RawArticle, words: Sequence[str]) -> tuple[bytes, ...]:
    """All keys of an article with these words, in the order in which a match is believed: address, guid, text."""
    found = (url_key(article.url), guid_key(article.guid, article.source), text_key(words))
    return tuple(key for key in found if key)


def _key(kind: bytes, *parts: str) -> bytes:
    """16 bytes: the kind, and 120 bits of hash over the parts."""
    return kind + blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=15).digest()
