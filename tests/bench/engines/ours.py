"""Our worker, as it ships, over a stage of the comparison: `python -m tests.bench.engines.ours CORE`."""

import os
import sys

from streams.kafka.runner import run_worker
from streams.settings import load
from tests.bench.engines.cores import CORES

if __name__ == "__main__":
    sys.exit(run_worker(CORES[sys.argv[1]], load(os.environ)))
