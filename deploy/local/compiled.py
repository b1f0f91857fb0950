"""A copy of the project with its hot modules compiled, in the cache: made once for each state of the sources.

    python -m deploy.local.compiled      # prints the folder

What is compiled, and how, is `deploy/image/compile.py`'s; here it is done beside a tree under development, which stays
as it is.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from deploy.image.compile import PACKAGES
from deploy.local.jars import ROOT

CACHE: Final = ROOT / ".cache" / "compiled"
_COMPILE: Final = ROOT / "deploy" / "image" / "compile.py"
_KEPT: Final = 3
"""Copies that stay: one may still run while the next is made."""


class CompileError(RuntimeError):
    """The project cannot be compiled here; the message says why and what to do."""


def compiled(cache: Path = CACHE) -> Path:
    """The folder that holds the compiled packages; about two minutes of a core where they are not there yet.

    Raises:
        CompileError: a tool is missing, or compiling fails.
    """
    folder = cache / digest()
    if not folder.exists():
        _need_tools()
        cache.mkdir(parents=True, exist_ok=True)
        _make(folder)
        for old in sorted(cache.glob("????????????????"), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def digest() -> str:
    """What decides the machine code: the sources, how they are compiled, and for which Python."""
    told = hashlib.sha256(f"{sys.implementation.cache_tag} {sysconfig.get_platform()}".encode())
    for path in (_COMPILE, *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*")))):
        if path.is_file() and path.suffix != ".pyc":
            told.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return told.hexdigest()[:16]


def _need_tools() -> None:
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "gcc").split()[0]
    if shutil.which(compiler) is None:
        raise CompileError(f"Compiling needs {compiler}, which is not here: install it (on Debian: apt install gcc).")
    if find_spec("mypyc") is None:
        raise CompileError("Compiling needs mypy: pip install --require-hashes -r deploy/image/compile.lock.")


def _make(folder: Path) -> None:
    """Copy and compile, whole or not at all."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="making-") as name:
        copy = Path(name)
        for package in PACKAGES:
            shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        print("Compiling: about two minutes of a core, once for these sources.", file=sys.stderr)
        done = subprocess.run([sys.executable, _COMPILE, copy], capture_output=True, text=True, check=False)
        if done.returncode:
            raise CompileError(f"Compiling failed:\n{(done.stdout + done.stderr)[-3000:]}")
        ready = copy.with_name(f"ready-{folder.name}-{os.getpid()}")
        copy.rename(ready)
        copy.mkdir()  # for the temporary folder's own end
        try:
            ready.rename(folder)
        except OSError:  # another process was quicker, with the same sources
            shutil.rmtree(ready)


if __name__ == "__main__":
    try:
        print(compiled())
    except CompileError as told_error:
        sys.exit(str(told_error))
