"""The worker's only HTTP surface: `/metrics`, `/healthz` and `/readyz`."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from streams.kafka.health import Health
from streams.kafka.metrics import Metrics
from streams.settings import SettingError, Settings

_log = logging.getLogger(__name__)

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@asynccontextmanager
async def serve(settings: Settings, metrics: Metrics, health: Health) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port.

    Raises:
        SettingError: the address cannot be bound, e.g. because the port is taken.
    """
    runner = web.AppRunner(_application(metrics, health), access_log=None, keepalive_timeout=15)
    await runner.setup()
    try:
        await _bind(runner, settings)
        port: int = runner.addresses[0][1]
        _log.info("Metrics and health are at http://%s:%d/metrics, /healthz and /readyz.", settings.http_host, port)
        yield port
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port, backlog=64).start()
    except OSError as error:
        raise SettingError(
            f"Cannot serve metrics on {settings.http_host} port {settings.http_port} ({error.strerror}); choose "
            "another with FRONTWIRE_HTTP_HOST and FRONTWIRE_HTTP_PORT (0 takes a free one)."
        ) from error


def _application(metrics: Metrics, health: Health) -> web.Application:
    async def show_metrics(request: web.Request) -> web.Response:
        return web.Response(body=metrics.expose(), headers={"Content-Type": METRICS_TYPE})

    async def show_health(request: web.Request) -> web.Response:
        return _answer(health.stalled())

    async def show_ready(request: web.Request) -> web.Response:
        return _answer(health.unready())

    application = web.Application(client_max_size=1024)
    application.router.add_get("/metrics", show_metrics)
    application.router.add_get("/healthz", show_health)
    application.router.add_get("/readyz", show_ready)
    return application


def _answer(problem: str | None) -> web.Response:
    return web.Response(text=(problem or "ok") + "\n", status=503 if problem else 200)
