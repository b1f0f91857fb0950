"""The bundled feed: its articles come out of a feed parser as they went in, and the starter list is well formed."""

import tomllib
from collections import Counter
from dataclasses import replace
from html import unescape
from urllib.parse import urlsplit

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from seeds import rss
from seeds.rss import SeedArticle
from streams.records import Feed

_XML_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_characters="\x7f\x85\u2028\u2029"))
_ARTICLE = SeedArticle(
    guid="g", url="https://example.org/a", language="en", published="2023-09-20T09:00:00Z", title="T", body="B"
)


def test_the_seed_article_comes_out_as_it_went_in() -> None:
    [article] = rss.load_articles()
    [entry] = feedparser.parse(rss.render("seed", "https://example.org/", [article]), sanitize_html=False).entries
    assert entry.title == article.title
    assert entry.link == article.url
    assert entry.id == article.guid
    assert entry.published_parsed[:6] == (2023, 9, 20, 9, 0, 0)
    paragraphs = entry.content[0].value.removeprefix("<p>").removesuffix("</p>").split("</p><p>")
    assert unescape("\n".join(paragraphs)) == article.body


@given(title=_XML_TEXT, body=_XML_TEXT)
def test_any_text_makes_a_well_formed_feed(title: str, body: str) -> None:
    parsed = feedparser.parse(
        rss.render(title, "https://example.org/?a&b", [replace(_ARTICLE, title=title, body=body)])
    )
    assert not parsed.bozo, parsed.bozo_exception
    assert len(parsed.entries) == 1


def test_the_starter_list_has_feeds_for_every_language_and_only_fields_of_a_feed() -> None:
    feeds = tomllib.loads((rss.FOLDER / "feeds.toml").read_text("utf-8"))["feed"]
    languages = Counter(feed["language"] for feed in feeds)
    assert set(languages) == {"id", "en", "ru", "uk", "az", "hy", "tr", "ar", "fa", "he", "fr", "es"}
    assert min(languages.values()) >= 3
    assert len({feed["id"] for feed in feeds}) == len({feed["url"] for feed in feeds}) == len(feeds)
    for feed in feeds:
        fields = {("feed_id" if key == "id" else key): value for key, value in feed.items()}
        assert urlsplit(Feed(**fields).url).scheme == "https"
