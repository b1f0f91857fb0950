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
