"""A worker process with a core made for testing the shell: `python -m tests.support.shell_worker KIND`.

Each core reads `articles.unique` and writes to `conflict.events`, with role `extract`; the service is a `poll`. What a
message makes the core do stands in its value.
"""

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from hashlib import shake_256

from streams.kafka.runner import run_service, run_worker
from streams.kafka.service import Shell, Store, StoreClosedError
from streams.settings import load
from streams.stage import Message, PoisonError, Send, State
from streams.vocabulary import DeadReason, Stage


class Pass:
    """Sends each value on, and does what values tell: `poison`, `crash`, `hang`, `burn`, `huge`, `sleep 0.01 ...`."""

    stage = Stage.EXTRACT

    def process(self, message: Message, state: State) -> list[Send]:
        value = message.value or b""
        word, _, rest = value.partition(b" ")
        if word == b"poison":
            raise PoisonError(DeadReason.UNDECODABLE, "told to")
        if word == b"crash":
            raise LookupError("told to")
        if word == b"hang":
            time.sleep(600)
        if word == b"burn":
            while True:
                pass
        _sleep(value)
        if word == b"huge":
            return [_out(message, b"small"), _out(message, shake_256(b"noise").digest(int(rest)))]
        return [_out(message, value)]


class Mended(Pass):
    """Sends each value on, whatever it tells to do."""

    def process(self, message: Message, state: State) -> list[Send]:
        return [_out(message, message.value or b"")]


class Count(Pass):
    """Numbers the messages of each partition in its state, each message once."""

    def process(self, message: Message, state: State) -> list[Send]:
        _sleep(message.value or b"")
        key = b"at:%d" % message.offset
        number = state.get(key)
        if number is None:
            number = b"%d" % (int(state.get(b"count") or 0) + 1)
            state.put(b"count", number)
            state.put(key, number)
        return [_out(message, b"%s is %s" % (message.value or b"", number))]


class Echo:
    """A service: answers each order on `feeds.health`, with how often it had it, kept in its state."""

    stage = Stage.POLL

    def __init__(self) -> None:
        self.stores: dict[int, Store] = {}
        self.orders: asyncio.Queue[Message] = asyncio.Queue()

    async def run(self, shell: Shell) -> None:
        while not shell.draining.is_set():
            try:
                message = await asyncio.wait_for(self.orders.get(), 0.1)
            except TimeoutError:
                continue
            with suppress(StoreClosedError):  # the next owner answers
                await self.answer(message, shell)

    async def answer(self, message: Message, shell: Shell) -> None:
        key, store = message.key or b"", self.stores.get(message.partition)
        if store is not None and store.get(key) is None:
            await shell.send_all([Send(topic="feeds.health", key=key, value=message.value)])
            store.put(key, message.value)
            await store.flush()

    async def on_assigned(self, stores: Mapping[int, Store]) -> None:
        self.stores.update(stores)

    async def on_revoked(self, partitions: Set[int]) -> None:
        for partition in partitions:
            self.stores.pop(partition, None)

    async def on_messages(self, messages: Sequence[Message]) -> None:
        if any(message.value == b"crash" for message in messages):
            raise LookupError("told to")
        for message in messages:
            self.orders.put_nowait(message)


def _sleep(value: bytes) -> None:
    if value.startswith(b"sleep "):
        time.sleep(float(value.split()[1]))


def _out(message: Message, value: bytes) -> Send:
    return Send(topic="conflict.events", key=message.key or b"", value=value)


if __name__ == "__main__":
    match sys.argv[1]:
        case "pass":
            sys.exit(run_worker(Pass, load(os.environ)))
        case "mended":
            sys.exit(run_worker(Mended, load(os.environ)))
        case "count":
            sys.exit(run_worker(Count, load(os.environ)))
        case "echo":
            sys.exit(run_service(Echo, load(os.environ)))
        case other:
            sys.exit(f"no such worker: {other}")
