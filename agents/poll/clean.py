"""Made once and only read later: an entry's title, body and safe HTML.

Blocks become newlines, other white space one blank; control characters go and a lone surrogate becomes U+FFFD, one for
one. There is no Unicode normalisation: offsets of all later stages count on the text as it left here.
"""

import html
import re
from hashlib import sha256
from typing import Final

import nh3

from agents.poll.entry import Text

MAX_BODY: Final = 200_000
"""Characters of a body that are kept, and of its HTML: two of them fit a Kafka record of the default size."""

_MAX_TITLE: Final = 2_000
_MAX_SOURCE: Final = 2_000_000
_MAX_DEPTH: Final = 200

_BLOCKS: Final = frozenset(
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer h1 "  # noqa: SIM905 - a list of words reads better as words
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo cite code col colgroup del dfn em i img ins kbd map area mark q rp rt rtc ruby s samp "  # noqa: SIM905 - as above
    "small span strike strong sub sup time tt u var wbr".split()
)
_TAGS: Final = set(_BLOCKS | _INLINE)
_WITHOUT_TEXT: Final = {"script", "style", "template", "svg", "math", "head", "select"}
_SWALLOWING: Final = re.compile(
    r"</?(?:iframe|noscript|noframes|noembed|object|embed|applet|xmp|plaintext|textarea|title|frameset)\b[^>]*>",
    re.IGNORECASE,
)
"""Tags after which an HTML parser reads no more tags; unclosed, they would swallow the rest of the text."""

_SCHEMES: Final = {"http", "https", "mailto"}

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^>\"]|\"[^\"]*\")*>")
"""A tag in what nh3 writes: `<` is always escaped in text, `\"` in attributes."""

_ATTRIBUTES: Final = re.compile(r"<[a-zA-Z][a-zA-Z0-9]*+[^a-zA-Z0-9>]")
"""A tag whose name something follows: without one there is no link."""

_ANY_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
_FLAT_TAGS: Final = frozenset(
    ("p", "li", "br", "hr", "img", "td", "th", "tr", "dt", "dd", "option", "wbr", "col", "input")
)
"""Tags that close themselves or one another, so that their openings say nothing about depth."""
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_IN_ORDER: Final = re.compile("[\t\n\r -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*+")
"""All that is neither a control character nor a surrogate: most texts are, and are read only once to see it."""
SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BLANKS: Final = "\t\r\n\f"
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def text_hash(title: str, body: str) -> str:
    """SHA-256 (hex) of a text's words: markup, white space, case and links do not count as a change."""
    words = " ".join(f"{title}\n{body}".split()).casefold()
    return sha256(words.encode("utf-8")).hexdigest()


def scrub(text: str) -> str:
    """The text without control characters (but tab and newlines), lone surrogates replaced one for one."""
    return text if _IN_ORDER.fullmatch(text) else SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def line(text: Text | None) -> str:
    """A title, author or category as one line of plain text, at most 2,000 characters."""
    if text is None:
        return ""
    value = text.value[:_MAX_SOURCE]
    plain = to_text(value) if text.html or _ANY_TAG.search(value) else _unescape(scrub(value))
    return _single(plain, _BLANKS).strip()[:_MAX_TITLE].rstrip()


def to_body(text: Text, base: str | None = None) -> tuple[str, str | None]:
    """The body of an entry as plain text and, where it came as HTML, as safe HTML; both cut at `MAX_BODY`."""
    value = text.value[:_MAX_SOURCE]
    if not text.html:
        return _lines(scrub(value))[:MAX_BODY].rstrip(), None
    safe = to_html(value, base)
    return _from_safe(safe)[:MAX_BODY].rstrip(), safe if len(safe) <= MAX_BODY else None


def to_text(markup: str) -> str:
    """The text of any HTML, a line for each block."""
    return _from_safe(to_html(markup))


def to_html(markup: str, base: str | None = None) -> str:
    """Safe, well-formed HTML of any HTML: no scripts, handlers, styles, frames or schemes but http, https, mailto.

    Relative links are resolved where `base` is an absolute URL, else left out.
    """
    markup = _flat(_without_swallowing(scrub(markup)))
    cleaner = _cleaner(base) if base and _ATTRIBUTES.search(markup) else _WITHOUT_LINKS
    safe = cleaner.clean(markup)
    return scrub(safe) if "&#" in markup else safe  # it writes `&#6;` as the character itself


def _cleaner(base: str) -> nh3.Cleaner:
    try:
        return _cleaning(("rewrite_with_base", base))
    except ValueError:  # nh3 takes no such base
        return _WITHOUT_LINKS


def _cleaning(relative: str | tuple[str, str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_WITHOUT_TEXT,
        url_schemes=_SCHEMES,
        url_relative=relative,  # type: ignore[arg-type] # nh3's stub leaves out the pair that its documentation shows
    )


_WITHOUT_LINKS: Final = _cleaning("deny")
"""Made once: that takes as long as it takes to clean a text. Relative links are left out."""


def _without_swallowing(markup: str) -> str:
    # Behind the last `>` no tag ends: from each that begins there the expression would look on to the end.
    end = markup.rfind(">") + 1
    return _SWALLOWING.sub(" ", markup[:end]) + markup[end:]


def _flat(markup: str) -> str:
    """Markup that nests deeper than any page is cut down to its text: HTML parsers are quadratic in depth."""
    depth = deepest = 0
    for tag in _ANY_TAG.finditer(markup):
        if tag[2].lower() not in _FLAT_TAGS:
            depth += -1 if tag[1] else 1
            deepest = max(deepest, depth)
    if deepest <= _MAX_DEPTH:
        return markup
    return _ANY_TAG.sub(lambda tag: "<br>" if tag[2].lower() in _BLOCKS else " ", markup)


def _single(text: str, blanks: str) -> str:
    """The text with one blank for each run of blanks and of these characters."""
    for blank in blanks:
        text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _from_safe(safe: str) -> str:
    text = _TAG.sub(_gap, _single(safe, _BLANKS))
    return _lines(html.unescape(text))


def _gap(tag: re.Match[str]) -> str:
    return "\n" if tag[2].lower() in _BLOCKS else ""


def _lines(text: str) -> str:
    lines = (part.strip(" ") for part in _single(text, "\t\f").replace("\r", "\n").split("\n"))
    return "\n".join(part for part in lines if part)


def _unescape(text: str) -> str:
    """Plain titles are often escaped once too much (`Q&amp;amp;A`); a bare ampersand stays."""
    return _ENTITY.sub(lambda entity: scrub(html.unescape(entity[0])), text)
