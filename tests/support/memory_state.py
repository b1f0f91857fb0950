"""The state of a partition without Kafka, for tests of cores."""

from collections.abc import Iterator


class MemoryState:
    """`streams.stage.State` over a dict; `writes` counts the puts."""

    def __init__(self) -> None:
        self.entries: dict[bytes, bytes] = {}
        self.writes = 0

    def get(self, key: bytes) -> bytes | None:
        return self.entries.get(key)

    def put(self, key: bytes, value: bytes | None) -> None:
        self.writes += 1
        if value is None:
            self.entries.pop(key, None)
        else:
            self.entries[key] = value

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        return iter(sorted((key, value) for key, value in self.entries.items() if key.startswith(prefix)))

    def copy(self) -> "MemoryState":
        other = MemoryState()
        other.entries = dict(self.entries)
        return other


class StagedState(MemoryState):
    """Writes over another state that are not flushed yet, each key where its last write stood."""

    def __init__(self, before: MemoryState) -> None:
        super().__init__()
        self.entries = dict(before.entries)
        self.staged: dict[bytes, bytes | None] = {}
        self._before = before

    def put(self, key: bytes, value: bytes | None) -> None:
        self.staged.pop(key, None)
        self.staged[key] = value
        super().put(key, value)

    def flushed(self, writes: int) -> MemoryState:
        """The state after a crash that let the first so many writes through."""
        after = self._before.copy()
        for key, value in list(self.staged.items())[:writes]:
            after.put(key, value)
        return after
