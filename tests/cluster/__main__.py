"""Prove the chart on a real API server: `tests/cluster/run`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.cluster.control import Cluster, ClusterError, missing
from tests.cluster.proofs import PROOFS, shown


def main() -> int:
    """Show every proof and print what was seen; 0 if all hold or nothing is built, 1 if one does not."""
    parser = argparse.ArgumentParser(prog="tests/cluster/run", description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep logs here (default: none are kept)")
    given = parser.parse_args()
    if absent := missing():
        print(f"skipped: {absent}")
        return 0
    with tempfile.TemporaryDirectory(prefix="frontwire-cluster-") as temporary:
        try:
            with Cluster(given.keep or Path(temporary)) as cluster:
                return _prove(cluster)
        except (ClusterError, AssertionError) as error:
            print(error, file=sys.stderr)
            return 1


def _prove(cluster: Cluster) -> int:
    failed = 0
    for proof in PROOFS:
        began = time.monotonic()
        result = shown(proof, cluster)
        failed += not result.proven
        mark = "proven" if result.proven else "FAILED"
        print(f"{mark}  {time.monotonic() - began:5.1f} s  {proof.claim}\n        {result.said}", flush=True)
    print(f"{len(PROOFS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
