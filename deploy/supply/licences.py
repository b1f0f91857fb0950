"""Which licences our dependencies have, in SPDX's words, and whether we may use them. Unknown is not allowed.

We are Apache-2.0: what is permissive, or asks for its own files only, may come with us; what asks for the whole work's
source, or restricts who may use it, may not.
"""

import re
from collections.abc import Iterator
from importlib import metadata
from types import MappingProxyType
from typing import Final

ALLOWED: Final = frozenset(
    (
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0"),
        *("PSF-2.0", "Unlicense", "Zlib", "LicenseRef-Repoze"),
        *("LGPL-2.1-or-later", "LGPL-2.1-only", "MPL-1.1", "MPL-2.0"),
    )
)
DENIED: Final = ("GPL-", "AGPL-", "SSPL-", "BUSL-", "Elastic-", "CC-BY-NC", "JSON")
"""Beginnings of licences that are refused by name; all that is not allowed is refused."""

_TOLD: Final = MappingProxyType(
    {
        # Their metadata has the text or a family's name; read in the licence file of the release.
        "faust-streaming": "BSD-3-Clause",
        "mode-streaming": "BSD-3-Clause",
        "jinja2": "BSD-3-Clause",
        "colorlog": "MIT",
        "colorama": "BSD-3-Clause",  # on Windows only, so not installed where this is checked
        "venusian": "LicenseRef-Repoze",  # BSD with a clause on trade marks
        "axe-playwright-python": "MIT",
        "num2words": "LGPL-2.1-or-later",
        "kubernetes-validate": "Apache-2.0",
    }
)
_SPELLINGS: Final = MappingProxyType(
    {
        "apache 2": "Apache-2.0",
        "apache 2.0": "Apache-2.0",
        "apache license, version 2.0": "Apache-2.0",
        "apache software license": "Apache-2.0",
        "bsd 2-clause license": "BSD-2-Clause",
        "the bsd 2-clause license": "BSD-2-Clause",
        "isc license (iscl)": "ISC",
        "mit license": "MIT",
        "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
        "psfl": "PSF-2.0",
        "python software foundation license": "PSF-2.0",
    }
)
_WORDS: Final = re.compile(r"[()]|[^\s()]+")


class LicenceError(Exception):
    """A dependency may not be used; the message names it and why."""


def licence_of(name: str) -> str:
    """The SPDX expression of a dependency's licence.

    Raises:
        LicenceError: its metadata tells none that is known; nothing is guessed.
    """
    if name in _TOLD:
        return _TOLD[name]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError as error:
        raise LicenceError(
            f"{name} is not installed here; write its licence into deploy/supply/licences.py."
        ) from error
    if "License-Expression" in about:
        return about["License-Expression"]
    told = about.get_all("License") or []
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line[:7] == "License"]
    for words in (*told, *classifiers):
        known = _SPELLINGS.get(words.lower(), str(words))
        if known in ALLOWED:
            return known
    raise LicenceError(f"{name} tells no licence that is known ({str(told)[:80]}, {classifiers}).")


def check(name: str, expression: str) -> None:
    """Whether a licence may be used.

    Raises:
        LicenceError: it is refused, or not known.
    """
    if not _allowed(expression):
        refused = [word for word in _WORDS.findall(expression) if word.startswith(DENIED)]
        why = f"{refused[0]} is refused" if refused else "it is not known"
        raise LicenceError(f"{name} is under {expression}: {why}; see deploy/supply/licences.py.")


def _allowed(expression: str) -> bool:
    words = iter([*_WORDS.findall(expression), ")"])
    allowed = _either(words)
    return allowed and next(words, None) is None


def _either(words: Iterator[str]) -> bool:
    """Alternatives (one is enough) of parts that are all needed, up to the closing bracket."""
    alternatives, needed = [], []
    for word in words:
        if word == ")":
            break
        if word == "(":
            needed.append(_either(words))
        elif word == "OR":
            alternatives.append(bool(needed) and all(needed))
            needed = []
        elif word != "AND":
            needed.append(word in ALLOWED)
    return any([*alternatives, bool(needed) and all(needed)])
