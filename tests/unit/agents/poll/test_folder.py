"""What a folder of feeds means for the topic `feeds`."""

from dataclasses import replace

import pytest

from agents.poll.feeds_file import new_feed
from agents.poll.folder import changes, is_feeds_file, read
from streams.records import Feed

ONE = new_feed("https://one.example/rss", feed_id="one")
TWO = new_feed("https://two.example/rss", feed_id="two")


def toml(*feeds: Feed) -> bytes:
    return "\n".join(f'[[feed]]\nid = "{f.feed_id}"\nurl = "{f.url}"\nname = "{f.name}"' for f in feeds).encode()


def test_files_tell_their_feeds_together() -> None:
    found = read({"b.toml": toml(TWO), "a.toml": toml(ONE)})
    assert (found.feeds, found.problems) == ((ONE, TWO), ())


def test_an_id_in_two_files_is_told_and_the_first_counts() -> None:
    found = read({"a.toml": toml(ONE), "b.toml": toml(replace(TWO, feed_id="one"))})
    assert found.feeds == (ONE,)
    assert found.problems == ("b.toml: id 'one' is in a.toml, too.",)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("feeds.toml", True), ("a.OPML", True), ("a.xml", True), ("..data", False), (".a.toml", False), ("a.txt", False)],
)
def test_which_files_are_read(name: str, is_one: bool) -> None:
    assert is_feeds_file(name) is is_one


def test_only_what_differs_is_written_and_what_is_in_no_file_goes() -> None:
    moved = replace(TWO, url="https://two.example/new")
    old = new_feed("https://old.example/rss", feed_id="old")
    told = changes(read({"a.toml": toml(ONE, moved)}), [ONE, TWO, old])
    assert (told.put, told.gone) == ((moved,), ("old",))
    assert not changes(read({"a.toml": toml(ONE, TWO)}), [ONE, TWO])


@pytest.mark.parametrize(
    ("files", "keep"),
    [
        ({"a.toml": toml(ONE)}, True),
        ({"a.toml": toml(ONE), "b.toml": b"[[feed"}, False),
        ({"a.toml": toml(ONE) + b'\n[[feed]]\nurl = "ftp://x"'}, False),
        ({"a.toml": b""}, False),
        ({}, False),
    ],
    ids=["told to keep", "a broken file", "a broken feed", "no feed", "no file"],
)
def test_no_feed_goes_where_that_may_be_a_mistake(files: dict[str, bytes], keep: bool) -> None:
    assert changes(read(files), [ONE, TWO], keep=keep).gone == ()
