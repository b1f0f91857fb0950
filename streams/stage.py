"""What a stage's pure core and the Kafka shell say to each other.

The shell hands a message and the state of its partition to the core; the core answers with what to send. Nothing here
reads a clock: times come from the message.
"""

from dataclasses import dataclass
from typing import Protocol

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


class PoisonError(Exception):
    """This message can never be processed: it goes to the dead letters with `reason` and the message's text."""

    def __init__(self, reason: DeadReason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class State(Protocol):
    """Keyed bytes of one partition, kept through crashes. Reads see the writes before them."""

    def get(self, key: bytes) -> bytes | None:
        """The value last written under `key`, or None."""

    def put(self, key: bytes, value: bytes | None) -> None:
        """Write `value` under `key`; None deletes it."""


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
        """
