"""Fetching Kafka: what is told where Java or Maven is missing or fails."""

from pathlib import Path

import pytest

from deploy.local import jars
from deploy.local.jars import LocalKafkaError


def _program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.parametrize(
    ("told", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_392"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
    ],
)
def test_the_java_version_is_read(told: str, major: int | None) -> None:
    assert jars.java_major(told) == major


def test_no_java_is_told(programs: Path) -> None:
    with pytest.raises(LocalKafkaError, match=r"needs Java 17 or newer: install it"):
        jars.java()


def test_an_old_java_is_told(programs: Path) -> None:
    _program(programs, "java", "echo 'openjdk version \"11.0.2\"' >&2")
    with pytest.raises(LocalKafkaError, match=r"needs Java 17 or newer, but `java` on the PATH is 11"):
        jars.java()


def test_no_maven_is_told(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(LocalKafkaError, match=r"fetched with Maven: install it"):
        jars.fetch(tmp_path / "cache")


def test_what_maven_says_is_told_and_nothing_half_fetched_is_kept(programs: Path, tmp_path: Path) -> None:
    _program(programs, "mvn", "echo '[INFO] hello'; echo '[ERROR] Unknown host'; exit 1")
    with pytest.raises(LocalKafkaError, match=r"(?s)could not fetch Kafka.*Unknown host"):
        jars.fetch(tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


def test_what_is_there_is_not_fetched_again(programs: Path, tmp_path: Path) -> None:
    there = tmp_path / jars.kafka_version()
    there.mkdir()
    assert jars.fetch(tmp_path) == there


def test_the_pom_names_a_kafka_4() -> None:
    assert jars.kafka_version().startswith("4.")
