"""The feeds that a folder of files tells, and what the topic `feeds` lacks of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from agents.poll import feeds_file
from agents.poll.feeds_file import FeedsFile
from streams import codec
from streams.records import Feed

ENDINGS: Final = (".toml", ".opml", ".xml")
"""What a file of feeds ends with. A name that begins with a dot is none: a kubelet keeps a volume's versions so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Feeds to write, and ids of feeds to take away."""

    put: tuple[Feed, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.put or self.gone)


def is_feeds_file(name: str) -> bool:
    """Whether a file of this name is read."""
    return name.lower().endswith(ENDINGS) and not name.startswith(".")


def read(files: Mapping[str, bytes]) -> FeedsFile:
    """The feeds of all files, in the order of their names, and a sentence for each that cannot be taken.

    An id that a file before has told is a problem: nobody could say which of the two is meant.
    """
    feeds: dict[str, Feed] = {}
    places: dict[str, str] = {}
    problems: list[str] = []
    for name in sorted(files):
        found = feeds_file.read(files[name], name)
        problems += found.problems
        for feed in found.feeds:
            if feed.feed_id in feeds:
                problems.append(f"{name}: id {feed.feed_id!r} is in {places[feed.feed_id]}, too.")
                continue
            feeds[feed.feed_id], places[feed.feed_id] = feed, name
    return FeedsFile(feeds=tuple(feeds.values()), problems=tuple(problems))


def changes(wanted: FeedsFile, there: Iterable[Feed], *, keep: bool = False) -> Changes:
    """What makes the topic tell what the folder tells.

    Args:
        there: the feeds on the topic.
        keep: take no feed away. None is taken away either where something could not be read, or where the folder
            tells no feed at all: then a mistake is likelier than the wish to poll nothing.
    """
    known = {feed.feed_id: codec.encode(feed) for feed in there}
    put = tuple(feed for feed in wanted.feeds if known.get(feed.feed_id) != codec.encode(feed))
    sure = not keep and wanted.feeds and not wanted.problems
    gone = known.keys() - {feed.feed_id for feed in wanted.feeds} if sure else set()
    return Changes(put=put, gone=tuple(sorted(gone)))
