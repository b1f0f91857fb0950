"""`frontwire topics create | list`."""

import argparse
import asyncio
from collections.abc import Mapping

from aiokafka.errors import KafkaError
from rich.console import Console
from rich.table import Table

from agents.commands.common import Command, CommandError
from streams.kafka.topics import TopicError, ensure_topics, full_name
from streams.settings import Settings, load
from streams.topics import TOPICS


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("create", "list"), help="create what is missing, or list the topic table")


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    settings = load(environment)
    return _create(settings) if options.action == "create" else _list(settings)


def _create(settings: Settings) -> int:
    try:
        made = asyncio.run(ensure_topics(settings))
    except (KafkaError, OSError) as error:
        raise CommandError(
            f"no Kafka answers at {settings.bootstrap_servers} ({type(error).__name__}); "
            "set KAFKA_BOOTSTRAP_SERVERS to yours, or start one."
        ) from error
    except TopicError as error:
        raise CommandError(str(error)) from error
    print(f"{len(made)} topics made, {len(TOPICS) - len(made)} were there." + "".join(f"\n  {name}" for name in made))
    return 0


def _list(settings: Settings) -> int:
    table = Table("topic", "record", "key", "partitions", "kept", "what for", box=None, header_style="bold")
    for topic in TOPICS:
        kept = topic.policy.value + (f", {topic.retention_days} d" if topic.retention_days else "")
        name = full_name(settings, topic.name)
        table.add_row(name, ", ".join(topic.records), topic.key, str(topic.partitions), kept, topic.purpose)
    Console().print(table)
    return 0


COMMAND = Command(
    name="topics",
    help="Create the topics that are missing, or list the topic table.",
    examples=(
        "frontwire topics create",
        "FRONTWIRE_REPLICATION_FACTOR=1 KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 frontwire topics create",
        "frontwire topics list",
    ),
    arguments=_arguments,
    run=_run,
)
