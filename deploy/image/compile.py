"""Compiles the extraction's hot modules beside their sources: the same Python at 1.8 to 2.1 times the speed.

    python deploy/image/compile.py FOLDER     # FOLDER holds the packages `agents` and `streams`, as site-packages do

mypyc does it, from the types that the sources carry anyway: no other language, no other rules. It needs a C compiler
and `mypy` while it runs, nothing of either afterwards. Python takes an extension module before a source of the same
name, so that a folder under development must not be compiled: it would run what its sources were. One with a `.git`
is refused. The extractor's version is that of the sources, compiled or not: both say the same of every article
(`tests/compiled` holds them to it).
"""

import os
import shutil
import sys
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
}
"""Folders whose modules are compiled, and the modules of each that stay as they are."""


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
        build(copy)
        made = [path for path in copy.rglob("*.so") if "build" not in path.relative_to(copy).parts]
        for path in made:
            shutil.copy2(path, folder / path.relative_to(copy))
        os.chdir(folder)
        return len(made)


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
