"""The engine as a whole: never raises, re-reads its evidence, repeats itself, and bounds its work."""

import json
import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.extract.analysis import MAX_CHARACTERS
from agents.extract.batch import article_of, batch
from agents.extract.engine import Engine, Extraction
from agents.extract.explain import lines
from streams.records import ConflictEvent, EvacuationCount
from tests.support.extraction import extracted, languages

_WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        """rebels army soldiers police killed shot captured seized denied if will not the town of Goma 12 2,000 more
        than people fled evacuated said according to “ ” , . : ; – in 2001 Monday drones missiles ceasefire it its they
        protesters burned houses 😀 - \ud800 \u202e""",
    )
)
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=80).map(" ".join))


def extract(body: str, language: str = "en", title: str = "") -> Extraction:
    return extracted(body, language, title, "2024-05-14T09:00:00Z")


@settings(max_examples=150, deadline=None)
@given(_TEXTS, st.text(max_size=30), st.sampled_from(["en", "id"]))
def test_never_raises_and_quotes_re_read(body: str, title: str, language: str) -> None:
    found = extract(body, language, title)
    text = title + "\n\n" + body
    records: list[ConflictEvent | EvacuationCount] = [*found.events, *found.counts]
    for record in records:
        assert text[record.start : record.end] == record.quote
        assert record.quote
    ids = [event.event_id for event in found.events] + [count.count_id for count in found.counts]
    assert len(set(ids)) == len(ids)
    assert list(lines(found))


@settings(max_examples=30, deadline=None)
@given(_TEXTS)
def test_the_same_text_says_the_same(body: str) -> None:
    assert extract(body).events == extract(body).events


def test_a_language_without_a_pack_says_nothing() -> None:
    found = extract("Rebels captured Goma.", "xx")
    assert (found.events, found.counts, found.complete) == ((), (), True)
    assert list(lines(found)) == ["no pack for this language: nothing was read"]


@pytest.mark.parametrize(
    "body",
    [
        "x" * 1_000_000,
        "Rebels killed 12 people. " * 40_000,
        "1,000 " * 100_000,
        "“" * 200_000,
        "if not the army the army the army " * 10_000,
        ". " * 200_000,
    ],
    ids=["one word", "many sentences", "many numbers", "many quotes", "no sentence", "many stops"],
)
def test_huge_texts_are_read_in_bounded_time_and_say_so(body: str) -> None:
    started = process_time()
    found = extract(body)
    assert process_time() - started < 20
    assert found.complete == (len(body) + 2 <= MAX_CHARACTERS)


def test_ids_do_not_move_with_the_text_before() -> None:
    sentence = "Rebels captured the town of Sake on Monday."
    (alone,) = extract(sentence).events
    (later,) = extract("It rained.\n" + sentence).events
    assert alone.event_id == later.event_id
    assert alone.start != later.start


def test_a_line_of_the_batch_needs_an_id_and_a_body() -> None:
    with pytest.raises(ValueError, match="id and a body"):
        article_of(b'{"title": "x"}')
    assert article_of(b'{"id": 7, "body": "Rebels captured the town of Sake on Monday."}').language == "en"


def test_the_batch_prints_events_then_counts() -> None:
    line = json.dumps({"id": "a1", "language": "en", "body": "Rebels captured Sake. More than 300 families fled Sake."})
    out = [json.loads(row) for row in batch([line.encode(), b"\n"], Engine(languages()))]
    assert [row["topic"] for row in out] == ["conflict.events", "evacuation.counts"]
    assert {row["value"]["article_id"] for row in out} == {"a1"}


def test_numbers_of_thousands_of_digits_are_no_days_or_hours() -> None:
    digits = "9" * 5000
    body = f"On May {digits} rebels killed 12 people in Goma at {digits} o'clock, {digits} am, {digits}:30."
    assert [event.sub_event_type for event in extract(body).events] == ["attack"]


def test_a_date_of_publication_that_is_none_is_unknown() -> None:
    found = extracted("Rebels captured Sake in 2001.", published="²²²²-01-01")
    assert found.complete
