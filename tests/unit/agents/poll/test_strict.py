from typing import Any

import feedparser
import pytest
from feedparser.api import StrictFeedParser

from agents.poll.formats import strict
from seeds import rss

_OPTIONS = {
    "response_headers": {"content-type": "application/xml; charset=utf-8"},
    "sanitize_html": False,
    "resolve_relative_uris": False,
}
_ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>T &amp; t</title><entry><id>urn:x</id>'
    '<title type="html">&lt;b&gt;Un&lt;/b&gt; &amp;amp; deux</title><updated>2026-01-05T08:00:00Z</updated>'
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a &lt; b</p>\n<p>c</p></div></content>'
    "</entry></feed>"
)


_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:x="urn:unknown"><channel rdf:about="https://example.org/">'
    "<title>T</title><x:own>1</x:own></channel><item rdf:about='https://example.org/1'><title>A &lt;b&gt;b&lt;/b&gt;"
    "</title><link>https:///example.org/1?a=1&amp;b=2</link><dc:date>2026-01-05</dc:date><dc:creator>C</dc:creator>"
    "<x:own>2</x:own><x:own>3</x:own></item></rdf:RDF>"
)
_ODD = (
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xml:base="https://example.org/"><channel>'
    "<title>\x93T\x94</title><category>k</category><item><guid>1</guid><title>it&#146;s</title><category>c</category>"
    "<category>d</category><enclosure url='a.mp3' type='audio/mpeg'/><media:group><media:title>m</media:title>"
    "</media:group><description>one</description><description>two</description><issued>2026-01-05</issued></item>"
    "<item><title>caf\xc3\xa9</title><link/><author>a@example.org (A)</author><UPPER>u</UPPER></item></channel></rss>"
)


def _without_parts(told: Any) -> Any:
    """Without dates in parts, which nobody asks for."""
    if isinstance(told, dict):
        return {key: _without_parts(value) for key, value in told.items() if not key.endswith("_parsed")}
    return [_without_parts(one) for one in told] if isinstance(told, list) else told


@pytest.mark.parametrize(
    "body",
    [
        rss.render("Seeds", "https://example.org/", rss.load_articles()),
        _ATOM.encode(),
        _RDF.encode(),
        _ODD.encode(),
    ],
)
def test_it_reads_what_feedparser_reads(body: bytes) -> None:
    theirs = feedparser.parse(body, **_OPTIONS)
    ours = strict.parse(body.partition(b"?>\n")[2] or body)
    assert ours is not None
    assert _without_parts(ours) == {name: _without_parts(theirs[name]) for name in ("version", "feed", "entries")}


def test_what_is_not_well_formed_is_left_to_the_other_parser() -> None:
    assert strict.parse(b"<rss><channel><item><title>open</item></channel></rss>") is None


def test_a_text_is_handed_over_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(StrictFeedParser, "characters", lambda _, text: told.append(text))
    strict.parse(b"<rss><channel><item><title>&lt;b&gt;\none&lt;/b&gt; &amp; two</title></item></channel></rss>")
    assert told == ["<b>\none</b> & two"]
