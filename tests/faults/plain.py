"""The negative control's worker: a Faust agent as its manual shows it. `python -m tests.faults.plain`."""

import os

import faust

from streams.kafka.security import faust_options
from streams.kafka.topics import full_name
from streams.settings import load
from tests.faults.control import Pass
from tests.support.memory_state import MemoryState


def make_app() -> faust.App:
    """Reads `articles.raw` and sends each article on, with what Faust does by default but a shorter session timeout."""
    settings = load(os.environ)
    app = faust.App(
        f"{settings.topic_prefix}frontwire-deduplicate",
        **faust_options(settings),
        datadir=settings.state_folder,
        value_serializer="raw",
        web_enabled=False,
        topic_replication_factor=settings.replication_factor,
        broker_session_timeout=6.0,
        broker_heartbeat_interval=1.5,
    )
    source = app.topic(full_name(settings, "articles.raw"), value_type=bytes)
    unique = app.topic(full_name(settings, "articles.unique"), value_type=bytes)

    async def pass_on(stream: faust.StreamT[bytes]) -> None:
        async for event in stream.events():
            for send in Pass().process(event.message, MemoryState()):
                await unique.send(key=send.key, value=send.value)

    app.agent(source, name="plain")(pass_on)
    return app


if __name__ == "__main__":
    faust.Worker(make_app(), loglevel="warning").execute_from_commandline()
