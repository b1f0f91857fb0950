"""`frontwire rewind ROLE --to TIME|OFFSET`: process messages again, e.g. after a lexicon got better."""

import argparse
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from agents.commands.common import Command, CommandError, instant_ms, talking_to_kafka
from streams.kafka.ending import run_loop
from streams.kafka.rewind import RewindError, Step, plan, rewind
from streams.kafka.roles import ROLES
from streams.settings import Settings, load
from streams.vocabulary import Stage


def _arguments(parser: argparse.ArgumentParser) -> None:
    committing = [stage.value for stage in Stage if stage is not Stage.POLL]  # poll reads its feeds anew at each start
    parser.add_argument("role", choices=committing, help="whose committed offsets are taken back")
    parser.add_argument(
        "--to",
        required=True,
        metavar="TIME|OFFSET",
        type=_place,
        help="2026-11-22T10:00:00Z, 2h for hours ago, or an offset (0 is the beginning)",
    )
    parser.add_argument(
        "--partition", action="append", type=int, default=[], metavar="N", help="this one alone (again for more)"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and change nothing")


def _place(text: str) -> datetime | int:
    if text.isdecimal():
        return int(text)
    return datetime.fromtimestamp(instant_ms(text) / 1000, UTC)


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    settings = load(environment)
    with talking_to_kafka(settings):
        try:
            return run_loop(_rewind(settings, options))
        except RewindError as error:
            raise CommandError(f"{error}.") from error


async def _rewind(settings: Settings, options: argparse.Namespace) -> int:
    role = ROLES[Stage(options.role)]
    steps = await plan(role, settings, options.to, frozenset(options.partition))
    _show(steps)
    again = sum(step.again for step in steps)
    if options.dry_run or not again:
        print(f"{again} messages would be processed again; nothing was changed.")
        return 0
    await rewind(role, settings, steps)
    print(f"{again} messages will be processed again when the role starts.")
    return 0


def _show(steps: Sequence[Step]) -> None:
    table = Table("partition", "committed", "goes back to", "messages again", "kept from", "end", box=None)
    for step in steps:
        committed = "nothing" if step.committed is None else str(step.committed)
        table.add_row(*map(str, (step.partition, committed, step.target, step.again, step.beginning, step.end)))
    Console(markup=False, highlight=False).print(table)


COMMAND = Command(
    name="rewind",
    help="Take a role's committed offsets back, so that it processes messages again. Stop its workers before.",
    examples=(
        "frontwire rewind extract --to 7d --dry-run",
        "frontwire rewind extract --to 2026-11-22T10:00:00Z",
        "frontwire rewind deduplicate --to 1042 --partition 3",
    ),
    arguments=_arguments,
    run=_run,
)
