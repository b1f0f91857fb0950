"""feedparser's own reading of well-formed XML, with the texts handed to it whole.

`feedparser.parse` sets its SAX parser up so that each `&lt;` of escaped HTML, and what stands before it, is a call of
its own: some seventy an entry. There is no other way to tell it than to make the parser here, and what it spends on
each text and on its description is spared, too.
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
_WINDOWS: Final = re.compile("[\x80-\x9f]")
"""What feedparser takes for Windows-1252 in Unicode's clothes, and maps to what was meant."""


class _Told(str):
    """A text that feedparser asks to map those letters: a table that each letter is looked up in costs more than all
    else that it does with an entry, and hardly a text has any of them."""

    __slots__ = ()

    def translate(self, table: Any) -> str:
        return super().translate(table) if _WINDOWS.search(self) else str(self)


class _Params(FeedParserDict):  # type: ignore[misc]  # it ships no types
    """What feedparser tells of a text: only words, so that a copy of it needs no copies of them."""

    def __deepcopy__(self, memo: Any) -> Self:
        return type(self)(self)


class _Parser(StrictFeedParser):  # type: ignore[misc]  # as above
    def __init__(self) -> None:
        super().__init__("", None, "utf-8")
        self.resolve_relative_uris = self.sanitize_html = False

    def decode_entities(self, element: str, data: str) -> str:
        return _Told(super().decode_entities(element, data))

    def push_content(self, tag: str, attrs_d: Any, default_content_type: str, expecting_text: int) -> None:
        super().push_content(tag, attrs_d, default_content_type, expecting_text)
        self.contentparams: Any = _Params(self.contentparams)


class _Expat(expatreader.ExpatParser):
    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]  # typeshed leaves it out
        self._parser.buffer_size = _BUFFER  # type: ignore[attr-defined]


def parse(body: bytes) -> dict[str, Any] | None:
    """What `feedparser.parse` answers for UTF-8 without a declaration, links and HTML left as they are.

    None where it is not well-formed, or needs feedparser's other parser for another reason.
    """
    version, data, _ = replace_doctype(_DECLARATION + body)
    told = _Parser()
    reader = _Expat(namespaceHandling=1)
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
