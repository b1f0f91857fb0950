"""Which offset may be committed: pure bookkeeping of what was delivered and what is done, per partition."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Partition:
    in_flight: set[int] = field(default_factory=set)
    next: int | None = None
    committed: int | None = None
    finished: int = 0
    doubted: int | None = None


class Offsets:
    """Offsets of the owned partitions, told by (topic, partition).

    The committable offset is the lowest one in flight, or one past the last delivered if none is. So a commit never
    passes an unfinished message, whatever order messages finish in, also at the head of the partition and when
    nothing was committed before.
    """

    def __init__(self) -> None:
        self._partitions: dict[tuple[str, int], _Partition] = {}

    def start(self, at: tuple[str, int], committed: int | None, first: int | None = None) -> None:
        """Reading starts at `first` (default: the committed offset); what was in flight comes again.

        `committed` and `first` None: nothing is known, so the first message that comes is the first.
        """
        kept = self._partitions.get(at)
        first = committed if first is None else first
        self._partitions[at] = _Partition(next=first, committed=committed, finished=kept.finished if kept else 0)

    def delivered(self, at: tuple[str, int], offset: int) -> bool:
        """The message is about to be handed on for processing. False: it must not be, as others come before it.

        What was fetched before a seek, or thrown away after one, leaves a hole that must not be committed past. So a
        message beyond the next one is refused, and the caller seeks to `position`; if it comes again as the first,
        the log itself has the hole (retention, compaction).
        """
        partition = self._partitions.setdefault(at, _Partition())
        if partition.next is not None and offset > partition.next and partition.doubted != offset:
            partition.doubted = offset if partition.doubted is None else partition.doubted
            return False
        partition.doubted = None
        partition.in_flight.add(offset)
        partition.next = max(offset + 1, partition.next or 0)
        return True

    def has_hole(self, at: tuple[str, int]) -> bool:
        """Whether a message was refused and those before it have not come yet."""
        partition = self._partitions.get(at)
        return partition is not None and partition.doubted is not None

    def expected(self, at: tuple[str, int]) -> int | None:
        """The offset to be delivered next, None if any may be."""
        partition = self._partitions.get(at)
        return partition.next if partition else None

    def done(self, at: tuple[str, int], offset: int) -> None:
        """All effects of the message are durable. A partition that is no longer ours is left alone."""
        partition = self._partitions.get(at)
        if partition is not None:
            partition.in_flight.discard(offset)
            partition.finished += 1

    def forget(self, at: tuple[str, int]) -> None:
        """The partition is no longer ours."""
        self._partitions.pop(at, None)

    def committable(self) -> dict[tuple[str, int], int]:
        """What can be committed and is past what was."""
        found = {at: self.position(at) for at in self._partitions}
        return {
            at: offset
            for at, offset in found.items()
            if offset is not None and offset > (self._partitions[at].committed or 0)
        }

    def committed(self, offsets: Mapping[tuple[str, int], int]) -> None:
        """These offsets are committed."""
        for at, offset in offsets.items():
            if at in self._partitions:
                self._partitions[at].committed = offset

    def position(self, at: tuple[str, int]) -> int | None:
        """The first offset that is not done; None while nothing was delivered and nothing committed."""
        partition = self._partitions.get(at)
        if partition is None:
            return None
        return min(partition.in_flight) if partition.in_flight else partition.next

    def finished(self, at: tuple[str, int]) -> int:
        """How many messages of the partition were done since it became ours: it stands still when work does."""
        partition = self._partitions.get(at)
        return partition.finished if partition else 0

    def in_flight(self) -> int:
        """Messages delivered and not done, over all partitions."""
        return sum(len(partition.in_flight) for partition in self._partitions.values())
