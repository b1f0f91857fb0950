"""Where the compiled copy lies, and what is told where it cannot be made; `tests/compiled` makes one."""

from pathlib import Path

import pytest

from deploy.local.compiled import CompileError, compiled, digest


def test_a_copy_of_these_sources_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / digest()).mkdir()
    assert compiled(tmp_path) == tmp_path / digest()


def test_without_a_compiler_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler -O2")
    with pytest.raises(CompileError, match=r"Compiling needs no-such-compiler.*apt install gcc"):
        compiled(tmp_path)
    assert not list(tmp_path.iterdir())
