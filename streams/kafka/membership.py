"""Whether the group's coordinator still counts us as a member, so that nobody else has our partitions."""

from collections.abc import Callable

from streams.kafka.guard import now


class Membership:
    """What the coordinator last said, and how often the partitions were given out anew.

    Told from the thread of the heartbeats, asked from any.

    Args:
        limit: seconds that a confirmation holds: the session timeout less a margin for what is on its way.
        clock: seconds.
    """

    def __init__(self, limit: float, clock: Callable[[], float] = now) -> None:
        self._limit = limit
        self.clock = clock
        self._until: float | None = None
        self._number = 0

    def confirmed(self, asked: float) -> None:
        """The coordinator answered as to a member. `asked` is when it was asked: its own clock began no sooner."""
        self._until = asked + self._limit

    def denied(self) -> None:
        """The coordinator does not know us, or not in this generation."""
        self._until = None

    def interrupted(self) -> None:
        """The partitions are given out anew."""
        self._number += 1

    def tenure(self) -> int | None:
        """The number of the time since the partitions were last given out; None while membership is unconfirmed."""
        until = self._until
        return self._number if until is not None and self.clock() <= until else None
