"""Places as a sentence names them: what is read of each before and after it is resolved."""

from dataclasses import dataclass
from typing import Final

from agents.extract.overlay import Place
from agents.extract.place_words import Candidate
from streams.vocabulary import PlacePrecision

REGION: Final = 1
TOWN: Final = 2
"""How exact mentions are: see `Mention.exactness`."""

_EXACTNESS: Final = {PlacePrecision.COUNTRY: 0, PlacePrecision.REGION: REGION}


@dataclass(slots=True)
class Mention:
    """A place that a sentence names. `first`, `last` are token indexes, `start`, `end` offsets into the text.

    `cue` is `at`, `source`, `goal` or None: what the word before (or the ending) says of the place's part. `place` is
    None where the text names a place that is unknown or cannot be decided. `site`: a named camp, bridge and the like;
    `wide`: a kind noun says that it is a province or the like. `seat`: the best guess of several is a capital.
    """

    sentence: int
    first: int
    last: int
    start: int
    end: int
    text: str
    cue: str | None
    place: Place | None = None
    country: str | None = None
    site: bool = False
    wide: bool = False
    seat: bool = False

    @property
    def exactness(self) -> int:
        """0 country, 1 region (`REGION`), 2 town or an unknown place (`TOWN`), 3 site."""
        if self.site:
            return 3
        if self.place is None:
            return REGION if self.wide else TOWN
        if self.wide:
            return min(REGION, _EXACTNESS.get(self.place.precision, TOWN))
        return _EXACTNESS.get(self.place.precision, TOWN)


@dataclass(slots=True)
class Seen:
    """A mention before it is resolved. `weak`: nothing says that it is a place, unless the article does elsewhere.

    `common`: a word of the dictionary in a script without capitals, which says little.
    """

    mention: Mention
    candidates: tuple[Candidate, ...]
    weak: bool
    common: bool = False


@dataclass(slots=True)
class Read:
    """What a sentence names: places in order, and countries (alpha-3) by their adjectives and forces."""

    places: list[Seen]
    countries: list[str]
