"""What is compiled, and what is refused; `tests/compiled` compiles and compares."""

import subprocess
import sys
from pathlib import Path

from deploy.image import compile as compiling

ROOT = Path(__file__).parents[3]


def test_what_stays_plain_is_there() -> None:
    for folder, plain in compiling.PLAIN.items():
        assert plain <= {path.stem for path in (ROOT / folder).glob("*.py")}


def test_the_hot_modules_are_compiled() -> None:
    made = set(compiling.modules(ROOT))
    assert made >= {f"agents/extract/{name}.py" for name in ("text", "lexicon", "view", "names", "places", "detect")}
    assert "agents/extract/agent.py" not in made


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy" / "image" / "compile.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_folder_under_development_is_refused(tmp_path: Path) -> None:
    for name in ("agents", "streams", ".git"):
        (tmp_path / name).mkdir()
    done = _run(str(tmp_path))
    assert done.returncode == 1
    assert "under development" in done.stderr
    assert not list(tmp_path.rglob("*.so"))


def test_a_folder_without_the_packages_is_refused(tmp_path: Path) -> None:
    done = _run(str(tmp_path))
    assert done.returncode == 1
    assert "does not hold the packages" in done.stderr
