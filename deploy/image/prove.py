"""Prove the image without a container engine: `deploy/image/prove`.

Lints the Dockerfile and the compose file, carries out every instruction of the Dockerfile in clean roots, and runs what
comes out as the image's user on a read-only root, against a real Kafka.
"""

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final

import orjson
import yaml

from deploy.image import linted
from deploy.image.dockerfile import read
from deploy.image.roots import ProofError, Root, base, build, lacks
from deploy.local.jars import ROOT
from deploy.local.kafka import LocalKafka, free_ports
from deploy.local.process import Child
from seeds import rss

DOCKERFILE: Final = Path(__file__).with_name("Dockerfile")
COMPOSE: Final = ROOT / "deploy" / "compose" / "compose.yaml"
CACHE: Final = ROOT / ".cache" / "image"

_COMPILERS: Final = ("cc", "gcc", "g++", "clang", "ld", "as", "make")
_READY_SECONDS: Final = 300.0
_NO_DIGEST: Final = "sha256:" + "0" * 64
"""Stands for the base image's, in place of which there is a Debian."""

_PLACES: Final = ("listeners", "advertised.listeners", "controller.quorum.voters", "log.dirs", "cluster.id")
_SOURCE: Final = "stage-0/source"
"""Where the first stage keeps what it was built from: the project itself may have changed since."""

_WORKERS: Final = ("poll", "deduplicate", "extract", "total")


def main() -> int:
    """Show everything and print it; 0 if all holds or nothing can be shown here, 1 if something does not hold."""
    parser = argparse.ArgumentParser(prog="deploy/image/prove", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--lint", action="store_true", help="only lint")
    given = parser.parse_args()
    try:
        for claim, seen in _proofs(lint_only=given.lint):
            print(f"proven  {claim}: {seen}", flush=True)
    except ProofError as error:
        print(f"FAILED  {error}", file=sys.stderr)
        return 1
    return 0


def _proofs(*, lint_only: bool) -> Iterator[tuple[str, str]]:
    yield "the Dockerfile passes hadolint", linted.dockerfile(DOCKERFILE, CACHE)
    yield "the compose file is of the Compose Specification", linted.compose(COMPOSE.parent, CACHE)
    if lint_only:
        return
    if lacking := lacks():
        print(f"skipped: {lacking}")
        return
    yield "the lock has wheels for the base image's Python", linted.wheels(ROOT / "requirements.lock", CACHE)
    final = _built()
    yield "every instruction was carried out", "in roots of Debian 12 with its Python"
    yield "no compiler is in the image", _without_compilers(final)
    yield "its user can write nowhere but to /tmp and the state folder", _writes(final)
    yield "it reads the bundled article as the project here does", _reads(final)
    with tempfile.TemporaryDirectory(prefix="frontwire-image-") as temporary, _kafka(Path(temporary)) as kafka:
        yield "its roles run", _works(final, kafka, Path(temporary))
    for folder in CACHE.glob("stage-*"):  # of a run that found something they stay, to look into
        shutil.rmtree(folder)


def _kafka(folder: Path) -> LocalKafka:
    """A broker with what the compose file sets, except where it listens and keeps its data."""
    variables = yaml.safe_load(COMPOSE.read_bytes())["services"]["kafka"]["environment"]
    named = {name.removeprefix("KAFKA_").replace("_", ".").lower(): value for name, value in variables.items()}
    return LocalKafka(folder, properties={name: value for name, value in named.items() if name not in _PLACES})


def _built() -> Root:
    clean = base(CACHE)
    done: dict[str, Root] = {}
    for number, stage in enumerate(read(DOCKERFILE.read_text("utf-8"), {"BASE_DIGEST": _NO_DIGEST})):
        print(f"FROM {stage.base} AS {stage.name or number}", flush=True)
        start = done.get(stage.base, clean)
        same = stage.base in done and not stage.instructions
        made = start if same else build(stage, CACHE / f"stage-{number}", start, ROOT, done)
        done[stage.name or str(number)] = made
    return done[next(reversed(done))]


def _without_compilers(final: Root) -> str:
    for name in _COMPILERS:
        if found := shutil.which(
            name, path=":".join(str(final.folder / part) for part in ("usr/bin", "usr/local/bin"))
        ):
            raise ProofError(f"{found} is in the final stage.")
    return ", ".join(_COMPILERS)


def _writes(final: Root) -> str:
    search = "find / -xdev -writable -not -type l 2>/dev/null || true"
    found = final.run(["/bin/sh", "-c", search], sealed=True).split()
    own = [path for path in found if not path.startswith(("/proc", "/dev", "/tmp", "/var/lib/frontwire"))]  # noqa: S108 - of the root
    try:
        final.run(["touch", "/opt/frontwire/here"], sealed=True)
    except ProofError:
        size = sum(file.lstat().st_size for file in (final.folder / "opt").rglob("*")) / 1e6
        return f"user {final.user}, {len(own)} other places; /opt has {size:.0f} MB"
    raise ProofError("The image's user can write to /opt/frontwire.")


def _reads(final: Root) -> str:
    [article] = rss.load_articles()
    line = orjson.dumps({"id": article.guid, "source": "seed"} | asdict(article))
    into = final.folder / "opt" / "article.jsonl"
    into.write_bytes(line + b"\n")
    try:
        began = time.monotonic()
        inside = final.run([*final.entrypoint, "extract", "/opt/article.jsonl"], sealed=True)
        seconds = time.monotonic() - began
        here = subprocess.run(
            [sys.executable, "-m", "agents", "extract", str(into)],
            cwd=CACHE / _SOURCE,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    finally:
        into.unlink()
    if inside != here:
        raise ProofError("The image reads the bundled article otherwise than the project here does.")
    return f"{len(inside.splitlines())} records, the same bytes, {seconds:.1f} s from start to end"


def _works(final: Root, kafka: LocalKafka, folder: Path) -> str:
    settings = {"KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers, "FRONTWIRE_REPLICATION_FACTOR": "1"}
    said = final.run([*final.entrypoint, "topics", "create"], sealed=True, more=settings).splitlines()[0]
    ready = []
    for role in _WORKERS:
        with _worker(final, role, settings, folder) as (worker, port):
            began = time.monotonic()
            _until(lambda: _healthy(final, port), worker)
            ready.append(f"{role} healthy after {time.monotonic() - began:.0f} s")
        if code := worker.exit_code:
            raise ProofError(f"{role} ended with {code} after SIGTERM:\n{worker.last_lines()}")
    return f"{said} {', '.join(ready)}; each ended with 0 after SIGTERM"


@contextmanager
def _worker(final: Root, role: str, settings: dict[str, str], folder: Path) -> Iterator[tuple[Child, int]]:
    [port] = free_ports(1)
    words = [*final.entrypoint, "worker", role]
    command = final.command(words, sealed=True, more=settings | {"FRONTWIRE_HTTP_PORT": str(port)})
    worker = Child(role, command, log=folder / f"{role}.log")
    try:
        yield worker, port
        worker.signal(signal.SIGTERM)
        worker.wait(60)
    finally:
        worker.kill()


def _healthy(final: Root, port: int) -> bool:
    try:
        final.run(final.healthcheck, sealed=True, more={"FRONTWIRE_HTTP_PORT": str(port)})
    except ProofError:
        return False
    return True


def _until(condition: Callable[[], bool], worker: Child) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not condition():
        if not worker.running or time.monotonic() > deadline:
            raise ProofError(f"{worker.name} does not become healthy:\n{worker.last_lines()}")
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
