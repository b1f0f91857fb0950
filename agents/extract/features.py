"""What the story finder compares of an article: names, places, figures and event types, the same in all languages.

Places and groups stand under their English names, so that articles of two languages on one matter have them in common;
other names are as folded text of their own script.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.fold import fold
from agents.extract.place_names import PlaceNames
from agents.extract.places import ArticlePlaces
from agents.extract.story_terms import terms_of
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
        terms=terms_of(analysis.sentences),
    )


def _most(features: Iterable[str]) -> tuple[str, ...]:
    times: dict[str, int] = {}
    for feature in features:
        times[feature] = times.get(feature, 0) + 1
    return tuple(sorted(times, key=times.__getitem__, reverse=True)[:MAX_EACH])


def _names(sentence: Sentence, names: PlaceNames) -> Iterator[str]:
    """English names of groups, and capitalised words inside a sentence that the lexicon does not know."""
    tokens = sentence.tokens
    taken = sentence.taken()
    behind = 0
    for at in names.beginnings(sentence):
        if at < behind:
            continue
        first = names.word(tokens[at])
        group = names.group_at(tokens, at) if first.group_starts else None
        if group is not None:
            yield fold(group[0].name)
            behind = group[1]
        elif at and first.capital and at not in taken:
            behind = at + 1
            last = min(len(tokens), at + _MAX_NAME_WORDS)
            while behind < last and behind not in taken and names.word(tokens[behind]).capital:
                behind += 1
            if len(tokens[at].text) > 1:
                yield " ".join([names.word(token).folded for token in tokens[at:behind]])


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
