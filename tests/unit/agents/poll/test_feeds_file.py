from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.poll.feeds_file import FeedError, checked, id_of, new_feed, read, write
from streams.records import Feed

TOML = b"""
[[feed]]
id = "un-news"
url = "https://news.un.org/feed/rss.xml"
name = "UN News"
language = "en"
interval_seconds = 600
full_text = true
auth_env = "UN_TOKEN"
headers = { X-Client = "us" }

[[feed]]
url = "https://example.org/feed"
"""


def test_toml_is_read_with_its_defaults() -> None:
    found = read(TOML, "feeds.toml")
    assert found.problems == ()
    un, other = found.feeds
    assert un == Feed(
        feed_id="un-news",
        url="https://news.un.org/feed/rss.xml",
        name="UN News",
        language="en",
        interval_seconds=600,
        full_text=True,
        auth_env="UN_TOKEN",
        headers={"X-Client": "us"},
    )
    assert (other.feed_id, other.name) == (id_of("https://example.org/feed"), "example.org")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('id = "a"', "url is missing"),
        ('url = "ftp://example.org/"', "no http or https address"),
        ('url = "https://e.org/f"\nid = "a b"', "id 'a b'"),
        ('url = "https://e.org/f"\ninterval = 5', "'interval' is no key"),
        ('url = "https://e.org/f"\ninterval_seconds = 0', "interval_seconds"),
        ('url = "https://e.org/f"\ninterval_seconds = "often"', "interval_seconds"),
        ('url = "https://e.org/f"\nlanguage = "english please"', "language"),
        ('url = "https://e.org/f"\nheaders = { Host = "x" }', "headers"),
        ('url = "https://e.org/f"\nuser_agent = "a\\nb"', "User-Agent"),
        ('url = "https://e.org/f"\nauth_env = "FRONTWIRE_KAFKA_PASSWORD"', "auth_env"),
    ],
)
def test_a_bad_feed_is_told_with_file_number_and_reason_and_the_others_are_read(table: str, told: str) -> None:
    found = read(f'[[feed]]\nurl = "https://good.org/"\n[[feed]]\n{table}\n'.encode(), "mine.toml")
    assert [feed.url for feed in found.feeds] == ["https://good.org/"]
    [problem] = found.problems
    assert problem.startswith("mine.toml: feed 2")
    assert told in problem


@pytest.mark.parametrize("data", [b"[[feed]\n", b"\xff\xfe", b'feed = "x"', b"feed = [1]"])
def test_what_is_no_feeds_file_is_told(data: bytes) -> None:
    found = read(data, "mine.toml")
    assert found.feeds == ()
    assert len(found.problems) == 1
    assert found.problems[0].startswith("mine.toml: ")


def test_the_same_id_twice_is_told() -> None:
    found = read(TOML + TOML, "feeds.toml")
    assert len(found.feeds) == 2
    assert all("twice" in problem for problem in found.problems)


def test_opml_is_read_also_in_folders() -> None:
    opml = b"""<opml version="2.0"><body><outline text="News"><outline type="rss" text="A &amp; B"
        xmlUrl="https://a.org/feed?x=1&amp;y=2"/></outline><outline type="rss" text="bad" xmlUrl="file:///etc"/>
        </body></opml>"""
    found = read(opml, "feeds.opml")
    assert [(feed.url, feed.name) for feed in found.feeds] == [("https://a.org/feed?x=1&y=2", "A & B")]
    assert len(found.problems) == 1
    assert "bad" in found.problems[0]


def test_both_formats_write_what_they_read() -> None:
    feeds = read(TOML, "feeds.toml").feeds
    assert read(write(feeds, "x.toml"), "x.toml").feeds == tuple(sorted(feeds, key=lambda feed: feed.feed_id))
    again = read(write(feeds, "x.opml"), "x.opml")
    assert {(feed.url, feed.name) for feed in again.feeds} == {(feed.url, feed.name) for feed in feeds}


@given(st.text(max_size=40), st.text(st.characters(codec="ascii"), max_size=40))
def test_any_name_and_agent_survive_toml(name: str, agent: str) -> None:
    feed = replace(new_feed("https://example.org/feed"), name=name.encode("utf-8", "replace").decode())
    with suppress(FeedError):
        feed = checked(replace(feed, user_agent=agent))
    assert read(write([feed], "x.toml"), "x.toml").feeds == (feed,)


@given(st.binary(max_size=300), st.sampled_from(["x.toml", "x.opml"]))
def test_no_bytes_break_it(data: bytes, name: str) -> None:
    found = read(data, name)
    assert all(problem.startswith(name) for problem in found.problems)


def test_a_record_under_another_key_is_refused() -> None:
    feed = new_feed("https://example.org/feed", feed_id="a")
    assert checked(feed, "a") is feed
    with pytest.raises(FeedError, match="key"):
        checked(feed, "b")
