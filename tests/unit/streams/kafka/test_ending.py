"""Connections end with the loop that made them."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from streams.kafka.ending import run_loop
from tests.support.certificates import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def deaf_port(authority: Authority) -> Iterator[int]:
    """Of a server that shakes hands and from then on neither reads nor says anything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.sign("deaf", ["127.0.0.1"]).both)
    with ExitStack() as connections, socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            connections.enter_context(context.wrap_socket(listening.accept()[0], server_side=True))

        thread = threading.Thread(target=accept)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)


def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()


def dropped(writer: asyncio.StreamWriter) -> None:
    """Forgotten with what is yet to be sent: more than the other side's buffers hold."""
    writer.write(bytes(20_000_000))


@pytest.mark.parametrize("end", [closed, dropped])
def test_a_connection_whose_other_side_never_says_goodbye_ends_with_the_loop(
    authority: Authority, deaf_port: int, end: Callable[[asyncio.StreamWriter], None]
) -> None:
    async def talk() -> tuple[asyncio.StreamWriter, socket.socket]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=authority.ca)
        _, writer = await asyncio.open_connection("127.0.0.1", deaf_port, ssl=context)
        end(writer)
        return writer, writer.get_extra_info("socket")

    _, connection = run_loop(talk())
    assert connection.fileno() == -1


def test_what_the_call_returns_or_raises_comes_through() -> None:
    async def fail() -> None:
        raise ValueError("so it is")

    assert run_loop(asyncio.sleep(0, "an answer")) == "an answer"
    with pytest.raises(ValueError, match="so it is"):
        run_loop(fail())
