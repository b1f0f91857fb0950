"""`frontwire repartition ROLE --to N`: more partitions for what a role reads, and its state moved along."""

import argparse
from collections.abc import Mapping

from agents.commands.common import Command, CommandError, talking_to_kafka
from streams.kafka.ending import run_loop
from streams.kafka.repartition import ROLES_THAT_GROW, RepartitionError, repartition
from streams.kafka.roles import ROLES
from streams.settings import load
from streams.topics import MOST_PARTITIONS
from streams.vocabulary import Stage


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("role", choices=[stage.value for stage in ROLES_THAT_GROW], help="whose topics get more")
    parser.add_argument("--to", required=True, type=_count, metavar="N", help="how many partitions there shall be")


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_PARTITIONS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of partitions from 1 to {MOST_PARTITIONS}")
    return int(text)


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    settings, role = load(environment), ROLES[Stage(options.role)]
    with talking_to_kafka(settings):
        try:
            moved = run_loop(repartition(role, settings, options.to))
        except RepartitionError as error:
            raise CommandError(f"{error}.") from error
    print(f"{role.source} and {role.state} have {options.to} partitions; {moved} records were moved.")
    return 0


COMMAND = Command(
    name="repartition",
    help="Give what a role reads, and its state, more partitions, and move what then belongs elsewhere.",
    examples=("frontwire repartition deduplicate --to 24", "frontwire repartition extract --to 24"),
    arguments=_arguments,
    run=_run,
)
