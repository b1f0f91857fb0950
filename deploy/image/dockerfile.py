"""Reads our Dockerfile: stages and their instructions. Pure; knows of the format what that file uses."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

_VARIABLE: Final = re.compile(r"\$\{(\w+)\}|\$(\w+)")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word in capitals, flags (`--from=build` → `{"from": "build"}`), and the rest as written."""

    word: str
    flags: Mapping[str, str]
    rest: str

    def words(self) -> list[str]:
        """The rest as a shell splits it; quotation marks are gone."""
        return shlex.split(self.rest)

    def pairs(self) -> dict[str, str]:
        """The rest as `NAME=value` pairs, of ENV and LABEL."""
        return dict(word.split("=", 1) for word in self.words())


@dataclass(frozen=True, slots=True)
class Stage:
    """What follows a FROM: the image that it starts from, its own name ("" if it has none), its instructions."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)


def read(text: str, arguments: Mapping[str, str]) -> list[Stage]:
    """The stages of a Dockerfile, ARGs before the first FROM replaced by `arguments`, else by their defaults.

    Raises:
        ValueError: an ARG that a FROM uses has no value.
    """
    stages: list[Stage] = []
    known: dict[str, str] = {}
    for instruction in _instructions(text):
        if instruction.word == "FROM":
            base, *name = instruction.words()
            stages.append(Stage(_filled(base, known), name[1] if name else ""))
        elif stages:
            stages[-1].instructions.append(instruction)
        else:
            name_, _, default = instruction.rest.partition("=")
            known[name_] = arguments.get(name_, default)
    return stages


def _instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for whole in re.sub(r"\s*\\\n\s*", " ", "\n".join(lines)).splitlines():
        word, _, rest = whole.strip().partition(" ")
        flags = {}
        while flag := re.match(r"--([\w-]+)=(\S+)\s+", rest):
            flags[flag[1]] = flag[2]
            rest = rest[flag.end() :]
        yield Instruction(word.upper(), flags, rest.strip())


def _filled(base: str, known: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if not known.get(name):
            raise ValueError(
                f"The build argument {name} is needed: README.md beside the Dockerfile tells how to find it."
            )
        return known[name]

    return _VARIABLE.sub(value, base)
