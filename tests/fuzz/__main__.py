"""Hostile inputs for whatever reads what strangers wrote; ends with 1 if one is answered wrongly or too late.

    python -m tests.fuzz --inputs 1000000 --seed 7
    python -m tests.fuzz --inputs 20000 --target extract-ru --target extract-uk

Findings are written to the folder; those that were real belong into tests/fuzz/corpus/TARGET under a name that tells
what they are, where every run reads them.
"""

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

from tests.fuzz.run import Report, fuzz, kept, read, timer
from tests.fuzz.targets import TARGETS, Target


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz; 0 if nothing was found."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [target.name for target in TARGETS]
    parser.add_argument("--inputs", type=int, default=10_000, help="in all, by the targets' shares (default 10000)")
    parser.add_argument("--target", action="append", choices=names, metavar="TARGET", help=f"only: {', '.join(names)}")
    parser.add_argument("--seed", type=int, help="of the inputs (default: a random one, which is printed)")
    parser.add_argument("--folder", type=Path, default=Path(".cache/fuzz"), help="for findings (default .cache/fuzz)")
    options = parser.parse_args(arguments)
    seed = SystemRandom().randrange(1 << 31) if options.seed is None else options.seed
    targets = [target for target in TARGETS if not options.target or target.name in options.target]
    print(f"seed {seed}", flush=True)
    warnings.simplefilter("ignore")  # of parsers, about what they are given
    reports = []
    with timer():
        for target in targets:
            report = _one(target, options.inputs * target.share // sum(one.share for one in targets), seed)
            print(report, flush=True)
            _keep(report, options.folder)
            reports.append(report)
    found = sum(len(report.findings) for report in reports)
    print(f"{sum(report.inputs for report in reports)} inputs, {found} findings")
    return 1 if found else 0


def _one(target: Target, inputs: int, seed: int) -> Report:
    report = fuzz(target, inputs, seed)
    for path in kept(target):
        read(target, path.read_bytes(), report)
    return report


def _keep(report: Report, folder: Path) -> None:
    """Write what was found, one of each kind, and say where."""
    kinds = {finding.text.partition(":")[0] + finding.text[-20:]: finding for finding in reversed(report.findings)}
    for finding in list(kinds.values())[:20]:
        path = folder / finding.target / finding.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(finding.data)
        print(f"  {path}: {finding.text}")


if __name__ == "__main__":
    sys.exit(main())
