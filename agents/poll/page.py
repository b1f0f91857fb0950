"""The full text of an article from its own page, by trafilatura, and what a site's robots.txt allows."""

from typing import Any, Final
from urllib.robotparser import RobotFileParser

from agents.poll.clean import scrub, text_hash, to_body
from agents.poll.entry import Entry, Text
from agents.poll.formats.repair import decode
from streams.language import detect

_LEAST: Final = 200
"""Characters that a page must give to count as the article's text."""


def extract(body: bytes, content_type: str, url: str) -> Entry | None:
    """The main text of an HTML page as an entry without a title of its own, or None where none was found."""
    import trafilatura  # 30 MB that only feeds with `full_text` need

    page, _ = decode(body, content_type)
    text = trafilatura.extract(scrub(page), url=url, include_comments=False, include_tables=False, deduplicate=False)
    if not text or len(text) < _LEAST:
        return None
    plain, _ = to_body(Text(value=text, html=False))
    return Entry(
        guid=None,
        url=url,
        title="",
        body=plain,
        html=None,
        text_source="page",
        published=None,
        authors=(),
        categories=(),
        language_declared=None,
        language_detected=detect(plain),
        text_hash=text_hash("", plain),
    )


def robots(status: int | None, body: bytes) -> Any:
    """The rules of a robots.txt answer (RFC 9309): an error of the client allows all, of the server nothing."""
    rules = RobotFileParser()
    if status is not None and 200 <= status < 300:
        rules.parse(body[:500_000].decode("utf-8", "replace").splitlines())
    elif status is not None and 400 <= status < 500:
        rules.parse(["User-agent: *", "Allow: /"])
    else:
        rules.parse(["User-agent: *", "Disallow: /"])
    rules.modified()
    return rules
