"""`frontwire topics create | list | delete`."""

import argparse
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rich.console import Console
from rich.table import Table

from agents.commands.common import Command, CommandError, talking_to_kafka
from streams.kafka.ending import run_loop
from streams.kafka.topics import delete_topics, ensure_topics, full_name
from streams.settings import Settings, load
from streams.topics import TOPICS


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=tuple(_ACTIONS), help="create what is missing, list the topic table, or delete"
    )
    parser.add_argument("--yes", action="store_true", help="delete without this only says what it would delete")


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    settings = load(environment)
    with talking_to_kafka(settings):
        return _ACTIONS[options.action](settings, options.yes)


def _create(settings: Settings, _: bool) -> int:
    made = run_loop(ensure_topics(settings))
    print(f"{len(made)} topics made, {len(TOPICS) - len(made)} were there." + "".join(f"\n  {name}" for name in made))
    return 0


def _list(settings: Settings, _: bool) -> int:
    table = Table("topic", "record", "key", "partitions", "kept", "what for", box=None, header_style="bold")
    for topic in TOPICS:
        kept = topic.policy.value + (f", {topic.retention_days} d" if topic.retention_days else "")
        name = full_name(settings, topic.name)
        table.add_row(name, ", ".join(topic.records), topic.key, str(topic.partitions), kept, topic.purpose)
    Console().print(table)
    return 0


def _delete(settings: Settings, sure: bool) -> int:
    if not sure:
        names = ", ".join(full_name(settings, topic.name) for topic in TOPICS)
        raise CommandError(f"this deletes {names} with all that is on them; say --yes if that is meant.")
    gone = run_loop(delete_topics(settings))
    print(f"{len(gone)} topics deleted.")
    return 0


_ACTIONS: Final = MappingProxyType({"create": _create, "list": _list, "delete": _delete})

COMMAND = Command(
    name="topics",
    help="Create the topics that are missing, or list the topic table.",
    examples=(
        "frontwire topics create",
        "FRONTWIRE_REPLICATION_FACTOR=1 KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:9092 frontwire topics create",
        "frontwire topics list",
        "FRONTWIRE_TOPIC_PREFIX=trial. frontwire topics delete --yes",
    ),
    arguments=_arguments,
    run=_run,
)
