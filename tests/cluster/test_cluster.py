"""The chart holds on a real API server: skipped, in words, where that was not built."""

from pathlib import Path

import pytest

from tests.cluster.control import Cluster, missing
from tests.cluster.proofs import PROOFS, shown


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(missing() is not None, reason=f"the cluster is {missing()}")
def test_every_proof_holds(tmp_path: Path) -> None:
    with Cluster(tmp_path) as cluster:
        results = [shown(proof, cluster) for proof in PROOFS]
    for result in results:
        print(result.proof.claim, result.said, sep=": ")
    assert [f"{result.proof.claim}: {result.said}" for result in results if not result.proven] == []
