"""How we show ourselves to the brokers: the one place that turns settings into credentials.

Only PLAINTEXT so far. Both functions must stay in step: plain aiokafka clients use the first, Faust the second.
"""

from typing import Any

from streams.settings import Settings


def client_options(settings: Settings) -> dict[str, Any]:
    """Where the brokers are and how to log in, as keyword arguments of every aiokafka client."""
    return {
        "bootstrap_servers": [server.strip() for server in settings.bootstrap_servers.split(",")],
        "security_protocol": "PLAINTEXT",
    }


def faust_options(settings: Settings) -> dict[str, Any]:
    """The same as keyword arguments of `faust.App`."""
    servers = [f"kafka://{server.strip()}" for server in settings.bootstrap_servers.split(",")]
    return {"broker": servers, "broker_credentials": None}
