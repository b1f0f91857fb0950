"""A feed's health record is told by the owner of its partition alone, and taken away with its state."""

from datetime import UTC, datetime

import pytest

from agents.poll import publish
from agents.poll.outbox import SendAll
from agents.poll.schedule import first_state
from agents.poll.tenure import TenureEndedError
from agents.poll.untold import Untold
from streams.stage import Send
from tests.unit.agents.poll.test_outbox import FEED, CrashError, Kafka, Store

KEY = publish.feed_key("f")
HEALTH = publish.send_health(FEED, first_state(FEED, "config", datetime(2023, 9, 20, tzinfo=UTC)))


def removed(_: str) -> Send | None:
    return None


def configured(_: str) -> Send | None:
    return HEALTH


async def unconfirmed(_: object) -> None:
    raise TenureEndedError


@pytest.fixture
def store() -> Store:
    store = Store()
    store.entries[KEY] = store.durable[KEY] = b"state"
    return store


@pytest.fixture
def untold() -> Untold:
    untold = Untold()
    untold.note("f", 0)
    return untold


async def test_while_membership_is_unconfirmed_it_is_owed_and_told_once_after(untold: Untold, store: Store) -> None:
    kafka = Kafka()
    await untold.tell({0: store}, configured, unconfirmed)
    await untold.tell({0: store}, configured, kafka.send_all)
    await untold.tell({0: store}, configured, kafka.send_all)
    assert kafka.sent == [HEALTH]
    assert store.durable[KEY] == b"state"


async def test_a_removed_feed_loses_its_record_then_its_state(untold: Untold, store: Store) -> None:
    kafka = Kafka()
    await untold.tell({0: store}, removed, kafka.send_all)
    assert kafka.sent == [publish.withdraw_health("f", b"state")]
    assert not store.durable.get(KEY)


@pytest.mark.parametrize("send_all", [unconfirmed, Kafka(crash_at=1).send_all], ids=["unconfirmed", "crash"])
async def test_the_state_stays_until_the_record_is_taken_away(send_all: SendAll, untold: Untold, store: Store) -> None:
    try:
        await untold.tell({0: store}, removed, send_all)
    except CrashError:
        untold.note("f", 0)  # its removal is read again by the next owner
    kafka, after = Kafka(), store.restarted()
    await untold.tell({0: after}, removed, kafka.send_all)
    assert kafka.sent == [publish.withdraw_health("f", b"state")]


async def test_of_a_lost_partition_nothing_is_told(untold: Untold, store: Store) -> None:
    kafka = Kafka()
    await untold.tell({1: store}, configured, kafka.send_all)
    await untold.tell({0: store}, configured, kafka.send_all)
    assert not kafka.sent
