"""What a stage says without faults: its core over the messages of its topic, each once, with the state in memory."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from streams.stage import Core, Message, PoisonError, Send
from streams.vocabulary import DeadReason
from tests.support.memory_state import MemoryState


@dataclass(frozen=True, slots=True)
class Led:
    """A message and what it leads to; with `dead`, to a dead letter of that reason and nothing else."""

    message: Message
    sends: Sequence[Send]
    dead: DeadReason | None = None


class _Draft:
    """The state as one message sees it."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state
        self.writes: dict[bytes, bytes | None] = {}

    def get(self, key: bytes) -> bytes | None:
        return self.writes[key] if key in self.writes else self._state.get(key)

    def put(self, key: bytes, value: bytes | None) -> None:
        self.writes[key] = value

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        entries = {**self._state.entries, **self.writes}
        return iter(sorted((k, v) for k, v in entries.items() if k.startswith(prefix) and v is not None))


def run(core: Core, messages: Sequence[Message], limits: Mapping[str, int]) -> list[Led]:
    """Process messages, of each partition in order; `limits` are the topics' largest records in bytes."""
    states: dict[int, MemoryState] = defaultdict(MemoryState)
    return [_process(core, message, states[message.partition], limits) for message in messages]


def _process(core: Core, message: Message, state: MemoryState, limits: Mapping[str, int]) -> Led:
    draft = _Draft(state)
    try:
        sends = core.process(message, draft)
    except PoisonError as error:
        return Led(message, (), error.reason)
    if any(len(send.value or b"") > limits.get(send.topic, len(send.value or b"")) for send in sends):
        return Led(message, (), DeadReason.TOO_LARGE)
    for key, value in draft.writes.items():
        state.put(key, value)
    return Led(message, sends)
