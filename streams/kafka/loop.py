"""An event loop for one call: it leaves no connection open behind it."""

import asyncio
import weakref
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_loop(call: Coroutine[Any, Any, Result]) -> Result:
    """What `asyncio.run` does, and connections that are open at the end, whoever made them, are ended with the loop.

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
        if not self.is_closed():
            for transport in list(self._made):
                transport.abort()
            self.run_until_complete(asyncio.sleep(0))  # what was aborted is closed by the loop's next turn
        super().close()
