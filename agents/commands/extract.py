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


def _print(lines: Iterator[bytes], name: str) -> None:
    try:
        for line in lines:
            sys.stdout.buffer.write(line + b"\n")
    except CommandError:
        raise
    except ValueError as error:
        raise CommandError(f"{name} holds a line that is no article: {error}.") from error


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    # The lexicons are loaded by the commands that need them.
    from agents.extract.batch import batch
    from agents.extract.engine import shared_engine

    for name in options.files:
        _print(batch(_lines(name), shared_engine()), name)
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
