"""What an address asks for, and which claims pass."""

from dataclasses import fields
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.desk.filters import Filter, FilterError, read, select
from agents.desk.moments import instant
from agents.desk.store import Store
from streams.vocabulary import Modality, SubEventType
from tests.support.desk import NOW, article, count, event, message, story

DAY = 86_400_000


@pytest.fixture
def store() -> Store:
    """Four claims: two in Ukraine, one older in Sudan in French, one evacuation."""
    made = Store(1000, 365 * DAY)
    one, old = article(1), article(2, language="fr", published=instant(NOW - 3 * DAY))
    clash = SubEventType.ARMED_CLASH
    for at, record in enumerate(
        (
            one,
            old,
            event(one, at=1),
            event(one, at=2, modality=Modality.NEGATED, attribution="Moscow"),
            event(old, country="SDN", place="El Fasher", sub_event_type=clash),
            count(one, "Nobody answered"),
            story(old),
        )
    ):
        made.apply(message(record, NOW + at))
    return made


@pytest.mark.parametrize(
    ("query", "passing"),
    [
        ("", 4),
        ("kind=counts", 1),
        ("kind=events", 3),
        ("type=armed_clash", 1),
        ("type=battles", 1),
        ("type=explosions_remote_violence", 2),
        ("type=evacuated", 1),
        ("modality=negated", 1),
        ("country=SDN", 1),
        ("country=XXX", 0),
        ("language=fr", 1),
        ("last=24h", 3),
        ("start=2023-11-11&end=2023-11-11", 1),
        ("end=2023-11-10", 0),
        ("start=2023-11-12", 3),
        ("text=MOSCOW+port", 1),
        ("text=nowhere", 0),
        ("kind=events&country=UKR&modality=asserted", 1),
    ],
)
def test_each_filter_lets_its_claims_pass(store: Store, query: str, passing: int) -> None:
    assert sum(len(claims) for _, claims in select(store, read(dict(parse_qsl(query))), NOW)) == passing


def test_a_story_passes_by_its_id(store: Store) -> None:
    [(found, _)] = select(store, Filter(story=story(article(2)).story_id), NOW)
    assert found.article_id == article(2).article_id
    assert select(store, Filter(story="none"), NOW) == []


def test_the_newest_come_first(store: Store) -> None:
    by_arrival = [found.article_id for found, _ in select(store, Filter(), NOW)]
    by_publication = [found.article_id for found, _ in select(store, Filter(order="published"), NOW)]
    assert by_arrival == [article(1).article_id, article(2).article_id]
    assert by_publication == by_arrival
    old = article(2, published=instant(NOW - 3 * DAY))
    store.apply(message(event(old, at="new"), NOW + 60_000))
    assert [found.article_id for found, _ in select(store, Filter(), NOW)] == by_arrival[::-1]
    assert [found.article_id for found, _ in select(store, Filter(order="published"), NOW)] == by_publication


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"kind": "all"}, "kind takes events, counts, not 'all'."),
        ({"start": "yesterday"}, "start takes a date as 2023-09-20, not 'yesterday'."),
        ({"last": "2d"}, "last takes 1h, 6h, 24h, 7d, not '2d'."),
        ({"text": "x" * 201}, "text takes at most 200 letters."),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(query: dict[str, str], told: str) -> None:
    with pytest.raises(FilterError) as error:
        read(query)
    assert str(error.value) == told


def test_unknown_parameters_are_passed_over() -> None:
    assert read({"utm_source": "x", "country": " "}) == Filter()


OPEN = st.text(max_size=40).map(str.strip)


@given(OPEN, OPEN, OPEN, st.sampled_from(["", "events", "counts"]), st.sampled_from(["found", "published"]))
def test_a_filter_comes_back_from_its_address(country: str, story_id: str, text: str, kind: str, order: str) -> None:
    asked = Filter(country=country, story=story_id, text=text, kind=kind, order=order)
    assert read(dict(parse_qsl(asked.query, strict_parsing=bool(asked.query)))) == asked
    assert len(fields(Filter)) == 11  # a new filter belongs in the template, too
