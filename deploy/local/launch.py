"""The whole line on this machine: a real Kafka, the four workers, and what they find, shown as it comes."""

import argparse
import asyncio
import fcntl
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import orjson

from agents.poll import admin
from deploy.local import tables, watch
from deploy.local.compiled import CompileError, compiled
from deploy.local.first_run import differences
from deploy.local.fleet import COMMAND, DESK, Fleet
from deploy.local.jars import ROOT, LocalKafkaError, kafka_version
from deploy.local.kafka import LocalKafka
from deploy.local.process import python_environment
from deploy.local.watch import Ended, Found, LineError
from seeds import rss
from seeds.server import FeedServer, bundled
from streams.records import ConflictEvent, EvacuationCount
from streams.settings import SettingError, load
from streams.vocabulary import Stage

_SERVERS: Final = "KAFKA_BOOTSTRAP_SERVERS"
_SEED_SECONDS: Final = 120.0
_WATCH_SECONDS: Final = 0.5
_EXAMPLES: Final = """examples:
  deploy/local/run --once                     the bundled article through the whole line, then stop
  deploy/local/run                            poll seeds/feeds.toml until Ctrl-C
  deploy/local/run --feeds my-feeds.opml      poll other feeds
  deploy/local/run --compiled                 the hot modules compiled, the extraction about twice as fast; needs gcc
  KAFKA_BOOTSTRAP_SERVERS=kafka:9092 deploy/local/run    on a Kafka that runs already
"""


def parser() -> argparse.ArgumentParser:
    """The launcher's command line."""
    made = argparse.ArgumentParser(
        prog="deploy/local/run",
        description="Run the whole line here: a real Kafka (our own, unless KAFKA_BOOTSTRAP_SERVERS names one), the "
        "four workers, the desk (a page that shows what they find), and new records as they come.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--once", action="store_true", help="send the bundled article through, check the result, stop")
    made.add_argument("--compiled", action="store_true", help="compile the hot modules first, once for their sources")
    made.add_argument(
        "--feeds",
        type=Path,
        metavar="FILE",
        default=ROOT / "seeds" / "feeds.toml",
        help="feeds to poll, TOML or OPML (default: seeds/feeds.toml)",
    )
    made.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        default=ROOT / ".cache" / "local",
        help="keeps Kafka's data, the workers' state and all logs (default: .cache/local)",
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 0 if all went well or Ctrl-C ended the polling, 1 if not, 2 for a wrong setting, 130 if cut short."""
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of topics so new that they have no leader yet
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        folder = options.folder.resolve()
        root = compiled() if options.compiled else ROOT
        return _once(folder, root) if options.once else _run(folder, options.feeds, root)
    except SettingError as error:
        _say(str(error))
        return 2
    except (LineError, LocalKafkaError, CompileError) as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("Stopped.")
        return 130


def _once(parent: Path, root: Path) -> int:
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(dir=parent, prefix="once-"))
    try:
        with _kafka(folder / "kafka") as (servers, _):
            found = _seed_through(servers, folder, root)
    except (LineError, LocalKafkaError) as error:
        raise LineError(f"{error}\nThe logs are in {folder}.") from error
    except BaseException:
        shutil.rmtree(folder)
        raise
    shutil.rmtree(folder)
    tables.console().print(tables.table([*found.events, *found.counts]))
    [article] = rss.load_articles()
    expected = orjson.loads((rss.FOLDER / "expected" / "karabakh-2023.json").read_bytes())
    different = differences(article, expected, found.events, found.counts)
    if different:
        raise LineError("\n".join(["What came out of Kafka is not what is in the article:", *different]))
    told = f"{len(found.events)} conflict events and {len(found.counts)} evacuation count"
    _say(f"{told} came through Kafka, as they should, in {time.monotonic() - began:.0f} s.")
    return 0


def _seed_through(servers: str, folder: Path, root: Path) -> Found:
    own = {"FRONTWIRE_TOPIC_PREFIX": f"{folder.name}.", "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8"}
    environment = _settings(servers) | own
    settings = load(environment)
    _frontwire(environment, "topics", "create")
    with FeedServer(bundled()) as server:
        url = server.url("/seed.xml")
        _frontwire(environment, "feeds", "add", url, "--id", "seed", "--name", "seed", "--language", "id")
        _say(f"Serving the bundled article at {url}; starting the workers {', '.join(Stage)}.")
        with Fleet(folder, environment, _say, root=root) as fleet:
            found = asyncio.run(watch.seed_records(settings, fleet.ended, _SEED_SECONDS))
    if _SERVERS in os.environ:
        _frontwire(environment, "topics", "delete", "--yes")
    return found


def _run(folder: Path, feeds: Path, root: Path) -> int:
    if not feeds.is_file():
        raise LineError(f"There is no file {feeds}; --feeds takes a TOML or OPML file of feeds.")
    with _only_one(folder), _kafka(folder / "kafka") as (servers, kafka_ended):
        environment = _settings(servers)
        load(environment)  # a wrong setting is told once, and not by each worker
        _frontwire(environment, "topics", "create")
        _import(environment, feeds)
        with Fleet(folder, environment, _say, desk=True, root=root) as fleet:
            _tell_where(servers, fleet)
            asyncio.run(_live(environment, fleet, kafka_ended))
            _say("Stopping: the workers finish what they have begun.")
    _say("Stopped.")
    return 0


async def _live(environment: dict[str, str], fleet: Fleet, kafka_ended: Ended) -> None:
    """Show what comes until Ctrl-C; a second one then cuts the stopping short."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    console = tables.console()
    console.print(tables.table([]))

    def tell(record: ConflictEvent | EvacuationCount) -> None:
        console.print(tables.table([record], header=False))

    settings = load(environment)
    tasks = [
        asyncio.create_task(work)
        for work in (
            watch.follow(settings, "conflict.events", ConflictEvent, tell),
            watch.follow(settings, "evacuation.counts", EvacuationCount, tell),
            fleet.supervise(),
        )
    ]
    try:
        while not stop.is_set():
            if (what := kafka_ended()) is not None:
                raise LineError(what)
            for task in tasks:
                if task.done():
                    task.result()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _WATCH_SECONDS)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _tell_where(servers: str, fleet: Fleet) -> None:
    lines = [
        f"Kafka       {servers}",
        f"topics      KAFKA_BOOTSTRAP_SERVERS={servers} {ROOT / '.venv/bin/frontwire'} tail conflict.events",
        *(f"{role:<11} {address}, log {fleet.log(role)}" for role, address in fleet.addresses.items()),
        f"New records are shown as they come, here and on the desk at {fleet.addresses[DESK]} ; Ctrl-C stops.",
    ]
    _say("\n".join(lines))


@contextmanager
def _kafka(folder: Path) -> Iterator[tuple[str, Ended]]:
    given = os.environ.get(_SERVERS)
    if given:
        _say(f"Using the Kafka at {given}.")
        yield given, lambda: None
        return
    _say(f"Starting Apache Kafka {kafka_version()}.")
    with LocalKafka(folder) as kafka:
        yield kafka.bootstrap_servers, kafka.ended


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LineError(
                f"deploy/local/run already runs on {folder}; stop it first, or give another --folder."
            ) from None
        yield


def _settings(servers: str) -> dict[str, str]:
    """The workers' environment: what the caller has set, and where Kafka is."""
    given = {name: value for name, value in os.environ.items() if name.startswith("FRONTWIRE_")}
    return {"FRONTWIRE_REPLICATION_FACTOR": "1"} | given | {_SERVERS: servers}


def _frontwire(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=python_environment(ROOT, environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LineError(f"`frontwire {' '.join(arguments)}` failed ({done.returncode}):\n{done.stderr.strip()[-3000:]}")
    return done.stdout.strip()


def _import(environment: dict[str, str], feeds: Path) -> None:
    """Add the feeds of a file. One that cannot be taken is told and keeps none of the others away."""
    settings = load(environment)
    found = admin.import_feeds(settings, feeds)
    for problem in found.problems:
        _say(problem)
    if not found.feeds:
        raise LineError(f"{feeds} holds no feed that can be polled.")
    _say(f"Polling the {len(found.feeds)} feeds of {feeds}.")
    others = {feed.feed_id for feed in admin.list_feeds(settings)} - {feed.feed_id for feed in found.feeds}
    if others:
        _say(f"{len(others)} feeds that were added before are polled, too; another --folder starts with none.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
