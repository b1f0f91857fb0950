from pathlib import Path

import pytest

from tests.support.generated import DOCUMENTS, files


@pytest.mark.parametrize(
    ("path", "data"), list(files()), ids=lambda value: value.name if isinstance(value, Path) else ""
)
def test_a_generated_file_is_up_to_date(path: Path, data: bytes) -> None:
    assert path.read_bytes() == data, f"{path.name} differs from the code's tables: run tests/generate"


def test_each_document_has_its_tables() -> None:
    for path, tables in DOCUMENTS.items():
        text = path.read_text("utf-8")
        assert all(f"<!-- table: {name} -->" in text for name in tables)
