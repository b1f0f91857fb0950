"""What the desk holds of one claim and of one article."""

import zlib
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from streams.records import ConflictEvent, EvacuationCount
from streams.vocabulary import PlacePrecision

Claim: TypeAlias = ConflictEvent | EvacuationCount
Spot: TypeAlias = tuple[float, float, str]
"""Latitude and longitude to a tenth of a degree, and `event` or `count`."""

_ON_THE_MAP: Final = (PlacePrecision.POINT, PlacePrecision.CITY, PlacePrecision.REGION)


@dataclass(slots=True, eq=False)
class Held:
    """One claim: when its id first arrived and when it is from (published, else arrived), in ms since 1970, and the
    number of the last change. `words` is all its text in lower case; `spot` is where it lies on a map."""

    claim: Claim
    arrived: int
    time: int
    change: int
    words: str
    spot: Spot | None

    @property
    def claim_id(self) -> str:
        """The record's own id."""
        return claim_id(self.claim)


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept of an article: `packed` is its text, compressed; `arrived` and `fetched` in ms since 1970."""

    article_id: str
    revision: int
    source: str
    title: str
    url: str | None
    arrived: int
    fetched: int | None
    packed: bytes

    @property
    def text(self) -> str:
        """The text that quotes and offsets of this revision refer to."""
        return zlib.decompress(self.packed).decode()


@dataclass(slots=True)
class Found:
    """An article's claims by id, in the order of its text. `arrived` is when the latest new one came, in ms; `time` as
    that of its claims. `change` is the number of the last change of anything that its card shows."""

    article_id: str
    claims: dict[str, Held] = field(default_factory=dict)
    arrived: int = 0
    time: int = 0
    change: int = 0


def claim_id(claim: Claim) -> str:
    """The id of either kind of claim."""
    return claim.event_id if isinstance(claim, ConflictEvent) else claim.count_id


def words(claim: Claim) -> str:
    """All text of a claim that can be looked for, in lower case."""
    common = (claim.quote, claim.source, claim.attribution, claim.actor)
    more = (claim.target, claim.place) if isinstance(claim, ConflictEvent) else (claim.origin, claim.destination)
    return "\n".join(part for part in (*common, *more) if part).casefold()


def spot(claim: Claim) -> Spot | None:
    """Where a claim lies on a map; None where its place is not known, or only its country."""
    if claim.lat is None or claim.lon is None or claim.place_precision not in _ON_THE_MAP:
        return None
    return round(claim.lat, 1), round(claim.lon, 1), "event" if isinstance(claim, ConflictEvent) else "count"
