"""What a line of `frontwire tail` says before the record itself."""

from agents.commands.tail import in_words
from streams.heartbeat import Heartbeat
from streams.stage import Message


def message(*headers: tuple[str, bytes]) -> Message:
    return Message(topic="articles.raw", partition=3, offset=0, timestamp_ms=0, key=b"en", value=None, headers=headers)


def test_heartbeats_among_articles_are_told_from_them() -> None:
    assert in_words(message()) == "en is withdrawn"
    assert in_words(message(Heartbeat(3, 1).header)) == "[heartbeat] en is withdrawn"
