"""A rolling upgrade from the release before, and its rollback, under load; `python -m tests.upgrade` is longer."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.jars import ROOT
from deploy.local.process import python_environment
from tests.faults.history import History
from tests.faults.suite import settings_of
from tests.upgrade.release import NoHistoryError, extract, revision
from tests.upgrade.rolling import Plan, Release, Run, this_tree

pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release before."""
    try:
        return Release(revision()[:12], extract(tmp_path_factory.mktemp("before") / "code"))
    except NoHistoryError as error:
        pytest.skip(str(error))


def test_workers_of_the_release_before_run_its_code(before: Release, tmp_path: Path) -> None:
    told = subprocess.run(
        (sys.executable, "-P", "-c", "import agents, streams; print(agents.__file__, streams.__file__)"),
        env=python_environment(before.root, {}),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert [Path(one) for one in told] == [before.root / name / "__init__.py" for name in ("agents", "streams")]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_upgrade_and_its_rollback_lose_and_falsify_nothing(
    kafka: str, topic_prefix: str, tmp_path: Path, before: Release, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", logger="aiokafka")
    seed = random.SystemRandom().randrange(1 << 31)
    print(f"seed {seed}")
    plan = Plan(seed=seed, seats=2, pollers=1, rate=15, turns=2, kills=True, patience=60)
    environment = settings_of(kafka, 1, topic_prefix)
    with History(tmp_path / "history.jsonl") as history:
        report = asyncio.run(Run(plan, environment, tmp_path, history, (before, this_tree())).run())
    print(report)
    assert report.kept, report
