"""From Faust's stream to batches and back to the commit tracker: the one agent of each role."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from streams.kafka.app import RoleApp
from streams.kafka.service import StoreClosedError
from streams.kafka.store import PartitionStore
from streams.kafka.stores import Stores
from streams.kafka.topics import bare_name
from streams.settings import Settings
from streams.stage import Message

_log = logging.getLogger(__name__)

_BATCH_SECONDS: Final = 0.5
"""How long a batch should take at most: a rebalance and a drain wait for the one under way, and its first record for
its last. Each batch costs a few requests, at the brokers and at the next stage: with half of it, the brokers of a line
that has work waiting take a fifth more of a processor."""

_FIRST_SIZE: Final = 16

Handle = Callable[[Sequence[Message], Mapping[int, PartitionStore]], Awaitable[None]]


class Intake:
    """Takes messages together, hands them on, and tells the tracker which are done.

    Args:
        handle: processes messages; all effects are durable when it returns.
        failed: told any exception but the loss of a partition; it ends the process, so no exception leaves the loop.
    """

    def __init__(
        self,
        app: RoleApp,
        settings: Settings,
        stores: Stores,
        handle: Handle,
        failed: Callable[[BaseException], object],
    ) -> None:
        self._app = app
        self._settings = settings
        self._stores = stores
        self._handle = handle
        self._failed = failed
        self._size = min(_FIRST_SIZE, settings.batch_size)
        self.times: dict[int, float] = {}
        """Of each partition the time of the message that was last finished or is under way, in seconds since 1970."""

    async def run(self, stream: Any) -> None:
        """The Faust agent."""
        async for event in stream.noack().events():
            events = [event, *self._waiting(stream)]
            try:
                await self._process([event.message for event in events])
            except StoreClosedError as error:
                _log.info("%d messages are left to the next owner: %s.", len(events), error)
            except Exception as error:
                self._failed(error)
            finally:
                for event in events:
                    event.ack()  # out of the stream; it moves no commit

    def _waiting(self, stream: Any) -> list[Any]:
        # Without a pause: across one, a rebalance could clear the queue and wait for what we hold.
        queue, consumer, found = stream.channel.queue, self._app.consumer, list[Any]()
        while len(found) < self._size - 1 and not queue.empty():
            event = queue.get_nowait()
            message = event.message
            if message.generation_id == self._app.consumer_generation_id:
                message.tracked = True
                consumer.track_message(message)
                found.append(event)
        return found

    async def _process(self, records: Sequence[Any]) -> None:
        began = time.monotonic()
        self._note(records[::-1])  # the oldest of each partition
        stores = {record.partition: await self._stores.ready(record.partition) for record in records}
        await self._handle([self._message(record) for record in records], stores)
        offsets = self._app.consumer.offsets
        for record in records:
            offsets.done(record.tp, record.offset)
        self._note(records)
        self._adapt(len(records), time.monotonic() - began)

    def _note(self, records: Sequence[Any]) -> None:
        self.times.update((record.partition, record.timestamp) for record in records if record.timestamp is not None)

    def _adapt(self, count: int, seconds: float) -> None:
        fits = int(count / max(seconds, 0.001) * _BATCH_SECONDS)
        self._size = max(1, min(fits, self._size * 2, self._settings.batch_size))

    def _message(self, record: Any) -> Message:
        return Message(
            topic=bare_name(self._settings, record.topic),
            partition=record.partition,
            offset=record.offset,
            timestamp_ms=None if record.timestamp is None else round(record.timestamp * 1000),
            key=record.key,
            value=record.value,
            headers=tuple(record.headers or ()),
        )
