"""`frontwire worker ROLE`: one worker role, until it is told to stop."""

import argparse
from collections.abc import Mapping

from agents.commands.common import Command
from streams.settings import Settings, load
from streams.vocabulary import Stage


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("role", choices=[stage.value for stage in Stage], help="what this worker does")


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _start(Stage(options.role), load(environment))


def _start(stage: Stage, settings: Settings) -> int:
    # Each role imports what it alone needs: `extract` its lexicons, `poll` its parsers.
    match stage:
        case Stage.POLL:
            from agents.poll import agent as poll

            return poll.run(settings)
        case Stage.DEDUPLICATE:
            from agents.deduplicate import agent as deduplicate

            return deduplicate.run(settings)
        case Stage.EXTRACT:
            from agents.extract import agent as extract

            return extract.run(settings)
        case Stage.TOTAL:
            from agents.total import agent as total

            return total.run(settings)


COMMAND = Command(
    name="worker",
    help="Run one worker role until SIGTERM or Ctrl-C; work under way is finished first.",
    examples=(
        "frontwire worker poll",
        "KAFKA_BOOTSTRAP_SERVERS=kafka:9092 FRONTWIRE_HTTP_PORT=9465 frontwire worker extract",
    ),
    arguments=_arguments,
    run=_run,
)
