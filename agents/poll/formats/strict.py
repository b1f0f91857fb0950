"""feedparser's own reading of well-formed XML, with the texts handed to it whole.

`feedparser.parse` sets its SAX parser up so that each `&lt;` of escaped HTML, and what stands before it, is a call of
its own: some seventy an entry. There is no other way to tell it than to make the parser here, and what it spends on
names, on each text and its description, and on dates that `agents.poll.dates` reads anyway is spared, too.
"""

import io
import re
import xml.sax
from typing import Any, Final, Self
from xml.sax import expatreader, handler, xmlreader

from feedparser.api import StrictFeedParser
from feedparser.sanitizer import replace_doctype
from feedparser.util import FeedParserDict

_DECLARATION: Final = b"<?xml version='1.0' encoding='utf-8'?>\n"
_BUFFER: Final = 1 << 16
_WINDOWS: Final = re.compile(rb"\xc2[\x80-\x9f]")
_REFERRED: Final = re.compile(rb"#0*(?:1[2-5]\d|[xX]0*[89][0-9a-fA-F]);")
"""What feedparser takes for Windows-1252 in Unicode's clothes and maps to what was meant: in UTF-8, as references."""

_ALIASED: Final = frozenset(FeedParserDict.keymap) | {"category", "enclosures", "license", "updated", "updated_parsed"}
"""Keys that feedparser answers from elsewhere."""


_PREFIXES: Final = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}


class _Plain(str):
    """A text without any of those letters. feedparser looks each letter of each text up to map them, which costs more
    than all else that it does with an entry."""

    __slots__ = ()

    def translate(self, table: Any) -> str:
        return str(self)


class _Told(FeedParserDict):  # type: ignore[misc]  # it ships no types
    """What feedparser tells of a feed, an entry or a text. It holds words and lists, and asks about each element for
    keys that are not there: no exception then, whose making costs more than the answer."""

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(key) if key in _ALIASED else dict.__getitem__(self, key)

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) if key in _ALIASED else dict.__contains__(self, key)

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, default) if key in _ALIASED else dict.get(self, key, default)

    def __delitem__(self, key: str) -> None:
        self.pop(key, None)


class _Params(_Told):
    """What it tells of a text: only words, so that a copy of it needs no copies of them."""

    def __deepcopy__(self, memo: Any) -> Self:
        return type(self)(self)


class _Entries(list[Any]):
    def append(self, entry: Any) -> None:
        super().append(_Told(entry))


class _Parser(StrictFeedParser):  # type: ignore[misc]  # as above
    """What is told of what the XML parser finds. Dates stay texts.

    Args:
        windows: whether the feed may hold letters that are to be mapped.
    """

    def __init__(self, *, windows: bool) -> None:
        super().__init__("", None, "utf-8")
        self.resolve_relative_uris = self.sanitize_html = False
        self.feeddata: Any = _Told()
        self.entries, self.contentparams = _Entries(), _Params()
        self._windows = windows

    def decode_entities(self, element: str, data: str) -> str:
        return data if self._windows else _Plain(data)

    def push_content(self, tag: str, attrs_d: Any, default_content_type: str, expecting_text: int) -> None:
        super().push_content(tag, attrs_d, default_content_type, expecting_text)
        self.contentparams = _Params(self.contentparams)

    def resolve_uri(self, uri: str) -> Any:
        # without a base to join it to, no more is done than to take such slashes away
        return super().resolve_uri(uri) if self.baseuri or ":///" in uri else uri

    def _end_published(self) -> None:
        self.pop("published")

    def _end_updated(self) -> None:
        self.pop("updated")

    _end_issued = _end_pubdate = _end_published
    _end_modified = _end_lastbuilddate = _end_updated


class _Expat(expatreader.ExpatParser):
    """Tells of elements without attributes, which most are, by the name that feedparser would give them in the end.

    Args:
        told: who is told.
    """

    def __init__(self, told: _Parser) -> None:
        super().__init__(namespaceHandling=1)
        self._told = told
        self._tags: dict[str, str | None] = {}

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]  # typeshed leaves it out
        self._parser.buffer_size = _BUFFER  # type: ignore[attr-defined]

    def start_element_ns(self, name: str, attrs: Any) -> None:
        tag = None if attrs or self._told.decls else self._tag(name)
        if tag is None:
            super().start_element_ns(name, attrs)
        else:
            self._told.unknown_starttag(tag, [])

    def end_element_ns(self, name: str) -> None:
        tag = self._tag(name)
        if tag is None:
            super().end_element_ns(name)
        else:
            self._told.unknown_endtag(tag)

    def _tag(self, name: str) -> str | None:
        if name not in self._tags:
            self._tags[name] = _tag(name)
        return self._tags[name]


def _tag(name: str) -> str | None:
    """The tag of an element's name, with its namespace and the prefix beside it; None where that is not certain."""
    if " " not in name:
        return name.lower()
    namespace, *local = name.split()
    prefix = _PREFIXES.get(namespace.lower())
    if prefix is None or len(local) > 2:
        return None
    return f"{prefix}:{local[0]}".lower() if prefix else local[0].lower()


def parse(body: bytes) -> dict[str, Any] | None:
    """What `feedparser.parse` answers for UTF-8 without a declaration, links, HTML and dates left as they are.

    None where it is not well-formed, or needs feedparser's other parser for another reason.
    """
    version, data, _ = replace_doctype(_DECLARATION + body)
    told = _Parser(windows=bool(_WINDOWS.search(data) or _REFERRED.search(data)))
    reader = _Expat(told)
    reader.setFeature(handler.feature_external_ges, False)
    reader.setContentHandler(told)
    reader.setErrorHandler(told)
    source = xmlreader.InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        reader.parse(source)
    except xml.sax.SAXException:
        return None
    return {"version": version or told.version, "feed": told.feeddata, "entries": told.entries}
