"""The worker's HTTP surface on loopback."""

import socket
from dataclasses import replace

import aiohttp
import pytest

from streams.kafka.health import Health
from streams.kafka.http import serve
from streams.kafka.metrics import POLLS, Metrics
from streams.settings import SettingError, load

SETTINGS = replace(load({}), http_port=0)


async def test_metrics_and_probes() -> None:
    metrics, health = Metrics(), Health(60)
    metrics.add(POLLS, outcome="gone")
    async with serve(SETTINGS, metrics, health) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        async with session.get("/metrics") as answer:
            assert answer.status == 200
            assert 'frontwire_polls_total{outcome="gone"} 1.0' in await answer.text()
        async with session.get("/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        async with session.get("/readyz") as answer:
            assert (answer.status, await answer.text()) == (503, "waiting for Kafka\n")
        for path in ("/", "/stats", "/metrics/", "/../etc/passwd"):
            async with session.get(path) as answer:
                assert answer.status == 404
        async with session.post("/metrics", data=b"x" * 5000) as answer:
            assert answer.status == 405


async def test_a_taken_port_is_an_error_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = replace(SETTINGS, http_port=taken.getsockname()[1])
        with pytest.raises(SettingError, match="FRONTWIRE_HTTP_PORT"):
            async with serve(settings, Metrics(), Health(60)):
                raise AssertionError("it was served")
