"""How feeds do whose orders changed between two polls: told by their owner, so that its word is the last."""

from collections.abc import Callable, Mapping

from agents.poll import publish
from agents.poll.outbox import SendAll
from agents.poll.tenure import TenureEndedError
from streams.kafka.service import Store, StoreClosedError
from streams.stage import Send


class Untold:
    """Feeds whose health record is owed. What lies on a partition that we lose, the next owner finds out by itself."""

    def __init__(self) -> None:
        self._owed: dict[str, int] = {}

    def note(self, feed_id: str, partition: int) -> None:
        """This feed, whose state is in this partition, was disabled, changed or removed."""
        self._owed[feed_id] = partition

    async def tell(self, stores: Mapping[int, Store], how: Callable[[str], Send | None], send_all: SendAll) -> None:
        """Send what is owed. `how` gives a feed's health record, None for a feed that is polled no more: its record
        and its state are taken away. What cannot be told now is owed still. Raises what `send_all` does otherwise."""
        owed, self._owed = self._owed, {}
        for feed_id, partition in owed.items():
            try:
                if partition in stores:
                    await _tell(feed_id, how(feed_id), stores[partition], send_all)
            except TenureEndedError:
                self._owed.setdefault(feed_id, partition)
            except StoreClosedError:
                continue


async def _tell(feed_id: str, health: Send | None, store: Store, send_all: SendAll) -> None:
    key = publish.feed_key(feed_id)
    if health is not None:
        await send_all([health])
    elif (state := store.get(key)) is not None:
        await send_all([publish.withdraw_health(feed_id, state)])
        store.put(key, None)  # after the record: whoever still finds the state takes the record away again
        await store.flush()
