"""The worker's only HTTP surface: `/metrics`, `/healthz` and `/readyz`."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from streams.kafka.bounded import BoundedServer
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
    runner = web.ServerRunner(BoundedServer(_Pages(metrics, health).answer))
    await runner.setup()
    try:
        await _bind(runner, settings)
        port: int = runner.addresses[0][1]
        _log.info("Metrics and health are at http://%s:%d/metrics, /healthz and /readyz.", settings.http_host, port)
        yield port
    finally:
        await runner.cleanup()


async def _bind(runner: web.ServerRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.http_host, settings.http_port, backlog=64).start()
    except OSError as error:
        raise SettingError(
            f"Cannot serve metrics on {settings.http_host} port {settings.http_port} ({error.strerror}); choose "
            "another with FRONTWIRE_HTTP_HOST and FRONTWIRE_HTTP_PORT (0 takes a free one)."
        ) from error


class _Pages:
    """All there is to see."""

    def __init__(self, metrics: Metrics, health: Health) -> None:
        self._pages: Mapping[str, Callable[[], web.Response]] = {
            "/metrics": lambda: web.Response(body=metrics.expose(), headers={"Content-Type": METRICS_TYPE}),
            "/healthz": lambda: _probe(health.stalled()),
            "/readyz": lambda: _probe(health.unready()),
        }

    async def answer(self, request: web.BaseRequest) -> web.Response:
        page = self._pages.get(request.path)
        if page is None:
            response = web.Response(status=404, text="There are /metrics, /healthz and /readyz.\n")
        elif request.method not in ("GET", "HEAD"):
            response = web.Response(status=405, headers={"Allow": "GET, HEAD"})
        else:
            response = page()
        response.force_close()
        return response


def _probe(problem: str | None) -> web.Response:
    return web.Response(text=(problem or "ok") + "\n", status=503 if problem else 200)
