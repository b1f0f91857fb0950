"""What the tracker leans on inside faust-streaming, mode and aiokafka.

A failure here means: read `streams.kafka.tracker` again before raising a version.
"""

import inspect
from importlib.metadata import version

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.consumer.group_coordinator import CoordinatorGroupRebalance, GroupCoordinator
from faust import App
from faust.tables.recovery import Recovery
from faust.transport import consumer as base
from faust.transport.conductor import ConductorCompiler
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import ConsumerMessage
from mode.utils.queues import ThrowableQueue

from streams.kafka.tracker import TrackedConsumer, TrackedProducer, TrackedThread, TrackedTransport


def test_the_versions_that_were_read() -> None:
    assert version("faust-streaming") == "0.15.3"
    assert version("aiokafka") == "0.14.0"
    assert version("mode-streaming") == "0.7.1"


def signature(function: object) -> str:
    assert callable(function)
    return ", ".join(inspect.signature(function).parameters)


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (driver.AIOKafkaConsumerThread._commit, "self, offsets"),
        (driver.AIOKafkaConsumerThread.seek_to_committed, "self"),
        (driver.AIOKafkaConsumerThread._ensure_consumer, "self"),
        (driver.AIOKafkaConsumerThread.on_start, "self"),
        (driver.AIOKafkaConsumerThread._create_worker_consumer, "self, transport"),
        (driver.AIOKafkaConsumerThread.highwaters, "self, partitions"),
        (driver.Consumer._new_consumer_thread, "self"),
        (driver.Producer._settings_extra, "self"),
        (driver.Producer._new_producer, "self, transactional_id"),
        (driver.Producer._ensure_producer, "self"),
        (base.Consumer.ack, "self, message"),
        (base.Consumer.force_commit, "self, topics, start_new_transaction"),
        (base.Consumer.perform_seek, "self"),
        (base.Consumer.track_message, "self, message"),
        (base.Consumer._drain_messages, "self, fetcher"),
        (base.Consumer.getmany, "self, timeout"),
        (base.Consumer.on_partitions_revoked, "self, revoked"),
        (base.Consumer.on_partitions_assigned, "self, assigned, generation_id"),
        (base.Consumer.verify_all_partitions_active, "self"),
        (App._new_transport, "self"),
        (App._new_producer_transport, "self"),
        (App._create_directories, "self"),
        (Recovery._resume_streams, "self, generation_id"),
        (AIOKafkaConsumer.committed, "self, partition"),
        (GroupCoordinator._send_req, "self, request"),
        (AIOKafkaConsumer.seek_to_beginning, "self, partitions"),
    ],
)
def test_signatures(function: object, parameters: str) -> None:
    assert signature(function) == parameters


def test_ours_override_what_is_there() -> None:
    for ours, theirs in (
        (TrackedThread, driver.AIOKafkaConsumerThread),
        (TrackedConsumer, driver.Consumer),
        (TrackedProducer, driver.Producer),
    ):
        own = {name for name in vars(ours) if not name.startswith("__")} - {"logger", "lag", "post", "renew", "_tick"}
        own -= {
            "_seek_owned",
            "_committed",
            "seek_back",
            "_seek_back",
            "read_again",
            "_seek_until_answered",
            "_abc_impl",
            "_hand_on",
        }
        assert {name for name in own if not hasattr(theirs, name)} <= {"consumer"}, ours
    assert TrackedTransport.Consumer is TrackedConsumer
    assert TrackedTransport.Producer is TrackedProducer


def test_every_message_goes_through_our_drain() -> None:
    assert "consumer._drain_messages(self)" in inspect.getsource(base.Fetcher)
    drain = inspect.getsource(base.Consumer._drain_messages)
    assert "self.wait_first(" in drain, "one that waits for room is broken off by a rebalance"
    assert "callback(message), self.suspend_flow.wait()" in drain
    assert "except self.consumer_stopped_errors" in drain
    fetched = inspect.getsource(base.Consumer.getmany)
    assert "if not self.flow_active" in fetched, "what is fetched before a rebalance is thrown away"
    assert "self.perform_seek()" in fetched


def test_the_size_of_a_fetch_is_read_when_the_consumer_starts() -> None:
    assert "fetch_max_bytes=self._fetch_max_bytes" in inspect.getsource(AIOKafkaConsumer.start)


def test_commits_go_through_force_commit_alone() -> None:
    assert "self.force_commit(" in inspect.getsource(base.Consumer.commit)
    source = inspect.getsource(base)
    assert source.count("self._commit(") == 1, "only _commit_offsets, which only force_commit reaches"
    assert "T(self.commit)()" in inspect.getsource(base.Consumer.wait_empty)
    assert "_unacked_messages" in inspect.getsource(base.Consumer.wait_empty)


def test_a_rebalance_seeks_before_messages_flow() -> None:
    resume = inspect.getsource(Recovery._resume_streams)
    assert resume.index("perform_seek()") < resume.index("resume_flow()")


def test_heartbeats_and_joins_go_through_the_coordinator_that_we_listen_to() -> None:
    assert "self._coordinator = GroupCoordinator(" in inspect.getsource(AIOKafkaConsumer.start)
    assert "self._send_req(request)" in inspect.getsource(GroupCoordinator._do_heartbeat)
    assert "HeartbeatRequest(" in inspect.getsource(GroupCoordinator._do_heartbeat)
    join = inspect.getsource(CoordinatorGroupRebalance)
    assert join.count("self._coordinator._send_req(request)") == 2, "the join and the sync"
    assert join.count("request = SyncGroupRequest(") == 2
    started = inspect.getsource(driver.AIOKafkaConsumerThread.on_start)
    assert "await self._consumer.start()" in started, "the coordinator is there, and asks nothing before a subscription"
    assert "subscribe" not in started


def test_the_stream_and_its_queue_are_as_the_intake_uses_them() -> None:
    assert {"tracked", "generation_id", "acked", "refcount"} <= {
        name for kind in ConsumerMessage.__mro__ for name in getattr(kind, "__slots__", ())
    }
    assert callable(ThrowableQueue.get_nowait)
    assert "message.incref(channels_n)" in inspect.getsource(ConductorCompiler.build)
