"""The analysis of one text in readable lines: what was seen, which rule fired, what was vetoed and why."""

from collections.abc import Iterator, Sequence
from typing import Final

from agents.extract.batch import article_of_text
from agents.extract.detect import Detected
from agents.extract.engine import Extraction, shared_engine
from agents.extract.text import Hit, Sentence
from streams.records import Casualties, ConflictEvent, Count, EvacuationCount, Item

_GRAMMAR: Final = ("func.", "time.")
"""Families that almost every word has: left out of the lines, so that the others can be seen."""


def explain(title: str, body: str, language: str | None = None, published: str | None = None) -> Iterator[str]:
    """Lines on one text: its sentences with what the lexicon saw, the rules that fired or not, and the records."""
    article = article_of_text(title, body, language, published)
    yield f"language {article.language}, published {article.published or 'unknown'}"
    yield from lines(shared_engine().extract(article))


def lines(found: Extraction) -> Iterator[str]:
    """The lines of an extraction."""
    if found.analysis is None or found.conflict is None:
        yield "no pack for this language: nothing was read"
        return
    text = found.analysis.text
    for sentence in found.analysis.sentences:
        where = "title" if sentence.in_title else f"paragraph {sentence.paragraph}"
        yield ""
        yield f"[{sentence.index}] {where}: {text[sentence.start : sentence.end]}"
        yield from _seen(sentence, text)
        yield from _fired(found.conflict.detected.get(sentence.index), sentence, text)
        yield from _events(found.events, sentence)
        yield from _counts(found.counts, sentence)
    yield ""
    yield f"{len(found.events)} events, {len(found.counts)} counts" + (
        "" if found.complete else ", text not read whole"
    )


def _words(hit: Hit, sentence: Sentence, text: str) -> str:
    start, end = sentence.span(hit.first, hit.last)
    return text[start:end]


def _seen(sentence: Sentence, text: str) -> Iterator[str]:
    shown = [hit for hit in sentence.hits if not hit.concept.startswith(_GRAMMAR)]
    if shown:
        yield "    seen: " + ", ".join(f"{hit.concept} “{_words(hit, sentence, text)}”" for hit in shown)


def _fired(detected: Detected | None, sentence: Sentence, text: str) -> Iterator[str]:
    if detected is None:
        return
    for draft in detected.drafts:
        words = _words(draft.trigger, sentence, text)
        yield f"    fired: {draft.frame.rule} on “{words}” → {draft.type}, {draft.modality} ({draft.mood.reason})"
    for veto in detected.vetoed:
        yield f"    vetoed: {veto.frame.rule} on “{_words(veto.trigger, sentence, text)}”: {veto.reason}"


def _events(events: Sequence[ConflictEvent], sentence: Sentence) -> Iterator[str]:
    for event in events:
        if sentence.start <= event.start < sentence.end:
            told = {
                "actor": event.actor,
                "target": event.target,
                "place": event.place,
                "country": event.country,
                "date": event.date,
                "source": event.attribution,
                "casualties": "; ".join(_casualties(c) for c in event.casualties),
                "items": "; ".join(_item(i) for i in event.items),
            }
            facts = ", ".join(f"{name} {value}" for name, value in told.items() if value)
            yield f"    EVENT {event.sub_event_type} ({event.rule}), {event.modality}: {facts or 'nothing more told'}"


def _counts(counts: Sequence[EvacuationCount], sentence: Sentence) -> Iterator[str]:
    for count in counts:
        if sentence.start <= count.start < sentence.end:
            told = {
                "from": count.origin,
                "to": count.destination,
                "as of": count.as_of,
                "by": count.actor,
                "source": count.attribution,
            }
            facts = ", ".join(f"{name} {value}" for name, value in told.items() if value)
            yield (
                f"    COUNT {count.term} ({count.rule}), {count.modality}, {count.flow}: {_figure(count)} "
                f"{count.unit}s{', ' + facts if facts else ''}"
            )


def _casualties(one: Casualties) -> str:
    return f"{one.kind} {_figure(one)}{' ' + one.who if one.who else ''}"


def _item(one: Item) -> str:
    return f"{_figure(one)} {one.item}"


def _figure(count: Count | Casualties | Item | EvacuationCount) -> str:
    """The figure with its bounds: "more_than 2000", "between 5000 and 7000"."""
    if count.reported is not None:
        return f"{count.quantifier} {count.reported}"
    return f"{count.quantifier} {count.low if count.low is not None else '?'} and {count.high or 'more'}"
