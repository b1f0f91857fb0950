"""Rolling upgrades and rollbacks between the release before and this tree, under load, on three brokers.

    python -m tests.upgrade                 two upgrades and two rollbacks
    python -m tests.upgrade --turns 20 --rate 60

Ends with 1 if anything was lost, falsified or left behind.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from deploy.local.kafka import LocalKafka
from tests.faults.history import History
from tests.faults.suite import settings_of
from tests.upgrade.release import NoHistoryError, extract, revision
from tests.upgrade.rolling import Plan, Release, Run, this_tree


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m tests.upgrade", description=(__doc__ or "").split("\n")[0])
    made.add_argument("--seed", type=int, help="of articles and kills (default: a random one, which is printed)")
    made.add_argument("--turns", type=int, default=4, help="upgrades and rollbacks in turn (default 4)")
    made.add_argument("--seats", type=int, default=2, help="workers a role (default 2)")
    made.add_argument("--rate", type=float, default=30.0, help="articles a second (default 30)")
    made.add_argument("--patience", type=float, default=300.0, help="seconds to come to rest in (default 300)")
    made.add_argument("--folder", type=Path, help="for history, logs and Kafka's data (default: a temporary one)")
    return made


def main() -> int:
    """Run; 0 if the promise was kept."""
    given = parser().parse_args()
    seed = random.SystemRandom().randrange(1 << 31) if given.seed is None else given.seed
    folder: Path = given.folder or Path(tempfile.mkdtemp(prefix="frontwire-upgrade-"))
    print(f"seed {seed}, history and logs in {folder}", flush=True)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        before = Release(revision()[:12], extract(folder / "before"))
    except NoHistoryError as error:
        print(error)
        return 1
    plan = Plan(
        seed=seed,
        seats=given.seats,
        pollers=given.seats,
        rate=given.rate,
        turns=given.turns,
        kills=True,
        patience=given.patience,
    )
    with History(folder / "history.jsonl") as history, LocalKafka(folder / "kafka", nodes=3) as kafka:
        environment = settings_of(kafka.bootstrap_servers, kafka.replication_factor, "upgrade.")
        run = Run(plan, environment, folder, history, (before, this_tree()))
        report = asyncio.run(run.run())
    print(report)
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
