"""The worker's HTTP surface on loopback."""

import asyncio
import socket
from contextlib import suppress
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from streams.kafka.bounded import BoundedServer
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
        for path in ("/", "/stats", "/metrics/", "/metrics/x", "/../etc/passwd", "/tables", "/debug"):
            async with session.get(path) as answer:
                assert answer.status == 404
        async with session.post("/metrics", data=b"x" * 5000) as answer:
            assert answer.status == 405
        async with session.head("/healthz") as answer:
            assert (answer.status, answer.headers["Connection"]) == (200, "close")


async def test_connections_that_ask_for_nothing_keep_nobody_out() -> None:
    async with serve(SETTINGS, Metrics(), Health(60)) as port:
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session, session.get("/healthz") as answer:
            assert answer.status == 200
        closed = [await _is_closed(reader) for reader, _ in idle[:100]]
        for _, writer in idle:
            writer.close()
    assert all(closed)


async def _is_closed(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(1), 30) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("drip", [b"", b"X", b"X-Header: 1\r\n"])
async def test_a_request_that_never_ends_is_cut_off(drip: bytes) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        raise AssertionError("it never came")

    runner = web.ServerRunner(BoundedServer(answer, seconds=0.3))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n")
    began = asyncio.get_running_loop().time()
    with suppress(ConnectionError):
        while not reader.at_eof() and not await _soon(reader):
            writer.write(drip)
    assert 0.2 < asyncio.get_running_loop().time() - began < 30
    writer.close()
    await runner.cleanup()


async def _soon(reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(1), 0.05)
    except TimeoutError:
        return b""


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 10_000 + b"\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n",
        b"\x16\x03\x01 no HTTP at all\r\n\r\n",
    ],
)
async def test_oversized_and_broken_requests_are_refused(request_bytes: bytes) -> None:
    async with serve(SETTINGS, Metrics(), Health(60)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_bytes)
        answer = await asyncio.wait_for(reader.read(), 30)
        writer.close()
    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400", b"HTTP/1.1 431"))
    assert b"frontwire_" not in answer


async def test_a_taken_port_is_an_error_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = replace(SETTINGS, http_port=taken.getsockname()[1])
        with pytest.raises(SettingError, match="FRONTWIRE_HTTP_PORT"):
            async with serve(settings, Metrics(), Health(60)):
                raise AssertionError("it was served")
