from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import report
from tests.bench.line import Run
from tests.bench.report import Section


def test_a_part_that_fails_is_told_and_takes_no_other_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stands_still(size: bench.Size, root: Path) -> Section:
        raise SystemExit("The line stands still.")

    def counts(size: bench.Size, root: Path) -> Section:
        return Section(title="Counted", columns=("articles",), rows=[(size.line,)])

    monkeypatch.setattr(report, "FOLDER", tmp_path)
    monkeypatch.setattr(bench, "PARTS", {"line": stands_still, "load": counts})
    monkeypatch.setattr("sys.argv", ["bench", "--plain", "--size", "quick"])
    assert bench.main() == 1
    told = (tmp_path / "report.md").read_text()
    assert "SystemExit('The line stands still.')" in told
    assert f"## Counted\n\n| articles |\n| --- |\n| {bench.SIZES['quick'].line} |" in told


def test_each_role_is_charged_for_what_it_has_finished_itself() -> None:
    run = Run(
        articles=50,
        seconds=10.0,
        unique=90,
        repeats=10,
        events=0,
        counts=0,
        dead_letters=0,
        extracted=45,
        done={"poll": 100.0, "extract": 50.0},
        cpu={"poll": 1.0, "extract": 1.0},
        megabytes={},
        start_seconds={},
    )
    assert (run.rate, run.per_thousand("poll"), run.per_thousand("extract")) == (5.0, 10.0, 20.0)
