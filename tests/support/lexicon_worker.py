"""An `extract` worker with English alone: `python -m tests.support.lexicon_worker older`, or `present`.

The `older` one does not know that to shell is an act, and takes greeting for arresting.
"""

import os
import sys
from dataclasses import replace

from agents.extract.core import Extractor
from agents.extract.engine import Engine
from agents.extract.gazetteer import shared_gazetteer
from agents.extract.language import Language
from agents.extract.pack import Pack, load_packs
from streams.kafka.runner import run_worker
from streams.settings import load


def _older(pack: Pack) -> Pack:
    known = {name: tuple(phrase for phrase in told if "shell" not in phrase) for name, told in pack.concepts.items()}
    return replace(pack, concepts={**known, "act.arrest": (*known["act.arrest"], "greet")})


def core(kind: str) -> Extractor:
    """The core of the `older` or the `present` lexicon; each names a version of its own."""
    pack = load_packs()["en"]
    older = kind == "older"
    language = Language.of_pack(_older(pack) if older else pack, shared_gazetteer())
    version = "1" if older else "2"
    return Extractor(Engine({"en": language}, version).extract, version)


if __name__ == "__main__":
    sys.exit(run_worker(lambda: core(sys.argv[1]), load(os.environ)))
