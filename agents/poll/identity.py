"""Which entry of a body is which known one, which are new, which really changed.

An entry is known by aliases: its guid, the guid without scheme and host, its canonical URL, its title with its date.
Any alias that matches makes it the same entry, guid first, with two guards against merging what is different: an alias
that two entries of one body share names neither of them, and guids count only while the feed keeps them apart
(decided once: a feed that flaps would else post everything again, FreshRSS 5909).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2b, sha256
from itertools import chain, count
from typing import Final

from agents.poll.dates import moment
from agents.poll.entry import Entry
from streams.records import EntryState
from streams.urls import url_identity

_GUID: Final = "g"
_BLANKS: Final = re.compile(r"\s+")
_MOST_ALIASES: Final = 12
_REFRESH: Final = timedelta(days=1)
"""How stale `last_seen` may get before it is written again: it only serves to forget after many days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An entry to publish: its state to be, and the entry. `state.pending` is not yet filled."""

    state: EntryState
    entry: Entry

    @property
    def is_new(self) -> bool:
        """Whether the entry was never published before."""
        return self.state.revision == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a body means: entries to publish in the feed's order, states to write without publishing, ids to forget."""

    changes: tuple[Change, ...]
    seen: tuple[EntryState, ...]
    forgotten: tuple[str, ...]
    guids_unique: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How often one entry is published, and for how long it is remembered after it left its feed."""

    max_revisions: int
    keep: timedelta


def decide(
    feed_id: str,
    entries: Iterable[Entry],
    known: Mapping[str, EntryState],
    guids_unique: bool | None,
    fetched: str,
    limits: Limits,
) -> Decision:
    """Compare a body's entries with the known ones (by `article_id`) at the time it was fetched."""
    entries = _without_repeats(entries)
    unique = _guid_policy(entries, guids_unique)
    named = [(entry, _aliases(entry, trust_guid=unique is not False)) for entry in entries]
    named = _distinct(named)
    matches = _match(named, known)
    changes, seen, taken = [], [], set(known)
    for place, (entry, aliases) in enumerate(named):
        state = matches.get(place)
        if state is None:
            change = Change(state=_new(feed_id, entry, aliases, taken, fetched), entry=entry)
            taken.add(change.state.article_id)
            changes.append(change)
        elif (change_or_none := _update(state, entry, aliases, fetched, limits)) is not None:
            changes.append(change_or_none)
        elif (refreshed := _refresh(state, aliases, fetched)) is not state:
            seen.append(refreshed)
    present = {state.article_id for state in matches.values()}
    gone = [state for state in known.values() if state.article_id not in present]
    forgotten = tuple(s.article_id for s in gone if moment(fetched) - moment(s.last_seen) > limits.keep)
    return Decision(changes=tuple(changes), seen=tuple(seen), forgotten=forgotten, guids_unique=unique)


def _without_repeats(entries: Iterable[Entry]) -> list[Entry]:
    """One of entries that are the same in all that identifies them, the first; none that has nothing to show."""
    unique: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        if entry.title or entry.body or entry.url or entry.guid:
            unique.setdefault((entry.guid, entry.url, entry.title, entry.published), entry)
    return list(unique.values())


def _guid_policy(entries: list[Entry], decided: bool | None) -> bool | None:
    """Decided at the first body with two guids or more; unknown before."""
    if decided is not None:
        return decided
    guids = [entry.guid for entry in entries if entry.guid]
    return len(set(guids)) == len(guids) if len(guids) >= 2 else None


def _aliases(entry: Entry, *, trust_guid: bool) -> tuple[str, ...]:
    """The entry's aliases, the surest first, as 8-byte hashes in hex."""
    names: list[tuple[str, str]] = []
    if entry.guid and trust_guid:
        names.append((_GUID, entry.guid))
        if path := _path(entry.guid):
            names.append(("p", path))
    if identity := url_identity(entry.url):
        names.append(("u", identity))
    if entry.title and entry.published:
        names.append(("t", f"{_BLANKS.sub(' ', entry.title).casefold()}\0{entry.published}"))
    if not names:
        names.append(("x", entry.text_hash))
    return tuple(_hash(kind, name) for kind, name in names)


def _path(guid: str) -> str | None:
    """A guid that is an address, without its scheme and host: what stays when a site moves to https or another name."""
    scheme, separator, rest = guid.partition("://")
    path = rest.partition("/")[2]
    return path if separator and scheme in ("http", "https") and len(path) > 1 else None


def _hash(kind: str, name: str) -> str:
    return blake2b(f"{kind}\0{name}".encode(), digest_size=8).hexdigest()


def _distinct(named: list[tuple[Entry, tuple[str, ...]]]) -> list[tuple[Entry, tuple[str, ...]]]:
    """Without the aliases that several entries of the body share; what has none left is known by its text."""
    shared = {alias for alias, count in Counter(a for _, aliases in named for a in aliases).items() if count > 1}
    return [
        (entry, tuple(alias for alias in aliases if alias not in shared) or (_hash("x", entry.text_hash),))
        for entry, aliases in named
    ]


def _match(named: list[tuple[Entry, tuple[str, ...]]], known: Mapping[str, EntryState]) -> dict[int, EntryState]:
    """The known entry of each place: all by their surest alias before any by a lesser one, each known entry once."""
    owner = {alias: state for state in known.values() for alias in state.aliases}
    matches: dict[int, EntryState] = {}
    taken: set[str] = set()
    for rank in range(max((len(aliases) for _, aliases in named), default=0)):
        for place, (_, aliases) in enumerate(named):
            if place in matches or rank >= len(aliases):
                continue
            state = owner.get(aliases[rank])
            if state is not None and state.article_id not in taken:
                matches[place] = state
                taken.add(state.article_id)
    return matches


def _new(feed_id: str, entry: Entry, aliases: tuple[str, ...], taken: set[str], fetched: str) -> EntryState:
    return EntryState(
        article_id=_article_id(feed_id, entry, taken),
        revision=1,
        language="",
        text_hash=entry.text_hash,
        aliases=aliases,
        last_seen=fetched,
    )


def _article_id(feed_id: str, entry: Entry, taken: set[str]) -> str:
    """The contract's id: SHA-256 of the canonical URL, without one of feed id and guid; 32 hex digits.

    A front page names no entry; where entries of a feed share an address, the later ones are named by feed and guid,
    or by feed and text.
    """
    url = [entry.url] if entry.url and url_identity(entry.url) else []
    guid = [f"{feed_id}\0{entry.guid}"] if entry.guid else []
    text = (f"{feed_id}\0{entry.text_hash}\0{number}" for number in count())
    ids = (sha256(name.encode()).hexdigest()[:32] for name in chain(url, guid, text))
    return next(article_id for article_id in ids if article_id not in taken)


def _update(state: EntryState, entry: Entry, aliases: tuple[str, ...], fetched: str, limits: Limits) -> Change | None:
    """The next revision, if the words changed and the entry has not changed too often (reader caps at 24)."""
    changed = entry.text_hash
    if changed == state.text_hash or state.revision >= limits.max_revisions or not (entry.title or entry.body):
        return None
    revised = replace(
        state,
        revision=state.revision + 1,
        text_hash=changed,
        aliases=_joined(aliases, state.aliases),
        last_seen=fetched,
        pending=None,
    )
    return Change(state=revised, entry=entry)


def _refresh(state: EntryState, aliases: tuple[str, ...], fetched: str) -> EntryState:
    """The state with aliases it was not yet known by, and seen anew where that is worth a write."""
    joined = _joined(aliases, state.aliases)
    stale = moment(fetched) - moment(state.last_seen) > _REFRESH
    if set(joined) == set(state.aliases) and not stale:
        return state
    return replace(state, aliases=joined, last_seen=fetched)


def _joined(newer: tuple[str, ...], older: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*newer, *older)))[:_MOST_ALIASES]
