"""The feed formats, one module each: `claims(body, content_type)` and `read(body, content_type, url)`.

To add a format, write its module and name it in `FORMATS`; the first that claims a body reads it.
"""

from typing import Final, Protocol

from agents.poll.entry import NotAFeedError, RawFeed
from agents.poll.formats import json_feed, xml_feed


class Format(Protocol):
    """What a module of this package offers."""

    def claims(self, body: bytes, content_type: str) -> bool:
        """Whether the body looks like this format; the content type is only a hint, servers lie."""

    def read(self, body: bytes, content_type: str, url: str) -> RawFeed:
        """The feed of a body that was served as `content_type` from `url`.

        Raises:
            NotAFeedError: there is no feed in it.
        """


FORMATS: Final[tuple[Format, ...]] = (json_feed, xml_feed)


def read(body: bytes, content_type: str, url: str) -> RawFeed:
    """Read a body with the format that claims it.

    Raises:
        NotAFeedError: no format claims the body, or the one that does finds no feed.
    """
    for known in FORMATS:
        if known.claims(body, content_type):
            return known.read(body, content_type, url)
    raise NotAFeedError("the body is neither XML nor JSON")
