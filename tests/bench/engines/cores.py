"""The stages that every engine of the comparison runs: a message passed on as it is, and the extraction."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from agents.extract.core import Extractor
from agents.extract.engine import shared_engine
from streams.stage import Core, Message, Send, State
from streams.vocabulary import Stage

SOURCE: Final = "articles.unique"
SINK: Final = "conflict.events"


class Pass:
    """Sends each value on, untouched: what is left is the engine."""

    stage = Stage.EXTRACT

    def process(self, message: Message, state: State) -> list[Send]:
        """The message, on `conflict.events`."""
        return [Send(topic=SINK, key=message.key or b"", value=message.value)]


def _extractor() -> Extractor:
    engine = shared_engine()
    return Extractor(engine.extract, engine.version)


CORES: Final[Mapping[str, Callable[[], Core]]] = MappingProxyType({"pass": Pass, "extract": _extractor})


class Memory:
    """State for engines that keep none: gone with the process, and no part of any promise."""

    def __init__(self) -> None:
        self._entries: dict[bytes, bytes | None] = {}

    def get(self, key: bytes) -> bytes | None:
        """The value last written."""
        return self._entries.get(key)

    def put(self, key: bytes, value: bytes | None) -> None:
        """Write in memory."""
        self._entries[key] = value

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Nothing: an engine starts without state here."""
        return iter(())
