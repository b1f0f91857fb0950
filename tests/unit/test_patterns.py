"""What a regular expression of ours must not use, because a Python that we support gets it wrong."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")


def strings() -> Iterator[tuple[str, str]]:
    """Each string of the product's sources, by its module."""
    for path in (path for name in ("agents", "seeds", "streams") for path in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.relative_to(ROOT).as_posix(), node.value


def test_no_group_is_repeated_possessively() -> None:
    """Before Python 3.11.5 such a repeat may keep half of its last try (python/cpython#106052): "12, 13" gave "12,"."""
    assert POSSESSIVE_GROUP.search(r"(?:,\d++)*+") and not POSSESSIVE_GROUP.search(r"(?:,\d++)*")
    assert [(module, text) for module, text in strings() if POSSESSIVE_GROUP.search(text)] == []
