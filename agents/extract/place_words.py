"""What is known of a written word as a name of a place, or as what stands around one."""

from dataclasses import dataclass

from agents.extract.overlay import Place


@dataclass(slots=True)
class Base:
    """A form that a written word may be of: its folded words, what the change cost, and the part its ending tells."""

    words: tuple[str, ...]
    cost: float
    cue: str | None


@dataclass(slots=True)
class Candidate:
    """What a name may mean: an entry of the gazetteer (`number`), or a ready place (overlay, country)."""

    number: int | None
    place: Place | None
    country: str | None
    cost: float
    cue: str | None


@dataclass(slots=True)
class Word:
    """What is known of a written word wherever it stands; made once for each.

    `folded` are its folded words joined, `cue` and the marks from `kind` on say what it is before or after a name;
    `starts` are the forms with which known places begin, `group_starts` those with which groups do; `country` is the
    alpha-3 code of the country that it is made of ("Syrian"), `ending` the cue of its own ending; once asked, `common`
    says whether the dictionary has it, `named` all that it may name alone.
    """

    folded: str
    capital: bool
    cased: bool
    cue: str | None
    kind: bool
    kind_after: bool
    link: bool
    starts: tuple[tuple[Base, bool], ...]
    group_starts: tuple[tuple[str, ...], ...]
    country: str | None
    ending: str | None
    common: bool | None = None
    named: tuple[Candidate, ...] | None = None

    @property
    def plain(self) -> bool:
        """Whether it stands around names and so begins none."""
        return self.kind or self.kind_after or self.cue is not None
