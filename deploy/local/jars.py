"""Fetches the jars of a local Kafka with Maven, once per version, into the project's cache folder."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

ROOT: Final = Path(__file__).resolve().parents[2]
_POM: Final = Path(__file__).with_name("pom.xml")
_MINIMUM_JAVA: Final = 17
"""Kafka 4 brokers need Java 17 (Kafka 4.0 upgrade notes)."""


class LocalKafkaError(RuntimeError):
    """Kafka cannot run here; the message says why and what to do."""


def kafka_version(pom: Path = _POM) -> str:
    """The Kafka version that the pom names."""
    version = ElementTree.parse(pom).findtext(".//{*}kafka.version")  # noqa: S314 - our own file
    if not version:
        raise LocalKafkaError(f"{pom} names no kafka.version.")
    return version


def java() -> str:
    """The Java to run Kafka with.

    Raises:
        LocalKafkaError: there is none, or it is too old.
    """
    program = shutil.which("java")
    if program is None:
        raise LocalKafkaError(f"Kafka needs Java {_MINIMUM_JAVA} or newer: install it, and have `java` on the PATH.")
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    version = java_major(told.stderr + told.stdout)
    if version is None or version < _MINIMUM_JAVA:
        raise LocalKafkaError(
            f"Kafka needs Java {_MINIMUM_JAVA} or newer, but `java` on the PATH is {version or 'none that runs'}."
        )
    return program


def java_major(told: str) -> int | None:
    """The major version that `java -version` tells (`1.8.0_392` is 8, `17.0.15` is 17), None if it tells none."""
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(found[1]) if found else None


def fetch(cache: Path = ROOT / ".cache" / "kafka") -> Path:
    """The folder with the jars, fetched first if it is not there yet.

    Raises:
        LocalKafkaError: Maven is missing or cannot get them.
    """
    version = kafka_version()
    folder = cache / version
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="partial-") as partial:
            jars = Path(partial) / "jars"
            _copy_dependencies(version, jars)
            _move(jars, folder)
    return folder


def _copy_dependencies(version: str, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise LocalKafkaError("Kafka is fetched with Maven: install it, and have `mvn` on the PATH.")
    _say(f"Fetching Apache Kafka {version} with Maven (about 45 MB, once)")
    command = [maven, "-B", "-f", str(_POM), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
    with subprocess.Popen(
        [*command, "-DincludeScope=runtime"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if got := re.search(r"Downloaded from \S+: \S*/(\S+\.jar) \((.+?) at", line):
                _say(f"  {got[1]}, {got[2]}")
    if process.returncode or not folder.is_dir():
        errors = [line for line in lines if line.startswith("[ERROR]")] or lines
        raise LocalKafkaError("Maven could not fetch Kafka; it said:\n    " + "    ".join(errors[:5]).rstrip())
    _say(f"  {len(list(folder.glob('*.jar')))} jars")


def _move(fetched: Path, folder: Path) -> None:
    try:
        fetched.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was quicker, with the same jars
            raise


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
