"""`frontwire explain`: what the extraction saw in a text, sentence by sentence, and the rule behind each record."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from agents.commands.common import Command, CommandError
from agents.show import plain


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="a text; its first line is the title (default: standard input)",
    )
    parser.add_argument("--language", metavar="CODE", help="language of the text (default: detected)")
    parser.add_argument(
        "--published", metavar="TIME", help="when it was published, as 2023-09-20T09:00:00Z (for relative dates)"
    )


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    return data.decode("utf-8", errors="replace")


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from agents.extract.explain import explain  # the lexicons are loaded by the commands that need them

    title, _, body = _read(options.file).strip().partition("\n")
    for line in explain(title.strip(), body.strip(), language=options.language, published=options.published):
        print(line[: len(line) - len(line.lstrip())] + plain(line))  # the text may hold terminal codes
    return 0


COMMAND = Command(
    name="explain",
    help="Show what the extraction saw in a text, which rule made each record, and what was vetoed and why.",
    examples=(
        "frontwire explain article.txt --language id",
        "echo 'More than 2,000 people were evacuated from Goris on Friday.' | frontwire explain",
    ),
    arguments=_arguments,
    run=_run,
)
