"""What a frame is: a rule that makes an event of a word and of what stands near by. The table is `frames`."""

from dataclasses import dataclass, field

from agents.extract.concepts import bits
from streams.vocabulary import SubEventType as T


@dataclass(slots=True)
class Near:
    """One of these concepts at most so many tokens to the left or right of the trigger, in the same sentence part.

    `bits` are the concepts as bits of one number.
    """

    concepts: tuple[str, ...]
    left: int = 7
    right: int = 7
    bits: int = field(init=False)

    def __post_init__(self) -> None:
        self.bits = bits(*self.concepts)


@dataclass(slots=True)
class Frame:
    """`rule` names the frame in records and in explain; of `type` None, `choose` names its chooser in `choose.py`."""

    rule: str
    triggers: tuple[str, ...]
    type: T | None = None
    choose: str = ""
    needs: tuple[Near, ...] = ()
    vetoes: tuple[Near, ...] = ()
    weak: bool = False
    """Its words also tell of common crime, accidents and games: it needs other evidence of conflict in the article."""
    nominal: bool = False
    """The trigger is a noun of the act ("clashes"): what stands before it is no subject."""
    confidence: float = 0.8
