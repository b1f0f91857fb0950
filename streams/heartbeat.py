"""Heartbeats: synthetic articles that show that the line works when no news come.

`poll` puts one on each partition of `articles.raw`, marked in a header. Each stage does with it what it does with any
article, but forgets it at once, and passes the mark on with all that it leads to. What subscribers read stays free of
them: only on internal topics they go the way of articles, what is for other topics goes to `heartbeats`. A stage whose
source subscribers read takes its heartbeats from there, once the partition is finished up to where it ended when they
came: they wait in the same queue, unseen. What is left on `heartbeats` shows what came of them.

The mark makes an article invisible to subscribers. It is made by `poll` alone, never from what a feed says; who may
write to the topics of articles could forge it, and could as well leave articles out.
"""

import re
import zlib
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from streams.stage import Message, PoisonError, Send
from streams.topics import TOPIC as TOPICS
from streams.vocabulary import DeadReason

TOPIC: Final = "heartbeats"
RAW: Final = "articles.raw"
_MARK: Final = "frontwire-heartbeat"
_FOR: Final = "frontwire-topic"
"""On `heartbeats`: the topic (bare) that the record would be on if it came of an article."""

_FORM: Final = re.compile(rb"([0-9]{1,3}) ([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One heartbeat: the partition of `articles.raw` that it was put on, and when, in ms since 1970."""

    partition: int
    sent_ms: int

    @property
    def header(self) -> tuple[str, bytes]:
        """The mark of all that the heartbeat leads to."""
        return _MARK, b"%d %d" % (self.partition, self.sent_ms)


def is_marked(headers: Sequence[tuple[str, bytes]]) -> bool:
    """Whether headers are those of a heartbeat."""
    return any(name == _MARK for name, _ in headers)


def read(message: Message) -> Heartbeat | None:
    """The heartbeat that a message is; None for an article.

    Raises:
        PoisonError: the message is marked, but not as heartbeats are.
    """
    for name, value in message.headers:
        if name == _MARK:
            return _read(value)
    return None


def _read(value: bytes | None) -> Heartbeat:
    found = _FORM.fullmatch(value or b"")
    if found is None:
        raise PoisonError(DeadReason.INVALID, f"its header {_MARK} is {(value or b'')[:100]!r}; it takes two numbers")
    return Heartbeat(int(found[1]), int(found[2]))


def meant_for(message: Message) -> str | None:
    """The topic (bare) that a message on `heartbeats` would be on if it came of an article."""
    for name, value in message.headers:
        if name == _FOR:
            return value.decode(errors="replace")
    return None


def passed_on(beat: Heartbeat, sends: Sequence[Send]) -> list[Send]:
    """What a stage sends for a heartbeat, given what it would send for the same article."""
    return [_passed_on(beat, send) for send in sends]


def _passed_on(beat: Heartbeat, send: Send) -> Send:
    if TOPICS[send.topic].internal:
        return replace(send, headers=(*send.headers, beat.header))
    return Send(
        topic=TOPIC,
        key=b"%d" % beat.partition,
        value=send.value,
        headers=((_FOR, send.topic.encode()), beat.header),
    )


class Waiting:
    """Heartbeats that wait beside the partitions of a source until those are finished up to where they ended.

    Of each heartbeat of a round the oldest waits; later ones that come meanwhile tell nothing more.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[int, int], Message] = {}

    def note(self, beat: Heartbeat, message: Message, topic: str, ends: Mapping[int, int], partitions: int) -> None:
        """A heartbeat came. `ends` holds the end offset of each owned partition of `topic`, which has `partitions`."""
        for number, end in ends.items():
            if is_taken_up(beat, number, partitions):
                place = replace(message, topic=topic, partition=number, offset=end)
                self._held.setdefault((number, beat.partition), place)

    def take(self, owned: Container[int], finished: Callable[[int, int], bool]) -> list[Message]:
        """The heartbeats whose turn has come, as messages of the source, and forget those of partitions not ours.

        `finished` tells whether all messages of a partition below an offset are finished.
        """
        ours = {key: message for key, message in self._held.items() if message.partition in owned}
        ready = {key: message for key, message in ours.items() if finished(message.partition, message.offset)}
        self._held = {key: message for key, message in ours.items() if key not in ready}
        return list(ready.values())


def is_taken_up(beat: Heartbeat, partition: int, partitions: int) -> bool:
    """Whether a heartbeat is taken up beside this partition of a source that has so many.

    One partition takes up each heartbeat, so that as many come through as were sent. Each takes up one or more of a
    round; of a source with more partitions than `articles.raw` some do, others the next time.
    """
    step = min(partitions, TOPICS[RAW].partitions)
    candidates = range(beat.partition % step, partitions, step)
    return partition == candidates[zlib.crc32(beat.header[1]) % len(candidates)]
