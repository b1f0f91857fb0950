"""What happened in a run of the suite, one JSON line an event, in the order it happened."""

import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson


class History:
    """Writes events to a file, and what matters to standard output. Safe to use from the one event loop only."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("ab")
        self._began = time.monotonic()

    def note(self, what: str, **details: Any) -> None:
        """Keep an event; `details` are its facts."""
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "what": what, **details}
        self._file.write(orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS) + b"\n")
        self._file.flush()

    def tell(self, what: str, **details: Any) -> None:
        """Keep an event and print it."""
        self.note(what, **details)
        facts = " ".join(f"{name}={value}" for name, value in details.items())
        print(f"{time.monotonic() - self._began:7.1f} s  {what} {facts}", flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.note("broken off", error=repr(error))
        self._file.close()
