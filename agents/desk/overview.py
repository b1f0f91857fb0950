"""The desk's numbers beside the records: what can be filtered by, pace, freshness, feeds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from agents.desk import plots, wording
from agents.desk.moments import milliseconds, moment_words, span_words
from agents.desk.store import Store
from agents.show import plain
from streams.records import FeedHealth
from streams.vocabulary import EVENT_TYPE_OF, FeedStatus, Term

_FRESHNESS_OF: Final = 500


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to filter by: its value in the address, its name, and how many claims have it."""

    value: str
    name: str
    claims: int


@dataclass(frozen=True, slots=True)
class Options:
    """All that the claims held can be filtered by. `types` are groups of options under an event type's name."""

    types: tuple[tuple[str, tuple[Option, ...]], ...]
    countries: tuple[Option, ...]
    languages: tuple[Option, ...]


def options(store: Store) -> Options:
    """What there is, counted over all claims held."""
    return Options(
        tuple(_type_groups(store.types)),
        _by_name(Option(code, wording.country_name(code), n) for code, n in store.countries.items() if code and n),
        _by_name(Option(code, wording.language_name(code), n) for code, n in store.languages.items() if n),
    )


def _type_groups(types: Counter[str]) -> Iterable[tuple[str, tuple[Option, ...]]]:
    groups: dict[str, list[Option]] = {}
    for sub, event_type in EVENT_TYPE_OF.items():
        if types[sub]:
            groups.setdefault(wording.name_of(event_type), []).append(Option(sub, wording.name_of(sub), types[sub]))
    terms = [Option(term, wording.name_of(term), types[term]) for term in Term if types[term]]
    if terms:
        groups["Evacuation figures"] = terms
    return ((name, tuple(found)) for name, found in groups.items())


def _by_name(found: Iterable[Option]) -> tuple[Option, ...]:
    return tuple(sorted(found, key=lambda option: option.name))


@dataclass(frozen=True, slots=True)
class Line:
    """How the line does. `freshness` and `slowest` (95 of 100 are faster) are words, empty if nothing is known; `last`
    is when the latest message came; `feeds` counts them by state, in words; `failing` are those to look after."""

    articles: int
    claims: int
    article_bars: plots.Bars
    claim_bars: plots.Bars
    freshness: str
    slowest: str
    last: str
    feeds: tuple[tuple[str, int], ...]
    feeds_well: int
    feeds_all: int
    failing: tuple[FeedHealth, ...]


def line(store: Store, now: int) -> Line:
    """Pace of the last hour, freshness of the latest claims, and the feeds. `now` in ms since 1970."""
    articles, claims = store.pace.articles(now), store.pace.claims(now)
    delays = _delays(store)
    states = Counter(health.status for health in store.feeds.values())
    failing = [h for h in store.feeds.values() if h.status not in (FeedStatus.OK, FeedStatus.DISABLED)]
    return Line(
        articles=sum(articles),
        claims=sum(claims),
        article_bars=plots.bars(articles),
        claim_bars=plots.bars(claims),
        freshness=span_words(_quantile(delays, 0.5)) if delays else "",
        slowest=span_words(_quantile(delays, 0.95)) if delays else "",
        last=moment_words(store.newest, now) if store.newest else "never",
        feeds=tuple((wording.FEED_WORDS[status], states[status]) for status in FeedStatus if states[status]),
        feeds_well=states[FeedStatus.OK],
        feeds_all=len(store.feeds) - states[FeedStatus.DISABLED],
        failing=tuple(sorted(failing, key=lambda h: -h.failures)),
    )


def _delays(store: Store) -> list[float]:
    """Seconds from the fetch of an article to the arrival of its claims, of the latest ones, in order."""
    delays = []
    for held in islice(reversed(store.claims.values()), _FRESHNESS_OF):
        told = store.articles.get(held.claim.article_id)
        if told and told.fetched is not None and told.revision == held.claim.revision:
            delays.append(max(0, held.arrived - told.fetched) / 1000)
    return sorted(delays)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class FeedView:
    """One feed as its operators see it; all in words."""

    name: str
    address: str
    state: str
    is_well: bool
    last_ok: str
    last_new: str
    why: str
    unchanged: str
    every: str


def feeds(store: Store, now: int) -> list[FeedView]:
    """All feeds, those that do badly first."""
    ranked = sorted(store.feeds.values(), key=lambda h: (-_BADNESS.index(h.status), -h.failures, h.name.casefold()))
    return [_feed(health, now) for health in ranked]


_BADNESS: Final = (FeedStatus.DISABLED, FeedStatus.OK, FeedStatus.DEGRADED, FeedStatus.BACKOFF, FeedStatus.GONE)


def _feed(health: FeedHealth, now: int) -> FeedView:
    told = plain(health.error) if health.error else ""
    why = f"{health.failures} in a row: {told or health.outcome or ''}" if health.failures else told
    return FeedView(
        name=plain(health.name) or plain(health.feed_id),
        address=plain(health.url),
        state=wording.FEED_WORDS[health.status],
        is_well=health.status is FeedStatus.OK,
        last_ok=_when(health.last_ok, now),
        last_new=_when(health.last_new, now),
        why=why,
        unchanged=f"{health.not_modified_share:.0%}",
        every=span_words(health.interval_seconds) if health.interval_seconds else "",
    )


def _when(instant: str | None, now: int) -> str:
    ms = milliseconds(instant)
    return "never" if ms is None else moment_words(ms, now)
