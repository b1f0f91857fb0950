"""What a role does with its partitions: run a core over messages, or a service beside them."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Protocol

from streams.heartbeat import is_marked
from streams.kafka.batch import BatchProcessor, Observe
from streams.kafka.dead_letters import DeadShare, dead_letter
from streams.kafka.delivery import Delivery, outgoing, too_large
from streams.kafka.guard import ProcessorTimeLimit, TooSlowError
from streams.kafka.metrics import ARTICLES_OUT, DEAD_LETTERS, LAST_PROCESSED, Metrics
from streams.kafka.service import RecordTooLargeError, Service, StoreClosedError
from streams.kafka.store import PartitionStore
from streams.settings import Settings
from streams.stage import Core, Message, PoisonError, RememberingCore, Send
from streams.vocabulary import DeadReason

_log = logging.getLogger(__name__)


Tenure = Callable[[], int | None]
"""As `streams.kafka.service.Shell.tenure`."""


class Work(Protocol):
    """The part of a worker that differs between cores and services."""

    async def run(self) -> None:
        """Work of its own beside messages, until it is told to drain."""

    async def drain(self) -> None:
        """Start nothing new and return when what is under way is done."""

    async def handle(self, messages: Sequence[Message], stores: Mapping[int, PartitionStore]) -> None:
        """Process messages; all effects are durable when this returns. Raises StoreClosedError if that failed.

        Heartbeats need no store: `stores` may be empty if nothing else is among the messages.
        """

    async def gained(self, stores: dict[int, PartitionStore]) -> None:
        """These partitions are ours and restored."""

    async def lost(self, partitions: Set[int]) -> None:
        """These partitions are no longer ours."""


class CoreWork:
    """A core over messages."""

    def __init__(
        self,
        core: Core,
        make_core: Callable[[], Core],
        settings: Settings,
        delivery: Delivery,
        metrics: Metrics,
        observe: Observe | None,
    ) -> None:
        self._core = core
        self._batches = BatchProcessor(
            core,
            settings,
            delivery,
            metrics,
            make_core=make_core,
            limit=ProcessorTimeLimit(settings.message_timeout),
            slow=TooSlowError,
            observe=observe,
        )

    async def run(self) -> None:
        """A core has no work of its own."""

    async def drain(self) -> None:
        """Stopping the app waits for the batch under way."""

    async def handle(self, messages: Sequence[Message], stores: Mapping[int, PartitionStore]) -> None:
        """Run the core over the messages."""
        await self._batches.process(messages, stores)

    async def gained(self, stores: dict[int, PartitionStore]) -> None:
        """Let a core that remembers read its state, in a thread so that heartbeats and probes go on."""
        if isinstance(self._core, RememberingCore):
            for partition, store in stores.items():
                await asyncio.to_thread(self._core.opened, partition, store)

    async def lost(self, partitions: Set[int]) -> None:
        """Let a core that remembers forget."""
        if isinstance(self._core, RememberingCore):
            for partition in partitions:
                self._core.closed(partition)


class ServiceWork:
    """A service beside messages, and the `Shell` it is given."""

    def __init__(
        self, service: Service, settings: Settings, delivery: Delivery, metrics: Metrics, tenure: Tenure
    ) -> None:
        self.settings = settings
        self.metrics = metrics
        self.draining = asyncio.Event()
        self.tenure = tenure
        self._service = service
        self._delivery = delivery
        self._share = DeadShare(settings.dead_letter_share, settings.dead_letter_window)
        self._running: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Run the service until it returns; it may do so only while draining."""
        self._running = asyncio.get_running_loop().create_task(self._service.run(self))
        await asyncio.shield(self._running)
        if not self.draining.is_set():
            raise RuntimeError(f"the {self._service.stage} service ended by itself")

    async def drain(self) -> None:
        """Let the service finish."""
        self.draining.set()
        if self._running is not None:
            await self._running

    async def send_all(self, sends: Sequence[Send]) -> None:
        """Produce the records and return when all are acknowledged."""
        records = [outgoing(send, self.settings) for send in sends]
        answers = await self._delivery.send(records)
        for send, answer in zip(sends, answers, strict=True):
            if too_large(answer):
                raise RecordTooLargeError(f"the brokers refuse a record for {send.topic} as too large")
            if not is_marked(send.headers):
                self.metrics.add(ARTICLES_OUT, stage=self._service.stage, topic=send.topic)
        self.metrics.set(LAST_PROCESSED, time.time(), stage=self._service.stage)

    async def handle(self, messages: Sequence[Message], stores: Mapping[int, PartitionStore]) -> None:
        """Hand the messages to the service; one by one where it fails on several, so that none takes others along."""
        try:
            await self._service.on_messages(messages)
        except StoreClosedError:
            raise  # the next owner is told the same
        except Exception as error:
            if len(messages) > 1:
                for message in messages:
                    await self.handle([message], stores)
                return
            _log.exception("%s failed on its orders.", self._service.stage)
            reason = error.reason if isinstance(error, PoisonError) else DeadReason.STAGE_ERROR
            await self._bury(messages, reason, f"{type(error).__name__}: {error}")
        else:
            self._share.done([False] * len(messages))

    async def gained(self, stores: dict[int, PartitionStore]) -> None:
        """Tell the service."""
        await self._service.on_assigned(stores)

    async def lost(self, partitions: Set[int]) -> None:
        """Tell the service."""
        await self._service.on_revoked(partitions)

    async def _bury(self, messages: Sequence[Message], reason: DeadReason, text: str) -> None:
        stage, limit = self._service.stage, self.settings.max_message_bytes
        dead = [True] * len(messages)
        self._share.check(dead, f"{reason}: {text[:200]}")
        await self.send_all([dead_letter(stage, message, reason, text, limit=limit) for message in messages])
        self._share.done(dead)
        self.metrics.add(DEAD_LETTERS, len(messages), stage=stage, reason=reason)
