"""The two import rules of the code base, checked by walking every module's imports."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELL = (
    "streams/kafka/*",
    "agents/*/agent.py",
    "agents/*/admin.py",
    "agents/poll/fetch.py",
    "agents/poll/follow.py",
    "agents/poll/outbox.py",
    "agents/poll/parser.py",
    "agents/poll/politeness.py",
    "agents/poll/poller.py",
    "agents/poll/pool.py",
    "agents/poll/untold.py",
    "agents/deduplicate/store.py",
    "agents/desk/server.py",
    "agents/commands/*",
    "agents/__main__.py",
)
"""Where clocks, sockets, processes and randomness may be used."""
SHELL_ONLY = {"faust", "mode", "aiokafka", "aiohttp", "prometheus_client", "asyncio", "time", "os", "random", "socket"}
STAGES = {"poll", "deduplicate", "extract", "total", "desk"}


def modules() -> list[str]:
    folders = (ROOT / "streams", ROOT / "agents")
    return sorted(path.relative_to(ROOT).as_posix() for folder in folders for path in folder.rglob("*.py"))


def imports(module: str) -> Iterator[str]:
    """Dotted names a module imports, also inside functions and for type checking."""
    for node in ast.walk(ast.parse((ROOT / module).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_shell(module: str) -> bool:
    return any(fnmatch(module, pattern) for pattern in SHELL)


@pytest.mark.parametrize("module", [m for m in modules() if not is_shell(m)])
def test_a_core_imports_no_clock_socket_or_kafka(module: str) -> None:
    assert not {name for name in imports(module) if name.split(".")[0] in SHELL_ONLY}
    assert not {name for name in imports(module) if name.startswith("streams.kafka")}


@pytest.mark.parametrize("module", modules())
def test_imports_go_one_way(module: str) -> None:
    parts = module.split("/")
    for name in imports(module):
        first, *rest = name.split(".")
        if parts[0] == "streams":
            assert first not in {"agents", "seeds", "tests", "deploy"}, f"{module} imports {name}"
        if first == "agents" and rest and rest[0] in STAGES and parts[1] in STAGES:
            assert rest[0] == parts[1], f"{module} imports {name}: stages never import each other"


def test_the_walk_sees_the_tree() -> None:
    assert {"streams/records.py", "agents/__main__.py"} <= set(modules())
