"""The report of the benches: sections of figures, as JSON and as Markdown."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part's figures: a table, sentences on what it says, and `goals` as [what, reached, wanted]."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    goals: Sequence[tuple[str, str, str]] = ()


@dataclass(slots=True)
class Report:
    """All sections so far, and what they were measured on."""

    sections: dict[str, Section] = field(default_factory=dict)
    machine: str = ""
    commit: str = ""
    began: str = ""
    load_before: float = 0.0
    load_after: float = 0.0

    @classmethod
    def begun(cls) -> "Report":
        """A report that begins now."""
        cores = os.cpu_count()
        machine = f"{platform.machine()}, {cores} cores, {platform.system()}, CPython {platform.python_version()}"
        told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
        began = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return cls(machine=machine, commit=told.stdout.strip(), began=began, load_before=os.getloadavg()[0])

    def add(self, name: str, section: Section) -> None:
        """Add a part's figures and write the report as far as it has come."""
        self.sections[name] = section
        self.load_after = os.getloadavg()[0]
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / "report.json").write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")
        (FOLDER / "report.md").write_text(markdown(self))


def markdown(report: Report) -> str:
    """The report as a document."""
    head = f"{report.began}, commit {report.commit}, {report.machine}; load average {report.load_before:.1f} before, "
    parts = ["# Benches", f"{head}{report.load_after:.1f} after. `python -m tests.bench` makes it anew."]
    goals = [goal for section in report.sections.values() for goal in section.goals]
    if goals:
        parts.append(table(("what", "reached", "wanted"), goals))
    for section in report.sections.values():
        parts += [f"## {section.title}", table(section.columns, section.rows), *section.notes]
    return "\n\n".join(parts) + "\n"


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
