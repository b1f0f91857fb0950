"""The pages as text: everything escaped, claims in words."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from agents.desk import cards, pages
from agents.desk.filters import Filter
from agents.desk.store import Store
from streams.records import Casualties, Part, StoryClaim, StoryEvent
from streams.vocabulary import CasualtyKind, FeedStatus, Modality, Quantifier
from tests.support.desk import (
    NOW,
    article,
    count,
    event,
    health,
    many,
    message,
    source_figure,
    story,
    story_figure,
    total,
)

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}&lt;"
QUOTE = "Nobody answered"


class Page(HTMLParser):
    """A page's elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def text(self) -> str:
        """All text, blanks made one."""
        return " ".join(self.words.split())

    def all(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a name."""
        return [attributes for tag, attributes in self.elements if tag == name]


def store_of(*records: Any) -> Store:
    store = Store(20_000, 10**12)
    for record in records:
        assert store.apply(message(record))
    return store


def everywhere(store: Store) -> dict[str, str]:
    """Every page of a store."""
    found = {"desk": pages.desk(store, Filter(text=EVIL[:9]), NOW), "all": pages.desk(store, Filter(), NOW)}
    found |= {"stories": pages.stories(store, NOW), "feeds": pages.feeds(store, NOW)}
    found |= {f"article {key}": pages.article(store, key, NOW) or "" for key in store.found}
    found |= {f"record {key}": pages.record(store, key, NOW) or "" for key in store.claims}
    found |= {f"story {key}": pages.story(store, key, NOW) or "" for key in store.stories}
    return found


def test_hostile_records_are_text_on_every_page() -> None:
    told = article(EVIL, title=EVIL, source=EVIL, body=f"{EVIL} {QUOTE}.", url="javascript:alert(3)", language='x" y')
    hostile = {"actor": EVIL, "attribution": EVIL, "country": '"><u>'}
    claim = event(told, EVIL, place=EVIL, target=EVIL, date=EVIL, rule=EVIL, **hostile)
    figure = count(told, QUOTE, origin=EVIL, destination=EVIL, group=EVIL, as_of=EVIL, **hostile)
    running = replace(total(figure, 5, 9), origin=EVIL)
    running = replace(running, figures=(replace(source_figure(figure, 5, EVIL), source=EVIL, count_id='"><u>'),))
    tale = story(told, title=EVIL, sources=(EVIL, "Other"), figures=(story_figure(running),))
    feed = health("f", name=EVIL, url=EVIL, error=EVIL, status=FeedStatus.BACKOFF, failures=2)
    for where, html in everywhere(store_of(told, claim, figure, running, tale, feed)).items():
        page = Page(html)
        assert html, where
        assert all(attributes.get("src") == "/static/desk.js" for attributes in page.all("script")), where
        assert not page.all("img"), where
        assert not page.all("u"), where
        for tag, attributes in page.elements:
            assert not any(name.startswith("on") or name == "style" for name in attributes), (where, tag)
            assert not (attributes.get("href") or "").startswith("javascript"), (where, tag)
        assert "alert(1)" in page.text or where == "feeds" or where == "desk", where


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("javascript:alert(1)", None),
        (" java\tscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example", None),
        ("http://[bad", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_links(url: str | None, link: str | None) -> None:
    assert cards.web_address(url) == link


def test_a_claim_is_told_in_words() -> None:
    told = article()
    claim = event(
        told,
        attribution="Kyiv",
        target="the port",
        casualties=(
            Casualties(
                kind=CasualtyKind.KILLED, who="civilians", quantifier=Quantifier.AT_LEAST, reported=3, low=3, high=None
            ),
        ),
    )
    denial = event(told, at=2, modality=Modality.NEGATED, attribution="Moscow")
    text = Page(pages.desk(store_of(told, claim, denial), Filter(), NOW)).text
    assert "Shelling or missile attack troops → against the port in Kherson UKR" in text
    assert "On Monday troops shelled the port, officials said." in text
    assert "claimed by Kyiv; denied by Moscow · at least 3 killed (civilians)" in text
    assert "denied by Moscow; claimed by Kyiv" in text


def test_a_figure_is_told_in_words() -> None:
    told = article()
    half = Part(group="children", quantifier=Quantifier.MORE_THAN, share_low=0.5)
    claim = count(told, QUOTE, parts=(half,), as_of="2023-09-20T06:00", destination="Rwanda")
    text = Page(pages.desk(store_of(told, claim), Filter(), NOW)).text
    assert "More than 2,000 people: evacuated from Goma → Rwanda COD" in text
    assert "claimed by Red Cross · more than half children · running total · as of 2023-09-20 morning" in text


@pytest.mark.parametrize(
    ("quantifier", "low", "reported", "words"),
    [
        (Quantifier.VAGUE, 1000, None, "Thousands of people: evacuated"),
        (Quantifier.VAGUE, 3, None, "Several people: evacuated"),
        (Quantifier.EXACT, 1, 1, "1 person: evacuated"),
        (Quantifier.BETWEEN, 5000, None, "5,000 to 7,000 people: evacuated"),
    ],
)
def test_figures_read_as_english(quantifier: Quantifier, low: int, reported: int | None, words: str) -> None:
    high = 7000 if quantifier is Quantifier.BETWEEN else None
    told = count(article(), QUOTE, quantifier=quantifier, low=low, reported=reported, high=high)
    assert cards.count_heading(told) == words


def test_other_sources_of_a_story_claim_or_deny() -> None:
    one, other = article(1), article(2, source="Weekly")
    claim, denial = event(one), event(other, modality=Modality.NEGATED, attribution="Moscow")
    told = [
        StoryClaim(
            source=(of.attribution or of.source).casefold(),
            modality=of.modality,
            date=None,
            casualties=(),
            event_id=of.event_id,
            article_id=of.article_id,
            revision=1,
            published=None,
        )
        for of in (claim, denial)
    ]
    merged = StoryEvent(
        event_type=claim.event_type,
        sub_event_type=claim.sub_event_type,
        place=None,
        country=None,
        place_geoname_id=None,
        lat=None,
        lon=None,
        sources=(),
        first=told[0],
        claims=tuple(told),
    )
    store = store_of(one, other, claim, denial, story(one, other, events=(merged,)))
    text = Page(pages.article(store, one.article_id, NOW) or "").text
    assert "denied by Moscow" in text
    assert "+1 source: Weekly" in text


def test_a_total_is_plotted_source_by_source() -> None:
    told = article()
    claim = count(told, QUOTE)
    running = total(claim, 1000, 3000, 2500)
    store = store_of(told, claim, running, story(told, figures=(story_figure(running),)))
    html = pages.story(store, story(told).story_id, NOW) or ""
    assert "2,500 people evacuated from Goma" in Page(html).text
    assert "Red Cross" in Page(html).text
    [plot] = [a for a in Page(html).all("svg") if "plot" in (a.get("class") or "")]
    assert "lowest and highest over sources" in (plot["aria-label"] or "")
    assert len([a for a in Page(html).all("circle") if a.get("r") == "2.6"]) == 3


def test_only_what_changed_is_given_to_a_page_that_saw_the_rest() -> None:
    store = store_of(*many(400))
    seen = store.change
    told = article("new")
    withdrawn = next(iter(store.found.values()))
    store.apply(message(told))
    store.apply(message(event(told)))
    for held in list(withdrawn.claims.values()):
        store.apply(replace(message(held.claim), value=None))
    page = Page(pages.desk(store, Filter(), NOW, since=seen))
    assert [card["id"] for card in page.all("article")] == [f"article-{told.article_id}"]
    [main] = page.all("main")
    assert main["data-gone"] == withdrawn.article_id
    assert main["data-change"] == str(store.change)


def test_pages_follow_one_another_without_gap_or_repeat() -> None:
    store = store_of(*many(400))
    seen: list[str | None] = []
    before = ""
    for _ in range(5):
        page = Page(pages.desk(store, Filter(), NOW, before=before))
        seen += [card["id"] for card in page.all("article")]
        before = page.all("article")[-1]["data-key"] or ""
    assert len(seen) == len(set(seen)) == 100
    assert 'rel="next"' not in pages.desk(store, Filter(), NOW, before=before)


def test_there_is_no_page_of_what_is_not_held() -> None:
    store = Store(100, 1000)
    assert pages.article(store, "x", NOW) is pages.record(store, "x", NOW) is pages.story(store, "x", NOW) is None
    assert "Nothing has been found yet" in pages.desk(store, Filter(), NOW)
