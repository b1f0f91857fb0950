"""Extraction of labelled-article lines as the batch command prints it: one line a record, in order of the input."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from agents.extract import conflict
from agents.extract.engine import Engine
from streams.language import decide, detect
from streams.records import Article, ConflictEvent, EvacuationCount


def article_of(line: bytes) -> Article:
    """The article of one line `{"id", "language", "published", "source", "url", "title", "body", ...}`.

    Labels are ignored; all but `id` and `body` may be missing.

    Raises:
        ValueError: the line is no such object.
    """
    fields = orjson.loads(line)
    if not isinstance(fields, dict) or "id" not in fields or not isinstance(fields.get("body"), str):
        raise ValueError("each line must be a JSON object with at least an id and a body")
    article = article_of_text(
        _text(fields, "title") or "", fields["body"], _text(fields, "language"), _text(fields, "published")
    )
    return replace(
        article, article_id=str(fields["id"]), source=_text(fields, "source") or "", url=_text(fields, "url")
    )


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"its {name} is no text")
    return value


def article_of_text(title: str, body: str, language: str | None, published: str | None) -> Article:
    """An article of nothing but its text; its language is detected where none is given."""
    return Article(
        article_id="",
        revision=1,
        feed_id="",
        source="",
        url=None,
        guid=None,
        title=title,
        body=body,
        html=None,
        language=language or decide(None, detect(title + "\n\n" + body)),
        language_declared=language,
        language_detected=None,
        published=published,
        fetched=published or "",
    )


def batch(lines: Iterable[bytes], engine: Engine) -> Iterator[bytes]:
    """What `extract` would send for each line: `{"topic", "key", "value"}`, events before counts.

    Raises:
        ValueError: a line is no labelled article.
    """
    for line in lines:
        if not line.strip():
            continue
        found = engine.extract(article_of(line))
        for event in found.events:
            yield _line(conflict.TOPIC, event.event_id, event)
        for count in found.counts:
            yield _line("evacuation.counts", count.count_id, count)


def _line(topic: str, key: str, value: ConflictEvent | EvacuationCount) -> bytes:
    return orjson.dumps({"topic": topic, "key": key, "value": value})
