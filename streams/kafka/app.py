"""Making a role's Faust app, with the settings that held up under faults.

Topics carry raw bytes: a value that Faust cannot decode would be acked and thrown into every agent. Faust's tables,
web server, leader topic, banner and redirection of stdout are off.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

import faust
from faust.types import TP

from streams.kafka.membership import Membership
from streams.kafka.rights import group_name
from streams.kafka.roles import Role
from streams.kafka.security import faust_options
from streams.kafka.topics import full_name
from streams.kafka.tracker import TrackedTransport
from streams.settings import Settings

_BATCH_BYTES: Final = 262_144
"""Of a partition's records that go out together, before compression: some thirty articles. A quarter of it takes the
brokers twice the time, and both clients 1.7 times, when a hundred articles go to eight partitions at once."""

_COMPRESSION: Final = "zstd"
"""aiokafka writes lz4 at its slowest level. On our records zstd takes a quarter of its time and makes them smaller."""

_BUFFERED_MESSAGES: Final = 512
_REBALANCE_SECONDS: Final = 15.0
"""How long the others wait for a member to finish its batch and join again; batches are kept far shorter."""


class RawTopic(faust.Topic):  # type: ignore[misc]  # as below
    """A topic whose keys and values stay the bytes that they are: Faust's way to that leads through six codecs."""

    def _compile_decode(self) -> None:
        """Nothing: `decode` needs no schema."""

    async def decode(self, message: Any, *, propagate: bool = False) -> Any:
        """The event of a message."""
        return faust.Event(self.app, message.key, message.value, None, message)


class RoleApp(faust.App):  # type: ignore[misc]  # faust ships no types we follow
    """A Faust app on `TrackedTransport`.

    `commits` False starts every assignment from the beginning and commits nothing. `on_tick` is called all the time by
    the thread that sends the heartbeats, `on_losing` when a rebalance begins, `on_gaining` with all that is ours after
    it, before any message flows, `on_committed` after a commit with the seconds that it took. `membership` hears what
    the group's coordinator says.
    """

    logger = logging.getLogger("faust")
    commits: bool = True
    membership: Membership
    on_tick: Callable[[], None] = staticmethod(lambda: None)
    on_losing: Callable[[set[TP]], None] = staticmethod(lambda revoked: None)
    on_gaining: Callable[[set[TP]], None] = staticmethod(lambda assigned: None)
    on_committed: Callable[[float], None] = staticmethod(lambda seconds: None)

    def _new_transport(self) -> TrackedTransport:
        return TrackedTransport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> TrackedTransport:
        return TrackedTransport(self.conf.broker_producer, self)

    def _create_directories(self) -> None:
        """None: there are no tables."""


_NEVER_SECONDS: Final = 10 * 365 * 86_400.0
"""aiokafka leaves the group, and does not come back, when nothing was fetched for the poll interval. A worker that
waits without partitions fetches nothing; one that has them and stands still is ended by `health`."""

_ANSWER_SECONDS: Final = 5.0
"""How much longer than the longest wait that Kafka means we wait for its answers: a broker that stands still keeps its
connections, and holds up all that goes over them."""


def create_app(role: Role, settings: Settings) -> RoleApp:
    """The app of a role, its own consumer group `{prefix}frontwire-{role}`. Nothing connects before it is started."""
    app = RoleApp(
        group_id(role, settings),
        **faust_options(settings),
        # A folder that is never made; the default would be looked for in the working directory.
        datadir=settings.state_folder / "faust",
        key_serializer="raw",
        value_serializer="raw",
        Topic=RawTopic,
        autodiscover=False,
        processing_guarantee="at_least_once",
        **_consumer_options(settings),
        **_producer_options(settings),
        stream_buffer_maxsize=_BUFFERED_MESSAGES,
        stream_wait_empty=True,
        stream_publish_on_commit=False,
        table_standby_replicas=0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        web_tables_enabled=False,
        web_router_enabled=False,
        web_stats_enabled=False,
        web_graph_enabled=False,
        worker_redirect_stdouts=False,
        cython_optimizations=False,
    )
    app.membership = Membership(member_limit(settings))
    return app


def _consumer_options(settings: Settings) -> dict[str, Any]:
    return {
        "broker_commit_interval": settings.commit_interval,
        "broker_session_timeout": settings.session_timeout,
        "broker_heartbeat_interval": heartbeat_interval(settings),
        "broker_request_timeout": max(_REBALANCE_SECONDS, settings.session_timeout) + _ANSWER_SECONDS,
        "broker_rebalance_timeout": max(_REBALANCE_SECONDS, settings.session_timeout),
        "broker_max_poll_interval": _NEVER_SECONDS,
        "broker_max_poll_records": 500,
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": settings.max_message_bytes + 1024,
    }


def _producer_options(settings: Settings) -> dict[str, Any]:
    return {
        "producer_acks": -1,
        "producer_request_timeout": _REBALANCE_SECONDS + _ANSWER_SECONDS,
        "producer_linger": 0.005,
        "producer_compression_type": _COMPRESSION,
        "producer_max_batch_size": min(_BATCH_BYTES, settings.max_message_bytes),
        "producer_max_request_size": settings.max_message_bytes,
    }


def heartbeat_interval(settings: Settings) -> float:
    """Seconds between two signs of life; Kafka counts the session timeout from the last one."""
    return settings.session_timeout / 4


def member_limit(settings: Settings) -> float:
    """Seconds that we may act as a member without a new sign from Kafka: the margin is what may be on its way."""
    return settings.session_timeout - heartbeat_interval(settings)


def group_id(role: Role, settings: Settings) -> str:
    """The consumer group of a role."""
    return group_name(role.stage, settings.topic_prefix)


def source_topic(app: RoleApp, role: Role, settings: Settings) -> Any:
    """The Faust topic that the role owns partitions of, as raw bytes."""
    return app.topic(
        full_name(settings, role.source),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        internal=False,
    )
