"""A partition that a topic got while the producer looked elsewhere is asked for, not taken for a mistake."""

import pytest
from aiokafka.errors import UnknownTopicOrPartitionError

from streams.kafka.tracker import know_partition


class Client:
    """Knows of `known` partitions; the brokers have `there` of them."""

    def __init__(self, known: int, there: int) -> None:
        self.known, self.there = known, there
        self.asked = 0

    @property
    def cluster(self) -> "Client":
        return self

    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return set(range(self.known)) or None

    async def force_metadata_update(self) -> None:
        self.asked += 1
        self.known = self.there


@pytest.mark.parametrize(("known", "partition", "asked"), [(4, 3, 0), (4, 5, 1), (0, 5, 0)])
async def test_only_what_is_missing_is_asked_for(known: int, partition: int, asked: int) -> None:
    client = Client(known, there=6)
    await know_partition(client, "state", partition)
    assert client.asked == asked


async def test_what_the_brokers_do_not_tell_of_yet_is_tried_again() -> None:
    with pytest.raises(UnknownTopicOrPartitionError) as told:
        await know_partition(Client(4, there=4), "state", 5)
    assert told.value.retriable
