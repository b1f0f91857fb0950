"""The desk's pages as HTML. Pure: the store and the clock's word in, text out.

Every value goes through Jinja's autoescape; a test renders hostile records.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import jinja2

from agents.desk import cards, filters, overview, story_views, wording
from agents.desk.atlas import atlas
from agents.desk.exports import Row
from agents.desk.filters import Filter
from agents.desk.held import Claim, Found, Held
from agents.desk.moments import instant, moment_words
from agents.desk.projection import WORLD
from agents.desk.sentence import around
from agents.desk.store import Store
from agents.show import plain
from streams.vocabulary import Modality

CARDS: Final = 20
"""Articles a page."""
_PANEL_STORIES: Final = 6
_PAGE_STORIES: Final = 60
_MOST_CHANGED: Final = 200

_templates: Final = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
    auto_reload=False,
)
_templates.filters["thousands"] = lambda number: f"{number:,}"
_templates.filters["joined"] = lambda names: wording.joined(list(names))
_templates.filters["country"] = wording.country_name


def desk(store: Store, asked: Filter, now: int, *, before: str = "", since: int | None = None) -> str:
    """The main page.

    Args:
        store: what is held.
        asked: what to show of it.
        now: ms since 1970.
        before: key of a card; only cards behind it in the order are shown.
        since: number of a change; only cards that changed after it are shown, with the ids of those that are gone.
    """
    passed = filters.select(store, asked, now)
    claims = [held for _, some in passed for held in some]
    shown, more = _page(passed, asked, before, since)
    views = [cards.card(store, found, some, asked, now) for found, some in shown]
    return _render(
        "desk.html",
        asked=asked,
        cards=views,
        more=views[-1].key if more else "",
        gone=_gone(store, {found.article_id for found, _ in passed}, since),
        change=store.change,
        claims=len(claims),
        articles=len(passed),
        held=len(store.claims),
        atlas=atlas(claims),
        world=WORLD,
        stories=story_views.stories(store, (found for found, _ in passed), now, _PANEL_STORIES),
        line=overview.line(store, now),
        options=overview.options(store),
        chosen=_chosen(store, asked),
        modalities=[(word.value, wording.STANCES[word].capitalize()) for word in Modality],
        when=moment_words(now, now),
    )


Pair = tuple[Found, list[Held]]


def _page(passed: list[Pair], asked: Filter, before: str, since: int | None) -> tuple[list[Pair], bool]:
    """The articles of the page, and whether more come behind them."""
    if since is not None:
        return [pair for pair in passed if pair[0].change > since][:_MOST_CHANGED], False
    if before:
        at, _, article_id = before.partition("-")
        key = (int(at) if at.isdecimal() and len(at) < 20 else 0, article_id)
        passed = [pair for pair in passed if filters.order_key(pair[0], asked) < key]
    return passed[:CARDS], len(passed) > CARDS


def _gone(store: Store, passed: set[str], since: int | None) -> list[str]:
    if since is None:
        return []
    return [
        found.article_id for found in store.found.values() if found.change > since and found.article_id not in passed
    ]


def _chosen(store: Store, asked: Filter) -> list[tuple[str, str]]:
    """What is filtered by: in words, and the address without it."""
    story = store.story(asked.story)
    words = {
        "kind": {"events": "conflict events", "counts": "evacuation figures"}.get(asked.kind, ""),
        "type": asked.type.replace("_", " "),
        "modality": asked.modality,
        "country": wording.country_name(asked.country) if asked.country else "",
        "language": wording.language_name(asked.language) if asked.language else "",
        "story": f"story: {plain(story.title) if story else 'not held'}" if asked.story else "",
        "text": f"“{plain(asked.text)}”" if asked.text else "",
        "last": f"last {asked.last}" if asked.last else "",
        "start": f"from {asked.start}" if asked.start else "",
        "end": f"to {asked.end}" if asked.end else "",
    }
    return [(told, asked.but(**{name: ""}).query) for name, told in words.items() if told]


def stories(store: Store, now: int) -> str:
    """The page of all stories that claims are held of."""
    return _render("stories.html", stories=story_views.stories(store, store.found.values(), now, _PAGE_STORIES))


def story(store: Store, story_id: str, now: int) -> str | None:
    """The page of one story; None if none is held under that id."""
    known = store.story(story_id)
    if known is None:
        return None
    asked = Filter(story=known.story_id)
    passed = filters.select(store, asked, now)
    return _render(
        "story.html",
        story=story_views.story_view(store, known, sum(len(some) for _, some in passed), now),
        cards=[cards.card(store, found, some, asked, now) for found, some in passed[:_MOST_CHANGED]],
        atlas=atlas([held for _, some in passed for held in some]),
        others=[
            (plain(a.source), plain(a.title), cards.web_address(a.url), cards.lang(a.language))
            for a in known.articles
            if a.article_id not in store.found
        ],
    )


def article(store: Store, article_id: str, now: int) -> str | None:
    """The page of one article with all its claims; None if it is not held."""
    found = store.found.get(article_id)
    if found is None or not found.claims:
        return None
    view = cards.card(store, found, list(found.claims.values()), Filter(), now)
    return _render("article.html", card=view)


def record(store: Store, claim_id: str, now: int) -> str | None:
    """The page of one claim: its sentence and all its fields; None if it is not held."""
    held = store.claims.get(claim_id)
    if held is None:
        return None
    claim = held.claim
    found = store.found[claim.article_id]
    told = store.articles.get(claim.article_id)
    text = told.text if told and told.revision == claim.revision else None
    return _render(
        "record.html",
        card=cards.card(store, found, [held], Filter(), now),
        sentence=around(text, claim.start, claim.end, claim.quote),
        fields=_fields(claim),
        found=instant(held.arrived),
    )


def _fields(claim: Claim) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), _field(value)) for name, value in asdict(claim).items() if name != "quote"]


def _field(value: Any) -> str:
    if value is None or value == ():
        return "–"
    if isinstance(value, tuple):
        return "; ".join(", ".join(f"{k} {plain(str(v))}" for k, v in one.items() if v is not None) for one in value)
    return plain(str(value))


def feeds(store: Store, now: int) -> str:
    """The page of feed health."""
    return _render("feeds.html", feeds=overview.feeds(store, now), line=overview.line(store, now))


def message(title: str, text: str) -> str:
    """A page that says one thing, such as why there is no page."""
    return _render("message.html", title=title, text=text)


def rows(store: Store, asked: Filter, now: int, base: str) -> list[Row]:
    """What is shown, for an export: every claim that passes, in the page's order. `base` is the desk's own address."""
    return [_row(store, held, base) for _, some in filters.select(store, asked, now) for held in some]


def row(store: Store, claim_id: str, base: str) -> Row | None:
    """One claim for an export; None if it is not held."""
    held = store.claims.get(claim_id)
    return _row(store, held, base) if held else None


def _row(store: Store, held: Held, base: str) -> Row:
    article_id = held.claim.article_id
    story, told = store.story_of(article_id), store.articles.get(article_id)
    return Row(
        held, story.story_id if story else None, plain(told.title) if told else "", f"{base}/record/{held.claim_id}"
    )


def _render(name: str, **values: Any) -> str:
    return _templates.get_template(name).render(**values)
