"""The command line: `frontwire COMMAND`, the same as `python -m agents COMMAND`."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final

from agents.commands import (
    dead_letters,
    desk,
    explain,
    extract,
    feeds,
    repartition,
    rewind,
    rights,
    tail,
    topics,
    worker,
)
from agents.commands.common import Command, CommandError
from streams.settings import SettingError

COMMANDS: Final[tuple[Command, ...]] = (
    worker.COMMAND,
    topics.COMMAND,
    feeds.COMMAND,
    extract.COMMAND,
    explain.COMMAND,
    tail.COMMAND,
    desk.COMMAND,
    dead_letters.COMMAND,
    rewind.COMMAND,
    repartition.COMMAND,
    rights.COMMAND,
)

_USAGE_ERROR: Final = 2
_INTERRUPTED: Final = 130


def parser() -> argparse.ArgumentParser:
    """The whole command line with its help texts."""
    top = argparse.ArgumentParser(
        prog="frontwire",
        description="News feeds in, conflict events and evacuation counts out, over Kafka.",
        epilog="Settings are environment variables (streams/REFERENCE.md). `frontwire COMMAND --help` shows examples.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(
            command.name,
            help=command.help,
            description=command.help,
            epilog="examples:\n" + "\n".join(f"  {line}" for line in command.examples),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit code: 0 done, 1 failed, 2 a wrong argument or setting (told in one sentence), 130 interrupted.
    """
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options, os.environ))
    except (SettingError, CommandError) as error:
        print(f"frontwire: {error}", file=sys.stderr)
        return _USAGE_ERROR
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output (`| head`) has gone: nothing is left to tell it
        return 0


if __name__ == "__main__":
    sys.exit(main())
