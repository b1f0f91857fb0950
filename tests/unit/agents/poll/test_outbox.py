"""The order of writes around a crash: what was decided is sent as it was decided, whatever the feed says by then."""

from collections.abc import Sequence

import pytest

from agents.poll import publish
from agents.poll.identity import decide
from agents.poll.outbox import Outbox
from streams import codec
from streams.records import EntryState, Feed, RawArticle
from streams.stage import Send
from tests.support.memory_state import MemoryState
from tests.unit.agents.poll.test_identity import LIMITS, NOW, entry

FEED = Feed(feed_id="f", url="https://example.org/feed", name="F")


class CrashError(Exception):
    """The process ends here."""


class Store(MemoryState):
    """Writes are lost with a crash unless they were flushed."""

    partition = 0

    def __init__(self) -> None:
        super().__init__()
        self.durable: dict[bytes, bytes] = {}

    async def flush(self) -> None:
        self.durable = dict(self.entries)

    def restarted(self) -> "Store":
        """What the next owner restores."""
        after = Store()
        after.entries, after.durable = dict(self.durable), dict(self.durable)
        return after


class Kafka:
    """Takes records until it is told to crash: before the nth send or right after it."""

    def __init__(self, crash_at: int | None = None, *, after: bool = False) -> None:
        self.sent: list[Send] = []
        self._calls = 0
        self._crash_at, self._after = crash_at, after

    async def send_all(self, sends: Sequence[Send]) -> None:
        self._calls += 1
        crash = self._calls == self._crash_at
        if crash and not self._after:
            raise CrashError
        self.sent += sends
        if crash:
            raise CrashError


async def run(store: Store, kafka: Kafka, body: str, at: str = NOW) -> None:
    """What a poll does with one body; the flush is that of the feed's own state."""
    outbox = Outbox("f", store, kafka.send_all)
    await outbox.recover()
    decision = decide(
        "f", [entry("1", body=body), entry("2", "https://e.org/2", "Two")], outbox.known(), None, at, LIMITS
    )
    await outbox.publish([publish.pending(FEED, None, change, at, 1 << 20) for change in decision.changes])
    await store.flush()


@pytest.mark.parametrize("after", [False, True], ids=["before the send", "after the send"])
async def test_a_crash_around_the_send_repeats_the_same_bytes(after: bool) -> None:
    store, kafka = Store(), Kafka(1, after=after)
    with pytest.raises(CrashError):
        await run(store, kafka, "Twelve villages", NOW)
    next_owner, again = store.restarted(), Kafka()
    await run(next_owner, again, "Thirteen villages", "2023-09-20T10:00:00Z")
    told: dict[tuple[str, int], set[bytes | None]] = {}
    for send in [*kafka.sent, *again.sent]:
        article = codec.decode(send.value, RawArticle)
        told.setdefault((article.article_id, article.revision), set()).add(send.value)
    assert all(len(copies) == 1 for copies in told.values())
    assert sorted(revision for _, revision in told) == [1, 1, 2]
    states = [codec.decode(value, EntryState) for value in next_owner.durable.values()]
    assert all(state.pending is None for state in states)
    assert [send for send in again.sent if b"Twelve" in (send.value or b"")]


async def test_without_a_crash_nothing_is_sent_twice() -> None:
    store, kafka = Store(), Kafka()
    await run(store, kafka, "Twelve villages")
    await run(store.restarted(), kafka, "Twelve villages")
    assert len(kafka.sent) == 2


async def test_articles_go_to_the_partition_of_their_language() -> None:
    kafka = Kafka()
    await run(Store(), kafka, "Двадцать тысяч человек покинули город за два дня, сообщили власти.")
    assert {(send.topic, send.key) for send in kafka.sent} == {("articles.raw", b"und")}


async def test_an_article_too_large_for_kafka_loses_its_markup_then_text() -> None:
    decision = decide("f", [entry("1", body="слово " * 100_000)], {}, None, NOW, LIMITS)
    state = publish.pending(FEED, None, decision.changes[0], NOW, 200_000)
    assert state.pending is not None
    assert 20_000 < len(codec.encode(state)) < 200_000
