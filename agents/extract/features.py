"""What the story finder compares of an article: names, places, figures and event types, the same in all languages.

Places and groups stand under their English names, so that articles of two languages on one matter have them in common;
other names are as folded text of their own script.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.fold import fold
from agents.extract.place_names import PlaceNames
from agents.extract.places import ArticlePlaces
from agents.extract.text import Sentence
from streams.records import ConflictEvent, EvacuationCount, StoryFeatures

MAX_EACH: Final = 40
"""Features of a kind that an article carries, the most frequent ones first."""

_MAX_NAME_WORDS: Final = 4
_LEAST_NUMBER: Final = 3
_YEARS: Final = range(1900, 2101)


def story_features(
    analysis: Analysis,
    places: ArticlePlaces,
    names: PlaceNames,
    events: Sequence[ConflictEvent],
    counts: Sequence[EvacuationCount],
) -> StoryFeatures:
    """The features of one article, each kind by frequency, then by first sight."""
    return StoryFeatures(
        names=_most(name for sentence in analysis.sentences for name in _names(sentence, names)),
        places=_most(_places(analysis, places)),
        numbers=_most(_numbers(analysis, counts)),
        event_types=tuple(sorted({str(event.sub_event_type) for event in events})),
    )


def _most(features: Iterator[str]) -> tuple[str, ...]:
    return tuple(feature for feature, _ in Counter(features).most_common(MAX_EACH))


def _names(sentence: Sentence, names: PlaceNames) -> Iterator[str]:
    """English names of groups, and capitalised words inside a sentence that the lexicon does not know."""
    tokens = sentence.tokens
    words = names.words_of(sentence)
    taken = sentence.taken()
    at = 0
    while at < len(tokens):
        if not (words[at].capital or words[at].group_starts):
            at += 1
            continue
        group = names.group_at(tokens, at) if words[at].group_starts else None
        if group is not None:
            yield fold(group[0].name)
            at = group[1]
            continue
        end = at
        while at and end < min(len(tokens), at + _MAX_NAME_WORDS) and words[end].capital and end not in taken:
            end += 1
        if end > at and len(tokens[at].text) > 1:
            yield " ".join(word.folded for word in words[at:end])
        at = max(end, at + 1)


def _places(analysis: Analysis, places: ArticlePlaces) -> Iterator[str]:
    for sentence in analysis.sentences:
        for mention in places.mentions(sentence):
            yield fold(mention.place.name if mention.place else mention.text)


def _numbers(analysis: Analysis, counts: Sequence[EvacuationCount]) -> Iterator[str]:
    """Figures in digits, without years and small numbers, and those of the counts."""
    yield from (str(count.reported) for count in counts if count.reported is not None)
    for sentence in analysis.sentences:
        for index in sentence.numbers:
            value = _value(sentence.tokens[index].text)
            if value is not None and value >= _LEAST_NUMBER and value not in _YEARS:
                yield str(value)


def _value(text: str) -> int | None:
    """The whole number that digits write; groups of three may be parted. None for decimals, times and the like."""
    if text.isdecimal() and len(text) <= 15:
        return int(text)
    parts = "".join(c if c.isdecimal() else " " for c in text).split()
    if not parts or len(text) > 15 or any(len(part) != 3 for part in parts[1:]):
        return None
    return int("".join(parts))
