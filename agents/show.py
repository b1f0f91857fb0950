"""Records as lines that people read: figures in words, acts as who did what to whom. Pure formatting.

Everything shown was written by strangers: control characters (a terminal would obey them) and marks that reverse the
direction of text are taken out.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any, Final

from streams.records import (
    Casualties,
    ConflictEvent,
    Count,
    DeadLetter,
    Duplicate,
    EvacuationCount,
    EvacuationTotal,
    ExtractedArticle,
    Item,
    Part,
    RawArticle,
    Story,
)
from streams.vocabulary import Flow, Modality, Quantifier, Term, Unit

_DIRECTION_MARKS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_BOUND_WORDS: Final = MappingProxyType(
    {
        Quantifier.EXACT: "",
        Quantifier.APPROXIMATELY: "about ",
        Quantifier.MORE_THAN: "more than ",
        Quantifier.AT_LEAST: "at least ",
        Quantifier.LESS_THAN: "fewer than ",
        Quantifier.UP_TO: "up to ",
        Quantifier.BETWEEN: "",
        Quantifier.VAGUE: "",
    }
)
_VAGUE_WORDS: Final = MappingProxyType(
    {3: "several", 10: "tens", 12: "dozens", 100: "hundreds", 1000: "thousands", 10_000: "tens of thousands"}
)
"""The units of the contract's vague figures, by their lower bound."""

_TERM_WORDS: Final = MappingProxyType(
    {
        Term.EVACUATED: "evacuated",
        Term.DISPLACED: "displaced",
        Term.FORCED_TO_FLEE: "forced to flee",
        Term.RELOCATED: "relocated",
        Term.SHELTERED: "sheltered",
        Term.REFUGEE: "across a border",
        Term.RETURNED: "returned",
        Term.HOMELESS: "homeless",
        Term.AWAITING_EVACUATION: "awaiting evacuation",
    }
)
_SHARE_WORDS: Final = MappingProxyType(
    {0.25: "a quarter", 0.33: "a third", 0.5: "half", 0.67: "two thirds", 0.75: "three quarters", 1.0: "all"}
)
_HOUR_WORDS: Final = MappingProxyType({"06:00": "morning", "12:00": "noon", "18:00": "evening"})
"""The hours that the contract gives to parts of a day."""


def plain(text: str | None) -> str:
    """Text that is safe in a terminal, on one line; empty for None."""
    letters = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text or "")
    return " ".join("".join(c for c in letters if c not in _DIRECTION_MARKS).split())


def figure_words(figure: Count | Casualties | Item | Part | EvacuationCount) -> str:
    """A figure with what its wording allows: `more than 2,000`, `5,000 to 7,000`, `dozens`, `half`."""
    words = _BOUND_WORDS[figure.quantifier]
    if isinstance(figure, Part) and (figure.share_low, figure.share_high) != (None, None):
        share = figure.share_low if figure.share_low is not None else figure.share_high
        assert share is not None
        return words + _SHARE_WORDS.get(round(share, 2), f"{share:.0%}")
    if figure.quantifier is Quantifier.VAGUE and figure.low is not None:
        return _VAGUE_WORDS.get(figure.low, f"{figure.low:,} or more")
    if figure.reported is not None:
        return f"{words}{figure.reported:,}"
    bounds = [f"{bound:,}" for bound in (figure.low, figure.high) if bound is not None]
    return " to ".join(bounds) or "an unknown number"


def moment_words(moment: str | None) -> str:
    """A local date, with the contract's hours as parts of the day: `2023-09-20 morning`."""
    date, _, hour = plain(moment).partition("T")
    return f"{date} {_HOUR_WORDS.get(hour, hour)}".strip()


def count_words(count: EvacuationCount) -> str:
    """An evacuation count as one phrase, without its source."""
    people = _noun(count)
    head = f"{figure_words(count)} {people} {_TERM_WORDS[count.term]}"
    return ", ".join(filter(None, (_in_mood(count.modality, head), *_circumstances(count))))


def _noun(count: EvacuationCount) -> str:
    one = count.quantifier is Quantifier.EXACT and count.reported == 1
    noun = "household" if count.unit is Unit.HOUSEHOLD else "person"
    people = noun if one else noun + "s"
    return f"{people} ({plain(count.group)})" if count.group else people


def _circumstances(count: EvacuationCount) -> Sequence[str]:
    return (
        "" if count.flow is Flow.UNKNOWN else count.flow.value,
        f"as of {moment_words(count.as_of)}" if count.as_of else "",
        *(f"{figure_words(part)} {plain(part.group)}" for part in count.parts),
        f"from {plain(count.origin)}" if count.origin else "",
        f"to {plain(count.destination)}" if count.destination else "",
        f"by {plain(count.actor)}" if count.actor else "",
    )


def _in_mood(modality: Modality, words: str) -> str:
    return words if modality is Modality.ASSERTED else f"[{modality.value}] {words}"


def act_words(event: ConflictEvent) -> str:
    """The type of an act: `disrupted weapons use`."""
    return event.sub_event_type.value.replace("_", " ")


def toll_words(event: ConflictEvent) -> str:
    """What an act cost and what things it concerned: `3 killed (civilians); 4 mortar, 6 truck`."""
    people = (f"{figure_words(c)} {c.kind.value}" + (f" ({plain(c.who)})" if c.who else "") for c in event.casualties)
    things = (f"{figure_words(i)} {plain(i.item)}" for i in event.items)
    return "; ".join(filter(None, (", ".join(people), ", ".join(things))))


def source_words(record: ConflictEvent | EvacuationCount) -> str:
    """Who says it: the named source, else the outlet."""
    return plain(record.attribution or record.source)


COLUMNS: Final = ("what", "modality", "who", "to whom", "where", "figures", "quote", "source")


def row(record: ConflictEvent | EvacuationCount) -> tuple[str, ...]:
    """The cells of an extracted record under `COLUMNS`."""
    if isinstance(record, EvacuationCount):
        what, target, place, figures = record.term.value, None, record.origin, count_words(record)
    else:
        what, target, place, figures = act_words(record), record.target, record.place, toll_words(record)
    return (
        what.replace("_", " "),
        record.modality.value,
        plain(record.actor),
        plain(target),
        plain(place),
        figures,
        plain(record.quote),
        source_words(record),
    )


def _event_line(event: ConflictEvent) -> str:
    parties = " -> ".join(filter(None, (plain(event.actor), plain(event.target))))
    told = (
        _in_mood(event.modality, act_words(event)),
        parties,
        f"in {plain(event.place)}" if event.place else "",
        event.date or "",
        toll_words(event),
        f"per {source_words(event)}",
    )
    return f"{', '.join(filter(None, told))}: {plain(event.quote)!r}"


def _count_line(count: EvacuationCount) -> str:
    return f"{count_words(count)}, per {source_words(count)}: {plain(count.quote)!r}"


def _article_line(article: RawArticle) -> str:
    published = article.published or "no date"
    return f"{article.language} {published} {plain(article.source)}: {plain(article.title)} <{plain(article.url)}>"


def _duplicate_line(duplicate: Duplicate) -> str:
    repeats = f"repeats {duplicate.original_id} ({duplicate.kind.value}, {duplicate.similarity:.2f})"
    return f"{duplicate.language} {plain(duplicate.source)}: {plain(duplicate.title)} {repeats}"


def _extracted_line(article: ExtractedArticle) -> str:
    found = f"{len(article.events)} events, {len(article.counts)} counts"
    return f"{article.language} {plain(article.source)}: {plain(article.title)}: {found}"


def _total_line(total: EvacuationTotal) -> str:
    bounds = " to ".join(f"{bound:,}" for bound in (total.lowest, total.highest) if bound is not None)
    sources = ", ".join(sorted({plain(figure.source) for figure in total.figures}))
    origin = plain(total.origin) or "an untold origin"
    return f"{origin}: {bounds or 'no sum'} {total.unit.value}s {_TERM_WORDS[total.term]}, per {sources or 'nobody'}"


def _story_line(story: Story) -> str:
    if story.merged_into is not None:
        return f"{story.story_id} is part of {story.merged_into}"
    articles = len(story.articles) + story.left_out
    told = (
        f"{articles} article{'s' if articles > 1 else ''} in {plain(', '.join(story.languages))}",
        f"per {plain(', '.join(story.sources))}",
        f"in {plain(', '.join(story.places))}" if story.places else "",
        f"{len(story.events)} events, {len(story.figures)} totals",
    )
    return f"{plain(story.title)}: {', '.join(filter(None, told))}"


def _dead_line(letter: DeadLetter) -> str:
    source = f"{letter.source_topic}:{letter.source_partition}:{letter.source_offset}"
    return f"{letter.stage.value} {letter.reason.value} {source}: {plain(letter.message)}"


def _other_line(record: Any) -> str:
    told = ((f.name, getattr(record, f.name)) for f in fields(record) if f.name != "schema_version")
    return " ".join(f"{name}={plain(str(value))}" for name, value in told if value not in (None, "", (), {}))


_LINES: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (ConflictEvent, _event_line),
    (EvacuationCount, _count_line),
    (RawArticle, _article_line),
    (Duplicate, _duplicate_line),
    (ExtractedArticle, _extracted_line),
    (EvacuationTotal, _total_line),
    (Story, _story_line),
    (DeadLetter, _dead_line),
)


def line(record: object) -> str:
    """Any record of `streams.records` on one line."""
    for kind, write in _LINES:
        if isinstance(record, kind):
            return write(record)
    return _other_line(record)
