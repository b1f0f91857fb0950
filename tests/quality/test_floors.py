"""The extraction is as good as it was: F1 by language and kind is at or over its floor."""

import tomllib
from pathlib import Path

import pytest

from tests.quality.run import sets, tally

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))
CASES = [(name, language) for name, languages in FLOORS.items() for language in languages]


@pytest.mark.parametrize(("name", "language"), CASES)
def test_quality_does_not_fall(name: str, language: str) -> None:
    labelled = sets(language).get(name)
    if not labelled:
        pytest.skip(f"no {name} of {language}: ../shared/gold is not here")
    events, counts = tally(labelled)
    floor = FLOORS[name][language]
    assert events.f1 >= floor["events"], f"events F1 {events.f1:.3f}; missed {events.missed}; wrong {events.wrong}"
    assert counts.f1 >= floor["counts"], f"counts F1 {counts.f1:.3f}; missed {counts.missed}; wrong {counts.wrong}"
