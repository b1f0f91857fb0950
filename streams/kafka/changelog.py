"""How state looks on its changelog topic, and how its revisions are made.

A changelog record has the state's key and value and a header with its revision. A revision is the owner's term (it
rises each time the partition gets another owner) and, below it, the offset of the message that led to the write. So a
former owner that wakes up and writes once more is always lower than the present one, and restorers keep the highest.

Each owner begins with a claim: a record under a key of its own that tells its term, the life of the changelog, the
format of its values and the life of the source topic. A release reads the format of the release after it, and writes a
new one only once the release before reads it: so releases one apart work side by side, and those further apart refuse.
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
    """What an owner says at the start.

    Args:
        birth: the changelog's life, named by its first owner.
        term: the owner's.
        format: the highest that any value on the partition may have; 1 where the owner said none.
        source: the id of the source topic, if state belongs to its offsets; "" if not, or unknown.
    """

    birth: str
    term: int
    format: int = 1
    source: str = ""


def write_claim(claim: Claim) -> bytes:
    """The claim's record value."""
    return orjson.dumps({"birth": claim.birth, "term": claim.term, "format": claim.format, "source": claim.source})


def read_claim(value: bytes | None) -> Claim | None:
    """The claim in a record value, None if it is none."""
    try:
        found = orjson.loads(value or b"")
        return Claim(str(found["birth"]), int(found["term"]), int(found.get("format", 1)), str(found.get("source", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


class ForeignStateError(Exception):
    """The state on a changelog is of a newer release, or of another source topic; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What an owner can make of state.

    Args:
        topic: the changelog's name, for messages.
        writes: the format of the values that it writes.
        reads: the highest format that it reads.
        source: as in its claims.
    """

    topic: str = "the changelog"
    writes: int = 1
    reads: int = 1
    source: str = ""

    def check(self, claim: Claim) -> None:
        """Raises ForeignStateError if the values under this claim are not for us."""
        if claim.format > self.reads:
            raise ForeignStateError(
                f"{self.topic} holds state of format {claim.format}, written by a newer release; this one reads up to "
                f"{self.reads}. Run the newer release, or go back to it and on from there one release at a time."
            )
        if self.source and claim.source and claim.source != self.source:
            raise ForeignStateError(
                f"{self.topic} belongs to the offsets of a source topic that was deleted since; the one that is there "
                f"was made anew. Delete {self.topic}, too, run `frontwire topics create`, and start again."
            )
