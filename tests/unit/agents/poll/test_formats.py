import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.poll.entry import NotAFeedError, ParsedFeed
from agents.poll.parse import parse
from tests.support.web import item, rss

NEWS = "Двадцать тысяч человек покинули город за два дня, сообщили власти области."
URL = "https://example.org/feeds/all"


def read(body: bytes, content_type: str = "") -> ParsedFeed:
    return parse(body, content_type, URL)


def test_rss_with_all_that_a_record_shows() -> None:
    inner = (
        "<title>AT&amp;T &lt;b&gt;moves&lt;/b&gt;</title><link>/a?utm_source=x</link><guid isPermaLink='false'>g</guid>"
        "<dc:creator>Ann</dc:creator><category>War</category><category>War</category>"
        "<pubDate>20 Sep 2023 09:00 GMT</pubDate><description>Short</description>"
        "<content:encoded>&lt;p&gt;The whole&lt;/p&gt;&lt;p&gt;story&lt;/p&gt;</content:encoded>"
    )
    body = rss(inner, head="<language>en-GB</language><ttl>90</ttl><skipHours><hour>3</hour></skipHours>")
    names = b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    feed = read(body.replace(b'version="2.0"', b'version="2.0" ' + names))
    [entry] = feed.entries
    assert (feed.title, feed.problem) == ("A feed", None)
    assert (feed.hints.ttl_seconds, feed.hints.skip_hours) == (5400, (3,))
    assert entry.title == "AT&T moves"
    assert (entry.body, entry.text_source) == ("The whole\nstory", "content")
    assert entry.html == "<p>The whole</p><p>story</p>"
    assert (entry.url, entry.guid) == ("https://example.org/a", "g")
    assert (entry.authors, entry.categories) == (("Ann",), ("War",))
    assert (entry.published, entry.language_declared) == ("2023-09-20T09:00:00Z", "en")


def test_atom_and_rdf() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://other.example/x/"><entry><id>i</id>'
        '<link href="a"/><title type="html">&lt;i&gt;T&lt;/i&gt;</title><updated>2023-09-20T09:00:00Z</updated>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un</p><p>deux</p></div></content></entry></feed>'
    )
    [entry] = read(atom.encode()).entries
    assert (entry.title, entry.body, entry.url) == ("T", "Un\ndeux", "https://other.example/x/a")
    assert (entry.published, entry.language_declared) == ("2023-09-20T09:00:00Z", "fr")
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<item><title>R</title><link>https://e.org/r</link></item></rdf:RDF>"
    )
    assert [entry.url for entry in read(rdf.encode()).entries] == ["https://e.org/r"]


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_json_feed(version: str) -> None:
    items = [
        {
            "id": 7,
            "url": "/a",
            "title": "T",
            "content_html": "<p>x</p><p>y</p>",
            "summary": "s",
            "date_published": "2023-09-20T09:00:00Z",
            "tags": ["War", 3],
            "authors": [{"name": "Ann"}, "x"],
            "language": "id",
        },
        "no item",
    ]
    feed = read(json.dumps({"version": version, "title": "F", "items": items}).encode("utf-8-sig"))
    [entry] = feed.entries
    assert (entry.guid, entry.url, entry.body) == ("7", "https://example.org/a", "x\ny")
    assert (entry.authors, entry.categories, entry.language_declared) == (("Ann",), ("War",), "id")
    assert feed.problem == "some items are no objects"


def test_json_with_lone_surrogates_is_still_read() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "a\\ud800b"}]}'
    assert read(body).entries[0].title == "a\ufffdb"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"plain words",
        b"<html><body>Sorry</body></html>",
        b"{}",
        b"{" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1"}',
        b"<?xml version='1.0'?><opml/>",
    ],
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    with pytest.raises(NotAFeedError):
        read(body)


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("<title>AT&T and R&D</title>", "AT&T and R&D"),
        ("<title>caf&eacute; &nbsp;&mdash; &nosuch; &amp;</title>", "café \xa0— &nosuch; &"),
        ("<title>a\x0bb\x00c&#2;d</title>", "abcd"),
        ("<title>&#xD800;&#x41;</title>", "\ufffdA"),
        ("<title><![CDATA[Q&A <b>bold</b>]]></title>", "Q&A bold"),
        ("<title>&#8220;Quoted&#8221; &amp;#8217;</title>", "“Quoted” ’"),
    ],
)
def test_broken_markup_is_mended(inner: str, title: str) -> None:
    [entry] = read(rss(f"{inner}<guid>1</guid>")).entries
    assert entry.title == title


@pytest.mark.parametrize(
    ("before", "title", "problem"),
    [
        (b"\n", "a &amp; b", None),
        (b"Warning: x\n", "a", "text before the first tag"),
        (b"", "a\x0b", "control characters"),
        (b"oops", "a & b\x02", "text before the first tag; control characters; bare ampersands or undeclared entities"),
    ],
)
def test_what_was_mended_is_told(before: bytes, title: str, problem: str | None) -> None:
    assert read(before + rss(f"<title>{title}</title><guid>1</guid>")).problem == problem


@pytest.mark.parametrize("told", ["truly", "iso-8859-1"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_unicode_is_known_whatever_is_declared(encoding: str, told: str) -> None:
    assert title_of(encoding, encoding if told == "truly" else told) == NEWS


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_other_encodings_are_read_as_declared(encoding: str) -> None:
    assert title_of(encoding, encoding) == NEWS


def title_of(encoding: str, told: str) -> str:
    text = rss(f"<guid>1</guid><title>{NEWS}</title>").decode().replace("UTF-8", told)
    return read(text.encode(encoding)).entries[0].title


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    body = rss(f"<guid>1</guid><title>{NEWS * 5}</title>").replace("Двадцать".encode(), b"\xd0vadcat", 1)
    feed = read(body)
    assert "тысяч человек" in feed.entries[0].title
    assert feed.problem is not None


def test_languages_are_detected_in_longer_texts_only() -> None:
    first, second = read(
        rss(f"<guid>1</guid><description>{NEWS}</description>", "<guid>2</guid><title>Short</title>")
    ).entries
    assert (first.language_detected, second.language_detected) == ("ru", None)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda noise: rss(item(1)).replace(b"Article", noise)))
def test_no_bytes_break_it(body: bytes) -> None:
    try:
        feed = read(body, "text/xml; charset=utf-7")
    except NotAFeedError:
        return
    for entry in feed.entries:
        assert f"{entry.title}{entry.body}{entry.html}{entry.guid}{entry.url}".encode()
