"""Every metric, in one table, and the registry that holds their values.

Names are bare here and get the prefix `frontwire_`; units are base units (seconds, messages). A label takes only the
values listed with it, so no input can make new time series. To add a metric, add a row; `/metrics`, the table in
REFERENCE.md and the check on dashboards follow from `METRICS`.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from streams.topics import MOST_PARTITIONS, TOPICS
from streams.vocabulary import (
    COUNTRIES,
    DeadReason,
    DuplicateKind,
    FeedStatus,
    Modality,
    PollOutcome,
    Stage,
    SubEventType,
    Term,
)

PREFIX: Final = "frontwire"


class Kind(StrEnum):
    """The Prometheus type of a metric."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. `labels` maps each label to the values that it takes; None: any text (build information only).

    `name` is without prefix and without the `_total` that counters get. `buckets` (histograms) are upper bounds.
    """

    name: str
    kind: Kind
    help: str
    labels: Mapping[str, tuple[str, ...] | None] = field(default_factory=lambda: MappingProxyType({}))
    buckets: tuple[float, ...] = ()

    @property
    def full_name(self) -> str:
        """The name that `/metrics` shows (histograms add `_bucket`, `_sum` and `_count`)."""
        suffix = "_total" if self.kind is Kind.COUNTER else ""
        return f"{PREFIX}_{self.name}{suffix}"


def _values(words: type[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for word in words)


_STAGES: Final = _values(Stage)
_TOPIC_NAMES: Final = tuple(topic.name for topic in TOPICS)
_PARTITIONS: Final = tuple(map(str, range(MOST_PARTITIONS)))
"""Those that a topic has alone get a series."""
_FAST: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
_FRESH: Final = (0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0, 86400.0)

POLLS: Final = Metric(
    name="polls", kind=Kind.COUNTER, help="Polls of feeds, by outcome", labels={"outcome": _values(PollOutcome)}
)
POLL_SECONDS: Final = Metric(name="poll_seconds", kind=Kind.HISTOGRAM, help="Time of one poll", buckets=_FAST)
POLL_DELAY_SECONDS: Final = Metric(
    name="poll_delay_seconds", kind=Kind.HISTOGRAM, help="From the time a poll was due to its start", buckets=_FRESH
)
FETCHED_BYTES: Final = Metric(name="fetched_bytes", kind=Kind.COUNTER, help="Body bytes as they came over the wire")
SAVED_BYTES: Final = Metric(
    name="saved_bytes",
    kind=Kind.COUNTER,
    help="Body bytes that 304 answers saved, taking a feed's last body as measure",
)
ENTRIES: Final = Metric(
    name="entries", kind=Kind.COUNTER, help="Entries published", labels={"kind": ("new", "updated")}
)
FULL_TEXTS: Final = Metric(
    name="full_texts",
    kind=Kind.COUNTER,
    help="Pages asked for the full text of an entry, by what was used in the end",
    labels={"used": ("page", "feed")},
)
FEEDS: Final = Metric(
    name="feeds", kind=Kind.GAUGE, help="Feeds that this worker owns", labels={"status": _values(FeedStatus)}
)
FEEDS_BY_OUTCOME: Final = Metric(
    name="feeds_by_outcome",
    kind=Kind.GAUGE,
    help="Feeds that this worker owns and has polled, by what came of the last poll",
    labels={"outcome": _values(PollOutcome)},
)
ARTICLES_IN: Final = Metric(
    name="articles_in", kind=Kind.COUNTER, help="Messages that a stage has finished", labels={"stage": _STAGES}
)
ARTICLES_OUT: Final = Metric(
    name="articles_out",
    kind=Kind.COUNTER,
    help="Records that a stage has sent and the brokers acknowledged, by topic",
    labels={"stage": _STAGES, "topic": _TOPIC_NAMES},
)
IN_PROGRESS: Final = Metric(
    name="messages_in_progress",
    kind=Kind.GAUGE,
    help="Messages that a stage has taken and not finished; of poll, polls under way",
    labels={"stage": _STAGES},
)
DUPLICATES: Final = Metric(
    name="duplicates", kind=Kind.COUNTER, help="Articles that repeat another", labels={"kind": _values(DuplicateKind)}
)
EVENTS: Final = Metric(
    name="events",
    kind=Kind.COUNTER,
    help="Conflict events extracted",
    labels={"sub_event_type": _values(SubEventType), "modality": _values(Modality)},
)
EVENTS_BY_COUNTRY: Final = Metric(
    name="events_by_country",
    kind=Kind.COUNTER,
    help="Conflict events extracted, by the country (ISO 3166-1 alpha-3) of the act",
    labels={"country": (*COUNTRIES, "unknown")},
)
COUNTS: Final = Metric(
    name="counts", kind=Kind.COUNTER, help="Evacuation counts extracted", labels={"term": _values(Term)}
)
DEAD_LETTERS: Final = Metric(
    name="dead_letters",
    kind=Kind.COUNTER,
    help="Messages that could not be processed",
    labels={"stage": _STAGES, "reason": _values(DeadReason)},
)
STAGE_SECONDS: Final = Metric(
    name="stage_seconds",
    kind=Kind.HISTOGRAM,
    help="Time that a stage's core worked on one message",
    labels={"stage": _STAGES},
    buckets=_FAST,
)
BATCH_SECONDS: Final = Metric(
    name="batch_seconds",
    kind=Kind.HISTOGRAM,
    help="Time of one batch, from the first message to the last acknowledgement",
    labels={"stage": _STAGES},
    buckets=_FAST,
)
FETCHED_TO_EXTRACTED: Final = Metric(
    name="fetched_to_extracted_seconds",
    kind=Kind.HISTOGRAM,
    help="From the fetch of an article to its extracted records on their topics",
    buckets=_FRESH,
)
PUBLISHED_TO_EXTRACTED: Final = Metric(
    name="published_to_extracted_seconds",
    kind=Kind.HISTOGRAM,
    help="From the publication of an article to its extracted records on their topics",
    buckets=_FRESH,
)
FETCHED_TO_TOLD: Final = Metric(
    name="fetched_to_told_seconds",
    kind=Kind.HISTOGRAM,
    help="From the fetch of an article to its story and totals on their topics",
    buckets=_FRESH,
)
PUBLISHED_TO_TOLD: Final = Metric(
    name="published_to_told_seconds",
    kind=Kind.HISTOGRAM,
    help="From the publication of an article to its story and totals on their topics",
    buckets=_FRESH,
)
HEARTBEATS: Final = Metric(
    name="heartbeats",
    kind=Kind.COUNTER,
    help="Heartbeats that came to a stage (poll: that it sent), by what came of them; late ones end there",
    labels={"stage": _STAGES, "outcome": ("passed", "failed", "late")},
)
HEARTBEAT_AT: Final = Metric(
    name="heartbeat_timestamp_seconds",
    kind=Kind.GAUGE,
    help="When the last heartbeat that passed a stage was sent, in seconds since 1970, by partition of articles.raw",
    labels={"stage": _STAGES, "partition": _PARTITIONS},
)
HEARTBEAT_INTERVAL: Final = Metric(
    name="heartbeat_interval_seconds",
    kind=Kind.GAUGE,
    help="Time between two heartbeats that poll sends; 0: it sends none",
)
HEARTBEAT_SECONDS: Final = Metric(
    name="heartbeat_seconds",
    kind=Kind.HISTOGRAM,
    help="From the sending of a heartbeat to its end at a stage; of total, through the whole line",
    labels={"stage": _STAGES},
    buckets=_FRESH,
)
CONSUMER_LAG: Final = Metric(
    name="consumer_lag_messages",
    kind=Kind.GAUGE,
    help="Messages of an owned partition that are not finished",
    labels={"topic": _TOPIC_NAMES, "partition": _PARTITIONS},
)
FINISHED_UP_TO: Final = Metric(
    name="consumer_finished_timestamp_seconds",
    kind=Kind.GAUGE,
    help="Up to which record time (when poll sent the article) an owned partition is finished; now if nothing waits",
    labels={"topic": _TOPIC_NAMES, "partition": _PARTITIONS},
)
LAST_PROCESSED: Final = Metric(
    name="last_processed_timestamp_seconds",
    kind=Kind.GAUGE,
    help="When a message was last finished, in seconds since 1970",
    labels={"stage": _STAGES},
)
PARTITIONS: Final = Metric(
    name="partitions_assigned", kind=Kind.GAUGE, help="Partitions that this worker owns", labels={"topic": _TOPIC_NAMES}
)
READY: Final = Metric(
    name="ready",
    kind=Kind.GAUGE,
    help="Whether the worker is ready as /readyz tells it: 1 or 0",
    labels={"stage": _STAGES},
)
REBALANCES: Final = Metric(name="rebalances", kind=Kind.COUNTER, help="Times that partitions were given out anew")
STATE_KEYS: Final = Metric(
    name="state_keys",
    kind=Kind.GAUGE,
    help="Keys in the owned partitions' state when they were restored",
    labels={"topic": _TOPIC_NAMES},
)
RESTORED: Final = Metric(
    name="state_restored_records",
    kind=Kind.COUNTER,
    help="Records read from the state topic to restore partitions",
    labels={"topic": _TOPIC_NAMES},
)
RESTORE_SECONDS: Final = Metric(
    name="state_restore_seconds", kind=Kind.HISTOGRAM, help="Time to restore what was assigned", buckets=_FRESH
)
STATE_REPAIRS: Final = Metric(
    name="state_repairs",
    kind=Kind.COUNTER,
    help="State records written again because a former owner had overwritten them",
    labels={"topic": _TOPIC_NAMES},
)
STATE_ELSEWHERE: Final = Metric(
    name="state_elsewhere",
    kind=Kind.GAUGE,
    help="Owned partitions whose state is not in the state folder, as that cannot be written or has no room",
    labels={"topic": _TOPIC_NAMES},
)
SEND_SECONDS: Final = Metric(
    name="send_seconds",
    kind=Kind.HISTOGRAM,
    help="From handing records that belong together to the producer to the last acknowledgement, retries included",
    buckets=_FAST,
)
COMMIT_SECONDS: Final = Metric(
    name="commit_seconds", kind=Kind.HISTOGRAM, help="Time of one commit of offsets that succeeded", buckets=_FAST
)
SEND_RETRIES: Final = Metric(
    name="send_retries", kind=Kind.COUNTER, help="Records sent again after a transient failure of the brokers"
)
BUILD: Final = Metric(
    name="build_info", kind=Kind.GAUGE, help="1, with the version as a label", labels={"version": None, "stage": None}
)

METRICS: Final = (
    POLLS,
    POLL_SECONDS,
    POLL_DELAY_SECONDS,
    FETCHED_BYTES,
    SAVED_BYTES,
    ENTRIES,
    FULL_TEXTS,
    FEEDS,
    FEEDS_BY_OUTCOME,
    ARTICLES_IN,
    ARTICLES_OUT,
    IN_PROGRESS,
    DUPLICATES,
    EVENTS,
    EVENTS_BY_COUNTRY,
    COUNTS,
    DEAD_LETTERS,
    STAGE_SECONDS,
    BATCH_SECONDS,
    FETCHED_TO_EXTRACTED,
    PUBLISHED_TO_EXTRACTED,
    FETCHED_TO_TOLD,
    PUBLISHED_TO_TOLD,
    HEARTBEATS,
    HEARTBEAT_AT,
    HEARTBEAT_INTERVAL,
    HEARTBEAT_SECONDS,
    CONSUMER_LAG,
    FINISHED_UP_TO,
    LAST_PROCESSED,
    PARTITIONS,
    READY,
    REBALANCES,
    STATE_KEYS,
    RESTORED,
    RESTORE_SECONDS,
    STATE_REPAIRS,
    STATE_ELSEWHERE,
    SEND_SECONDS,
    COMMIT_SECONDS,
    SEND_RETRIES,
    BUILD,
)


class Metrics:
    """The values of one process, in a registry of its own, and what the system tells of it (`process_...`)."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._held = {metric.name: self._make(metric) for metric in METRICS}
        self._children: dict[tuple[object, ...], Counter | Gauge | Histogram] = {}

    def add(self, metric: Metric, amount: float = 1, **labels: str) -> None:
        """Add to a counter.

        Raises:
            ValueError: a label or one of its values is not in the table.
        """
        held = self._of(metric, labels)
        assert isinstance(held, Counter)
        held.inc(amount)

    def set(self, metric: Metric, value: float, **labels: str) -> None:
        """Set a gauge. Raises ValueError as `add` does."""
        held = self._of(metric, labels)
        assert isinstance(held, Gauge)
        held.set(value)

    def renew(self, metric: Metric, label: str, values: Mapping[str, float], **others: str) -> None:
        """Set a gauge for each value of one of its labels, `others` being the rest; all else that it held is gone."""
        held = self._held[metric.name]
        held.clear()
        self._children = {key: child for key, child in self._children.items() if key[0] != metric.name}
        for value, number in values.items():
            self.set(metric, number, **{label: value}, **others)

    def observe(self, metric: Metric, value: float, **labels: str) -> None:
        """Enter a value into a histogram. Raises ValueError as `add` does."""
        held = self._of(metric, labels)
        assert isinstance(held, Histogram)
        held.observe(value)

    def expose(self) -> bytes:
        """All values in Prometheus' text format."""
        return generate_latest(self._registry)

    def value(self, name: str, labels: Mapping[str, str] | None = None) -> float | None:
        """One sample by its exposed name, None if it has no value yet (for checks and status lines)."""
        return self._registry.get_sample_value(name, dict(labels or {}))

    def _make(self, metric: Metric) -> Counter | Gauge | Histogram:
        names, name = tuple(metric.labels), f"{PREFIX}_{metric.name}"
        if metric.kind is Kind.COUNTER:
            return Counter(name, metric.help, names, registry=self._registry)
        if metric.kind is Kind.GAUGE:
            return Gauge(name, metric.help, names, registry=self._registry)
        return Histogram(name, metric.help, names, registry=self._registry, buckets=metric.buckets)

    def _of(self, metric: Metric, labels: dict[str, str]) -> Counter | Gauge | Histogram:
        held = self._held[metric.name]
        if not metric.labels:
            return held
        key = (metric.name, *labels.items())
        child = self._children.get(key)
        if child is None:
            _check(metric, labels)
            child = self._children[key] = held.labels(**labels)
        return child


def observe_age(metrics: Metrics, metric: Metric, since: str | None) -> None:
    """Enter how long ago an instant of a record was; one that is unknown (None) is left out."""
    if since is not None:
        metrics.observe(metric, time.time() - datetime.fromisoformat(since).timestamp())


def _check(metric: Metric, labels: Mapping[str, str]) -> None:
    if set(labels) != set(metric.labels):
        raise ValueError(f"{metric.full_name} takes the labels {', '.join(metric.labels)}, not {', '.join(labels)}")
    for label, value in labels.items():
        values = metric.labels[label]
        if values is not None and value not in values:
            raise ValueError(f"{metric.full_name} has no value {value!r} for its label {label!r}")
