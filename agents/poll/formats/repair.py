"""Real-world breakage of XML feeds, mended where the strict parser finds any.

feedparser falls back to a lenient parser on any fault, which is slow and reads `AT&T` as `AT&T;`; so the faults that
thousands of feeds share are mended here and the strict parser reads once more.
"""

import codecs
import re
from html.entities import html5
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE: Final = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LOSSY: Final = 0.02
"""Share of characters beyond ASCII that may be broken for a text to still count as UTF-8."""

_XML_DECLARATION: Final = re.compile(r"<\?xml\b[^>]{0,300}\?>", re.IGNORECASE)
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_APART: Final = re.compile(
    r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<!DOCTYPE[^\[<>]*+(?:\[[^\]]*+\]?+)?\s*+>?+)", re.DOTALL
)
"""What does not end reaches to the end: looked for again from each beginning, its end would take quadratic time."""

_AMPERSAND: Final = re.compile(
    r"&(?!(?:lt|gt|amp|quot|apos);)(?:(#\d{1,8}|#[xX][0-9a-fA-F]{1,6});|([a-zA-Z][a-zA-Z0-9]{1,31});)?"
)
"""Any but those that XML itself names, of which escaped HTML has one a tag."""


def decode(body: bytes, content_type: str) -> tuple[str, str | None]:
    """The text of a body, and what was wrong with its encoding (None: nothing).

    A byte order mark and wide characters speak for themselves; valid UTF-8 beyond ASCII is UTF-8 whatever is declared,
    as no other encoding looks like it by accident; then the declared ones, the document's first when they differ.
    """
    sure = _marked(body)
    if sure is not None:
        return sure[1].decode(sure[0], "replace").lstrip("\ufeff"), None
    declared = _declared(body, content_type)
    if _is_seven_bit_stateful(declared):
        return body.decode(declared[0], "replace"), None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body, declared)
    lying = declared and not body.isascii() and not _is_utf8(declared[0])
    return text, f"declared as {declared[0]}, but is UTF-8" if lying else None


def trim(text: str) -> tuple[str, str | None]:
    """XML text from its first tag on without its declaration, and what was wrong with its beginning (None: nothing)."""
    start = text.find("<")
    fault = "text before the first tag" if text[:start].strip() else None
    return _XML_DECLARATION.sub("", text[max(start, 0) :], count=1).lstrip(), fault


def mend(text: str) -> tuple[str, str | None]:
    """XML text without the faults that can be mended, and which there were (None: nothing)."""
    faults = []
    legal = _ILLEGAL.sub("", text)
    if len(legal) != len(text):
        faults.append("control characters")
    mended = _mend_entities(legal) if "&" in legal else legal
    if mended != legal:
        faults.append("bare ampersands or undeclared entities")
    return mended, "; ".join(faults) or None


def _marked(body: bytes) -> tuple[str, bytes] | None:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding, body[len(mark) :]
    return next(((encoding, body) for start, encoding in _WIDE if body.startswith(start)), None)


def _declared(body: bytes, content_type: str) -> list[str]:
    inside, outside = _DECLARED.search(body[:1024]), _CHARSET.search(content_type)
    names = [inside[1].decode("ascii")] if inside else []
    names += [outside[1]] if outside else []
    return [wide for name in names if (wide := _known(name))]


def _known(name: str) -> str | None:
    """The codec of a declared name, its superset where browsers take that (WHATWG encoding standard); None if none."""
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # no bytes-to-bytes codecs such as `zip`: those raise LookupError
    except (LookupError, ValueError, UnicodeError):
        return None
    supersets = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
    supersets |= {"shift_jis": "cp932", "iso8859-9": "cp1254", "big5": "big5hkscs", "tis-620": "cp874"}
    return supersets.get(codec.name, codec.name)


def _is_utf8(name: str) -> bool:
    return name.startswith("utf")


def _is_seven_bit_stateful(declared: list[str]) -> bool:
    return bool(declared) and (declared[0].startswith("iso2022") or declared[0] in ("hz", "utf-7"))


def _legacy(body: bytes, declared: list[str]) -> tuple[str, str | None]:
    mostly = body.decode("utf-8", "replace")
    beyond = sum(not character.isascii() for character in mostly)
    if mostly.count("\ufffd") <= beyond * _LOSSY:
        return mostly, "some bytes are no UTF-8"
    for name in declared:
        if _is_utf8(name):
            continue
        try:
            return body.decode(name), None
        except UnicodeDecodeError:
            continue
    legacy = next((name for name in declared if not _is_utf8(name)), "cp1252")
    return body.decode(legacy, "replace"), f"not in the declared encoding; read as {legacy}"


def _mend_entities(text: str) -> str:
    """Outside CDATA and comments: HTML's named characters as themselves, and bare ampersands escaped."""
    parts = _APART.split(text)
    declared = "<!ENTITY" in text
    for index in range(0, len(parts), 2):
        if "&" in parts[index]:
            parts[index] = _AMPERSAND.sub(lambda found: _entity(found, declared), parts[index])
    return "".join(parts)


def _entity(found: re.Match[str], declared: bool) -> str:
    number, name = found.groups()
    if number is not None:
        return _numbered(number, found[0])
    if name is None:
        return "&amp;"
    if declared:
        return found[0]
    character = html5.get(name + ";")
    return f"&amp;{name};" if character is None else "".join(f"&#{ord(part)};" for part in character)


def _numbered(number: str, whole: str) -> str:
    code = int(number[2:], 16) if number[1] in "xX" else int(number[1:])
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or code in (0xFFFE, 0xFFFF):
        return "\ufffd"
    return "" if code < 32 and code not in (9, 10, 13) else whole
