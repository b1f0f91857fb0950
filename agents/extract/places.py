"""Named places of an article: mentions, what GeoNames knows of them, and which place an act happened at.

Homonyms are decided by the article's other places and country; what stays open is None, never a guess.
"""

from dataclasses import dataclass

from streams.vocabulary import PlacePrecision


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer. `country` is ISO 3166-1 alpha-3; `geoname_id` None for places of our own overlay."""

    name: str
    geoname_id: int | None
    country: str | None
    lat: float | None
    lon: float | None
    precision: PlacePrecision
    population: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a sentence names. `first`, `last` are token indexes, `start`, `end` offsets into the text.

    `cue` is `in`, `from`, `to` or None: what the word before (or the case ending) says of the place's part.
    `place` is None where the text names a place ("the village of X") that the gazetteer does not know or cannot decide.
    """

    sentence: int
    first: int
    last: int
    start: int
    end: int
    text: str
    cue: str | None
    place: Place | None
    country: str | None


@dataclass(frozen=True, slots=True)
class ActPlace:
    """Where an act happened: `text` as the article writes it, `country` from place or setting, and the resolved place."""

    text: str | None
    country: str | None
    place: Place | None


# ArticlePlaces(analysis, gazetteer), one an article, lazy:
#   .mentions(sentence) -> tuple[Mention, ...]          places of one sentence, in order
#   .setting -> str | None                              country that the article as a whole plays in
#   .of_act(sentence, first, last) -> ActPlace          most exact place of the act in tokens first..last of the sentence
#   .origin(sentence, first, last) -> Mention | None    where people leave from
#   .destination(sentence, first, last) -> Mention | None
# Gazetteer.open(folder) (gazetteer.py) builds the index at first use and maps it; `shared_gazetteer()` is the default.
# actors.read_actor(analysis, sentence, first, last) -> Actor, actors.read_actor_text(text, pack) -> Actor
