"""feedparser's own reading of well-formed XML, with the texts handed to it whole.

`feedparser.parse` sets its SAX parser up so that each `&lt;` of escaped HTML, and what stands before it, is a call of
its own: some seventy an entry. There is no other way to tell it than to make the parser here.
"""

import io
import xml.sax
from typing import Any, Final
from xml.sax import expatreader, handler, xmlreader

from feedparser.api import StrictFeedParser
from feedparser.sanitizer import replace_doctype

_DECLARATION: Final = b"<?xml version='1.0' encoding='utf-8'?>\n"
_BUFFER: Final = 1 << 16


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
    told = StrictFeedParser("", None, "utf-8")
    told.resolve_relative_uris = told.sanitize_html = False
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
