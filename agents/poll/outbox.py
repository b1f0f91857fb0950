"""The entries of a feed in their store, and the order of writes that makes a replay write the same bytes.

What is to be published is decided once and kept: the entry's state is written with the whole article in it
(`EntryState.pending`) and made durable; then the article is sent; when the brokers have acknowledged it, the state is
written again without it. A crash at any point leaves either nothing (the body will be fetched again: the feed's
validators move on last) or a pending article, which the next owner sends exactly as it stands before it polls the
feed. So one id and revision never has two contents, whatever the feed says by then.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from agents.poll import publish
from streams import codec
from streams.kafka.service import Store
from streams.records import EntryState
from streams.stage import Send

SendAll = Callable[[Sequence[Send]], Awaitable[None]]

_CHUNK: Final = 100
"""Entries published together: bounds what is in flight, and what a crash sends twice."""


class Outbox:
    """The entries of one feed."""

    def __init__(self, feed_id: str, store: Store, send_all: SendAll) -> None:
        self._feed_id = feed_id
        self._store = store
        self._send_all = send_all

    def known(self) -> dict[str, EntryState]:
        """All entries that were ever published and are not forgotten, by article id."""
        scanned = self._store.scan(publish.entry_prefix(self._feed_id))
        states = (codec.decode(value, EntryState) for _, value in scanned)
        return {state.article_id: state for state in states}

    async def recover(self) -> None:
        """Send what a former owner had decided to publish and may not have sent."""
        left = [state for state in self.known().values() if state.pending is not None]
        if left:
            await self._deliver(left)
            await self._store.flush()

    async def publish(self, states: Sequence[EntryState]) -> None:
        """Publish the pending articles of these states, in order, and keep the states.

        That the last ones are published is durable with the next flush; until then they may be sent again as they are.
        """
        for start in range(0, len(states), _CHUNK):
            chunk = states[start : start + _CHUNK]
            self.note(chunk)
            await self._store.flush()
            await self._deliver(chunk)

    def note(self, states: Iterable[EntryState]) -> None:
        """Write states; they are durable with the next flush."""
        for state in states:
            self._store.put(publish.entry_key(self._feed_id, state.article_id), codec.encode(state))

    def forget(self, article_ids: Iterable[str]) -> None:
        """Delete the states of entries that left the feed long ago."""
        for article_id in article_ids:
            self._store.put(publish.entry_key(self._feed_id, article_id), None)

    async def _deliver(self, states: Sequence[EntryState]) -> None:
        await self._send_all([publish.send(state.pending) for state in states if state.pending is not None])
        self.note(replace(state, pending=None) for state in states)
