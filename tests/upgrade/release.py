"""The code of the release before, out of the history: what runs on a cluster while it is upgraded to this tree."""

import subprocess
from pathlib import Path
from typing import Final

from deploy.local.jars import ROOT

_PREVIOUS: Final = Path(__file__).with_name("previous")
_PARTS: Final = ("streams", "agents", "seeds", "deploy")


class NoHistoryError(Exception):
    """This copy of the project has not the history that the release before is in; the message says how to get it."""


def revision() -> str:
    """The commit of the release before, as `tests/upgrade/previous` names it."""
    lines = _PREVIOUS.read_text().splitlines()
    [commit] = [line for line in lines if line and not line.startswith("#")]
    return commit


def extract(folder: Path) -> Path:
    """Write that release's code to `folder`; returns it.

    Raises:
        NoHistoryError: git does not know the commit here.
    """
    folder.mkdir(parents=True)
    archive = ("git", "-C", str(ROOT), "archive", "--format=tar", revision(), "--", *_PARTS)
    try:
        packed = subprocess.run(archive, check=True, capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoHistoryError(
            f"The release before, {revision()[:12]}, is not in the history here; `git fetch --unshallow` gets it."
        ) from error
    subprocess.run(("tar", "-x", "-C", str(folder)), input=packed, check=True)
    return folder
