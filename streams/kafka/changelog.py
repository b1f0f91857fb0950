"""How state looks on its changelog topic, and how its revisions are made.

A changelog record has the state's key and value and a header with its revision. A revision is the owner's term (it
rises each time the partition gets another owner) and, below it, the offset of the message that led to the write. So a
former owner that wakes up and writes once more is always lower than the present one, and restorers keep the highest.

Each owner begins with a claim: a record under a key of its own that tells its term and the life of the changelog.
"""

from dataclasses import dataclass
from typing import Final

import orjson

CLAIM_KEY: Final = b"\x00frontwire:claim"
REVISION_HEADER: Final = "frontwire-revision"

_OFFSET_BITS: Final = 40
_MAX_OFFSET: Final = (1 << _OFFSET_BITS) - 1
_MAX_TERM: Final = (1 << 63 - _OFFSET_BITS) - 1


def revision(term: int, offset: int) -> int:
    """One number, ordered by term and then offset; fits SQLite's 64 bits for 8 million terms."""
    return (min(term, _MAX_TERM) << _OFFSET_BITS) | min(max(offset, 0), _MAX_OFFSET)


def term_of(number: int) -> int:
    """The term of a revision."""
    return number >> _OFFSET_BITS


def write_revision(number: int) -> tuple[str, bytes]:
    """The record header that carries a revision."""
    return (REVISION_HEADER, b"%d" % number)


def read_revision(headers: tuple[tuple[str, bytes], ...]) -> int:
    """The revision in a record's headers; 0 where there is none that can be read."""
    for name, value in headers:
        if name == REVISION_HEADER and value.isdigit() and len(value) < 20:
            return int(value)
    return 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What an owner says at the start: the changelog's life, named by its first owner, and the owner's term."""

    birth: str
    term: int


def write_claim(claim: Claim) -> bytes:
    """The claim's record value."""
    return orjson.dumps({"birth": claim.birth, "term": claim.term})


def read_claim(value: bytes | None) -> Claim | None:
    """The claim in a record value, None if it is none."""
    try:
        found = orjson.loads(value or b"")
        return Claim(str(found["birth"]), int(found["term"]))
    except (ValueError, KeyError, TypeError):
        return None
