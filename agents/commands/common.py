"""What every command is made of."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Run: TypeAlias = Callable[[argparse.Namespace, Mapping[str, str]], int]
"""Options and environment in, exit code out."""


class CommandError(ValueError):
    """The command cannot do what it was asked; the message is one sentence that says what to do. Exit code 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its name, one sentence of help, examples, how its arguments are declared, and what runs it."""

    name: str
    help: str
    examples: tuple[str, ...]
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Run
