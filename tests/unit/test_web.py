import gc
import socket
from contextlib import ExitStack

from tests.support.web import Web


def test_a_connection_that_comes_while_the_server_stops_is_closed() -> None:
    """One left open would be told of as a warning, and so as a failure, in whichever test runs when it is collected."""
    for _ in range(20):
        with ExitStack() as clients, Web() as web:
            for _ in range(20):
                clients.enter_context(socket.create_connection((web.host, web.port)))
    gc.collect()
