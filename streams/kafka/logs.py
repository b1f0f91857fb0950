"""Log lines on stderr: readable text or one JSON object a line."""

import logging
import sys
from datetime import UTC, datetime
from typing import Final

import orjson

from streams.settings import Settings

_TALKATIVE: Final = ("faust", "mode", "aiokafka", "aiohttp", "asyncio", "transport", "kafka")
"""Libraries of which only warnings are shown unless everything is."""

_REPETITIVE: Final = ("aiokafka", "aiohttp.server")
"""Libraries that log a line, or a traceback, for each broken connection."""


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one log record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _encodable(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = _encodable(self.formatException(record.exc_info))
        return orjson.dumps(line, default=str).decode()


class TextFormatter(logging.Formatter):
    """One readable line, with what strangers wrote kept on it: control characters are shown, not obeyed."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The line without a traceback."""
        record.message = "".join(c if c.isprintable() else repr(c)[1:-1] for c in record.message)
        return super().formatMessage(record)


def _encodable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()  # a lone surrogate has no UTF-8


class Quieter(logging.Filter):
    """Lets each kind of message of a library through once in a while: away brokers make many a second."""

    def __init__(self, seconds: float = 15.0) -> None:
        super().__init__()
        self._seconds = seconds
        self._shown: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to show it."""
        kind = (record.name, str(record.msg))
        last = self._shown.get(kind)
        if last is not None and record.created - last < self._seconds:
            return False
        self._shown[kind] = record.created
        return True


def configure(settings: Settings) -> None:
    """Set up logging for the process."""
    handler, quieter = logging.StreamHandler(sys.stderr), Quieter()
    if settings.log_format == "json":
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(TextFormatter())
    handler.addFilter(lambda record: not record.name.startswith(_REPETITIVE) or quieter.filter(record))
    level = settings.log_level.upper()
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(level if level == "DEBUG" else "WARNING")
    logging.getLogger("mode.timers").setLevel("ERROR")  # a late commit timer is no news
