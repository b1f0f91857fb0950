"""Which servers want to be left alone: what one feed's answer says about the others of its host."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from streams.vocabulary import PollOutcome

_PAUSE: Final = 300.0
"""Seconds to leave a host alone that says 429 without saying for how long."""

_FORBIDDEN_BURST: Final = 3
_BURST_WINDOW: Final = timedelta(minutes=10)
_MOST_HOSTS: Final = 10_000


@dataclass(slots=True)
class _Host:
    until: datetime | None = None
    refusals: dict[str, datetime] = field(default_factory=dict)


class Hosts:
    """Per host, until when to stay away. A 429 speaks for its host, a 503 only for its feed (FreshRSS 7870, 7880).

    403 for three feeds of one host within ten minutes counts as a 429: some servers ban without the right word.
    """

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def paused_until(self, host: str, now: datetime) -> datetime | None:
        """When the host may be asked again, None for now."""
        known = self._hosts.get(host)
        if known is None or known.until is None or known.until <= now:
            return None
        return known.until

    def note(self, host: str, feed_id: str, outcome: PollOutcome, retry_after: float | None, now: datetime) -> None:
        """Take over what an answer says about its host."""
        if outcome is PollOutcome.RATE_LIMITED:
            self._pause(host, now, _PAUSE if retry_after is None else retry_after)
        elif outcome in (PollOutcome.FORBIDDEN, PollOutcome.CHALLENGE):
            refusals = self._host(host).refusals
            refusals[feed_id] = now
            recent = {feed: at for feed, at in refusals.items() if now - at <= _BURST_WINDOW}
            self._host(host).refusals = recent
            if len(recent) >= _FORBIDDEN_BURST:
                self._pause(host, now, _PAUSE if retry_after is None else retry_after)

    def _pause(self, host: str, now: datetime, seconds: float) -> None:
        known = self._host(host)
        until = now + timedelta(seconds=seconds)
        known.until = max(known.until, until) if known.until else until
        known.refusals = {}

    def _host(self, host: str) -> _Host:
        if len(self._hosts) >= _MOST_HOSTS and host not in self._hosts:
            self._hosts.pop(next(iter(self._hosts)))
        return self._hosts.setdefault(host, _Host())
