"""`frontwire desk`: a page that shows what the line found."""

import argparse
from collections.abc import Mapping

from agents.commands.common import Command
from streams.settings import load


def _arguments(parser: argparse.ArgumentParser) -> None:
    pass  # its settings are environment variables


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from agents.desk import agent  # brings the web server and templates with it

    return agent.run(load(environment))


COMMAND = Command(
    name="desk",
    help="Serve a page that shows what the line found, live, until SIGTERM or Ctrl-C.",
    examples=(
        "frontwire desk",
        "FRONTWIRE_DESK_PORT=8000 FRONTWIRE_DESK_HOURS=24 frontwire desk",
    ),
    arguments=_arguments,
    run=_run,
)
