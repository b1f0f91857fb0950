"""A language ready for work: its pack with the matchers made from it. Made once at start, read by every article."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from agents.extract.actors import ActorNames
from agents.extract.cases import Cases
from agents.extract.dictionaries import prepare
from agents.extract.gazetteer import Gazetteer
from agents.extract.kept import Rooms
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
    cases: Cases

    @classmethod
    def of_pack(cls, pack: Pack, gazetteer: Gazetteer, rooms: Rooms | None = None) -> "Language":
        """Build the matchers of a pack, which keep what they know of words in `rooms`."""
        rooms = rooms or Rooms()
        places = PlaceNames.of_pack(pack, gazetteer, rooms)
        cases = _cases(pack, places)
        figures = FigureReader.of_pack(pack, _nations(places), cases)
        lexicon = Lexicon(pack, rooms.words)
        before = _prepositions(pack, lexicon)
        return cls(pack, lexicon, places, ActorNames(places), figures, before, cases)


_VERBS: Final = ("act.", "term.", "move.", "say.verb")


def _cases(pack: Pack, places: PlaceNames) -> Cases:
    return Cases.of_pack(pack, lambda word: places.countries.named(word) is not None)


def _prepositions(pack: Pack, lexicon: Lexicon) -> frozenset[str]:
    """Place words and case cues, but for the verbs among the place words ("entered")."""
    cues = (pack.concepts.get(f"cue.{cue}", ()) for cue in ("against", "recipient", "by"))
    words = {phrase.lstrip("=^") for phrases in cues for phrase in phrases if " " not in phrase}
    places = pack.data.get("places", {})
    words |= {word for key in ("at", "source", "goal") for word in places.get(key, ()) if not _is_verb(lexicon, word)}
    return frozenset(map(pack.spelling.normal, words - {"of"}))


def _is_verb(lexicon: Lexicon, word: str) -> bool:
    entry = lexicon.form_of(word).entry
    return entry is not None and any(concept.startswith(_VERBS) for concept in entry.alone)


def _nations(places: PlaceNames) -> Callable[[str], bool]:
    return lambda word: places.countries.of_word(word) is not None


def load_languages(gazetteer: Gazetteer) -> Mapping[str, Language]:
    """All languages by code.

    Raises:
        PackError: a pack is wrong.
    """
    packs = load_packs()
    prepare(packs)
    rooms = Rooms()
    return {code: Language.of_pack(pack, gazetteer, rooms) for code, pack in packs.items()}
