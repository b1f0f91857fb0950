"""What a service role and the Kafka shell say to each other.

A service (the poller) does not answer messages: it owns the partitions that Kafka gives it, reads what is on them
(its orders, e.g. the feeds to poll), works on its own schedule, keeps state, and produces.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Protocol

from streams.kafka.metrics import Metrics
from streams.settings import Settings
from streams.stage import Message, Send, State
from streams.vocabulary import Stage


class StoreClosedError(Exception):
    """The partition is no longer ours; stop working on it. Nothing of the write that raised this was kept."""


class Store(State, Protocol):
    """The state of one partition: restored before `on_assigned`, kept on a compacted topic, closed on revocation.

    `put` only notes a write (reads see it at once); `flush` makes all noted ones durable. `put` after the partition
    is lost raises `StoreClosedError`, and so do `get`, `scan` and `flush`.
    """

    partition: int

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Every key that begins with `prefix`, with its value, in the order of the keys."""

    async def flush(self) -> None:
        """Return when all writes noted before are on the changelog topic and in the local copy."""


class Shell(Protocol):
    """What the Kafka shell does for a service. Handed to `Service.run`, valid as long as it runs."""

    settings: Settings
    metrics: Metrics
    draining: asyncio.Event
    """Set when the worker shall stop: start nothing new, finish what is under way, return from `run`."""

    tenure: Callable[[], int | None]
    """The number of our present ownership, higher after every rebalance; None while Kafka does not confirm that we are
    a member, or until all is restored: others may have our partitions. Work that began in one tenure must not publish
    in another, nor in none: a state that it wrote in between may have been undone.
    """

    async def send_all(self, sends: Sequence[Send]) -> None:
        """Produce the records and return when every one is acknowledged by all in-sync replicas.

        Transient failures are retried in place for as long as it takes, so this may take long and may produce a
        record twice; a failure for good ends the process. One record over `settings.max_message_bytes` raises
        `RecordTooLargeError` before anything is sent.
        """


class RecordTooLargeError(ValueError):
    """A record is larger than the broker takes; the message says which and by how much."""


class Service(Protocol):
    """A role that works on its own schedule for the partitions it owns. All hooks run in the one event loop."""

    stage: Stage

    async def run(self, shell: Shell) -> None:
        """Work until `shell.draining` is set, then finish and return. Cancelled at `settings.drain_timeout`.

        Starts before the first `on_assigned`. An exception ends the process with an error.
        """

    async def on_assigned(self, stores: Mapping[int, Store]) -> None:
        """These partitions are ours from now on, with their restored stores.

        Each gain of a partition is told once; `on_messages` for a partition comes after its `on_assigned`.
        """

    async def on_revoked(self, partitions: Set[int]) -> None:
        """These partitions are lost, as the group's new assignment says. Stop their work, and return soon (within a
        second or two). When the worker drains it is not called: `run` has returned by then.

        The stores can still be written and flushed until this returns; they are closed right after. If Kafka gave
        the partitions away before we knew, what was under way is done again by the next owner: keep the order
        "send_all, then put, then flush".
        """

    async def on_messages(self, messages: Sequence[Message]) -> None:
        """What lies on the owned partitions of the role's topic, in order.

        After every gain of a partition all its messages come, from the beginning (also after a rebalance that left
        the partition with us: a repeat must change nothing); then new ones as they appear. The latest message of a
        key counts; a `value` of None takes it away. An exception is a dead letter for each of `messages`.
        """
