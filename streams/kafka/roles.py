"""Which topic each worker role owns partitions of, and where it keeps its state."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from streams.heartbeat import TOPIC as HEARTBEATS
from streams.vocabulary import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One worker role: the topic it owns partitions of, its changelog with as many partitions, and the topics that it
    sends to besides the dead letters. Names are bare.

    Args:
        beside: whether its heartbeats come on the topic `heartbeats`, as subscribers read its source.
        by_offset: whether state belongs to the offsets of the source topic, so that it is worth nothing, and would give
            wrong answers, for another topic of that name.
        state_format: the format of the values that this release writes as state.
        reads_format: the highest that it reads. A new format is read one release before it is written.
    """

    stage: Stage
    source: str
    state: str
    sends: tuple[str, ...]
    beside: bool = False
    by_offset: bool = False
    state_format: int = 1
    reads_format: int = 1


ROLES: Final = MappingProxyType(
    {
        role.stage: role
        for role in (
            Role(stage=Stage.POLL, source="feeds", state="feeds.state", sends=("articles.raw", "feeds.health")),
            Role(
                stage=Stage.DEDUPLICATE,
                source="articles.raw",
                state="deduplicate.state",
                sends=("articles.unique", "articles.duplicates", HEARTBEATS),
                by_offset=True,
            ),
            Role(
                stage=Stage.EXTRACT,
                source="articles.unique",
                state="extract.state",
                sends=("conflict.events", "evacuation.counts", "articles.extracted", HEARTBEATS),
                beside=True,
            ),
            Role(
                stage=Stage.TOTAL,
                source="articles.extracted",
                state="total.state",
                sends=("stories", "evacuation.totals", HEARTBEATS),
                by_offset=True,
            ),
        )
    }
)
