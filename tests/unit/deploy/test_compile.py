"""What is compiled, and what is refused; `tests/compiled` compiles and compares."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from deploy.image import compile as compiling
from deploy.image.compile import with_constructors, without_collector

ROOT = Path(__file__).parents[3]


def test_what_stays_plain_is_there() -> None:
    for folder, plain in compiling.PLAIN.items():
        assert plain <= {path.stem for path in (ROOT / folder).glob("*.py")}


def test_the_hot_modules_are_compiled() -> None:
    made = set(compiling.modules(ROOT))
    assert made >= {f"agents/extract/{name}.py" for name in ("text", "lexicon", "view", "names", "places", "detect")}
    assert "agents/extract/agent.py" not in made


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy" / "image" / "compile.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_folder_under_development_is_refused(tmp_path: Path) -> None:
    for name in ("agents", "streams", ".git"):
        (tmp_path / name).mkdir()
    done = _run(str(tmp_path))
    assert done.returncode == 1
    assert "under development" in done.stderr
    assert not list(tmp_path.rglob("*.so"))


def test_a_folder_without_the_packages_is_refused(tmp_path: Path) -> None:
    done = _run(str(tmp_path))
    assert done.returncode == 1
    assert "does not hold the packages" in done.stderr


_SOURCE = '''
from dataclasses import dataclass, field, replace

@dataclass(slots=True)
class Kept:
    """One."""

    first: int
    last: int = 3
    """The default is told."""

    names: list[str] = field(default_factory=list, repr=False)

    def size(self) -> int:
        return self.last - self.first


@dataclass(slots=True, kw_only=True)
class Named:
    name: str

class Plain:
    size: int


@dataclass
class Own:
    size: int

    def __init__(self) -> None:
        self.size = 1

'''


def _made(source: str) -> dict[str, Any]:
    made: dict[str, Any] = {"__name__": __name__}
    exec(source, made)
    return made


def test_constructors_are_written_where_dataclasses_make_them() -> None:
    written = with_constructors(_SOURCE)
    assert written.count("\n") == _SOURCE.count("\n")
    changed = [(old, new) for old, new in zip(_SOURCE.split("\n"), written.split("\n"), strict=True) if old != new]
    assert [old for old, _ in changed] == ["", ""]
    assert [new.split("->")[0].strip() for _, new in changed] == [
        "def __init__(self, first: int, last: int = 3, names: list[str] | None = None)",
        "def __init__(self, *, name: str)",
    ]


@pytest.mark.parametrize("source", [_SOURCE, with_constructors(_SOURCE)])
def test_a_written_constructor_makes_what_the_dataclass_would(source: str) -> None:
    made = _made(source)
    one, other = made["Kept"](1), made["Kept"](1, 5, ["a"])
    assert (one.first, one.last, one.names, one.size()) == (1, 3, [], 2)
    assert one == made["replace"](other, last=3, names=[])
    assert one.names is not made["Kept"](1).names
    assert made["Named"](name="x").name == "x"
    with pytest.raises(TypeError):
        made["Named"]("x")


@pytest.mark.parametrize("module", ["text", "place_names", "numeral_sum", "attributes"])
def test_what_is_made_most_gets_its_constructor(module: str) -> None:
    source = (ROOT / "agents" / "extract" / f"{module}.py").read_text("utf-8")
    more = with_constructors(source).count("    def __init__(") - source.count("    def __init__(")
    assert more == source.count("\n@dataclass") > 0


def test_classes_without_cycles_are_marked_where_they_stand() -> None:
    for module, classes in compiling.ACYCLIC.items():
        source = with_constructors((ROOT / module).read_text("utf-8"))
        marked = without_collector(source, classes)
        assert marked.count("\n") == source.count("\n")
        changed = [(old, new) for old, new in zip(source.split("\n"), marked.split("\n"), strict=True) if old != new]
        assert [new for old, new in changed if not old] == [
            "if TYPE_CHECKING: from mypy_extensions import mypyc_attr",
            *["@mypyc_attr(acyclic=True)"] * len(classes),
        ]
        assert [new.removeprefix(old) for old, new in changed if old] == ["; from typing import TYPE_CHECKING"]
    assert set(compiling.ACYCLIC) <= set(compiling.modules(ROOT))


def _held(kind: type[Any]) -> set[Any]:
    """What the constructor of a class takes and, of classes of ours, what theirs take in turn."""
    held: set[Any] = set()
    open_ = list(get_type_hints(kind.__init__).values())
    while open_:
        part = open_.pop()
        open_ += get_args(part)
        if part not in held and getattr(part, "__module__", "").startswith("agents."):
            open_ += get_type_hints(part.__init__).values()
        held.add(part)
    return held


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module, names in compiling.ACYCLIC.items() for name in names]
)
def test_what_is_marked_holds_nothing_that_could_hold_it(module: str, name: str) -> None:
    made = getattr(import_module(module.removesuffix(".py").replace("/", ".")), name)
    held = _held(made)
    assert held.isdisjoint((made, Any, object)), f"{name} may come into a cycle, and would never be freed"
    assert str in held
    assert not made.__subclasses__()


def test_a_class_that_is_gone_is_not_marked() -> None:
    with pytest.raises(KeyError):
        without_collector(_SOURCE, ("Gone",))
