"""What came of asking a server: a value also where it failed, as failures are what the web is made of."""

from dataclasses import dataclass
from typing import Final

from streams.vocabulary import PollOutcome

FAILURES: Final = frozenset(PollOutcome) - {
    PollOutcome.READ,
    PollOutcome.NOT_MODIFIED,
    PollOutcome.UNCHANGED,
}
"""Outcomes that count as an error of the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One GET. `headers` hold validators, overrides and credentials; `timeout_seconds` None takes the settings'."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    private_headers: tuple[tuple[str, str], ...] = ()
    """Headers that only the request's own origin may see: credentials, and all that an operator configured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer, or why there is none.

    `outcome` is READ for a body to parse, NOT_MODIFIED for a 304, else the failure's class with `error` as a sentence
    for the operator. `url` is the last one asked; `permanent` tells that every redirect to it was. `received` counts
    body bytes on the wire. `retry_after_seconds` and `max_age_seconds` are the server's own words, None if it said
    nothing.
    """

    outcome: PollOutcome
    url: str
    error: str | None = None
    status: int | None = None
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    permanent: bool = False
    received: int = 0
    retry_after_seconds: float | None = None
    max_age_seconds: int | None = None
