"""What a stage's pure core and the Kafka shell say to each other.

The shell hands a message and the state of its partition to the core; the core answers with what to send. Nothing here
reads a clock: times come from the message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, runtime_checkable

from streams.vocabulary import DeadReason, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One Kafka record as it arrived. `topic` is bare (without prefix); `timestamp_ms` is the record's own."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int | None
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One record to produce. `topic` is bare; `partition` None lets the key decide; `value` None is a tombstone."""

    topic: str
    key: bytes
    value: bytes | None
    partition: int | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


LARGEST_BATCH: Final = 5000
"""Messages that the shell hands on, and keeps the state of, together: at most so many (`FRONTWIRE_BATCH_SIZE`)."""

KNOWN_HEADER: Final = "frontwire-known"
"""Marks a message that was processed on another partition: remember it, and send nothing for it."""


def is_known(message: Message) -> bool:
    """Whether a message is marked as known."""
    return any(name == KNOWN_HEADER for name, _ in message.headers)


class PoisonError(Exception):
    """This message can never be processed: it goes to the dead letters with `reason` and the message's text."""

    def __init__(self, reason: DeadReason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def fetched_seconds(message: Message, fetched: str) -> int:
    """When the article of a message was fetched, in seconds since 1970; never later than the message itself.

    What a stage remembers ages by the newest article: without the bound one article from the far future would make it
    forget all others. Brokers refuse records from the future (message.timestamp.after.max.ms).

    Raises:
        PoisonError: `fetched` is no instant with a zone.
    """
    try:
        time = datetime.fromisoformat(fetched)
    except ValueError as error:
        raise PoisonError(DeadReason.INVALID, f"fetched is {fetched!r}, which is no instant") from error
    if time.tzinfo is None:
        raise PoisonError(DeadReason.INVALID, f"fetched is {fetched!r}, which has no zone")
    seconds = int(time.timestamp())
    latest = message.timestamp_ms
    return seconds if latest is None or latest < 0 else min(seconds, latest // 1000 + 1)


class State(Protocol):
    """Keyed bytes of one partition, kept through crashes. Reads see the writes before them."""

    def get(self, key: bytes) -> bytes | None:
        """The value last written under `key`, or None."""

    def put(self, key: bytes, value: bytes | None) -> None:
        """Write `value` under `key`; None deletes it."""

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Every key that begins with `prefix`, with its value, in the order of the keys."""


class Core(Protocol):
    """The verb of a stage: pure, and the same for every delivery of the same message on the same state.

    A crash may fall between any two effects of a message, so a message may come again after its state was written: a
    core that keeps state stores the coordinates of the message that made an entry and answers a replay as the first
    time.
    """

    stage: Stage

    def process(self, message: Message, state: State) -> list[Send]:
        """What to send for `message`.

        Raises:
            PoisonError: the message can never be processed. Any other exception counts as poison of reason
                `stage_error`, too.

        A new core takes messages at once, on any state: heartbeats come to one that nothing was `opened` for.
        """


@runtime_checkable
class RememberingCore(Core, Protocol):
    """A core that keeps an index of its state in memory. The shell tells it when a partition comes and goes."""

    def opened(self, partition: int, state: State) -> None:
        """The partition is ours and its state restored. Runs before its first message, in a thread of its own: it may
        read all of `state` and take a minute."""

    def closed(self, partition: int) -> None:
        """The partition is no longer ours: forget it."""
