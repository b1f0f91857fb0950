"""What a reader asked to see: read from an address, written into one, and applied to the claims."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from agents.desk.held import Found, Held
from agents.desk.moments import DAY_MS, HOUR_MS, milliseconds
from agents.desk.store import Store
from streams.records import ConflictEvent
from streams.vocabulary import EventType, Modality, SubEventType, Term

KINDS: Final = ("events", "counts")
ORDERS: Final = ("found", "published")
SPANS: Final = MappingProxyType({"1h": HOUR_MS, "6h": 6 * HOUR_MS, "24h": DAY_MS, "7d": 7 * DAY_MS})
_TYPES: Final = tuple(word.value for kind in (EventType, SubEventType, Term) for word in kind)
_LONGEST: Final = 200

Test = Callable[[Held], bool]


class FilterError(ValueError):
    """The address asks for what there cannot be; the message is one sentence that says what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Empty text means "all". `type` is a sub-event type, an event type or a term; `country` ISO 3166-1 alpha-3;
    `start` and `end` are ISO dates, both included, of publication (else arrival), UTC; `last` counts back from now."""

    kind: str = ""
    type: str = ""
    modality: str = ""
    country: str = ""
    language: str = ""
    story: str = ""
    text: str = ""
    last: str = ""
    start: str = ""
    end: str = ""
    order: str = "found"

    @property
    def query(self) -> str:
        """As an address carries it, without what is at its default."""
        told = ((f.name, getattr(self, f.name)) for f in fields(self))
        return urlencode([(name, value) for name, value in told if value != _DEFAULTS[name]])

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return replace(self, order="found") != Filter()

    def but(self, **changes: str) -> "Filter":
        """The same with some changed."""
        return replace(self, **changes)


_DEFAULTS: Final = MappingProxyType({f.name: str(f.default) for f in fields(Filter)})
_CLOSED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "kind": KINDS,
        "type": _TYPES,
        "modality": tuple(word.value for word in Modality),
        "last": tuple(SPANS),
        "order": ORDERS,
    }
)


def read(query: Mapping[str, str]) -> Filter:
    """The filter that an address asks for; parameters it does not know are passed over.

    Raises:
        FilterError: a value is not among those that its parameter takes.
    """
    given = {name: query[name].strip() for name in _DEFAULTS if query.get(name, "").strip()}
    for name, value in given.items():
        if name in _CLOSED and value not in _CLOSED[name]:
            raise FilterError(f"{name} takes {', '.join(_CLOSED[name])}, not {value[:_LONGEST]!r}.")
        if name in ("start", "end"):
            _check_date(name, value)
        if len(value) > _LONGEST:
            raise FilterError(f"{name} takes at most {_LONGEST} letters.")
    return Filter(**given)


def _check_date(name: str, value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise FilterError(f"{name} takes a date as 2023-09-20, not {value[:_LONGEST]!r}.") from None


def select(store: Store, asked: Filter, now: int) -> list[tuple[Found, list[Held]]]:
    """The articles with their claims that pass, newest first. `now` in ms since 1970."""
    tests = list(_tests(store, asked, now))
    passed = []
    for found in store.found.values():
        claims = list(found.claims.values())
        for test in tests:
            claims = [held for held in claims if test(held)]
        if claims:
            passed.append((found, claims))
    passed.sort(key=lambda pair: order_key(pair[0], asked), reverse=True)
    return passed


def order_key(found: Found, asked: Filter) -> tuple[int, str]:
    """What articles are ordered by, highest first."""
    return (found.time if asked.order == "published" else found.arrived), found.article_id


def _tests(store: Store, asked: Filter, now: int) -> list[Test]:
    tests: list[Test] = []
    if asked.kind:
        events = asked.kind == "events"
        tests.append(lambda held: isinstance(held.claim, ConflictEvent) is events)
    if asked.modality:
        tests.append(lambda held: held.claim.modality == asked.modality)
    if asked.type:
        tests.append(lambda held: asked.type in _types(held))
    if asked.country:
        tests.append(lambda held: held.claim.country == asked.country)
    if asked.language:
        tests.append(lambda held: held.claim.language == asked.language)
    if asked.story:
        tests.append(_in_story(store, asked.story))
    if asked.last or asked.start or asked.end:
        low, high = _bounds(asked, now)
        tests.append(lambda held: low <= held.time < high)
    tests += [_has(word) for word in asked.text.casefold().split()]
    return tests


def _types(held: Held) -> tuple[str, ...]:
    claim = held.claim
    return (claim.sub_event_type, claim.event_type) if isinstance(claim, ConflictEvent) else (claim.term,)


def _has(word: str) -> Test:
    return lambda held: word in held.words


def _in_story(store: Store, story_id: str) -> Test:
    wanted = store.story(story_id)
    if wanted is None:
        return lambda held: False

    def test(held: Held) -> bool:
        story = store.story_of(held.claim.article_id)
        return story is not None and story.story_id == wanted.story_id

    return test


def _bounds(asked: Filter, now: int) -> tuple[int, int]:
    """From, and up to but without, in ms since 1970."""
    low = max(now - SPANS[asked.last] if asked.last else 0, milliseconds(asked.start) or 0)
    end = milliseconds(asked.end)
    return low, (end + DAY_MS) if end is not None else 1 << 62
