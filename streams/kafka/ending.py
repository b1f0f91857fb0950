"""Ending what talks to Kafka so that nothing of it goes on or stays open."""

import asyncio
import logging
import weakref
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaConsumer

_log = logging.getLogger(__name__)

_STOP_SECONDS: Final = 5.0

Result = TypeVar("Result")


def run_loop(call: Coroutine[Any, Any, Result]) -> Result:
    """What `asyncio.run` does, and connections that it made and that are open at the end are ended with the loop.

    Over TLS a connection that is closed stays open until the other side has said goodbye, too. aiokafka waits for that
    with those of its connections that end with its client, not with the one it begins with nor with one that a broker
    refused; a loop that ends before would leave their sockets to the garbage collector.
    """
    with asyncio.Runner(loop_factory=_HangingUp) as runner:
        return runner.run(call)


class _HangingUp(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__()
        self._made: weakref.WeakSet[Any] = weakref.WeakSet()

    async def create_connection(self, *arguments: Any, **options: Any) -> Any:
        transport, protocol = await super().create_connection(*arguments, **options)
        self._made.add(transport)
        return transport, protocol

    def close(self) -> None:
        try:
            if not self.is_closed():
                for transport in list(self._made):
                    transport.abort()
                self.run_until_complete(asyncio.sleep(0))  # what was aborted is closed by the loop's next turn
        finally:
            super().close()


async def stop_consumer(consumer: AIOKafkaConsumer) -> None:
    """Stop a consumer, however far it has come and whatever becomes of the brokers; raises nothing."""
    # With a broker away, aiokafka's `stop` ends in the cancellation of its own tasks; ours must not end with them.
    stopping = asyncio.ensure_future(_stop(consumer))
    await asyncio.wait([stopping], timeout=_STOP_SECONDS)
    if not stopping.done():
        stopping.cancel()
    elif not stopping.cancelled() and (error := stopping.exception()):
        _log.debug("A consumer did not stop cleanly: %r", error)


async def _stop(consumer: AIOKafkaConsumer) -> None:
    try:
        await consumer.stop()
    finally:
        await consumer._client.close()  # else it keeps its connections, and asks for metadata as long as the loop runs
