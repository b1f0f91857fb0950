"""Claims: sent with their article, withdrawn when a later revision does not make them, the same on every delivery."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.extract.core import Extractor
from streams import codec
from streams.records import Article, ConflictEvent, EvacuationCount, ExtractedArticle, StoryFeatures
from streams.stage import Message, PoisonError, Send
from streams.vocabulary import (
    DeadReason,
    EventType,
    Flow,
    Modality,
    Quantifier,
    SubEventType,
    Term,
    Unit,
)
from tests.support.memory_state import MemoryState

ARTICLE = Article(
    article_id="a",
    revision=1,
    feed_id="f",
    source="Antara",
    url="https://antara.example/1",
    guid=None,
    title="Title",
    body="",
    html=None,
    language="en",
    language_declared=None,
    language_detected=None,
    published=None,
    fetched="2023-09-20T09:05:00Z",
)


NO_FEATURES = StoryFeatures()


@dataclass(frozen=True)
class Found:
    events: tuple[ConflictEvent, ...]
    counts: tuple[EvacuationCount, ...]
    features: StoryFeatures = NO_FEATURES
    complete: bool = True


def read(article: Article) -> Found:
    """An extractor: every word of the body that begins with `e` is an event, with `c` a count, named by the word."""
    words = article.body.split()
    return Found(
        tuple(_event(article, word) for word in words if word[0] == "e"),
        tuple(_count(article, word) for word in words if word[0] == "c"),
    )


def _event(article: Article, name: str) -> ConflictEvent:
    return ConflictEvent(
        event_id=f"{article.article_id}-{name}",
        article_id=article.article_id,
        revision=article.revision,
        extractor="1",
        language=article.language,
        published=None,
        source=article.source,
        url=None,
        event_type=EventType.BATTLES,
        sub_event_type=SubEventType.ARMED_CLASH,
        plover_type=None,
        modality=Modality.ASSERTED,
        quote=name,
        start=0,
        end=1,
        actor=None,
        target=None,
        place=None,
        country=None,
        place_geoname_id=None,
        lat=None,
        lon=None,
        place_precision=None,
        attribution=None,
        date=None,
        casualties=(),
        items=(),
        rule="word",
        confidence=1.0,
    )


def _count(article: Article, name: str) -> EvacuationCount:
    return EvacuationCount(
        count_id=f"{article.article_id}-{name}",
        article_id=article.article_id,
        revision=article.revision,
        extractor="1",
        language=article.language,
        published=None,
        source=article.source,
        url=None,
        term=Term.EVACUATED,
        unit=Unit.PERSON,
        quantifier=Quantifier.EXACT,
        reported=1,
        low=1,
        high=1,
        group=None,
        parts=(),
        flow=Flow.UNKNOWN,
        as_of=None,
        origin=None,
        destination=None,
        actor=None,
        attribution=None,
        modality=Modality.ASSERTED,
        quote=name,
        start=0,
        end=1,
        country=None,
        place_geoname_id=None,
        lat=None,
        lon=None,
        place_precision=None,
        rule="word",
        confidence=1.0,
    )


def message(article: Article, offset: int) -> Message:
    return Message(
        topic="articles.unique",
        partition=3,
        offset=offset,
        timestamp_ms=None,
        key=article.article_id.encode(),
        value=codec.encode(article),
    )


class View:
    """A core and the compacted view of its topics."""

    def __init__(self) -> None:
        self.core = Extractor(read, "1")
        self.state = MemoryState()
        self.compacted: dict[tuple[str, bytes], bytes | None] = {}

    def deliver(self, article: Article, offset: int) -> list[Send]:
        sends = self.core.process(message(article, offset), self.state)
        self.compacted |= {(send.topic, send.key): send.value for send in sends}
        return sends

    @property
    def live(self) -> set[bytes]:
        """Keys of claims that stand."""
        return {key for (topic, key), value in self.compacted.items() if value and topic != "articles.extracted"}


def extracted(sends: list[Send]) -> ExtractedArticle:
    return codec.decode(sends[-1].value, ExtractedArticle)


def test_an_article_with_no_claim_still_tells_that_it_was_read() -> None:
    sends = View().deliver(ARTICLE, 0)
    assert [send.topic for send in sends] == ["articles.extracted"]
    assert (extracted(sends).events, extracted(sends).revision) == ((), 1)


def test_claims_come_before_the_article_that_tells_of_them() -> None:
    sends = View().deliver(replace(ARTICLE, body="e1 c1 e2"), 0)
    assert [(send.topic, send.key) for send in sends] == [
        ("conflict.events", b"a-e1"),
        ("conflict.events", b"a-e2"),
        ("evacuation.counts", b"a-c1"),
        ("articles.extracted", b"a"),
    ]


def test_what_a_later_revision_does_not_claim_gets_a_tombstone() -> None:
    view = View()
    view.deliver(replace(ARTICLE, body="e1 c1 e2"), 0)
    sends = view.deliver(replace(ARTICLE, body="e2", revision=2), 1)
    assert view.live == {b"a-e2"}
    assert (extracted(sends).withdrawn_events, extracted(sends).withdrawn_counts) == (("a-e1",), ("a-c1",))


def test_a_claim_that_comes_back_stands() -> None:
    view = View()
    for revision, body in enumerate(["e1", "", "e1"], start=1):
        view.deliver(replace(ARTICLE, body=body, revision=revision), revision)
    assert view.live == {b"a-e1"}


def test_a_revision_that_was_overtaken_says_nothing() -> None:
    view = View()
    view.deliver(replace(ARTICLE, body="e1", revision=2), 0)
    assert view.deliver(replace(ARTICLE, body="e1 e2", revision=1), 1) == []


def test_a_better_extractor_withdraws_what_the_former_one_claimed() -> None:
    view = View()
    view.deliver(replace(ARTICLE, body="e1 c1"), 0)
    view.core = Extractor(lambda article: Found((), read(article).counts), "2")
    sends = view.deliver(replace(ARTICLE, body="e1 c1"), 0)
    assert view.live == {b"a-c1"}
    assert extracted(sends).withdrawn_events == ("a-e1",)
    assert view.deliver(replace(ARTICLE, body="e1 c1"), 0) == sends


def test_claims_are_forgotten_when_the_topics_no_longer_hold_them() -> None:
    view = View()
    for number in range(3):
        view.deliver(replace(ARTICLE, article_id=str(number)), number)
    view.deliver(replace(ARTICLE, article_id="late", fetched="2023-12-01T00:00:00Z"), 4)
    assert list(view.state.entries) == [b"c/late"]


def test_a_reopened_partition_forgets_as_well() -> None:
    view = View()
    view.deliver(ARTICLE, 0)
    view.core.closed(3)
    view.core.opened(3, view.state)
    view.deliver(replace(ARTICLE, article_id="late", fetched="2023-12-01T00:00:00Z"), 1)
    assert list(view.state.entries) == [b"c/late"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, DeadReason.UNDECODABLE),
        (b"[]", DeadReason.UNDECODABLE),
        (codec.encode(replace(ARTICLE, fetched="soon")), DeadReason.INVALID),
    ],
)
def test_what_is_no_article_is_poison(value: bytes | None, reason: DeadReason) -> None:
    poison = Message(topic="articles.unique", partition=0, offset=0, timestamp_ms=None, key=None, value=value)
    with pytest.raises(PoisonError) as caught:
        Extractor(read, "1").process(poison, MemoryState())
    assert caught.value.reason is reason


BODIES = st.lists(st.sampled_from(["e1", "e2", "e3", "c1", "c2"]), unique=True).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), BODIES), min_size=1, max_size=8), st.data())
def test_redeliveries_end_in_the_same_view(told: list[tuple[str, str]], data: st.DataObject) -> None:
    """Each revision comes in its turn, and any earlier message again at any time after it."""
    articles = [
        replace(ARTICLE, article_id=name, body=body, revision=1 + sum(before == name for before, _ in told[:at]))
        for at, (name, body) in enumerate(told)
    ]
    once, again = View(), View()
    for offset, article in enumerate(articles):
        sends = once.deliver(article, offset)
        assert again.deliver(article, offset) == sends
        for old in data.draw(st.lists(st.integers(0, offset), max_size=3)):
            assert again.deliver(articles[old], old) in ([], once.core.process(message(articles[old], old), once.state))
    assert again.compacted == once.compacted
    latest = {article.article_id: article for article in articles}
    assert once.live == {f"{name}-{word}".encode() for name, article in latest.items() for word in article.body.split()}
