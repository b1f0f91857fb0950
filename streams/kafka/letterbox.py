"""Dead letters for operators: find them, send them back to where they came from, drop them.

A letter is settled by a record without value under its key. Sending back comes first and settling second, so a crash
in between leaves the letter: sent back twice, a message leads to the same records again.
"""

import base64
import binascii
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from streams.cloudevents import withdrawn
from streams.codec import DecodeError, decode
from streams.kafka.dead_letters import ATTEMPTS_HEADER, TOPIC
from streams.kafka.lookup import record_at, records
from streams.kafka.roles import ROLES
from streams.kafka.topics import full_name, partitions, read_topic, reader, writer
from streams.records import DeadLetter
from streams.settings import Settings
from streams.stage import Message
from streams.topics import TOPIC as TOPIC_TABLE
from streams.topics import Policy
from streams.vocabulary import DeadReason, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A dead letter, without its payload, and where it lies. `time_ms` is when its source message was written."""

    key: bytes
    partition: int
    offset: int
    time_ms: int | None
    letter: DeadLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which letters are meant; what is empty or None asks for nothing. Times in milliseconds since 1970."""

    keys: frozenset[bytes] = frozenset()
    stages: frozenset[Stage] = frozenset()
    reasons: frozenset[DeadReason] = frozenset()
    since_ms: int | None = None
    until_ms: int | None = None

    def takes(self, filed: Filed) -> bool:
        """Whether the letter is meant. One without a time is within no bounds."""
        letter, time = filed.letter, filed.time_ms
        return (
            (not self.keys or filed.key in self.keys)
            and (not self.stages or letter.stage in self.stages)
            and (not self.reasons or letter.reason in self.reasons)
            and (self.since_ms is None or (time is not None and time >= self.since_ms))
            and (self.until_ms is None or (time is not None and time < self.until_ms))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a letter, in words; `done` False means it is still there."""

    filed: Filed
    done: bool
    text: str


class _KeptError(Exception):
    """The letter cannot be sent back; the message says why."""


@dataclass(frozen=True, slots=True)
class _Content:
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


async def unsettled(settings: Settings, wanted: Filter) -> list[Filed]:
    """The letters that are neither sent back nor dropped, oldest first; what is no letter of ours is passed over.

    Raises:
        TopicError: there is no topic of dead letters.
    """
    found: dict[bytes, Filed] = {}
    async for message in read_topic(settings, TOPIC):
        found.pop(message.key or b"", None)
        filed = _filed(message)
        if filed is not None and wanted.takes(filed):
            found[filed.key] = filed
    return sorted(found.values(), key=lambda filed: (filed.time_ms or 0, filed.key))


def _filed(message: Message) -> Filed | None:
    if message.value is None:
        return None
    try:
        letter = decode(message.value, DeadLetter)
    except DecodeError:
        return None
    if message.key != coordinates(letter).encode(errors="replace"):
        return None
    return Filed(
        key=message.key,
        partition=message.partition,
        offset=message.offset,
        time_ms=message.timestamp_ms,
        letter=replace(letter, payload=""),  # thousands of whole ones would not fit the memory
    )


def coordinates(letter: DeadLetter) -> str:
    """A letter's key."""
    return f"{letter.source_topic}:{letter.source_partition}:{letter.source_offset}"


async def whole(settings: Settings, filed: Filed) -> DeadLetter | None:
    """The letter with its payload; None if it is gone by now."""
    async with reader(settings) as consumer:
        return await _letter(consumer, settings, filed)


async def replay(settings: Settings, letters: Iterable[Filed], *, dry_run: bool = False) -> AsyncIterator[Outcome]:
    """Send the messages of letters back to the partition they came from and settle the letters, one after the other.

    The message is read at its source coordinates where it is still there, with its very key and headers; else it is
    what the letter holds. It carries the count of its attempts.
    """
    async with reader(settings) as consumer, writer(settings) as producer:
        for filed in letters:
            try:
                content, origin = await _content(consumer, settings, filed)
                if not dry_run:
                    await _send_back(producer, settings, filed, content)
            except _KeptError as error:
                yield Outcome(filed=filed, done=False, text=str(error))
            else:
                attempt = filed.letter.attempts + 1
                said = "would go back" if dry_run else "went back"
                yield Outcome(filed=filed, done=not dry_run, text=f"{said}, {origin}, for attempt {attempt}")


async def drop(settings: Settings, letters: Iterable[Filed]) -> int:
    """Settle letters without sending anything back; how many."""
    count = 0
    async with writer(settings) as producer:
        for filed in letters:
            await _settle(producer, settings, filed)
            count += 1
    return count


# --- the message of a letter


async def _content(consumer: AIOKafkaConsumer, settings: Settings, filed: Filed) -> tuple[_Content, str]:
    """What to send back, and where it was read. Raises _KeptError if nothing may or can be."""
    letter = filed.letter
    await _check_source(letter, settings)
    source = await record_at(consumer, settings, letter.source_topic, letter.source_partition, letter.source_offset)
    if source is not None and not _is_told_by(letter, source.value or b""):
        source = None  # the topic was made anew: another message lies there now
    if TOPIC_TABLE[letter.source_topic].policy is not Policy.DELETE and (
        source is None or await _has_later(consumer, settings, letter, source.key)
    ):
        raise _KeptError("stays: a later record of the same key has taken its place; drop it")
    if source is not None:
        headers = tuple(header for header in source.headers if header[0] != ATTEMPTS_HEADER)
        return _Content(source.key, source.value, headers), "as it lies at its source"
    if letter.truncated:
        raise _KeptError(
            f"is gone: its payload of {letter.payload_size} bytes was cut and {letter.source_topic} keeps it no more"
        )
    return await _from_letter(consumer, settings, filed), "as the letter holds it"


async def _check_source(letter: DeadLetter, settings: Settings) -> None:
    """What is on the topic may be written by anyone who may write letters: it picks no topic but its stage's own."""
    if letter.source_topic != ROLES[letter.stage].source:
        raise _KeptError(f"stays: {letter.stage} reads {ROLES[letter.stage].source}, not where it says it came from")
    there = await partitions(settings, full_name(settings, letter.source_topic))
    if not 0 <= letter.source_partition < len(there) or letter.source_offset < 0:
        raise _KeptError("stays: there is no such partition or offset as it says it came from")


async def _from_letter(consumer: AIOKafkaConsumer, settings: Settings, filed: Filed) -> _Content:
    letter = await _letter(consumer, settings, filed)
    if letter is None:
        raise _KeptError("is gone: the letter itself is kept no more")
    try:
        value = base64.b64decode(letter.payload, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _KeptError("stays: its payload is no base64") from error
    if not _is_told_by(letter, value):
        raise _KeptError("stays: its payload is not the one its size and SHA-256 tell of")
    return _Content(None if letter.key is None else letter.key.encode(errors="replace"), value)


def _is_told_by(letter: DeadLetter, value: bytes) -> bool:
    return len(value) == letter.payload_size and sha256(value).hexdigest() == letter.payload_sha256


async def _letter(consumer: AIOKafkaConsumer, settings: Settings, filed: Filed) -> DeadLetter | None:
    record = await record_at(consumer, settings, TOPIC, filed.partition, filed.offset)
    if record is None or record.key != filed.key or record.value is None:
        return None
    return decode(record.value, DeadLetter)


async def _has_later(consumer: AIOKafkaConsumer, settings: Settings, letter: DeadLetter, key: bytes | None) -> bool:
    first = letter.source_offset + 1
    later = records(consumer, settings, letter.source_topic, letter.source_partition, first)
    return any([record.key == key async for record in later])


# --- writing


async def _send_back(producer: AIOKafkaProducer, settings: Settings, filed: Filed, content: _Content) -> None:
    letter = filed.letter
    attempts: Sequence[tuple[str, bytes]] = [*content.headers, (ATTEMPTS_HEADER, b"%d" % letter.attempts)]
    try:
        # The same partition, as state belongs to it; a time of now, as an old one could be past its topic's retention.
        await producer.send_and_wait(
            full_name(settings, letter.source_topic),
            content.value,
            key=content.key,
            partition=letter.source_partition,
            headers=attempts,
        )
    except MessageSizeTooLargeError as error:
        raise _KeptError("stays: the brokers take no record as large as it") from error
    await _settle(producer, settings, filed)


async def _settle(producer: AIOKafkaProducer, settings: Settings, filed: Filed) -> None:
    headers = list(withdrawn(TOPIC, filed.key.decode(errors="replace"), "settled").headers)
    topic = full_name(settings, TOPIC)
    await producer.send_and_wait(topic, None, key=filed.key, partition=filed.partition, headers=headers)
