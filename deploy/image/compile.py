"""Compiles hot modules beside their sources: the extraction, the same Python at 1.8 to 2.1 times the speed, and what
compares, looks up and tells in `deduplicate` and `total`, whose cores then take 6 and 28 % less.

    python deploy/image/compile.py FOLDER     # FOLDER holds the packages `agents` and `streams`, as site-packages do

mypyc does it, from the types that the sources carry anyway: no other language, no other rules. It needs a C compiler
and `mypy` while it runs, nothing of either afterwards. Python takes an extension module before a source of the same
name, so that a folder under development must not be compiled: it would run what its sources were. One with a `.git`
is refused. The extractor's version is that of the sources, compiled or not: both say the same of every article
(`tests/compiled` holds them to it).
"""

import ast
import os
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PACKAGES = ("agents", "streams")
PLAIN = {
    "agents/extract": frozenset(
        (
            # The shell, what is asked once, and what subclasses another package's classes: nothing would be gained.
            *("__init__", "agent", "core", "claims", "batch", "explain", "version", "dictionaries"),
            # Tables: minutes of a compiler, for what is read once.
            *("concepts", "concept_sets", "quantity_concepts", "frames"),
        )
    ),
    "agents/deduplicate": frozenset(
        # The shell and the core, a list, and classes of msgspec, which are not compiled.
        ("__init__", "agent", "core", "number_words", "memory", "text")
    ),
    "agents/total": frozenset(
        # As above.
        ("__init__", "agent", "core", "contribution", "features", "ledger", "window")
    ),
}
"""Folders whose modules are compiled, and the modules of each that stay as they are.

Not `streams`: measured in turns, its time is that of expressions and JSON, which are machine code as they are. Nor
`poll`: its time is that of parsers, and mypyc makes lists of some generators, also of one without an end, as
`agents.poll.identity` has.
"""

ACYCLIC = {
    "agents/extract/text.py": ("Token", "Hit"),
    "agents/extract/forms.py": ("Entry", "Form", "Name"),
    "agents/extract/place_words.py": ("Base", "Candidate", "Word"),
}
"""Classes that are kept by the hundred thousand, as what a process knows of words, or made by the thousand an article.

None leads back to itself: they hold strings, numbers, and what was made before them and knows nothing of them. The
collector of cycles need not look at them, which takes it 0.7 microseconds each: a third of a second after 4,000
articles."""


def modules(folder: Path) -> list[str]:
    """The modules to compile, as paths from the folder."""
    found = [path for name in PLAIN for path in sorted((folder / name).glob("*.py")) if path.stem not in PLAIN[name]]
    return [str(path.relative_to(folder)) for path in found]


def build(folder: Path) -> None:
    """Compile inside a folder, in which the process stands afterwards; any error ends the process."""
    os.chdir(folder)
    mypycify: Any = import_module("mypyc.build").mypycify
    distribution: Any = import_module("setuptools").Distribution
    flags = ["--config-file=", "--ignore-missing-imports", "--namespace-packages", "--explicit-package-bases"]
    extensions = mypycify([*modules(folder), *flags], opt_level="2", debug_level="0", multi_file=True)
    for extension in extensions:
        extension.extra_link_args.append("-Wl,-Bsymbolic")  # calls among our own modules need no table: 4 % of the time
    command = distribution({"name": "compiled", "ext_modules": extensions}).get_command_obj("build_ext")
    command.inplace = True
    command.parallel = os.cpu_count()
    command.ensure_finalized()
    command.run()


def compile_into(folder: Path) -> int:
    """Compile a copy of the packages of `folder` and put the extension modules beside their sources; how many."""
    with TemporaryDirectory() as temporary:
        copy = Path(temporary)
        for package in PACKAGES:
            shutil.copytree(folder / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
        for module in modules(copy):
            path = copy / module
            source = with_constructors(path.read_text("utf-8"))
            path.write_text(without_collector(source, ACYCLIC.get(module, ())), "utf-8")
        build(copy)
        made = [path for path in copy.rglob("*.so") if "build" not in path.relative_to(copy).parts]
        for path in made:
            shutil.copy2(path, folder / path.relative_to(copy))
        os.chdir(folder)
        return len(made)


def without_collector(source: str, classes: Sequence[str]) -> str:
    """A module's source with these classes marked as never in a cycle; each line stays where it was.

    The mark is mypyc's own: it compiles them without what the collector asks for. Nothing of it is imported.
    """
    if not classes:
        return source
    lines, body = source.split("\n"), ast.parse(source).body
    told = body[0].end_lineno or 0
    lines[told - 1] += "; from typing import TYPE_CHECKING"
    lines[told] = "if TYPE_CHECKING: from mypy_extensions import mypyc_attr"
    starts = {node.name: _start(node) for node in body if isinstance(node, ast.ClassDef)}
    for name in classes:
        lines[starts[name] - 2] = "@mypyc_attr(acyclic=True)"
    return "\n".join(lines)


def _start(node: ast.ClassDef) -> int:
    """The line where a class begins with its decorators."""
    return min([node.lineno, *(part.lineno for part in node.decorator_list)])


def with_constructors(source: str) -> str:
    """A module's source with the constructors of its dataclasses written in; each line stays where it was.

    A dataclass makes its constructor when it is imported, out of a text of its own: interpreted wherever the class is
    compiled, and called by name. Written into the class before that, it is compiled, and the class keeps it. One that
    inherits, has a constructor already, or says of a field more than its default, stays as it is.
    """
    lines = source.split("\n")
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and _makes_its_own(node):
            at = _behind_fields(node)
            if at < len(lines) and not lines[at]:
                lines[at] = f"    {_constructor(node)}"
    return "\n".join(lines)


def _makes_its_own(node: ast.ClassDef) -> bool:
    """Whether a class is a dataclass whose constructor takes its fields and keeps them, and does no more."""
    decorators = [ast.unparse(part).partition("(")[0] for part in node.decorator_list]
    made = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    own = decorators == ["dataclass"] and not node.bases and made.isdisjoint(("__init__", "__post_init__"))
    return own and bool(_fields(node)) and all(map(_is_simple, _fields(node)))


def _fields(node: ast.ClassDef) -> list[ast.AnnAssign]:
    return [part for part in node.body if isinstance(part, ast.AnnAssign)]


def _is_simple(field: ast.AnnAssign) -> bool:
    said = _said(field)
    return "Var[" not in ast.unparse(field.annotation) and ("field" not in said or "default_factory" in said)


def _said(field: ast.AnnAssign) -> dict[str, str]:
    """What a call of `field` says of a field, by its words, and `field` itself; nothing where there is none."""
    call = field.value
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "field":
        return {}
    return {"field": "", **{word.arg or "": ast.unparse(word.value) for word in call.keywords}}


def _behind_fields(node: ast.ClassDef) -> int:
    """The number of lines down to the last field and what is said of it."""
    last = node.body.index(_fields(node)[-1])
    said = last + 1 < len(node.body) and isinstance(node.body[last + 1], ast.Expr)
    return node.body[last + said].end_lineno or 0


def _constructor(node: ast.ClassDef) -> str:
    by_name = ["*"] if "kw_only=True" in ast.unparse(node.decorator_list[0]) else []
    taken = ", ".join(["self", *by_name, *map(_taken, _fields(node))])
    kept = "; ".join(map(_kept, _fields(node)))
    return f"def __init__({taken}) -> None: {kept}  # type: ignore"


def _taken(field: ast.AnnAssign) -> str:
    if _said(field):
        return f"{ast.unparse(field.target)}: {ast.unparse(field.annotation)} | None = None"
    return ast.unparse(field)


def _kept(field: ast.AnnAssign) -> str:
    name, made = ast.unparse(field.target), _said(field).get("default_factory")
    return f"self.{name} = {name}" + (f" if {name} is not None else {made}()" if made else "")


def main() -> None:
    """Compile the folder that is named."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: python deploy/image/compile.py FOLDER")
    folder = Path(sys.argv[1]).resolve()
    if not all((folder / package).is_dir() for package in PACKAGES):
        sys.exit(f"{folder} does not hold the packages {' and '.join(PACKAGES)}: name the folder that they lie in")
    if (folder / ".git").exists():
        sys.exit(f"{folder} is under development: compile a copy of it, or changes to its sources would do nothing")
    print(f"{compile_into(folder)} extension modules")


if __name__ == "__main__":
    main()
