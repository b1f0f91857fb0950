"""Which topic each worker role owns partitions of, and where it keeps its state."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from streams.vocabulary import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One worker role: the topic it owns partitions of, and its changelog with as many partitions (both bare)."""

    stage: Stage
    source: str
    state: str


ROLES: Final = MappingProxyType(
    {
        role.stage: role
        for role in (
            Role(stage=Stage.POLL, source="feeds", state="feeds.state"),
            Role(stage=Stage.DEDUPLICATE, source="articles.raw", state="deduplicate.state"),
            Role(stage=Stage.EXTRACT, source="articles.unique", state="extract.state"),
            Role(stage=Stage.TOTAL, source="articles.extracted", state="total.state"),
        )
    }
)
