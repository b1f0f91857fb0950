"""The short form of the fuzzing: all that is kept, and some thousand new inputs; and the suite finds what it should."""

from collections.abc import Iterator
from time import sleep

import pytest

from tests.fuzz.run import Report, fuzz, kept, made, read, timer
from tests.fuzz.targets import TARGETS, Target

SEED = 20260101
INPUTS = 3000
"""In all, by the targets' shares."""

_SHARES = sum(target.share for target in TARGETS)

pytestmark = pytest.mark.filterwarnings("ignore")  # of parsers, about what they are given


@pytest.fixture(autouse=True)
def timed() -> Iterator[None]:
    with timer():
        yield


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_hostile_inputs_are_answered_in_time_and_with_declared_errors(target: Target) -> None:
    report = fuzz(target, max(20, INPUTS * target.share // _SHARES), SEED)
    for path in kept(target):
        read(target, path.read_bytes(), report)
    assert [(finding.name, finding.text, finding.data[:300]) for finding in report.findings] == []


def test_every_file_that_is_kept_belongs_to_a_target() -> None:
    folders = {path.parent.name for target in TARGETS for path in kept(target)}
    assert folders >= {"extract", "feed", "markup", "url", "date"}


def test_an_input_has_a_number_and_a_seed() -> None:
    assert made(TARGETS[0], 1, 7) == made(TARGETS[0], 1, 7) != made(TARGETS[0], 2, 7)


def _spin(data: bytes) -> None:
    while True:
        pass


def _recurse(data: bytes) -> None:
    _recurse(data)


def _refuse(data: bytes) -> None:
    raise KeyError(data)


@pytest.mark.parametrize(
    ("reader", "told"),
    [(_spin, "takes over"), (_recurse, "RecursionError"), (_refuse, "KeyError"), (lambda data: sleep(0.1), None)],
)
def test_what_is_late_or_fails_is_found(reader: object, told: str | None) -> None:
    target = Target("control", lambda random: b"x", reader, (ValueError,), allowance=0.05)  # type: ignore[arg-type]
    report = Report("control")
    read(target, b"x", report)
    assert (told is None) == (not report.findings)
    assert told is None or told in report.findings[0].text
