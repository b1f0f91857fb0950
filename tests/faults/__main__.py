"""The fault suite as a command: a load of known articles, faults at random, and a checker that finds what is lost.

    python -m tests.faults                          about five minutes
    python -m tests.faults --faults 300 --articles 200000 --rate 90
    python -m tests.faults --minutes 60             an hour of the usual rates

Ends with 1 if anything was lost, falsified or left behind. The folder keeps the history, and the logs of a run that
found something.
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
from tests.faults.suite import Plan, Run


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.split("\n")[0])
    made.add_argument("--seed", type=int, help="of articles and faults (default: a random one, which is printed)")
    made.add_argument("--faults", type=int, default=30, help="how many (default 30)")
    made.add_argument("--minutes", type=float, help="how long, instead of --faults and --articles: at their rates")
    made.add_argument("--articles", type=int, default=6000, help="put straight onto articles.raw (default 6000)")
    made.add_argument("--entries", type=int, help="put in by feeds over HTTP (default: one for 40 articles)")
    made.add_argument("--rate", type=float, default=40.0, help="articles a second (default 40)")
    made.add_argument("--pause", type=float, default=4.0, help="mean seconds between two faults (default 4)")
    made.add_argument("--at-once", type=int, default=3, help="faults under way at most (default 3)")
    made.add_argument("--gone", type=int, default=1, help="how often all brokers go (default 1)")
    made.add_argument("--away", type=float, default=60.0, help="and for how many seconds (default 60)")
    made.add_argument(
        "--sample", type=int, default=1, help="compare the extraction of one article of so many (default 1)"
    )
    made.add_argument("--patience", type=float, default=600.0, help="seconds to come to rest in (default 600)")
    made.add_argument("--folder", type=Path, help="for history, logs and Kafka's data (default: a temporary one)")
    return made


def plan_of(given: argparse.Namespace) -> Plan:
    """The plan that a command line asks for."""
    seed = random.SystemRandom().randrange(1 << 31) if given.seed is None else given.seed
    seconds = None if given.minutes is None else 60 * given.minutes
    articles = given.articles if seconds is None else round(seconds * given.rate)
    return Plan(
        seed=seed,
        articles=articles,
        entries=articles // 40 if given.entries is None else given.entries,
        rate=given.rate,
        faults=given.faults if seconds is None else round(seconds / given.pause),
        gone=given.gone,
        away=given.away,
        pause=given.pause,
        at_once=given.at_once,
        patience=given.patience,
        sample=given.sample,
        disk_bytes=max(32 << 20, articles * 6144),
    )


def main() -> int:
    """Run; 0 if the promise was kept."""
    given = parser().parse_args()
    plan = plan_of(given)
    folder: Path = given.folder or Path(tempfile.mkdtemp(prefix="frontwire-faults-"))
    print(f"seed {plan.seed}, history and logs in {folder}", flush=True)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of every broker that is away
    with History(folder / "history.jsonl") as history, LocalKafka(folder / "kafka", nodes=3) as kafka:
        report = asyncio.run(Run(plan, kafka, folder, history).run())
    print(report)
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
