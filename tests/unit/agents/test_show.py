"""Records in words."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import show
from streams.records import (
    Casualties,
    ConflictEvent,
    Count,
    DeadLetter,
    Duplicate,
    EvacuationCount,
    Feed,
    Item,
    Part,
    RawArticle,
)
from streams.vocabulary import (
    CasualtyKind,
    DeadReason,
    DuplicateKind,
    EventType,
    Flow,
    Modality,
    PloverType,
    Quantifier,
    Stage,
    SubEventType,
    Term,
    Unit,
)

_CLAIM: dict[str, Any] = {
    "article_id": "a",
    "revision": 1,
    "extractor": "1",
    "language": "en",
    "published": None,
    "source": "Outlet",
    "url": None,
    "start": 0,
    "end": 1,
    "country": None,
    "place_geoname_id": None,
    "lat": None,
    "lon": None,
    "place_precision": None,
    "rule": "r",
    "confidence": 1.0,
}
_COUNT = EvacuationCount(
    count_id="c",
    term=Term.EVACUATED,
    unit=Unit.PERSON,
    quantifier=Quantifier.MORE_THAN,
    reported=2000,
    low=2000,
    high=None,
    group=None,
    parts=(Part(group="children", quantifier=Quantifier.MORE_THAN, share_low=0.5),),
    flow=Flow.CUMULATIVE,
    as_of="2023-09-20T06:00",
    origin="zona konflik",
    destination=None,
    actor=None,
    attribution="Kementerian Pertahanan",
    modality=Modality.ASSERTED,
    quote="lebih dari 2 ribu orang",
    **_CLAIM,
)
_EVENT = ConflictEvent(
    event_id="e",
    event_type=EventType.STRATEGIC_DEVELOPMENTS,
    sub_event_type=SubEventType.DISRUPTED_WEAPONS_USE,
    plover_type=PloverType.COERCE,
    modality=Modality.PLANNED,
    quote="will seize\nfour mortars",
    actor="the army",
    target=None,
    place="Shusha",
    attribution=None,
    date="2023-09-20",
    casualties=(
        Casualties(kind=CasualtyKind.KILLED, who="civilians", quantifier=Quantifier.EXACT, reported=3, low=3, high=3),
    ),
    items=(Item(item="mortar", quantifier=Quantifier.EXACT, reported=4, low=4, high=4),),
    **_CLAIM,
)


@pytest.mark.parametrize(
    ("quantifier", "reported", "low", "high", "words"),
    [
        (Quantifier.EXACT, 312, 312, 312, "312"),
        (Quantifier.APPROXIMATELY, 2000, None, None, "about 2,000"),
        (Quantifier.MORE_THAN, 2000, 2000, None, "more than 2,000"),
        (Quantifier.AT_LEAST, 7, 7, None, "at least 7"),
        (Quantifier.LESS_THAN, 7, None, 7, "fewer than 7"),
        (Quantifier.UP_TO, 7, None, 7, "up to 7"),
        (Quantifier.BETWEEN, None, 5000, 7000, "5,000 to 7,000"),
        (Quantifier.VAGUE, None, 12, None, "dozens"),
        (Quantifier.VAGUE, None, 10_000, None, "tens of thousands"),
        (Quantifier.VAGUE, None, 11, None, "11 or more"),
    ],
)
def test_a_figure_says_what_its_wording_allows(
    quantifier: Quantifier, reported: int | None, low: int | None, high: int | None, words: str
) -> None:
    assert show.figure_words(Count(quantifier=quantifier, reported=reported, low=low, high=high)) == words


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part(group="g", quantifier=Quantifier.MORE_THAN, share_low=0.5), "more than half"),
        (Part(group="g", quantifier=Quantifier.LESS_THAN, share_high=0.25), "fewer than a quarter"),
        (Part(group="g", quantifier=Quantifier.EXACT, share_low=0.33, share_high=0.33), "a third"),
        (Part(group="g", quantifier=Quantifier.EXACT, share_low=0.42, share_high=0.42), "42%"),
        (Part(group="g", quantifier=Quantifier.EXACT, reported=5, low=5, high=5), "5"),
    ],
)
def test_a_share_is_told_in_words(part: Part, words: str) -> None:
    assert show.figure_words(part) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2023-09-20", "2023-09-20"),
        ("2023-09-20T06:00", "2023-09-20 morning"),
        ("2023-09-20T14:30", "2023-09-20 14:30"),
        (None, ""),
    ],
)
def test_a_moment_names_the_part_of_the_day(moment: str | None, words: str) -> None:
    assert show.moment_words(moment) == words


def test_a_count_is_one_phrase() -> None:
    assert show.line(_COUNT) == (
        "more than 2,000 persons evacuated, cumulative, as of 2023-09-20 morning, more than half children, "
        "from zona konflik, per Kementerian Pertahanan: 'lebih dari 2 ribu orang'"
    )


def test_a_count_of_one_household_in_another_mood() -> None:
    count = replace(
        _COUNT,
        unit=Unit.HOUSEHOLD,
        quantifier=Quantifier.EXACT,
        reported=1,
        modality=Modality.HYPOTHETICAL,
        flow=Flow.UNKNOWN,
        group="elderly",
        parts=(),
        as_of=None,
        origin=None,
        attribution=None,
    )
    assert show.count_words(count) == "[hypothetical] 1 household (elderly) evacuated"
    assert dict(zip(show.COLUMNS, show.row(count), strict=True)) == {
        "what": "evacuated",
        "modality": "hypothetical",
        "who": "",
        "to whom": "",
        "where": "",
        "figures": "[hypothetical] 1 household (elderly) evacuated",
        "quote": "lebih dari 2 ribu orang",
        "source": "Outlet",
    }


def test_an_event_is_who_did_what_where() -> None:
    assert show.line(_EVENT) == (
        "[planned] disrupted weapons use, the army, in Shusha, 2023-09-20, 3 killed (civilians); 4 mortar, per Outlet: "
        "'will seize four mortars'"
    )
    assert dict(zip(show.COLUMNS, show.row(_EVENT), strict=True)) == {
        "what": "disrupted weapons use",
        "modality": "planned",
        "who": "the army",
        "to whom": "",
        "where": "Shusha",
        "figures": "3 killed (civilians); 4 mortar",
        "quote": "will seize four mortars",
        "source": "Outlet",
    }


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (
            RawArticle(
                article_id="a",
                revision=1,
                feed_id="f",
                source="Outlet",
                url="https://example.org/1",
                guid=None,
                title="Title",
                body="",
                html=None,
                language="en",
                language_declared=None,
                language_detected=None,
                published=None,
                fetched="2023-09-20T09:00:00Z",
            ),
            "en no date Outlet: Title <https://example.org/1>",
        ),
        (
            Duplicate(
                duplicate_id="d",
                article_id="b",
                revision=1,
                original_id="a",
                kind=DuplicateKind.SAME_URL,
                similarity=1.0,
                feed_id="f",
                source="Outlet",
                url=None,
                title="Title",
                language="en",
                published=None,
                fetched="2023-09-20T09:00:00Z",
            ),
            "en Outlet: Title repeats a (same_url, 1.00)",
        ),
        (
            DeadLetter(
                stage=Stage.EXTRACT,
                reason=DeadReason.UNDECODABLE,
                message="not JSON",
                source_topic="articles.unique",
                source_partition=3,
                source_offset=9,
                key=None,
                payload="",
                payload_size=0,
                payload_sha256="",
                truncated=False,
                attempts=1,
                version="1",
                failed_at=None,
            ),
            "extract undecodable articles.unique:3:9: not JSON",
        ),
        (
            Feed(feed_id="f", url="https://example.org/f", name="Name"),
            "feed_id=f url=https://example.org/f name=Name enabled=True full_text=False",
        ),
    ],
)
def test_other_records_have_a_line(record: object, words: str) -> None:
    assert show.line(record) == words


@given(st.text())
def test_nothing_shown_can_steer_a_terminal(text: str) -> None:
    shown = show.plain(text)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066" for c in shown)


def test_joiners_that_persian_needs_are_kept() -> None:
    assert show.plain("می\u200cشود\x1b[31m") == "می\u200cشود [31m"
