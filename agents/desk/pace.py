"""How much comes, minute by minute."""

from collections import Counter
from typing import Final

from agents.desk.moments import MINUTE_MS

MINUTES: Final = 60
"""How far back the desk shows the pace."""


class Pace:
    """Articles and claims by the minute in which Kafka took them. Times are in ms since 1970."""

    def __init__(self) -> None:
        self._articles: Counter[int] = Counter()
        self._claims: Counter[int] = Counter()

    def article(self, arrived: int) -> None:
        """One more article."""
        _add(self._articles, arrived)

    def claim(self, arrived: int) -> None:
        """One more claim."""
        _add(self._claims, arrived)

    def articles(self, now: int) -> list[int]:
        """Articles in each of the last minutes, the current one last."""
        return _last(self._articles, now)

    def claims(self, now: int) -> list[int]:
        """The same of claims."""
        return _last(self._claims, now)


def _add(bins: Counter[int], arrived: int) -> None:
    bins[arrived // MINUTE_MS] += 1
    if len(bins) > 2 * MINUTES:
        for minute in sorted(bins)[:-MINUTES]:
            del bins[minute]


def _last(bins: Counter[int], now: int) -> list[int]:
    current = now // MINUTE_MS
    return [bins[minute] for minute in range(current - MINUTES + 1, current + 1)]
