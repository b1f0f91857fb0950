"""The whole of extraction: one article in; events, counts and story features out, with the trace of how."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from agents.extract.analysis import Analysis, analyse
from agents.extract.conflict import Conflict, conflict
from agents.extract.counts import evacuation_counts
from agents.extract.domain import Evidence
from agents.extract.features import story_features
from agents.extract.gazetteer import shared_gazetteer
from agents.extract.language import Language, load_languages
from agents.extract.places import ArticlePlaces
from agents.extract.story_terms import story_terms
from agents.extract.version import extractor_version
from streams.records import Article, ConflictEvent, EvacuationCount, StoryFeatures

_YOUNG_OBJECTS: Final = 20_000
"""New objects after which the collector looks for cycles among them: those of one article or two."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one article led to. `complete` is False where the article was too long to read whole.

    `analysis` and `conflict` are None where the language has no pack; `explain` reads them.
    """

    events: tuple[ConflictEvent, ...] = ()
    counts: tuple[EvacuationCount, ...] = ()
    features: StoryFeatures = field(default_factory=StoryFeatures)
    complete: bool = True
    analysis: Analysis | None = None
    conflict: Conflict | None = None


class Engine:
    """Extraction for all languages that have a pack."""

    def __init__(self, languages: Mapping[str, Language], extractor: str | None = None) -> None:
        """`extractor` is the version that records carry, by default that of the rules and packs as they are."""
        self.languages = languages
        self.version = extractor or extractor_version()

    def extract(self, article: Article) -> Extraction:
        """Read one article; of a language without a pack only the words. Never raises for any text."""
        language = self.languages.get(article.language)
        if language is None:
            return Extraction(features=StoryFeatures(terms=story_terms(article.title, article.body)))
        analysis = analyse(article, language.lexicon)
        places = ArticlePlaces(analysis, language.places)
        evidence = Evidence(analysis, language.actors)
        found = conflict(analysis, language, places, evidence, self.version)
        counts = () if evidence.is_all_play else evacuation_counts(analysis, language, places, self.version)
        features = story_features(analysis, places, language.places, found.events, counts)
        analysis.memo.clear()  # what is kept there points back at the analysis: a cycle would wait for the collector
        return Extraction(found.events, counts, features, analysis.complete, analysis, found)


@cache
def shared_engine() -> Engine:
    """The process's one engine with all languages, for whatever reads many articles; a few seconds when first asked.

    Packs and places live as long as the process: they are taken out of garbage collection, which would cost a third of
    an article's time. An article leaves no cycles behind, so that the collector need not look after every 700 objects.

    Raises:
        PackError: a pack is wrong.
        GazetteerError: the index of places can neither be read nor built.
    """
    engine = Engine(load_languages(shared_gazetteer()))
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
    return engine
