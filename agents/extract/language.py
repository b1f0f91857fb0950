"""A language ready for work: its pack with the matchers made from it. Made once at start, read by every article."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agents.extract.actors import ActorNames
from agents.extract.gazetteer import Gazetteer
from agents.extract.lexicon import Lexicon
from agents.extract.pack import Pack, load_packs
from agents.extract.place_names import PlaceNames
from agents.extract.quantity import FigureReader


@dataclass(frozen=True, slots=True)
class Language:
    """One pack and what is built from it."""

    pack: Pack
    lexicon: Lexicon
    places: PlaceNames
    actors: ActorNames
    figures: FigureReader
    prepositions: frozenset[str]
    """Normal forms that make the noun phrase behind them an adjunct: place words and case cues of the pack."""

    @classmethod
    def of_pack(cls, pack: Pack, gazetteer: Gazetteer) -> "Language":
        """Build the matchers of a pack."""
        places = PlaceNames.of_pack(pack, gazetteer)
        figures = FigureReader.of_pack(pack, _nations(places))
        return cls(pack, Lexicon(pack), places, ActorNames(places), figures, _prepositions(pack))


def _prepositions(pack: Pack) -> frozenset[str]:
    cues = (pack.concepts.get(f"cue.{cue}", ()) for cue in ("against", "recipient", "by"))
    words = {phrase.lstrip("=^") for phrases in cues for phrase in phrases if " " not in phrase}
    places = pack.data.get("places", {})
    words |= {word for key in ("at", "source", "goal") for word in places.get(key, ())}
    return frozenset(map(pack.spelling.normal, words - {"of"}))


def _nations(places: PlaceNames) -> Callable[[str], bool]:
    return lambda word: places.countries.of_word(word) is not None


def load_languages(gazetteer: Gazetteer) -> Mapping[str, Language]:
    """All languages by code.

    Raises:
        PackError: a pack is wrong.
    """
    return {code: Language.of_pack(pack, gazetteer) for code, pack in load_packs().items()}
