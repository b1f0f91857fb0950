"""Clean roots in place of images: made by debootstrap, changed by a Dockerfile's instructions, entered by chroot.

They need Linux, root and Debian's package debootstrap, and no container engine. A root shares this machine's network,
so what runs in one reaches the package index as a build would, and a Kafka on loopback.
"""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.image.dockerfile import Instruction, Stage

PACKAGES: Final = "ca-certificates,libpython3-dev,python3,python3-venv,python-is-python3"
"""What makes Debian's own Python look as the base image's does: `python`, `python -m venv`, headers, no compiler."""

_AUTHORITIES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
_APT: Final = "run/apt.conf"
_PASSED: Final = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
"""Variables of this machine that tell where packages come from; a build would get them by its own configuration."""

_LEFT_OUT: Final = ("__pycache__", "*.pyc")
"""Of Dockerfile.dockerignore what matters here: the rest is in no folder that is copied."""


class ProofError(Exception):
    """Something that the image promises does not hold, or cannot be shown here; the message says what."""


def lacks() -> str | None:
    """A sentence on what is missing to make roots here, None if nothing is."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return "roots can be made by root on Linux alone"
    if not shutil.which("debootstrap"):
        return "debootstrap is not installed (on Debian: apt install debootstrap)"
    return None


class Root:
    """A folder that stands for an image, and the configuration that its instructions gave it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment: dict[str, str] = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
        self.workdir = "/"
        self.user = "0:0"
        self.entrypoint: list[str] = []
        self.healthcheck: list[str] = []

    def command(
        self, words: Sequence[str], *, sealed: bool = False, more: Mapping[str, str] | None = None
    ) -> list[str]:
        """What runs `words` in it as a container would.

        Args:
            sealed: as the image's user on a read-only root, with /tmp and the state folder alone to write to.
            more: variables besides the image's own.
        """
        root = shlex.quote(str(self.folder))
        mounts = [f"mount -t proc proc {root}/proc"]
        if sealed:
            mounts += [
                f"mount --bind {root} {root}",
                f"mount -o remount,ro,bind {root}",
                f"mount -t proc proc {root}/proc",
                f"mount -t tmpfs tmpfs {root}/tmp",  # noqa: S108 - of the root, not of this machine
                f"mount -t tmpfs -o uid=10001,gid=10001 tmpfs {root}/var/lib/frontwire",
            ]
        variables = [f"{name}={value}" for name, value in (self.environment | dict(more or {})).items()]
        user = [f"--userspec={self.user}"] if sealed else []
        inside = ["chroot", *user, str(self.folder), "env", "-i", "-C", self.workdir, *variables, *words]
        return ["unshare", "--mount", "sh", "-ec", f"{'; '.join(mounts)}; exec {shlex.join(inside)}"]

    def run(self, words: Sequence[str], *, sealed: bool = False, more: Mapping[str, str] | None = None) -> str:
        """What `words` print.

        Raises:
            ProofError: they fail; the message has the end of what they said.
        """
        done = subprocess.run(
            self.command(words, sealed=sealed, more=more), capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
            raise ProofError(f"exit code {done.returncode} of: {shlex.join(words)}\n{said}")
        return done.stdout


def base(cache: Path) -> Root:
    """A Debian with Python, made once.

    Raises:
        ProofError: debootstrap fails.
    """
    folder = cache / f"base-{PACKAGES.replace(',', '+')}"
    if folder.exists():
        return Root(folder)
    making = cache / "base.making"
    shutil.rmtree(making, ignore_errors=True)
    making.parent.mkdir(parents=True, exist_ok=True)
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(making)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProofError(f"debootstrap failed: {done.stdout[-500:]}{done.stderr[-500:]}")
    making.rename(folder)
    return Root(folder)


def build(stage: Stage, folder: Path, start: Root, context: Path, others: Mapping[str, Root]) -> Root:
    """The root that a stage leads to, made anew from a copy of `start`, whose configuration it goes on with.

    Args:
        context: where COPY takes files from.
        others: the stages before, by name.

    Raises:
        ProofError: a RUN fails.
    """
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", str(start.folder), str(folder)], check=True)
    shutil.copy("/etc/resolv.conf", folder / "etc" / "resolv.conf")
    shutil.copy(_AUTHORITIES, folder / "run" / _AUTHORITIES.name)
    (folder / _APT).write_text(_how_apt_acquires())
    root = Root(folder)
    root.environment, root.workdir, root.user = dict(start.environment), start.workdir, start.user
    for instruction in stage.instructions:
        _follow(instruction, root, context, others)
    return root


def _follow(instruction: Instruction, root: Root, context: Path, others: Mapping[str, Root]) -> None:
    match instruction.word:
        case "RUN":
            print(f"  RUN {instruction.rest}", flush=True)
            root.run(["/bin/sh", "-c", instruction.rest], more=_of_this_machine())
        case "COPY":
            if earlier := instruction.flags.get("from"):
                _copy(instruction, root, others[earlier].folder, ())
            else:
                _copy(instruction, root, context, _LEFT_OUT)
        case "ENV":
            root.environment |= instruction.pairs()
        case "WORKDIR":
            root.workdir = instruction.rest
            (root.folder / instruction.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        case "USER":
            root.user = instruction.rest
        case "ENTRYPOINT":
            root.entrypoint = json.loads(instruction.rest)
        case "HEALTHCHECK":
            root.healthcheck = json.loads(instruction.rest.removeprefix("CMD ").strip())
        case "CMD" | "EXPOSE" | "LABEL":
            pass  # change nothing of the root
        case word:
            raise ProofError(f"The Dockerfile uses {word}, which {__name__} does not know yet.")


def _copy(instruction: Instruction, root: Root, source: Path, left_out: Sequence[str]) -> None:
    *names, target = instruction.words()
    into = root.folder / (Path(root.workdir) / target).as_posix().lstrip("/")
    for name in names:
        taken = source / name.lstrip("/")
        if taken.is_dir():
            shutil.copytree(taken, into, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*left_out))
        else:
            into.mkdir(parents=True, exist_ok=True)
            shutil.copy2(taken, into)


def _of_this_machine() -> dict[str, str]:
    passed = {name: value for name, value in os.environ.items() if name.startswith(_PASSED)}
    return passed | {"PIP_CERT": f"/run/{_AUTHORITIES.name}", "APT_CONFIG": f"/{_APT}"}


def _how_apt_acquires() -> str:
    """What this machine's own apt is told of proxies and dates; nothing where there is none."""
    if not shutil.which("apt-config"):
        return ""
    told = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    return "".join(line for line in told.splitlines(keepends=True) if line.startswith("Acquire::"))
