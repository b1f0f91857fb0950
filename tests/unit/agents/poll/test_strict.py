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


@pytest.mark.parametrize("body", [rss.render("Seeds", "https://example.org/", rss.load_articles()), _ATOM.encode()])
def test_it_reads_what_feedparser_reads(body: bytes) -> None:
    theirs = feedparser.parse(body, **_OPTIONS)
    assert strict.parse(body.partition(b"?>\n")[2] or body) == {
        name: theirs[name] for name in ("version", "feed", "entries")
    }


def test_what_is_not_well_formed_is_left_to_the_other_parser() -> None:
    assert strict.parse(b"<rss><channel><item><title>open</item></channel></rss>") is None


def test_a_text_is_handed_over_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(StrictFeedParser, "characters", lambda _, text: told.append(text))
    strict.parse(b"<rss><channel><item><title>&lt;b&gt;\none&lt;/b&gt; &amp; two</title></item></channel></rss>")
    assert told == ["<b>\none</b> & two"]
