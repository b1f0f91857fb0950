"""Making dead letters, the same for every delivery of the same message, and seeing when they are too many. Pure."""

import base64
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from streams.cloudevents import wrapped
from streams.codec import encode
from streams.instants import stamp
from streams.records import DeadLetter
from streams.stage import Message, Send
from streams.vocabulary import DeadReason, Stage

TOPIC: Final = "dead-letters"
ATTEMPTS_HEADER: Final = "frontwire-attempts"
"""On a replayed message: how many times it was processed before."""

_MOST_TEXT: Final = 2000
_MOST_KEY: Final = 1000
_OVERHEAD: Final = 800
"""Bytes that the record needs besides the letter, its headers among them, rounded up."""


@cache
def our_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("frontwire")
    except PackageNotFoundError:
        return "0"


class TooManyDeadLettersError(Exception):
    """More messages become dead letters than may; the message says how many, why and what to do."""


class DeadShare:
    """How many of the last messages became dead letters: when most do, it is not the messages that are bad.

    Args:
        share: of the last `window` messages, the most that may be dead; checked once there were as many.
    """

    def __init__(self, share: float, window: int) -> None:
        self._most = share * window
        self._last: deque[bool] = deque(maxlen=window)

    def check(self, dead: Sequence[bool], why: str) -> None:
        """Before the next messages are done: `dead` tells of each whether it would become a dead letter.

        Raises:
            TooManyDeadLettersError: they would be too many; `why` is what the last one died of.
        """
        window = self._last.maxlen or 0
        last = [*self._last, *dead][-window:]
        if len(last) == window and sum(last) > self._most:
            raise TooManyDeadLettersError(
                f"{sum(last)} of the last {window} messages became dead letters, the last one as {why}; these are left "
                "uncommitted. Mend the cause, or raise FRONTWIRE_DEAD_LETTER_SHARE to let them pass."
            )

    def done(self, dead: Sequence[bool]) -> None:
        """These messages are done."""
        self._last.extend(dead)


def dead_letter(stage: Stage, message: Message, reason: DeadReason, text: str, *, limit: int) -> Send:
    """The dead letter of a message, as large as `limit` (bytes of the record) lets it be.

    The payload is cut to what fits, down to nothing; size and SHA-256 stay those of the whole value.
    """
    value = message.value or b""
    key = f"{message.topic}:{message.partition}:{message.offset}"
    # A character takes up to six bytes in JSON: text and key get three eighths of the room at most.
    bare = DeadLetter(
        stage=stage,
        reason=reason,
        message=_printable(text, min(_MOST_TEXT, limit // 24)),
        source_topic=message.topic,
        source_partition=message.partition,
        source_offset=message.offset,
        key=_key(message.key, min(_MOST_KEY, limit // 48)),
        payload="",
        payload_size=len(value),
        payload_sha256=sha256(value).hexdigest(),
        truncated=True,
        attempts=1 + _attempts_before(message),
        version=our_version(),
        failed_at=_instant(message.timestamp_ms),
    )
    fits = max(0, limit - _OVERHEAD - len(key) - len(encode(bare))) // 4 * 3
    payload = base64.b64encode(value[:fits]).decode()
    return wrapped(TOPIC, key, replace(bare, payload=payload, truncated=len(value) > fits))


def _attempts_before(message: Message) -> int:
    for name, value in message.headers:
        if name == ATTEMPTS_HEADER and value.isdigit() and len(value) < 6:
            return int(value)
    return 0


def _key(key: bytes | None, most: int) -> str | None:
    return None if key is None else _printable(key.decode(errors="replace"), most)


def _printable(text: str, most: int) -> str:
    # A lone surrogate cannot be written as UTF-8.
    return text[:most].encode(errors="replace").decode()


def _instant(timestamp_ms: int | None) -> str | None:
    if timestamp_ms is None or timestamp_ms < 0:
        return None
    try:
        return stamp(datetime.fromtimestamp(timestamp_ms / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return None
