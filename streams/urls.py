"""One spelling for one address: the canonical form of an article's URL, and what of it identifies the article.

The form follows the WHATWG URL standard (`can_ada`), then drops what never changes the page: trackers, credentials, the
fragment. When in doubt a parameter stays: two spellings of one page cost a comparison of texts, two pages under one
address cost an article. (courlan's `clean_url` was left for that reason: it drops `?cid=12`, `?12345`, and takes the
last of two addresses in `?back=https://...`.)
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_plus

import can_ada

_SCHEMES: Final = ("http:", "https:")

_TRACKER: Final = re.compile(
    r"(?:utm|at|mtm|pk|piwik|itm|hsa|mkt|vero|oly|ml|ns|sc|wt|__twitter|ga|gs|mc|__hs|_hs|__s|trk|fb|cmpid|spm|icid)_\w*"
    r"|(?:fb|g|dc|gb|tw|yc|ysc|msclk|igsh|wbra|gbra|li_fat_|tt|y|s_kw)c?lid|msclkid|igshid|wbraid|gbraid"
    r"|_ga|_gl|_hsenc|_hsmi|mkt_tok|xtor|ocid|cmpid|cmp|smid|smtyp|ncid|sr_share|guccounter|guce_\w+|rss|amp_js_v|usqp"
)
"""Parameter names that only track (Mozilla query-stripping list, ClearURLs, AdGuard TrackParamFilter)."""

_AMBIGUOUS: Final = re.compile(
    r"ref|ref_src|ref_url|referrer|referer|source|src|from|medium|campaign|partner|via|share|feed|traffic_source"
)
"""Names that track with a word as value (`source=rss`) and may address a page with a number (`ref=8812`)."""

_ESCAPE: Final = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_AMPERSAND: Final = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_MAX_LENGTH: Final = 4096
_MOST_READINGS: Final = 5
_LATELY: Final = 16
"""Addresses remembered: one article's is asked for as its address, as its guid, and as what is told of it."""


@lru_cache(maxsize=_LATELY)
def canonical_url(url: str | None) -> str | None:
    """The canonical form of an http or https URL; None for anything else, and over 4,096 characters.

    `canonical_url(canonical_url(u)) == canonical_url(u)`: an address that reads otherwise once it is in order
    (`http://0x7f.../`) is read again, and one that does not settle is none.
    """
    for _ in range(_MOST_READINGS):
        before, url = url, _read(url)
        if url == before:
            return url
    return None


def _read(url: str | None) -> str | None:
    if not url or len(url) > _MAX_LENGTH:
        return None
    try:
        parsed = can_ada.parse(_AMPERSAND.sub("&", url))
    except (ValueError, TypeError):  # TypeError: a lone surrogate
        return None
    if parsed.protocol not in _SCHEMES or not parsed.hostname:
        return None
    host = parsed.hostname.rstrip(".") + (f":{parsed.port}" if parsed.port else "")
    path = _ESCAPE.sub(lambda escape: escape[0].upper(), parsed.pathname)
    return f"{parsed.protocol}//{host}{path}{_query(parsed.search)}{_route(parsed.hash)}"


def url_identity(canonical: str | None) -> str | None:
    """What of a canonical URL names the page: without scheme, `www.` and a slash at the end.

    None for a bare host: feeds that link every entry to the front page would else be one article.
    """
    if canonical is None:
        return None
    rest = canonical.partition("://")[2].removeprefix("www.")
    page = rest.rstrip("/")
    return page if "/" in page or "?" in page else None


def _query(search: str) -> str:
    parameters = (part for part in search.removeprefix("?").split("&") if part and not _tracks(part))
    kept = "&".join(sorted(_ESCAPE.sub(lambda escape: escape[0].upper(), part) for part in parameters))
    return f"?{kept}" if kept else ""


def _tracks(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote_plus(name).lower()
    if _TRACKER.fullmatch(name):
        return True
    return bool(value and _AMBIGUOUS.fullmatch(name)) and not any(character.isdigit() for character in value)


def _route(fragment: str) -> str:
    """The fragment where it is an address of its own (`#!/news/12`, `#/news/12`), else nothing."""
    return fragment if fragment.startswith(("#!", "#/")) else ""
