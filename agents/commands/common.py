"""What every command is made of."""

import argparse
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

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


@contextmanager
def talking_to_kafka(settings: Settings) -> Iterator[None]:
    """Turns what Kafka's clients raise in the block into a CommandError, and keeps their own log lines away."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        yield
    except KafkaConnectionError as error:
        raise CommandError(
            f"no Kafka answers at {settings.bootstrap_servers} ({type(error).__name__}); "
            "set KAFKA_BOOTSTRAP_SERVERS to yours, or start one."
        ) from error
    except KafkaError as error:
        raise CommandError(
            f"Kafka at {settings.bootstrap_servers} refuses this: {error or type(error).__name__}."
        ) from error
    except TopicError as error:
        raise CommandError(str(error)) from error
