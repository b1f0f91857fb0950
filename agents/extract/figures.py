"""A figure: a number with what it counts and how its wording bounds it."""

from dataclasses import dataclass
from typing import Final

from agents.extract.numerals import Number
from streams.records import Count
from streams.vocabulary import Unit

_PLAIN_GROUPS: Final = frozenset(
    [
        *("people", "residents", "villagers", "citizens", "nationals", "families", "refugees", "migrants"),
        *("evacuees", "relatives", "displaced_people", "asylum_seekers"),
    ]
)
"""Words for people as such: a figure of them counts people, not a group of them."""
_SAME_GROUP: Final = {"infants": "children", "babies": "children", "minors": "children"}


@dataclass(slots=True)
class Figure:
    """A number that counts something, in tokens `first`..`last` (quantifier and noun included) of a sentence.

    `noun` is the concept of what is counted, None where the figure stands alone or its noun is unknown (`unknown`).
    `share` holds the bounds of a share in 0..1 instead of a count.
    """

    first: int
    last: int
    number: Number | None
    count: Count
    noun: str | None
    unit: Unit | None
    group: str | None
    unknown: bool = False
    share: tuple[float | None, float | None] | None = None

    @property
    def of_people(self) -> bool:
        """Whether its noun says that it counts people or households."""
        return self.unit is not None


def group_name(concept: str) -> str | None:
    """The English plural noun of a `group.*` concept, None for people as such."""
    word = concept.partition(".")[2]
    return None if word in _PLAIN_GROUPS else _SAME_GROUP.get(word, word).replace("_", " ")
