"""Reads inputs under a bound of processor time and tells what went wrong, with what is needed to see it again."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from time import process_time
from types import FrameType
from typing import Final

from tests.fuzz.targets import Target

CORPUS: Final = Path(__file__).parent / "corpus"
"""Inputs that are kept, `corpus/<target>/<name>`: what was found before, and what should be read in every run."""

_TRIES: Final = 3


class OverTimeError(BaseException):
    """The input took more than its time. No `Exception`: no reader shall catch it as a fault of the input."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that was answered with an error that is not declared, or too late."""

    target: str
    data: bytes
    text: str

    @property
    def name(self) -> str:
        """What its file is called."""
        return sha256(self.data).hexdigest()[:12]


@dataclass(slots=True)
class Report:
    """What came of a target's inputs. `worst` is the most processor time in ms for each kB, of inputs over 1 kB."""

    target: str
    inputs: int = 0
    size: int = 0
    seconds: float = 0.0
    worst: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def __str__(self) -> str:
        each = self.seconds * 1000 / max(1, self.inputs)
        told = ", ".join(f"{name} {number}" for name, number in sorted(self.answers.items()))
        return (
            f"{self.target:14} {self.inputs:8} inputs {self.size / 1e6:8.1f} MB {self.seconds:8.1f} s "
            f"{each:7.3f} ms each, {self.worst:6.2f} ms/kB at worst; {told}; {len(self.findings)} findings"
        )


def bound(target: Target, data: bytes) -> float:
    """Seconds of processor time that an input may take."""
    return target.allowance + target.milliseconds * len(data) / 1e6


def kept(target: Target) -> list[Path]:
    """The files of the target's corpus; all languages share those of `extract`."""
    folders = (CORPUS / target.name, CORPUS / target.name.partition("-")[0])
    return sorted({path for folder in folders if folder.is_dir() for path in folder.iterdir()})


def made(target: Target, seed: int, number: int) -> bytes:
    """The input of that number: the same for the same seed."""
    return target.make(Random(f"{seed}/{target.name}/{number}"))


def fuzz(target: Target, inputs: int, seed: int) -> Report:
    """Read so many made inputs. The first is read once before, out of time: it loads what the others find loaded."""
    report = Report(target.name)
    with suppress(Exception):
        target.read(target.warm or made(target, seed, 0))
    for number in range(inputs):
        read(target, made(target, seed, number), report)
    return report


def read(target: Target, data: bytes, report: Report) -> None:
    """Read one input. One that is late is read again: processor time is noisy on a busy machine, a slow path is not."""
    seconds = 0.0
    for _ in range(_TRIES):
        answer, seconds, wrong = _once(target, data)
        if not wrong or seconds <= bound(target, data):
            break
    report.inputs += 1
    report.size += len(data)
    report.seconds += seconds
    report.answers[answer] += 1
    if len(data) >= 1000:
        report.worst = max(report.worst, seconds * 1e6 / len(data))
    if wrong:
        report.findings.append(Finding(target.name, data, answer))


def _once(target: Target, data: bytes) -> tuple[str, float, bool]:
    """What an input is answered with, the seconds it took, and whether that is a finding."""
    limit = bound(target, data)
    before = process_time()
    answer, wrong = "read", False
    try:
        with _within(limit):
            target.read(data)
    except target.errors as error:
        answer = type(error).__name__
    except OverTimeError:
        answer, wrong = f"takes over {limit:.2f} s", True
    except Exception as error:
        answer, wrong = f"{type(error).__name__}: {str(error)[:200]}", True
    seconds = process_time() - before
    if not wrong and seconds > limit:
        answer, wrong = f"took {seconds:.2f} s of {limit:.2f} s", True
    return answer, seconds, wrong


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Break off after so much processor time; Python's own and `re`'s loops see the signal, others end first."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _late(number: int, frame: FrameType | None) -> None:
    raise OverTimeError


@contextmanager
def timer() -> Iterator[None]:
    """Within it, `read` breaks off what is late."""
    before = signal.signal(signal.SIGPROF, _late)
    try:
        yield
    finally:
        signal.signal(signal.SIGPROF, before)
