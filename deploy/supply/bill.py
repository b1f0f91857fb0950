"""What is in a release: `python -m deploy.supply.bill` prints its bill of materials as CycloneDX 1.6 JSON.

Read from a lock file (default: what runs; `tests/requirements.lock` has what tests need besides) and the metadata of
what is installed. The same for the same lock, byte for byte. `--licences` prints a table instead. Ends with an error
where a licence may not be used or is not known.
"""

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.supply.licences import LicenceError, check, licence_of

ROOT: Final = Path(__file__).resolve().parents[2]
_PIN: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_PROJECT: Final = "frontwire"


@dataclass(frozen=True, slots=True)
class Locked:
    """One pinned package: its normal name, its version, and the SHA-256 of each file it may be installed from."""

    name: str
    version: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its package URL, which is also how the bill refers to it."""
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(text: str) -> Iterator[Locked]:
    """The pinned packages of a lock file, in its order."""
    starts = list(_PIN.finditer(text))
    for pin, after in zip(starts, [*(later.start() for later in starts[1:]), len(text)], strict=True):
        hashes = tuple(_HASH.findall(text[pin.start() : after]))
        yield Locked(canonicalize_name(pin["name"]), pin["version"], hashes)


def bill(packages: Sequence[Locked], licences: Mapping[str, str]) -> dict[str, Any]:
    """The CycloneDX document. `licences` are SPDX expressions by name of the package."""
    own = f"pkg:pypi/{_PROJECT}@{metadata.version(_PROJECT)}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": _PROJECT,
                "version": metadata.version(_PROJECT),
                "purl": own,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [_component(package, licences[package.name]) for package in packages],
        "dependencies": _dependencies(packages, own),
    }


def _component(package: Locked, licence: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "hashes": [{"alg": "SHA-256", "content": one} for one in package.hashes],
        "licenses": [{"expression": licence}],
    }


def _dependencies(packages: Sequence[Locked], own: str) -> list[dict[str, Any]]:
    installed = {package.name: package.purl for package in packages if _is_installed(package)}
    rows = [(own, _PROJECT), *((purl, name) for name, purl in installed.items())]
    return [
        {"ref": ref, "dependsOn": sorted({installed[n] for n in _needs(name) if n in installed})} for ref, name in rows
    ]


def _is_installed(package: Locked) -> bool:
    try:
        return metadata.version(package.name) == package.version
    except metadata.PackageNotFoundError:
        return False


def _needs(name: str) -> Iterable[str]:
    for line in metadata.requires(name) or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def licences_of(packages: Iterable[Locked]) -> dict[str, str]:
    """The licence of each package.

    Raises:
        LicenceError: one may not be used or is not known.
    """
    found = {package.name: licence_of(package.name) for package in packages}
    for name, expression in found.items():
        check(name, expression)
    return found


def main() -> None:
    """Print the bill of materials, or the licences."""
    parser = argparse.ArgumentParser(description="Print the bill of materials (CycloneDX 1.6 JSON), or the licences.")
    parser.add_argument("--lock", type=Path, default=ROOT / "requirements.lock", help="default: what runs")
    parser.add_argument("--licences", action="store_true", help="a table of the licences instead")
    given = parser.parse_args()
    packages = list(locked(given.lock.read_text()))
    try:
        licences = licences_of(packages)
    except LicenceError as error:
        parser.exit(1, f"{error}\n")
    if given.licences:
        for package in packages:
            print(f"{package.name} {package.version}: {licences[package.name]}")
    else:
        print(json.dumps(bill(packages, licences), indent=2))


if __name__ == "__main__":
    main()
