"""Who acts: which kind of actor a noun phrase names, so that territory and captives are coded on the right side."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What kind of actor a phrase names."""

    STATE = "state"  # a government, its army, its intelligence
    POLICE = "police"  # police, gendarmerie, border guards: of a state, but not its army
    PEACEKEEPERS = "peacekeepers"
    ARMED_GROUP = "armed_group"  # rebels, militias, gangs, unrecognised republics
    PROTESTERS = "protesters"
    CIVILIANS = "civilians"
    AID = "aid"  # relief organisations and rescuers


@dataclass(frozen=True, slots=True)
class Actor:
    """What is known of a phrase that names an actor: its kind, and the ISO 3166-1 alpha-3 code of its state."""

    kind: ActorKind | None
    country: str | None

    @property
    def of_state(self) -> bool:
        """Whether it acts for a recognised state (army or police)."""
        return self.kind in (ActorKind.STATE, ActorKind.POLICE)
