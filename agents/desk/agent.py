"""The desk as a process: reads the output topics without a group, and serves what it holds."""

import asyncio
import gc
import logging
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from aiokafka.errors import KafkaError

from agents.desk.server import Desk
from agents.desk.store import Store
from streams.kafka import logs
from streams.kafka.ending import run_loop
from streams.kafka.follow import follow
from streams.kafka.topics import TopicError, wait_for_topics
from streams.settings import SettingError, Settings

_log = logging.getLogger(__name__)

_EXIT_WRONG: Final = 2
_HOUR_MS: Final = 3_600_000
_RETRY_SECONDS: Final = 1.0
_WHOLE: Final = ("feeds.health",)
"""Read from its beginning: a feed that nothing happens to is told of only once."""


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit code: 0, or 2 for a wrong setting or topic."""
    logs.configure(settings)
    try:
        run_loop(_run(settings))
    except (SettingError, TopicError) as error:
        _log.error("%s", error)
        return _EXIT_WRONG
    _log.info("Stopped.")
    return 0


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # Changes are numbered on from the time of the start, so that pages of the process before see what is new.
    store = Store(settings.desk_claims, int(settings.desk_hours * _HOUR_MS), change=int(time.time() * 1000))
    desk = Desk(store, settings.desk_host)
    async with _serve(desk, settings):
        tasks = {asyncio.create_task(_read(desk, settings, stop)), asyncio.create_task(stop.wait())}
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.result()


@asynccontextmanager
async def _serve(desk: Desk, settings: Settings) -> AsyncIterator[None]:
    runner = web.AppRunner(desk.application(), access_log=None, keepalive_timeout=30, shutdown_timeout=2)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.desk_host, settings.desk_port, backlog=128).start()
        except OSError as error:
            raise SettingError(
                f"The desk cannot be served on {settings.desk_host} port {settings.desk_port} ({error.strerror}); "
                "choose another with FRONTWIRE_DESK_HOST and FRONTWIRE_DESK_PORT (0 takes a free one)."
            ) from error
        host, port, *_ = runner.addresses[0]
        _log.info("The desk is at http://%s:%d/", f"[{host}]" if ":" in host else host, port)
        yield
    finally:
        await desk.close()
        await runner.cleanup()


async def _read(desk: Desk, settings: Settings, stop: asyncio.Event) -> None:
    """Read for ever; after a Kafka that failed from the beginning again, as what comes twice changes nothing."""
    while await wait_for_topics(settings, desk.store.topics, stop):
        try:
            await _follow(desk, settings)
        except (KafkaError, OSError) as error:
            _log.warning("Kafka fails (%s: %s); the topics are read again.", type(error).__name__, error)
            await asyncio.sleep(_RETRY_SECONDS)


async def _follow(desk: Desk, settings: Settings) -> None:
    store = desk.store
    begin = int(time.time() * 1000 - settings.desk_hours * _HOUR_MS)
    since = {topic: None if topic in _WHOLE else begin for topic in store.topics}
    async for messages, caught_up in follow(settings, since):
        passed_over = sum(not store.apply(message) for message in messages)
        if passed_over:
            _log.warning("%d messages are no records of their topics, and are not shown.", passed_over)
        if caught_up and not desk.ready:
            _log.info("%d claims are held.", len(store.claims))
            gc.freeze()  # the collector need not walk over all that is held, a third of the time of a page
            desk.ready = True
        if messages:
            await desk.tell()
