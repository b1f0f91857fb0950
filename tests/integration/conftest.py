"""A line of the shell's test workers, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.shell import Line, line_on


@pytest.fixture
def line_without_topics(kafka: str, topic_prefix: str, tmp_path: Path) -> Iterator[Line]:
    """Workers that end with the test, under a prefix of its own."""
    with line_on(kafka, topic_prefix, tmp_path) as made:
        yield made


@pytest.fixture
def line(line_without_topics: Line) -> Line:
    """The same with all topics made."""
    line_without_topics.make_topics()
    return line_without_topics
