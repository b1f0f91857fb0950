"""Records as tables in a terminal."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents import show
from streams.records import ConflictEvent, EvacuationCount

_RATIOS: Final = {"what": 3, "modality": 2, "who": 3, "to whom": 3, "where": 2, "figures": 4, "quote": 8, "source": 3}
_WITHOUT_TERMINAL: Final = 200
"""Columns where the output is no terminal, e.g. a log."""


def console() -> Console:
    """Standard output, wide where it is no terminal."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=_WITHOUT_TERMINAL)


def table(records: Iterable[ConflictEvent | EvacuationCount], *, header: bool = True) -> Table:
    """A row a record. Tables of the same console have equal columns, so rows can be printed as they come."""
    made = Table(expand=True, box=None, show_header=header, header_style="bold", pad_edge=False)
    for name in show.COLUMNS:
        made.add_column(name, ratio=_RATIOS[name], overflow="fold")
    for record in records:
        made.add_row(*map(Text, show.row(record)))
    return made
