"""Finding what is wrong once all is quiet. Pure: topics as they were read in, findings in words out."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import orjson

from streams.cloudevents import ENVELOPES
from streams.kafka.changelog import read_revision
from streams.stage import Message
from streams.topics import TOPIC, Policy
from streams.vocabulary import Stage
from tests.faults.reference import Led
from tests.faults.watching import Ends, Sample

_MOST_TOLD: Final = 5

_IDENTITY: Final[Mapping[str, tuple[str, ...]]] = {
    "articles.raw": ("article_id", "revision", "feed_id"),
    "articles.unique": ("article_id", "revision"),
    "articles.duplicates": ("duplicate_id",),
    "articles.extracted": ("article_id", "revision", "extractor"),
    "conflict.events": ("event_id", "revision", "extractor"),
    "evacuation.counts": ("count_id", "revision", "extractor"),
    "dead-letters": ("source_topic", "source_partition", "source_offset"),
}
"""What names one record for good: two contents under one such name are a falsehood."""


@dataclass
class Report:
    """Findings by kind; a run without any has kept the promise. `figures` are told besides."""

    findings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    figures: dict[str, Any] = field(default_factory=dict)

    def add(self, kind: str, found: Iterable[object]) -> None:
        """Note findings of a kind."""
        if told := [str(one) for one in found]:
            self.findings[kind] += told

    @property
    def kept(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def __str__(self) -> str:
        lines = [f"{name}: {value}" for name, value in self.figures.items()]
        for kind, found in self.findings.items():
            lines.append(f"WRONG: {len(found)} x {kind}")
            lines += [f"    {one[:300]}" for one in found[:_MOST_TOLD]]
        return "\n".join(lines)


class Seen:
    """Topics as they were read, by bare name; each is parsed when it is first asked for."""

    def __init__(self, messages: Mapping[str, Sequence[Message]]) -> None:
        self._messages = messages
        self._values: dict[str, list[tuple[Message, Any]]] = {}

    def __getitem__(self, topic: str) -> Sequence[Message]:
        return self._messages.get(topic, ())

    def values(self, topic: str) -> list[tuple[Message, Any]]:
        """The messages that hold JSON, with what they hold."""
        if topic not in self._values:
            self._values[topic] = [(m, value) for m in self[topic] if (value := _parsed(m.value)) is not None]
        return self._values[topic]

    @cached_property
    def dead(self) -> set[tuple[str, int, int]]:
        """Source coordinates of the dead letters."""
        return {(v["source_topic"], v["source_partition"], v["source_offset"]) for _, v in self.values("dead-letters")}


def _parsed(value: bytes | None) -> Any:
    try:
        found = orjson.loads(value or b"null")
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def check_contents(seen: Seen, report: Report) -> None:
    """One id never has two contents; copies are counted."""
    for topic, names in _IDENTITY.items():
        contents: dict[tuple[Any, ...], set[bytes]] = defaultdict(set)
        values = seen.values(topic)
        for message, value in values:
            contents[tuple(value.get(name) for name in names)].add(message.value or b"")
        report.add(f"id with two contents on {topic}", (name for name, all_ in contents.items() if len(all_) > 1))
        report.figures[f"extra copies on {topic}"] = f"{len(values) - len(contents)} of {len(values)}"
    for topic in ENVELOPES:
        envelopes: dict[bytes, set[tuple[Any, ...]]] = defaultdict(set)
        for message in seen[topic]:
            if name := dict(message.headers).get("ce_id"):
                envelopes[name].add((message.key, message.value, message.headers))
        twice = (name for name, all_ in envelopes.items() if len(all_) > 1)
        report.add(f"CloudEvents id with two contents or headers on {topic}", twice)


def check_stage(stage: Stage, led: Sequence[Led], seen: Seen, report: Report, of: Callable[[Message], bool]) -> None:
    """What a stage sent is what it sends without faults: nothing lost, nothing else, the last of each key the same.

    `of` chooses the messages on the output topics that `led` is about.
    """
    topics = {send.topic for one in led for send in one.sends}
    for topic in topics:
        sends = [send for one in led for send in one.sends if send.topic == topic]
        expected = {(send.key, send.value) for send in sends}
        actual = [message for message in seen[topic] if of(message)]
        found = {(message.key, message.value) for message in actual}
        report.add(f"record lost between {stage} and {topic}", (key for key, _ in expected - found))
        report.add(f"record on {topic} that {stage} never sends without faults", (key for key, _ in found - expected))
        if TOPIC[topic].policy is not Policy.DELETE:
            last = {send.key: send.value for send in sends}
            _compare_views(topic, last, {message.key or b"": message.value for message in actual}, report)
    coordinates = {_coordinates(one.message) for one in led if one.dead}
    missing = coordinates - seen.dead
    report.add(f"message of {stage} neither processed nor a dead letter", missing)
    known = {_coordinates(one.message) for one in led}
    report.add(f"dead letter of {stage} for a sound message", (seen.dead & known) - coordinates)


def _coordinates(message: Message) -> tuple[str, int, int]:
    return message.topic, message.partition, message.offset


def check_view(topic: str, led: Sequence[Led], seen: Seen, ignored: frozenset[str], report: Report) -> None:
    """The last record of each key is what it is without faults, but for the fields `ignored`."""
    last = {send.key: _without(send.value, ignored) for one in led for send in one.sends if send.topic == topic}
    actual = {message.key or b"": _without(message.value, ignored) for message in seen[topic]}
    _compare_views(topic, last, actual, report)
    report.figures[f"keys in the view of {topic}"] = sum(value is not None for value in actual.values())


def _without(value: bytes | None, ignored: frozenset[str]) -> bytes | None:
    found = _parsed(value)
    if found is None:
        return None
    return orjson.dumps({name: told for name, told in found.items() if name not in ignored})


def _compare_views(
    topic: str, last: Mapping[bytes, bytes | None], actual: Mapping[bytes, bytes | None], report: Report
) -> None:
    keys = last.keys() | actual.keys()
    stale = (f"{key!r}: {actual.get(key)!r} for {last.get(key)!r}" for key in keys if actual.get(key) != last.get(key))
    report.add(f"key whose last record on {topic} is not that of a run without faults", stale)


def check_commits(stage: Stage, led: Sequence[Led], samples: Sequence[Sample], seen: Seen, report: Report) -> None:
    """No offset was ever committed before all that its message leads to was on its topics."""
    first, by_partition = _first_places(seen), defaultdict(list)
    for one in sorted(led, key=lambda one: one.message.offset):
        by_partition[one.message.partition].append(one)
    passed = []
    for sample in (sample for sample in samples if sample.stage is stage):
        for partition, offset in sample.committed.items():
            # The topics only grow: what was there at one sample is there at all later ones.
            waiting = by_partition[partition]
            count = bisect_left(waiting, offset, key=lambda one: one.message.offset)
            by_partition[partition] = waiting[count:]
            places = ((one, place) for one in waiting[:count] for place in _records(one))
            passed += [_coordinates(one.message) for one, place in places if not _there(first, place, sample.ends)]
    report.add(f"offset that {stage} committed before its records were out", passed)
    report.figures[f"samples of what {stage} had committed"] = sum(sample.stage is stage for sample in samples)


def _first_places(seen: Seen) -> dict[tuple[str, bytes, bytes | None], tuple[int, int]]:
    first: dict[tuple[str, bytes, bytes | None], tuple[int, int]] = {}
    for topic in TOPIC:
        for message in seen[topic]:
            first.setdefault((topic, message.key or b"", message.value), (message.partition, message.offset))
    letters = ((message, value) for message, value in seen.values("dead-letters"))
    for message, value in letters:
        name = f"{value['source_topic']}:{value['source_partition']}:{value['source_offset']}".encode()
        first.setdefault(("dead-letters", name, None), (message.partition, message.offset))
    return first


def _records(led: Led) -> list[tuple[str, bytes, bytes | None]]:
    if led.dead:
        topic, partition, offset = _coordinates(led.message)
        return [("dead-letters", f"{topic}:{partition}:{offset}".encode(), None)]
    return [(send.topic, send.key, send.value) for send in led.sends]


def _there(first: Mapping[Any, tuple[int, int]], place: tuple[str, bytes, bytes | None], ends: Ends) -> bool:
    found = first.get(place)
    return found is not None and found[1] < ends.get(place[0], {}).get(found[0], 0)


def check_state(topic: str, seen: Seen, report: Report) -> None:
    """No former owner's record is the last of its key on a changelog."""
    highest: Counter[tuple[int, bytes]] = Counter()
    last: dict[tuple[int, bytes], int] = {}
    for message in seen[topic]:
        key, revision = (message.partition, message.key or b""), read_revision(message.headers)
        highest[key], last[key] = max(highest[key], revision), revision
    report.add(f"stale last record on {topic}", (key for key in last if last[key] < highest[key]))
