"""The check of the first run finds what is missing, wrong or too much."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from deploy.local.first_run import differences
from seeds import rss
from streams.records import ConflictEvent, EvacuationCount, Part
from streams.vocabulary import EVENT_TYPE_OF, PLOVER_TYPE_OF, Flow, Modality, Quantifier, SubEventType, Term, Unit

_EXPECTED = orjson.loads((rss.FOLDER / "expected" / "karabakh-2023.json").read_bytes())
_ARTICLE = rss.load_articles()[0]
_TEXT = f"{_ARTICLE.title}\n\n{_ARTICLE.body}"


def _claim(wanted: dict[str, Any]) -> dict[str, Any]:
    start = _TEXT.index(wanted["quote"])
    none = ("published", "url", "country", "place_geoname_id", "lat", "lon", "place_precision")
    made: dict[str, Any] = dict.fromkeys(none)
    return made | {
        "article_id": "a",
        "revision": 1,
        "extractor": "1",
        "language": "id",
        "source": "seed",
        "quote": wanted["quote"],
        "start": start,
        "end": start + len(wanted["quote"]),
        "rule": "r",
        "confidence": 1.0,
    }


def _event(wanted: dict[str, Any]) -> ConflictEvent:
    kind = SubEventType(wanted["sub_event_type"])
    return ConflictEvent(
        event_id=wanted["quote"],
        event_type=EVENT_TYPE_OF[kind],
        sub_event_type=kind,
        plover_type=PLOVER_TYPE_OF.get(kind),
        modality=Modality(wanted["modality"]),
        actor=None,
        target=None,
        place=None,
        attribution=None,
        date=None,
        casualties=(),
        items=(),
        **_claim(wanted),
    )


_EVENTS = [_event(wanted) for wanted in _EXPECTED["events"]]
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
    origin=None,
    destination=None,
    actor=None,
    attribution="Kementerian Pertahanan",
    modality=Modality.ASSERTED,
    **_claim(_EXPECTED["counts"][0]),
)


def test_eight_events_and_one_count_are_expected() -> None:
    assert (len(_EXPECTED["events"]), len(_EXPECTED["counts"])) == (8, 1)


def test_what_is_expected_differs_in_nothing() -> None:
    assert differences(_ARTICLE, _EXPECTED, _EVENTS, [_COUNT]) == []


def test_a_missing_event_is_told() -> None:
    [told] = differences(_ARTICLE, _EXPECTED, _EVENTS[1:], [_COUNT])
    assert told.startswith("Missing: government regains territory, asserted, 'tentara Azerbaijan bergerak maju")


def test_an_event_too_many_is_told() -> None:
    [told] = differences(_ARTICLE, _EXPECTED, [*_EVENTS, _EVENTS[0]], [_COUNT])
    assert told.startswith("Not expected: government regains territory, asserted")


def test_the_same_claim_elsewhere_in_the_text_is_another() -> None:
    moved = replace(_EVENTS[0], start=0, end=5)
    missing, extra = differences(_ARTICLE, _EXPECTED, [moved, *_EVENTS[1:]], [_COUNT])
    assert missing.startswith("Missing:")
    assert extra.startswith("Not expected:")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reported": 2001}, "evacuated, person: reported is 2001, not 2000."),
        ({"flow": Flow.NEW}, "evacuated, person: flow is <Flow.NEW: 'new'>, not 'cumulative'."),
        ({"attribution": None}, "evacuated, person: attribution is None, not 'Kementerian Pertahanan'."),
    ],
)
def test_a_wrong_figure_is_told(change: dict[str, Any], told: str) -> None:
    assert differences(_ARTICLE, _EXPECTED, _EVENTS, [replace(_COUNT, **change)]) == [told]


def test_a_lost_part_is_told() -> None:
    [told] = differences(_ARTICLE, _EXPECTED, _EVENTS, [replace(_COUNT, parts=())])
    assert told.startswith("evacuated, person: parts is [], not [{'group': 'children'")
