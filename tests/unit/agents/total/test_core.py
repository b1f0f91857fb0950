"""Totals: by source, never added up across sources, and the same whatever is delivered again."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.total import window
from agents.total.core import STORIES, Totals
from streams import codec
from streams.records import EvacuationTotal, ExtractedArticle, Story, StoryFeatures
from streams.stage import Message, PoisonError
from streams.vocabulary import DeadReason, Flow, Modality, Quantifier, Term, Unit
from tests.support.memory_state import MemoryState, StagedState
from tests.unit.agents.total.extracted import SAME_STORY, count, event, extracted, killed, message


class View:
    """A core, and the compacted view of what it sends."""

    def __init__(self) -> None:
        self.core = Totals()
        self.state = MemoryState()
        self.compacted: dict[bytes, bytes] = {}
        self.stories: dict[str, Story] = {}

    def deliver(self, article: ExtractedArticle, offset: int) -> None:
        for send in self.core.process(message(article, offset), self.state):
            if send.topic == STORIES:
                self.stories[send.key.decode()] = codec.decode(send.value, Story)
            elif send.value is None:
                self.compacted.pop(send.key, None)
            else:
                self.compacted[send.key] = send.value

    @property
    def totals(self) -> list[EvacuationTotal]:
        totals = [codec.decode(value, EvacuationTotal) for value in self.compacted.values()]
        return sorted(totals, key=lambda total: (total.origin or "", total.unit, total.term))


def view(*articles: ExtractedArticle) -> View:
    made = View()
    for offset, article in enumerate(articles):
        made.deliver(article, offset)
    return made


def total(*articles: ExtractedArticle) -> EvacuationTotal:
    [only] = view(*articles).totals
    return only


def test_two_sources_stand_side_by_side() -> None:
    made = total(extracted("a", count(2000)), extracted("b", count(3000, attribution="the army")))
    assert (made.lowest, made.highest, made.articles) == (2000, 3000, 2)
    assert [(figure.source, figure.reported) for figure in made.figures] == [("the army", 3000), ("the ministry", 2000)]


def test_outlets_that_quote_one_source_count_once() -> None:
    made = total(*(extracted(outlet, count(2000), source=outlet) for outlet in ("Antara", "Tempo", "Kompas")))
    assert len(made.figures) == 1
    assert (made.lowest, made.highest, made.articles) == (2000, 2000, 3)


def test_without_attribution_the_outlet_is_the_source() -> None:
    made = total(extracted("a", count(2000, attribution=None), source="Antara "))
    assert made.figures[0].source == "antara"


def test_the_latest_running_figure_of_a_source_is_told() -> None:
    late = extracted("b", count(3000, as_of="2023-09-21"), published="2023-09-21T09:00:00Z")
    early = extracted("a", count(2000, as_of="2023-09-20T18:00"), published="2023-09-21T12:00:00Z")
    for order in ((late, early), (early, late)):
        made = total(*order)
        assert [figure.reported for figure in made.figures] == [3000]


def test_an_as_of_of_the_day_is_as_late_as_the_article() -> None:
    morning = extracted("a", count(2000), published="2023-09-20T06:00:00Z")
    evening = extracted("b", count(3000, as_of="2023-09-20"), published="2023-09-20T18:00:00Z")
    assert total(evening, morning).figures[0].reported == 3000


def test_a_figure_of_unknown_flow_does_not_replace_a_running_one() -> None:
    made = total(
        extracted("a", count(2000)),
        extracted("b", count(300, flow=Flow.UNKNOWN), published="2023-09-21T09:00:00Z"),
    )
    assert [figure.reported for figure in made.figures] == [2000]
    assert made.lowest == 2000


def test_new_figures_add_up_inside_one_source_only() -> None:
    made = total(
        extracted("a", count(100, flow=Flow.NEW, as_of="2023-09-20")),
        extracted("b", count(200, flow=Flow.NEW, as_of="2023-09-21")),
        extracted("c", count(1000, flow=Flow.NEW, as_of="2023-09-21", attribution="the army")),
    )
    assert made.new_sums == {"the army": 1000, "the ministry": 300}
    assert (made.figures, made.lowest, made.highest) == ((), 300, 1000)


def test_a_days_figure_told_by_five_outlets_is_one() -> None:
    outlets = [extracted(outlet, count(100, flow=Flow.NEW), source=outlet) for outlet in "abcde"]
    assert total(*outlets).new_sums == {"the ministry": 100}


def test_figures_of_one_article_and_day_add_up() -> None:
    made = total(extracted("a", count(100, flow=Flow.NEW), count(200, flow=Flow.NEW)))
    assert made.new_sums == {"the ministry": 300}


def test_new_sums_do_not_enter_beside_running_figures() -> None:
    made = total(extracted("a", count(2000), count(100, flow=Flow.NEW, attribution="the army")))
    assert (made.lowest, made.highest) == (2000, 2000)


@pytest.mark.parametrize(
    "changes",
    [
        {"modality": Modality.PLANNED},
        {"modality": Modality.HYPOTHETICAL},
        {"modality": Modality.NEGATED},
        {"group": "children"},
    ],
)
def test_what_does_not_enter_stands_apart(changes: dict[str, object]) -> None:
    made = total(extracted("a", count(2000)), extracted("b", count(9000, **changes)))
    assert (made.lowest, made.highest) == (2000, 2000)
    assert [figure.reported for figure in made.apart] == [9000]


def test_persons_and_households_and_terms_never_mix() -> None:
    made = view(extracted("a", count(2000), count(500, unit=Unit.HOUSEHOLD), count(70, term=Term.RETURNED)))
    assert {(each.unit, each.term): each.highest for each in made.totals} == {
        (Unit.PERSON, Term.EVACUATED): 2000,
        (Unit.HOUSEHOLD, Term.EVACUATED): 500,
        (Unit.PERSON, Term.RETURNED): 70,
    }


def test_one_place_is_one_origin_however_it_is_spelled() -> None:
    spelled = view(
        extracted("a", count(1, origin="Martakert", place_geoname_id=7)),
        extracted("b", count(2, origin="Մարտակերտ", place_geoname_id=7)),
        extracted("c", count(3, origin="MARTAKERT ")),
        extracted("d", count(4, origin="martakert")),
    )
    assert sorted(each.articles for each in spelled.totals) == [2, 2]


def test_figures_without_an_origin_are_those_of_the_story() -> None:
    made = view(extracted("a", count(1, origin=None)), extracted("b", count(2, origin=None, attribution="the army")))
    assert [(total.origin, total.lowest, total.highest) for total in made.totals] == [(None, 1, 2)]


def test_figures_of_two_stories_are_not_thrown_together() -> None:
    other = StoryFeatures(terms={"Harbour": 2, "strike": 1, "dockers": 3})
    made = view(extracted("a", count(1)), extracted("b", count(2), features=other))
    assert sorted((total.story_id, total.highest) for total in made.totals) == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("quantifier", "reported", "low", "high", "lowest", "highest"),
    [
        (Quantifier.APPROXIMATELY, 300, None, None, 300, 300),
        (Quantifier.MORE_THAN, 300, 300, None, 300, 300),
        (Quantifier.UP_TO, 300, None, 300, 300, 300),
        (Quantifier.BETWEEN, None, 5000, 7000, 5000, 7000),
        (Quantifier.VAGUE, None, 100, None, 100, 100),
    ],
)
def test_bounds_by_wording(
    quantifier: Quantifier, reported: int | None, low: int | None, high: int | None, lowest: int, highest: int
) -> None:
    made = total(extracted("a", count(0, quantifier=quantifier, reported=reported, low=low, high=high)))
    assert (made.lowest, made.highest) == (lowest, highest)


def test_a_later_revision_replaces_what_the_article_told() -> None:
    first = extracted("a", count(2000), count(70, term=Term.RETURNED))
    made = view(first, extracted("a", count(2500), revision=2))
    assert [each.highest for each in made.totals] == [2500]
    made.deliver(first, 0)
    assert [each.highest for each in made.totals] == [2500]


def test_a_revision_that_withdraws_all_leaves_a_tombstone() -> None:
    made = view(extracted("a", count(2000)), extracted("a", revision=2))
    assert made.compacted == {}
    made.deliver(extracted("a", count(2000)), 2)
    assert made.compacted == {}


def test_the_same_told_again_later_changes_no_byte() -> None:
    article = extracted("a", count(2000))
    made = view(article)
    before = dict(made.compacted)
    made.deliver(article, 17)
    assert made.compacted == before


def test_what_resembles_a_story_of_last_month_is_another_one() -> None:
    made = view(extracted("a", count(2000)), extracted("b", count(10), fetched="2023-11-20T09:05:00Z"))
    assert sorted((each.highest, each.articles, each.story_id) for each in made.totals) == [
        (10, 1, "b"),
        (2000, 1, "a"),
    ]


def test_articles_and_their_stories_are_forgotten_after_a_month() -> None:
    made = view(*(extracted(name) for name in "abc"))
    made.core = Totals()
    made.deliver(extracted("late", fetched="2023-12-01T00:00:00Z"), 3)
    assert sorted(made.state.entries) == [b"a/late", b"d/" + (3).to_bytes(8), b"s/late"]


@pytest.mark.parametrize("value", [None, b"{", b"{}"])
def test_what_is_no_extracted_article_is_poison(value: bytes | None) -> None:
    poison = Message(topic="articles.extracted", partition=0, offset=0, timestamp_ms=None, key=None, value=value)
    with pytest.raises(PoisonError) as caught:
        Totals().process(poison, MemoryState())
    assert caught.value.reason is DeadReason.UNDECODABLE


def _articles(seed: int) -> list[ExtractedArticle]:
    """Articles in several revisions, of few sources, places and days."""
    rng = random.Random(seed)
    made: list[ExtractedArticle] = []
    for _ in range(rng.randrange(1, 12)):
        counts = [
            count(
                rng.randrange(1, 50) * 100,
                flow=rng.choice(list(Flow)),
                modality=rng.choice([Modality.ASSERTED, Modality.ASSERTED, Modality.PLANNED]),
                group=rng.choice([None, None, "children"]),
                as_of=rng.choice([None, "2023-09-20", "2023-09-21T06:00"]),
                origin=rng.choice(["Martakert", "Shusha"]),
                attribution=rng.choice([None, "the ministry", "the army"]),
            )
            for _ in range(rng.randrange(3))
        ]
        article_id = rng.choice("abcd")
        revision = 1 + sum(each.article_id == article_id for each in made)
        published = f"2023-09-{rng.randrange(19, 23)}T09:00:00Z"
        made.append(
            extracted(
                article_id, *counts, revision=revision, published=published, source=rng.choice(["Antara", "Tempo"])
            )
        )
    return made


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_redeliveries_in_any_number_end_in_the_same_view(seed: int, data: st.DataObject) -> None:
    """Each message comes first in its order, and again at any time after that, also by way of a restart."""
    articles = _articles(seed)
    once, again = view(*articles), View()
    for offset, article in enumerate(articles):
        again.deliver(article, offset)
        for old in data.draw(st.lists(st.integers(0, offset), max_size=3)):
            again.deliver(articles[old], old)
    assert again.compacted == once.compacted
    assert again.state.entries == once.state.entries


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6))
def test_no_total_is_a_sum_across_sources(seed: int) -> None:
    for made in view(*_articles(seed)).totals:
        told = {figure.reported for figure in made.figures} or set(made.new_sums.values())
        assert {made.lowest, made.highest} <= told | {None}
        assert len({figure.source for figure in made.figures}) == len(made.figures)
        assert all(figure.modality is Modality.ASSERTED and figure.group is None for figure in made.figures)
        if made.lowest is not None and made.highest is not None:
            assert made.lowest <= made.highest


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_another_outlet_that_repeats_all_sources_moves_nothing(seed: int) -> None:
    articles = [
        replace(article, counts=tuple(c for c in article.counts if c.attribution and c.flow is not Flow.NEW))
        for article in _articles(seed)
    ]
    echo = [
        extracted(f"echo-{article.article_id}", *article.counts, revision=article.revision, source="Echo")
        for article in articles
    ]
    echo = [
        replace(
            copy,
            published=article.published,
            counts=tuple(replace(c, published=article.published) for c in copy.counts),
        )
        for copy, article in zip(echo, articles, strict=True)
    ]
    alone, echoed = view(*articles), view(*articles, *echo)
    bounds = [(each.total_id, each.lowest, each.highest) for each in alone.totals]
    assert bounds == [(each.total_id, each.lowest, each.highest) for each in echoed.totals]


def test_a_story_holds_articles_sources_languages_events_and_figures() -> None:
    strike = event("a-1", casualties=(killed(3),), attribution="The Mayor")
    again = event("b-1", casualties=(killed(5),), attribution=None, published="2023-09-20T11:00:00Z")
    made = view(
        extracted("a", count(200), events=(strike,), title="First"),
        extracted(
            "b", count(300, attribution="the army"), events=(again,), source="Tempo", fetched=LATER, published=LATER
        ),
    )
    [story] = made.stories.values()
    assert (story.story_id, story.title, story.merged_into, story.left_out) == ("a", "First", None, 0)
    assert [each.article_id for each in story.articles] == ["a", "b"]
    assert (story.sources, story.languages) == (("Antara", "Tempo"), ("en",))
    assert (story.first_seen, story.last_seen) == ("2023-09-20T09:00:00Z", LATER)
    [told] = story.events
    assert (told.sources, told.first.article_id) == (("antara", "the mayor"), "a")
    assert {claim.source: claim.casualties[0].reported for claim in told.claims} == {"the mayor": 3, "antara": 5}
    [figure] = story.figures
    assert (figure.lowest, figure.highest, figure.sources) == (200, 300, ("the army", "the ministry"))
    assert figure.total_id == made.totals[0].total_id


def test_a_merge_is_told_and_takes_the_totals_along() -> None:
    made = merging()
    gone, stays = made.stories["b"], made.stories["a"]
    assert (gone.merged_into, gone.articles, gone.figures) == ("a", (), ())
    assert (stays.merged, {each.article_id for each in stays.articles}) == (("b",), {"a", "b", "c"})
    assert [(total.story_id, total.lowest, total.highest) for total in made.totals] == [("a", 1, 3)]
    made.deliver(extracted("b", count(9), revision=2, language="de", features=LINKED), 9)
    assert [(total.story_id, total.highest) for total in made.totals] == [("a", 9)]


def test_a_crash_at_any_write_of_a_merge_ends_in_the_same_state_and_view() -> None:
    whole = merging()
    before = merging(articles=2)
    staged = StagedState(before.state)
    Totals().process(message(MERGING[2], 2), staged)
    for writes in range(len(staged.staged) + 1):
        after = View()
        after.state, after.compacted, after.stories = (
            staged.flushed(writes),
            dict(before.compacted),
            dict(before.stories),
        )
        for offset in (1, 2):
            after.deliver(MERGING[offset], offset)
        assert after.state.entries == whole.state.entries
        after.compacted.update({key: value for key, value in whole.compacted.items() if key not in after.compacted})
        assert {k: v for k, v in after.stories.items() if k == "a"} == {"a": whole.stories["a"]}
        assert after.stories["b"] in (whole.stories["b"], before.stories["b"])


def test_a_large_story_lists_its_first_and_latest_articles_and_counts_the_others() -> None:
    made = view(*(extracted(f"{number:03}") for number in range(120)))
    [story] = made.stories.values()
    names = [each.article_id for each in story.articles]
    assert (len(names), names[0], names[-1], story.left_out) == (100, "000", "119", 20)
    made.deliver(extracted("005"), 5)
    assert made.stories == {"000": story}


def test_a_story_of_hostile_articles_stays_within_a_record() -> None:
    acts = tuple(event(f"e{number}", place="p" * 5000, attribution="a" * 5000) for number in range(60))
    hostile = [extracted(f"{n}", events=acts, title="t" * 100_000, url="u" * 100_000) for n in range(40)]
    [story] = view(*hostile).stories.values()
    assert len(codec.encode(story)) < 1_000_000


def test_the_history_tells_each_running_figure_and_what_a_revision_replaced() -> None:
    made = total(
        extracted("a", count(2000)),
        extracted("b", count(3000, attribution="the army"), published=LATER),
        extracted("a", count(2500), revision=2),
    )
    steps = [(step.figure.reported, step.figure.revision, step.lowest, step.highest) for step in made.history]
    assert steps == [(2000, 1, 2000, 2000), (2500, 2, 2500, 2500), (3000, 1, 2500, 3000)]
    assert (made.resets, made.contradictions) == ((), ())


def test_a_counter_that_falls_is_a_reset_and_the_later_figure_stands() -> None:
    made = total(extracted("a", count(2000)), extracted("b", count(500), published=LATER))
    [reset] = made.resets
    assert (reset.earlier.reported, reset.later.reported, made.highest) == (2000, 500, 500)


@pytest.mark.parametrize(
    "changes",
    [
        {"term": Term.SHELTERED},
        {"flow": Flow.UNKNOWN},
        {"quantifier": Quantifier.AT_LEAST, "high": None},
        {"quantifier": Quantifier.APPROXIMATELY, "reported": 1900, "low": None, "high": None},
    ],
)
def test_what_may_be_lower_is_no_reset(changes: dict[str, object]) -> None:
    term = changes.get("term", Term.EVACUATED)
    made = total(extracted("a", count(2000, term=term)), extracted("b", count(500, **changes), published=LATER))
    assert made.resets == ()


def test_sources_that_cannot_both_be_right_are_told() -> None:
    one = extracted("a", count(2000))
    for number, published, found in ((1000, LATER, 1), (3000, LATER, 0), (3000, one.published, 1)):
        made = total(one, extracted("b", count(number, attribution="the army"), published=published))
        assert len(made.contradictions) == found
    assert total(
        one, extracted("b", count(1000, attribution="the army"), published="2023-09-21T09:00:00Z")
    ).contradictions


LATER = "2023-09-20T11:00:00Z"
LINKED = replace(
    SAME_STORY,
    terms={"Tal": 1, "Busse": 2, "Dorf": 1},
    places=("ridge", "valley"),
    numbers=("14", "2000"),
    names=("smith",),
)
MERGING = (
    extracted("a", count(1)),
    extracted("b", count(3, attribution="the army"), language="de", features=LINKED),
    extracted("c", count(2, attribution="the mayor"), features=replace(LINKED, terms=SAME_STORY.terms)),
)
"""The first two have nothing in common but what the third tells of both."""


def merging(articles: int = 3) -> View:
    return view(*MERGING[:articles])


def test_copies_take_no_room_in_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "MOST_ARTICLES", 3)
    first, other, last = (extracted(name, count(2000)) for name in ("a", "b", "d"))
    apart = replace(other, features=StoryFeatures(terms={"Elsewhere": 1, "harvest": 2, "festival": 1}))
    without = view(first, apart, last)
    copies = view(first, *(apart for _ in range(20)), last)
    assert {frozenset(a.article_id for a in story.articles) for story in without.stories.values()} == {
        frozenset(a.article_id for a in story.articles) for story in copies.stories.values()
    }
    assert {"a", "d"} in [{a.article_id for a in story.articles} for story in copies.stories.values()]
