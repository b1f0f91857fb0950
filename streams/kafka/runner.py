"""Running a worker: connect, own partitions, process, watch, drain.

`run_worker` runs a stage's core over the messages of its topic; `run_service` runs a service beside them. Exit codes:
0 drained, 1 not drained in time, 2 a wrong setting, topic or state, others in `streams.kafka.guard`.
"""

import asyncio
import logging
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Any, Final

from aiokafka.errors import KafkaError
from faust.types import TP

from streams.kafka import guard, logs, preflight
from streams.kafka.app import create_app, member_limit, source_topic
from streams.kafka.batch import Observe
from streams.kafka.changelog import ForeignStateError
from streams.kafka.dead_letters import TOPIC as DEAD_LETTERS_TOPIC
from streams.kafka.dead_letters import TooManyDeadLettersError, our_version
from streams.kafka.delivery import Delivery
from streams.kafka.guard import GuardedSelector, StallGuard, exit_now
from streams.kafka.health import Health, watch
from streams.kafka.heartbeats import Beside
from streams.kafka.http import serve
from streams.kafka.intake import Intake
from streams.kafka.lag import tell_lag, tell_progress
from streams.kafka.metrics import (
    BUILD,
    COMMIT_SECONDS,
    DEAD_LETTERS,
    PARTITIONS,
    READY,
    REBALANCES,
    Metrics,
)
from streams.kafka.rights import User
from streams.kafka.roles import ROLES, Role
from streams.kafka.service import Service
from streams.kafka.store import LocalCopyError
from streams.kafka.stores import Stores, drop_local_copies
from streams.kafka.topics import TopicError, full_name, is_kafka_away, wait_for_topics, wait_until_nothing
from streams.kafka.tracker import partitions_of
from streams.kafka.work import CoreWork, ServiceWork, Tenure, Work
from streams.settings import SettingError, Settings
from streams.stage import Core, Message
from streams.vocabulary import DeadReason

_log = logging.getLogger(__name__)

EXIT_NOT_DRAINED: Final = 1
EXIT_WRONG: Final = 2

_LOOP_SECONDS: Final = 0.25
_MONITOR_SECONDS: Final = 2.0
_ENDS_TIMEOUT: Final = 10.0
_IDLE_SECONDS: Final = 8.0
"""With lag, no progress and nothing under way for so long, messages may have gone missing on the way to us."""
_RESTORE: Final = ("restoring", 0)

MakeWork = Callable[[Delivery, Metrics, Tenure], Work]


def run_worker(core_factory: Callable[[], Core], settings: Settings, *, observe: Observe | None = None) -> int:
    """Run a core until SIGTERM or SIGINT; the exit code. Call it from the main thread.

    Args:
        core_factory: makes the core. Called before anything connects, and again for each heartbeat: slow things
            are made once and shared.
        observe: counts what the stage alone knows (events by type, duplicates by kind).
    """
    core = core_factory()

    def work(delivery: Delivery, metrics: Metrics, tenure: Tenure) -> Work:
        return CoreWork(core, core_factory, settings, delivery, metrics, observe)

    return _run(ROLES[core.stage], settings, work, True)


def run_service(service_factory: Callable[[], Service], settings: Settings) -> int:
    """Run a service until SIGTERM or SIGINT; the exit code. Call it from the main thread."""
    service = service_factory()

    def work(delivery: Delivery, metrics: Metrics, tenure: Tenure) -> Work:
        return ServiceWork(service, settings, delivery, metrics, tenure)

    return _run(ROLES[service.stage], settings, work, False)


def _run(role: Role, settings: Settings, make_work: MakeWork, commits: bool) -> int:
    logs.configure(settings)
    try:
        worker = _Worker(role, settings, make_work, commits)
        with asyncio.Runner(loop_factory=worker.make_loop) as runner:
            return runner.run(worker.run())
    except (SettingError, TopicError) as error:
        _log.error("%s", error)
        return EXIT_WRONG


class _Worker:
    """One running worker. `commits` is False for services, which read their topic from the beginning each time."""

    def __init__(self, role: Role, settings: Settings, make_work: MakeWork, commits: bool) -> None:
        self._role = role
        self._settings = settings
        self._source = full_name(settings, role.source)
        self._state = full_name(settings, role.state)
        self._metrics = Metrics()
        self._metrics.set(BUILD, 1, version=our_version(), stage=role.stage)
        for reason in DeadReason:  # a counter that is born with its first letter would hide it from Prometheus' rates
            self._metrics.add(DEAD_LETTERS, 0, stage=role.stage, reason=reason)
        self._health = Health(settings.stall_timeout)
        self._guard = StallGuard(member_limit(settings))
        self._make_work = make_work
        self._commits = commits
        self._signals = 0
        self._roused: set[TP] = set()
        self._was_away = False

    def make_loop(self) -> asyncio.AbstractEventLoop:
        """An event loop that ends the process before it sends anything after a standstill."""
        return asyncio.SelectorEventLoop(GuardedSelector(self._guard.check))

    async def run(self) -> int:
        """Run until told to stop; the exit code."""
        self._stop = asyncio.Event()
        self._listen(asyncio.get_running_loop())
        self._make_folder()
        async with serve(self._settings, self._metrics, self._health):
            turning = asyncio.ensure_future(self._turn())
            watch(self._health)
            if await self._may_begin():
                await self._work()
            turning.cancel()
        _log.info("Stopped.")
        return 0

    # --- parts

    async def _may_begin(self) -> bool:
        settings, user = self._settings, User(self._role.stage.value)
        needed = (self._role.source, self._role.state, *self._role.sends, DEAD_LETTERS_TOPIC)

        async def denied() -> str | None:
            lacking = await preflight.denied(settings, user)
            return preflight.in_words(lacking, user) if lacking else None

        return await wait_until_nothing(settings, denied, self._stop) and await wait_for_topics(
            settings, needed, self._stop
        )

    def _make_folder(self) -> None:
        folder = self._settings.state_folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".writable").touch()
        except OSError as error:
            raise SettingError(
                f"The state cannot be kept in {folder} ({error.strerror}); choose a folder with FRONTWIRE_STATE_FOLDER."
            ) from error

    async def _work(self) -> None:
        self._build()
        jobs = [self._app.start(), self._monitor(), self._own_work()]
        if self._role.beside:
            jobs.append(self._beside().run())
        running = [asyncio.ensure_future(job) for job in jobs]
        for task in running:
            task.add_done_callback(self._ended)
        crashed = asyncio.ensure_future(self._crashed())
        await self._stop.wait()
        crashed.cancel()
        await self._drain()
        for task in running:
            task.cancel()

    def _build(self) -> None:
        settings, role = self._settings, self._role
        app = self._app = create_app(role, settings)
        app.commits = self._commits
        app.on_tick, app.on_losing, app.on_gaining = self._guard.tick, self._losing, self._gaining
        app.on_committed = lambda seconds: self._metrics.observe(COMMIT_SECONDS, seconds)
        delivery = Delivery(app.producer, self._metrics, self._guard.check)
        self._workload = self._make_work(delivery, self._metrics, self._tenure)
        self._stores = Stores(role, settings, delivery, self._metrics, self._fail)
        self._intake = Intake(app, settings, self._stores, self._workload.handle, self._fail)
        app.agent(source_topic(app, role, settings), name=f"frontwire.{role.stage}")(self._intake.run)

    def _beside(self) -> Beside:
        async def handle(beats: Sequence[Message]) -> None:
            await self._workload.handle(beats, {})

        return Beside(self._settings, self._role.source, lambda: self._stores.owned, self._is_finished, handle)

    def _is_finished(self, partition: int, end: int) -> bool:
        position = self._app.consumer.offsets.position(TP(self._source, partition))
        return self._health.unready() is None and position is not None and position >= end

    async def _own_work(self) -> None:
        await self._workload.run()
        await self._stop.wait()

    async def _crashed(self) -> None:
        await self._app.wait_until_stopped()
        self._fail(self._app.crash_reason or RuntimeError("Faust stopped by itself"))

    async def _turn(self) -> None:
        while True:
            self._health.turned()
            await asyncio.sleep(_LOOP_SECONDS)

    # --- partitions

    def _losing(self, revoked: set[TP]) -> None:
        self._metrics.add(REBALANCES)
        self._health.settled = False
        self._stores.suspend()

    def _gaining(self, assigned: set[TP]) -> None:
        self._intake.times.clear()
        ours = partitions_of(assigned, self._source)
        _log.info("Owning %d partitions of %s: %s", len(ours), self._source, sorted(ours))
        self._metrics.set(PARTITIONS, len(ours), topic=self._role.source)
        self._stores.assign(ours, self._workload)

    def _tenure(self) -> int | None:
        return self._app.membership.tenure() if self._stores.restored else None

    # --- watching

    async def _monitor(self) -> None:
        while True:
            await asyncio.sleep(_MONITOR_SECONDS)
            self._health.settled = self._stores.restored and not self._app.rebalancing
            if not self._health.settled:
                # Restoring counts as one place with lag, and what it reads as its progress.
                self._health.progress({_RESTORE: 1}, {_RESTORE: self._stores.activity})
            self._health.connected = self._app.started and (not self._health.settled or await self._is_answered())
            await self._look_for_kafka()
            self._metrics.set(READY, self._health.unready() is None, stage=self._role.stage)

    async def _look_for_kafka(self) -> None:
        if self._health.is_idle(self._settings.stall_timeout / 4):
            away = await is_kafka_away(self._settings)
            if away or self._was_away:  # once it is back, time begins anew
                self._health.excuse()
            self._was_away = away

    async def _is_answered(self) -> bool:
        try:
            await asyncio.wait_for(self._look(), _ENDS_TIMEOUT)
        except (KafkaError, TimeoutError, OSError) as error:
            _log.warning("Kafka does not tell the ends of the topics (%s).", type(error).__name__)
            return False
        return True

    async def _look(self) -> None:
        consumer = self._app.consumer
        numbers = sorted(self._stores.owned)
        mine = [TP(self._source, number) for number in numbers]
        ends: Mapping[Any, int] = await consumer.highwaters(*mine, *(TP(self._state, number) for number in numbers))
        lag = consumer.lag({tp: ends[tp] for tp in mine})
        tell_lag(self._metrics, self._role, lag)
        if self._commits:  # a service reads its topic, but works on its own schedule
            times, in_flight = self._intake.times, consumer.offsets.in_flight()
            tell_progress(self._metrics, self._role, lag, times, in_flight)
        self._health.progress(lag, {tp: consumer.offsets.finished(tp) for tp in mine})
        self._stores.settle()
        self._stores.audit_beside({number: ends[TP(self._state, number)] for number in numbers})
        await self._rouse(mine)

    async def _rouse(self, mine: list[TP]) -> None:
        """Fetch again where there is lag, but nothing comes, and nothing at all is under way."""
        consumer = self._app.consumer
        idle = {tp for tp in mine if self._health.idle_seconds(tp) > _IDLE_SECONDS}
        if consumer.offsets.in_flight():
            self._roused.clear()
        elif idle - self._roused:
            self._roused |= idle
            await consumer.read_again(idle)

    # --- ending

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        def heard(number: int, frame: FrameType | None) -> None:
            self._signals += 1
            if self._signals == 1:
                self._start_deadline()
                loop.call_soon_threadsafe(self._stop.set)
            elif number == signal.SIGINT:
                os._exit(128 + number)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, heard)

    def _start_deadline(self) -> None:
        seconds = self._settings.drain_timeout
        sentence = f"Work under way was not done in {seconds:g} s (FRONTWIRE_DRAIN_TIMEOUT); it is left uncommitted."
        timer = threading.Timer(seconds, exit_now, (EXIT_NOT_DRAINED, sentence))
        timer.daemon = True
        timer.start()

    async def _drain(self) -> None:
        _log.info("Draining: finishing what is under way, for %g s at most.", self._settings.drain_timeout)
        self._health.draining = True
        await self._workload.drain()
        self._stores.suspend()  # nobody waits for a restore any more
        await self._app.stop()
        await self._stores.close()

    def _ended(self, task: asyncio.Future[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """End the process: what is not committed will be processed again."""
        if isinstance(error, (LocalCopyError, sqlite3.Error)):
            drop_local_copies(self._settings, self._role)
        if isinstance(error, ForeignStateError):
            exit_now(EXIT_WRONG, str(error))
        if isinstance(error, TooManyDeadLettersError):
            exit_now(guard.EXIT_DEAD_LETTERS, str(error))
        _log.error("The worker cannot go on.", exc_info=error)
        exit_now(guard.EXIT_FATAL, f"The worker ends, uncommitted, to be started again: {error}")
