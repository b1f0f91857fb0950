"""What the shell does with a message, in calls: a gate that no busy machine can close."""

import asyncio
import sys
from collections.abc import Awaitable, Sequence
from types import FrameType
from typing import Any

from streams.kafka.batch import BatchProcessor
from streams.kafka.delivery import Delivery, Record
from streams.kafka.guard import ProcessorTimeLimit, TooSlowError
from streams.kafka.local import LocalCopy, Row
from streams.kafka.metrics import Metrics
from streams.kafka.store import PartitionStore
from streams.settings import load
from streams.stage import Message, Send, State
from streams.vocabulary import Stage

MESSAGES = 200
BOUND = 93
"""Calls a message, the interpreter's and ours, for one record sent and one key written: about 15 % above what it took
when this was written, with Python 3.11."""


class Broker:
    """Takes everything."""

    async def post(self, record: Record) -> Awaitable[Any]:
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        answer.set_result(0)
        return answer

    async def renew(self) -> None:
        """It never loses a producer's place."""

    async def write_state(self, partition: int, rows: Sequence[Row]) -> list[int]:
        return list(range(1, len(rows) + 1))


class Through:
    """Sends each value on and notes its key."""

    stage = Stage.EXTRACT

    def process(self, message: Message, state: State) -> list[Send]:
        key = b"%d" % message.offset
        state.put(key, b"seen")
        return [Send(topic="conflict.events", key=key, value=message.value)]


async def test_a_message_takes_no_more_calls_than_allowed() -> None:
    settings, metrics, broker = load({}), Metrics(), Broker()
    delivery = Delivery(broker, metrics, lambda: None)
    limit = ProcessorTimeLimit(settings.message_timeout)
    shell = BatchProcessor(Through(), settings, delivery, metrics, make_core=Through, limit=limit, slow=TooSlowError)
    store = PartitionStore(0, LocalCopy(None), broker.write_state, settings.max_message_bytes)
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    for begin in (0, MESSAGES):  # the first round makes what is kept
        batch = [
            Message(topic="articles.unique", partition=0, offset=at, timestamp_ms=1, key=b"k", value=b"v" * 4000)
            for at in range(begin, begin + MESSAGES)
        ]
        count = 0
        before = sys.getprofile()
        sys.setprofile(note)
        try:
            await shell.process(batch, {0: store})
        finally:
            sys.setprofile(before)
    store.close()
    assert BOUND / 3 < count / MESSAGES <= BOUND, (
        f"{count / MESSAGES:.1f} calls a message. Find what grew; where it must grow, raise the bound and say why."
    )
