"""What every command is made of."""

import argparse
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, TypeAlias

from aiokafka.errors import KafkaConnectionError, KafkaError

from streams.kafka.topics import TopicError
from streams.settings import Settings

Run: TypeAlias = Callable[[argparse.Namespace, Mapping[str, str]], int]
"""Options and environment in, exit code out."""


class CommandError(ValueError):
    """The command cannot do what it was asked; the message is one sentence that says what to do. Exit code 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its name, one sentence of help, examples, how its arguments are declared, and what runs it."""

    name: str
    help: str
    examples: tuple[str, ...]
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Run


class _LastWord(logging.Handler):
    """Keeps the last error that was logged: only the log says why a broker cannot be talked to."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text = record.getMessage()


_UNITS: Final = MappingProxyType({"s": "seconds", "m": "minutes", "h": "hours", "d": "days"})


def instant_ms(text: str) -> int:
    """Milliseconds since 1970 of `2026-11-22T10:00:00Z`, or of `90s`, `30m`, `2h`, `7d` ago.

    Raises:
        argparse.ArgumentTypeError: it is neither, or an instant without a zone.
    """
    time = _ago(text) or _instant(text)
    if time is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time as 2026-11-22T10:00:00Z, nor one as 2h (ago)")
    return int(time.timestamp() * 1000)


def _ago(text: str) -> datetime | None:
    told = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    return datetime.now(UTC) - timedelta(**{_UNITS[told[2]]: int(told[1])}) if told else None


def _instant(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None


@contextmanager
def talking_to_kafka(settings: Settings) -> Iterator[None]:
    """Turns what Kafka's clients raise in the block into a CommandError, and keeps their own log lines away."""
    heard, logger = _LastWord(), logging.getLogger("aiokafka")
    logger.addHandler(heard)
    logger.propagate = False
    try:
        yield
    except KafkaConnectionError as error:
        raise CommandError(
            f"no Kafka answers at {settings.bootstrap_servers} ({heard.text or type(error).__name__}); set "
            "KAFKA_BOOTSTRAP_SERVERS and the FRONTWIRE_KAFKA_ variables to yours, or start one."
        ) from error
    except KafkaError as error:
        raise CommandError(
            f"Kafka at {settings.bootstrap_servers} refuses this: {error or type(error).__name__}."
        ) from error
    except TopicError as error:
        raise CommandError(str(error)) from error
    finally:
        logger.propagate = True
        logger.removeHandler(heard)
