from pathlib import Path

import pytest

from tests.support.generated import TABLES, files


@pytest.mark.parametrize(
    ("path", "data"), list(files()), ids=lambda value: value.name if isinstance(value, Path) else ""
)
def test_a_generated_file_is_up_to_date(path: Path, data: bytes) -> None:
    assert path.read_bytes() == data, f"{path.name} differs from the code's tables: run tests/generate"


def test_the_readme_has_every_table() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert all(f"<!-- table: {name} -->" in text for name in TABLES)
