"""The local Kafka itself: it takes and gives records, keeps them over a restart, and survives the loss of a node."""

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from deploy.local.jars import ROOT
from deploy.local.kafka import LocalKafka
from deploy.local.process import Child, python_environment
from streams.kafka.ending import stop_consumer
from tests.support.waiting import eventually, eventually_async

pytestmark = pytest.mark.kafka

_TOPIC = "things"


async def _create(servers: str, replicas: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(_TOPIC, num_partitions=1, replication_factor=replicas)])
    finally:
        await admin.close()


async def _produce(servers: str, value: bytes) -> None:
    """Send until it is acknowledged: while a node is lost, clients may fail and have to ask again."""

    async def acknowledged() -> bool:
        producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all", request_timeout_ms=10_000)
        try:
            await producer.start()
            await producer.send_and_wait(_TOPIC, value)
        except KafkaError:
            return False
        finally:
            await producer.stop()
        return True

    await eventually_async(acknowledged, within=90, what=f"{value!r} acknowledged")


async def _consume(servers: str, count: int) -> list[bytes]:
    """The first `count` different values: what was sent again may be there twice.

    A consumer that met a paused node can stay without answers long after the node is back, so it is asked anew.
    """
    values: list[bytes] = []

    async def all_there() -> bool:
        values.clear()
        consumer = AIOKafkaConsumer(
            _TOPIC, bootstrap_servers=servers, group_id=f"readers-{uuid4()}", auto_offset_reset="earliest"
        )
        try:
            await consumer.start()
            async with asyncio.timeout(20):
                while len(values) < count:
                    value = (await consumer.getone()).value
                    if value not in values:
                        values.append(value)
        except (KafkaError, TimeoutError):
            return False
        finally:
            await stop_consumer(consumer)
        return True

    await eventually_async(all_there, within=90, what=f"{count} values read")
    return values


async def test_one_node_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    with LocalKafka(tmp_path) as kafka:
        await _create(kafka.bootstrap_servers, kafka.replication_factor)
        await _produce(kafka.bootstrap_servers, b"before")
    assert not any(broker.running for broker in kafka.brokers)

    with LocalKafka(tmp_path) as kafka:
        await _produce(kafka.bootstrap_servers, b"after")
        assert await _consume(kafka.bootstrap_servers, 2) == [b"before", b"after"]
        broker = kafka.brokers[0]
        broker.kill()
        broker.start()
        await _produce(kafka.bootstrap_servers, b"killed")
        assert await _consume(kafka.bootstrap_servers, 3) == [b"before", b"after", b"killed"]


@pytest.mark.slow
async def test_three_nodes_go_on_without_one(tmp_path: Path) -> None:
    with LocalKafka(tmp_path, nodes=3) as kafka:
        await _create(kafka.bootstrap_servers, kafka.replication_factor)
        await _produce(kafka.bootstrap_servers, b"all")
        kafka.brokers[0].kill()
        left = ",".join(f"127.0.0.1:{broker.port}" for broker in kafka.brokers[1:])
        await _produce(left, b"two")
        kafka.brokers[0].start()
        kafka.brokers[1].pause()
        await _produce(kafka.bootstrap_servers, b"paused")
        kafka.brokers[1].resume()
        assert await _consume(kafka.bootstrap_servers, 3) == [b"all", b"two", b"paused"]


def test_a_child_dies_with_its_starter(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = tmp_path / "starter.py"
    script.write_text(
        "import os, pathlib, signal\n"
        "from deploy.local.process import Child\n"
        f"child = Child('sleeper', ['sleep', '600'], log=pathlib.Path({str(tmp_path / 'sleeper.log')!r}))\n"
        f"pathlib.Path({str(pid_file)!r}).write_text(str(child.pid))\n"
        "signal.pause()\n"
    )
    starter = Child(
        "starter", [sys.executable, script], log=tmp_path / "starter.log", environment=python_environment(ROOT, {})
    )
    pid = int(eventually(lambda: pid_file.exists() and pid_file.read_text(), what="the sleeper's process id"))
    assert _runs(pid)
    starter.kill()
    eventually(lambda: not _runs(pid), what="the sleeper's end")


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()
