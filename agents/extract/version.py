"""Which extractor made a record: "one id, one content" holds for one version of the rules and packs."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent
_SHAPE: Final = 1
"""Rises when the meaning of the extracted records changes."""


@cache
def extractor_version() -> str:
    """`1-` and twelve hex digits over this package's modules and packs: another rule or word is another version."""
    digest = blake2b(digest_size=6)
    for path in sorted((*_FOLDER.glob("*.py"), *_FOLDER.glob("packs/*.toml"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{_SHAPE}-{digest.hexdigest()}"
