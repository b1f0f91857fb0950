"""What an answer's headers say about when to come back, and what its status means."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from agents.poll.clean import SURROGATE
from streams.vocabulary import PollOutcome

_DAY: Final = 86400
_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_CLASSES: Final = {
    304: PollOutcome.NOT_MODIFIED,
    403: PollOutcome.FORBIDDEN,
    410: PollOutcome.GONE,
    429: PollOutcome.RATE_LIMITED,
    503: PollOutcome.UNAVAILABLE,
}


def outcome_of(status: int, headers: Mapping[str, str]) -> PollOutcome:
    """The class of an answer that is no redirect. Cloudflare marks its challenges with `cf-mitigated: challenge`."""
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return PollOutcome.CHALLENGE
    if 200 <= status < 300:
        return PollOutcome.READ
    if status in _CLASSES:
        return _CLASSES[status]
    return PollOutcome.SERVER_ERROR if status >= 500 else PollOutcome.CLIENT_ERROR


def text_of(headers: Mapping[str, str], name: str) -> str | None:
    """The value of a header; None without one, and where it is no UTF-8.

    aiohttp keeps such bytes as lone surrogates, which no record holds and no request sends back.
    """
    value = headers.get(name)
    return None if value is None or SURROGATE.search(value) else value


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to stay away, in either form of RFC 9110 10.2.3, at most a day; None if the server does not say."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(min(int(told[:9]), _DAY))
    when = _date(told)
    return None if when is None else min(max((when - now).total_seconds(), 0.0), float(_DAY))


def max_age(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds for which the server holds its answer fresh: `max-age`, else `Expires`; at most a day."""
    cache = headers.get("Cache-Control", "")
    if "no-cache" in cache.lower() or "no-store" in cache.lower():
        return None
    if found := _MAX_AGE.search(cache):
        return min(int(found[1]), _DAY)
    when = _date(headers.get("Expires", ""))
    return None if when is None else int(min(max((when - now).total_seconds(), 0), _DAY)) or None


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
