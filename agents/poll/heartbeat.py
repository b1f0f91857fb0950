"""The heartbeat articles that `poll` sends; what becomes of them is told in `streams.heartbeat`.

Every owner of a partition of `feeds` sends those of some partitions of `articles.raw`, each at the whole multiples of
the interval: nothing needs to be remembered, and who owns the partition at that moment sends them.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from agents.poll import publish
from agents.poll.clean import text_hash
from streams.heartbeat import RAW, Heartbeat
from streams.instants import stamp
from streams.records import RawArticle
from streams.stage import Send
from streams.topics import TOPIC

_FEED: Final = "frontwire-heartbeat"
_LANGUAGE: Final = "en"
"""On every partition, so that each heartbeat leads to the same: an event, a count, a story and a total."""

_BODY: Final = """\
This is a heartbeat, number {mark}: it shows that articles come through. Nothing of it happened.

More than 2,000 people were evacuated from Testford on {day:%-d %B %Y}.

Government forces shelled Testford with rockets, killing 12 soldiers."""


def heartbeats(feeds_partitions: Collection[int], at: datetime) -> list[tuple[Heartbeat, Send]]:
    """The heartbeats of one round that the owner of these partitions of `feeds` sends."""
    owners = TOPIC["feeds"].partitions
    ours = [number for number in range(TOPIC[RAW].partitions) if number % owners in feeds_partitions]
    beats = [Heartbeat(number, round(at.timestamp() * 1000)) for number in ours]
    return [(beat, _send(beat, at.astimezone(UTC))) for beat in beats]


def _send(beat: Heartbeat, at: datetime) -> Send:
    send = publish.send(_article(beat, at))
    return replace(send, partition=beat.partition, headers=(*send.headers, beat.header))


def _article(beat: Heartbeat, at: datetime) -> RawArticle:
    mark = sha256(b"%d %d" % (beat.partition, beat.sent_ms)).hexdigest()
    title, body = f"Heartbeat on partition {beat.partition} at {stamp(at)}", _BODY.format(mark=mark[:12], day=at)
    return RawArticle(
        article_id=mark[:32],
        revision=1,
        feed_id=_FEED,
        source="Frontwire",
        url=f"urn:frontwire:heartbeat:{mark[:32]}",
        guid=None,
        title=title,
        body=body,
        html=None,
        language=_LANGUAGE,
        language_declared=_LANGUAGE,
        language_detected=None,
        published=stamp(at),
        fetched=stamp(at),
        content_hash=text_hash(title, body),
    )
