"""`frontwire rights [USER]`: what each role may do on the cluster, for whoever writes the ACLs."""

import argparse
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from rich.console import Console
from rich.table import Table

from agents.commands.common import Command
from streams.kafka.rights import Pattern, Resource, Right, User, rights
from streams.settings import load

_PATTERNS: Final = MappingProxyType({Pattern.LITERAL: "literal", Pattern.PREFIX: "prefixed"})


def _arguments(parser: argparse.ArgumentParser) -> None:
    users = [user.value for user in User]
    parser.add_argument("user", nargs="?", choices=users, help="one of: " + ", ".join(users) + " (default: all)")
    parser.add_argument("--commands", action="store_true", help="as arguments of Kafka's own kafka-acls.sh")


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    prefix = load(environment).topic_prefix
    users = [User(options.user)] if options.user else list(User)
    if options.commands:
        for user in users:
            for right in rights(user, prefix):
                print("kafka-acls.sh", *_words(user, right))
        return 0
    table = Table("user", "may", "on", box=None, header_style="bold")
    for user in users:
        for right in rights(user, prefix):
            name = right.name + ("*" if right.pattern is Pattern.PREFIX else "")
            table.add_row(user, ", ".join(right.operations), f"{right.resource} {name}")
    Console(markup=False, highlight=False).print(table)
    return 0


def _words(user: User, right: Right) -> Iterator[str]:
    yield from ("--add", "--allow-principal", f"User:{user}")
    for operation in right.operations:
        yield from ("--operation", operation.value)
    yield from ("--topic" if right.resource is Resource.TOPIC else "--group", right.name)
    yield from ("--resource-pattern-type", _PATTERNS[right.pattern])


COMMAND = Command(
    name="rights",
    help="Show what each role needs to be allowed on the cluster, as a table or for kafka-acls.sh.",
    examples=(
        "frontwire rights extract",
        "frontwire rights extract --commands",
    ),
    arguments=_arguments,
    run=_run,
)
