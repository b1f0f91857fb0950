"""The files of this folder that are made from its code, for `tests/generate` and the test that compares them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deploy.monitoring import objectives
from deploy.monitoring.boards import feeds, kafka, overview, workers
from deploy.monitoring.panels import render

FOLDER: Final = Path(__file__).parent
BOARDS: Final = (overview.BOARD, feeds.BOARD, workers.BOARD, kafka.BOARD)
"""Every dashboard. One that is not here is not made."""


def files() -> Iterator[tuple[Path, bytes]]:
    """Each made file with what it should hold."""
    yield FOLDER / "rules" / "objectives.yml", objectives.rule_file()
    for board in BOARDS:
        yield FOLDER / "dashboards" / f"{board.name}.json", render(board)
