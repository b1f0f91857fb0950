"""What the desk holds after messages in any order, again, withdrawn, too many and too old."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.desk.store import Store
from streams.stage import Message
from tests.support.desk import (
    NOW,
    article,
    count,
    duplicate,
    event,
    health,
    many,
    message,
    name,
    source_figure,
    story,
    tombstone,
    total,
)

HOUR = 3_600_000


def store_of(*messages: Message, limit: int = 1000, keep_ms: int = 24 * HOUR) -> Store:
    store = Store(limit, keep_ms)
    for one in messages:
        assert store.apply(one)
    return store


def test_a_later_revision_replaces_a_claim_and_an_earlier_one_does_not() -> None:
    told = article()
    first = event(told)
    second = replace(first, revision=2, place="Odesa")
    store = store_of(message(first), message(second), message(first))
    [held] = store.claims.values()
    assert held.claim == second
    assert list(store.found[told.article_id].claims.values()) == [held]


def test_a_replay_changes_nothing() -> None:
    told = article()
    store = store_of(message(told), message(event(told)))
    before = store.change
    assert store.apply(message(event(told), NOW + 5000))
    assert store.apply(message(told, NOW + 5000))
    assert store.change == before
    assert store.found[told.article_id].arrived == NOW


def test_a_tombstone_withdraws_a_claim() -> None:
    told = article()
    first, second = event(told, at=1), event(told, at=2)
    store = store_of(message(first), message(second), tombstone(first), tombstone(first))
    assert list(store.claims) == [second.event_id]
    assert list(store.found[told.article_id].claims) == [second.event_id]
    assert store.countries["UKR"] == 1


def test_claims_stand_in_the_order_of_their_text() -> None:
    told = article()
    late, early = event(told, "Nobody answered", 1), event(told, "The day was quiet", 2)
    store = store_of(message(late), message(early))
    assert list(store.found[told.article_id].claims) == [early.event_id, late.event_id]


def test_the_oldest_articles_go_where_there_are_too_many_claims() -> None:
    records = [message(record, NOW + at) for at, record in enumerate(many(2000))]
    store = store_of(*records, limit=500)
    assert 400 <= len(store.claims) <= 500
    assert sum(len(found.claims) for found in store.found.values()) == len(store.claims)
    assert name(f"article many {499}") in store.found
    assert name(f"article many {0}") not in store.found
    assert sum(store.types.values()) == len(store.claims)


def test_articles_that_are_too_old_go() -> None:
    old, new = article("old"), list(many(2000))
    store = store_of(message(event(old), NOW - 30 * HOUR), *map(message, new), limit=10_000)
    assert old.article_id not in store.found
    assert len(store.claims) == 2000


def test_sources_beside_an_articles_own_come_from_its_story_and_its_repeats() -> None:
    one, other = article(1), article(2, source="Weekly")
    told = story(one, other)
    store = store_of(message(one), message(event(one)), message(told), message(duplicate(one, "Agency")))
    assert store.article_sources(one.article_id) == ["Weekly", "Agency"]


def test_a_merged_story_is_found_under_its_old_id() -> None:
    one = article()
    old = story(one, at="old")
    new = story(one, at="new", state_revision=2, merged=(old.story_id,))
    emptied = replace(old, merged_into=new.story_id, articles=(), state_revision=2)
    store = store_of(message(old), message(new), message(emptied))
    assert store.story(old.story_id) == new
    assert store.story_of(one.article_id) == new


def test_stories_that_name_each_other_end_the_search() -> None:
    one, other = story(at=1, merged_into=name("story 2")), story(at=2, merged_into=name("story 1"))
    assert store_of(message(one), message(other)).story(one.story_id) is None


def test_an_older_state_of_a_story_or_total_changes_nothing() -> None:
    one = article()
    of = count(one, "Nobody answered")
    new = replace(total(of, 5), state_revision=7)
    store = store_of(message(new), message(total(of, 3)), message(story(one, state_revision=3)), message(story(one)))
    assert store.totals[new.total_id] == new
    assert store.story(name("story 1")) == story(one, state_revision=3)
    assert source_figure(of, 5, "2023-11-01") in new.figures


def test_a_feed_is_taken_away_by_its_tombstone() -> None:
    store = store_of(message(health("a")), message(health("b")), tombstone(health("a")))
    assert list(store.feeds) == ["b"]


def test_what_is_no_record_is_passed_over() -> None:
    store = Store(100, HOUR)
    for topic in store.topics:
        assert not store.apply(Message(topic=topic, partition=0, offset=0, timestamp_ms=1, key=b"\xff", value=b"{")), (
            topic
        )
        assert not store.apply(Message(topic=topic, partition=0, offset=0, timestamp_ms=1, key=b"k", value=b"[]")), (
            topic
        )
    assert not store.claims


@given(st.permutations(range(9)), st.lists(st.integers(0, 8), max_size=6))
def test_the_order_of_topics_and_repeats_make_no_difference(order: list[int], again: list[int]) -> None:
    one, other = article(1), article(2)
    messages = [
        message(one),
        message(other),
        message(event(one, at=1)),
        message(event(one, at=2), NOW + 1),
        message(event(other), NOW + 2),
        message(count(other, "Nobody answered"), NOW + 3),
        message(story(one, other)),
        message(duplicate(other, "Agency")),
        message(health("a")),
    ]
    store, same = store_of(*(messages[at] for at in [*order, *again])), store_of(*messages)
    assert {key: held.claim for key, held in store.claims.items()} == {k: h.claim for k, h in same.claims.items()}
    assert {key: found.arrived for key, found in store.found.items()} == {k: f.arrived for k, f in same.found.items()}
    for article_id in same.found:
        assert store.article_sources(article_id) == same.article_sources(article_id)
        assert list(store.found[article_id].claims) == list(same.found[article_id].claims)
