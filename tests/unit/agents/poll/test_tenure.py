"""A poll publishes only within the ownership in which it began; the next owner sends what the state says."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from agents.poll import publish
from agents.poll.identity import decide
from agents.poll.outbox import Outbox
from agents.poll.tenure import TenureEndedError, within
from streams import codec
from streams.records import RawArticle
from streams.stage import Send
from tests.unit.agents.poll.test_identity import LIMITS, NOW, entry
from tests.unit.agents.poll.test_outbox import FEED, Kafka, Store


def tools(kafka: Kafka, tenure: Callable[[], int | None]) -> Any:
    return SimpleNamespace(send_all=kafka.send_all, tenure=tenure)


@pytest.mark.parametrize(("began", "now"), [(1, None), (1, 2), (None, None), (None, 1)])
async def test_nothing_is_sent_out_of_the_tenure(began: int | None, now: int | None) -> None:
    kafka = Kafka()
    send_all = within(began, tools(kafka, lambda: now))
    with pytest.raises(TenureEndedError):
        await send_all([Send(topic="articles.raw", key=b"en", value=b"{}")])
    assert not kafka.sent


async def test_what_an_owner_stored_as_it_lost_its_membership_the_next_one_sends_byte_for_byte() -> None:
    old, tenure = Kafka(), [1]

    class LosingStore(Store):
        async def flush(self) -> None:
            await super().flush()
            tenure[:] = [2]

    store = LosingStore()
    outbox = Outbox("f", store, within(1, tools(old, lambda: tenure[0])))
    first = decide("f", [entry("1", body="Twelve villages")], outbox.known(), None, NOW, LIMITS)
    states = [publish.pending(FEED, None, change, NOW, 1 << 20) for change in first.changes]
    with pytest.raises(TenureEndedError):
        await outbox.publish(states)
    assert not old.sent

    new = Kafka()
    restored = Outbox("f", store.restarted(), within(7, tools(new, lambda: 7)))
    await restored.recover()
    assert contents(new.sent) == [codec.encode(state.pending) for state in states if state.pending is not None]
    again = decide("f", [entry("1", body="Twelve villages")], restored.known(), None, "2023-09-20T10:00:00Z", LIMITS)
    assert not again.changes


def contents(sent: Sequence[Send]) -> list[bytes]:
    return [codec.encode(codec.decode(send.value, RawArticle)) for send in sent]
