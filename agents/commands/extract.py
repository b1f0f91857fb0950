"""`frontwire extract FILE...`: the batch command of the data contract."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from agents.commands.common import Command, CommandError


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="JSON lines, one article a line; - reads standard input"
    )


def _lines(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield from file
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from agents.extract.batch import batch  # the lexicons are loaded by the commands that need them

    for name in options.files:
        for line in batch(_lines(name), name):
            sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
    return 0


COMMAND = Command(
    name="extract",
    help="Print the records that `extract` would send for articles in JSON-lines files, one record a line.",
    examples=(
        "frontwire extract articles.jsonl",
        "frontwire extract articles.jsonl | jq .value.quote",
    ),
    arguments=_arguments,
    run=_run,
)
