"""Articles and their claims as a reader sees them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from agents.desk import moments, wording
from agents.desk.filters import Filter, order_key
from agents.desk.held import Found, Held, Told
from agents.desk.sentence import Sentence, around
from agents.desk.store import Store
from agents.show import figure_words, moment_words, plain, toll_words
from streams.records import ConflictEvent, EvacuationCount, Story, Toll
from streams.vocabulary import Flow, Modality, Quantifier, Unit

_OPPOSITE: Final = {Modality.ASSERTED: Modality.NEGATED, Modality.NEGATED: Modality.ASSERTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """One claim. `group` is the event type, or `evacuation`; `told` says who tells it (empty where the outlet itself
    asserts it, as its name stands over it), `others` what further sources say of it; `who` and `whom` are names as
    written; `facts` are phrases."""

    claim_id: str
    kind: str
    group: str
    heading: str
    modality: str
    told: str
    others: tuple[str, ...]
    who: str
    whom: str
    place: str
    country: str
    facts: tuple[str, ...]
    sentence: Sentence
    language: str | None
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """One article with those of its claims that are shown. `key` orders the cards; `left_out` counts its others."""

    article_id: str
    key: str
    change: int
    title: str
    source: str
    url: str | None
    sources: tuple[str, ...]
    story: Story | None
    language: str | None
    language_name: str
    when: str
    instant: str
    claims: tuple[ClaimView, ...]
    left_out: int


def card(store: Store, found: Found, claims: Sequence[Held], asked: Filter, now: int) -> CardView:
    """The card of an article with these of its claims; `now` in ms since 1970."""
    told = store.articles.get(found.article_id)
    first = claims[0].claim
    story = store.story_of(found.article_id)
    at, _ = order_key(found, asked)
    return CardView(
        article_id=found.article_id,
        key=f"{at:015d}-{found.article_id}",
        change=found.change,
        title=plain(told.title if told else _story_title(story, found.article_id)) or "(no title)",
        source=plain(first.source),
        url=web_address(first.url),
        sources=tuple(store.article_sources(found.article_id)),
        story=story,
        language=lang(first.language),
        language_name=wording.language_name(first.language),
        when=moments.moment_words(found.time, now),
        instant=moments.instant(found.time),
        claims=tuple(claim_views(store, found, claims, told)),
        left_out=len(found.claims) - len(claims),
    )


def claim_views(store: Store, found: Found, claims: Iterable[Held], told: Told | None) -> Iterator[ClaimView]:
    """The claims of one article, each in its sentence."""
    text = told.text if told else None
    story = store.story_of(found.article_id)
    for held in claims:
        claim = held.claim
        known = text if told and told.revision == claim.revision else None
        sentence = around(known, claim.start, claim.end, claim.quote)
        if isinstance(claim, ConflictEvent):
            yield _event_view(claim, sentence, held.change, _others(store, found, claim, story))
        else:
            yield _count_view(claim, sentence, held.change)


def _event_view(event: ConflictEvent, sentence: Sentence, change: int, others: tuple[str, ...]) -> ClaimView:
    return ClaimView(
        claim_id=event.event_id,
        kind="event",
        group=event.event_type.value,
        heading=wording.name_of(event.sub_event_type),
        modality=event.modality.value,
        told=_told(event),
        others=others,
        who=plain(event.actor),
        whom=plain(event.target),
        place=plain(event.place),
        country=event.country or "",
        facts=tuple(filter(None, (toll_words(event), plain(event.date)))),
        sentence=sentence,
        language=lang(event.language),
        change=change,
    )


def _count_view(count: EvacuationCount, sentence: Sentence, change: int) -> ClaimView:
    return ClaimView(
        claim_id=count.count_id,
        kind="count",
        group="evacuation",
        heading=count_heading(count),
        modality=count.modality.value,
        told=_told(count),
        others=(),
        who=plain(count.actor),
        whom="",
        place=_route(count),
        country=count.country or "",
        facts=tuple(_count_facts(count)),
        sentence=sentence,
        language=lang(count.language),
        change=change,
    )


def _told(claim: ConflictEvent | EvacuationCount) -> str:
    plainly = claim.attribution is None and claim.modality is Modality.ASSERTED
    return "" if plainly else wording.told_words(claim)


def count_heading(count: EvacuationCount) -> str:
    """`More than 2,000 people evacuated`."""
    of = " of" if count.quantifier is Quantifier.VAGUE and figure_words(count).endswith("s") else ""
    words = f"{figure_words(count)}{of} {_people(count)}: {wording.name_of(count.term).lower()}"
    return words[:1].upper() + words[1:]


def _people(count: EvacuationCount) -> str:
    one = count.quantifier is Quantifier.EXACT and count.reported == 1
    if count.group:
        return plain(count.group)
    if count.unit is Unit.HOUSEHOLD:
        return "household" if one else "households"
    return "person" if one else "people"


def _route(count: EvacuationCount) -> str:
    return " → ".join(filter(None, (plain(count.origin), plain(count.destination))))


def _count_facts(count: EvacuationCount) -> Iterator[str]:
    if count.group and count.unit is Unit.HOUSEHOLD:
        yield "households"
    for part in count.parts:
        yield f"{figure_words(part)} {plain(part.group)}"
    if count.flow is not Flow.UNKNOWN:
        yield "running total" if count.flow is Flow.CUMULATIVE else "new"
    if count.as_of:
        yield f"as of {moment_words(count.as_of)}"


def toll_line(toll: Toll) -> str:
    """What another source says of the casualties: `Kyiv: at least 3 killed (civilians)`."""
    people = (f"{figure_words(c)} {c.kind.value}" + (f" ({plain(c.who)})" if c.who else "") for c in toll.casualties)
    return f"{plain(toll.attribution) or 'another source'}: {', '.join(people)}"


def _others(store: Store, found: Found, event: ConflictEvent, story: Story | None) -> tuple[str, ...]:
    """What other sources say of the same act: `also claimed by ...`, `denied by ...`, other tolls."""
    said: dict[Modality, dict[str, None]] = {}
    for modality, name in (*_in_article(found, event), *_in_story(store, event, story)):
        if name.casefold() != plain(event.attribution or event.source).casefold():
            said.setdefault(modality, {}).setdefault(name)
    words = []
    for modality, names in said.items():
        also = "also " if modality is event.modality else ""
        words.append(f"{also}{wording.STANCES[modality]} by {wording.joined(list(names))}")
    return (*words, *map(toll_line, event.other_tolls))


def _in_article(found: Found, event: ConflictEvent) -> Iterator[tuple[Modality, str]]:
    """The contrary claims of the same article: a disputed act is told as two records."""
    for held in found.claims.values():
        other = held.claim
        if (
            isinstance(other, ConflictEvent)
            and other.sub_event_type is event.sub_event_type
            and other.modality is _OPPOSITE.get(event.modality)
            and (other.place == event.place or not (other.place and event.place))
        ):
            yield other.modality, plain(other.attribution or other.source)


def _in_story(store: Store, event: ConflictEvent, story: Story | None) -> Iterator[tuple[Modality, str]]:
    for merged in story.events if story else ():
        if any(claim.event_id == event.event_id for claim in merged.claims):
            for claim in merged.claims:
                if claim.event_id != event.event_id:
                    held = store.claims.get(claim.event_id)
                    name = (held.claim.attribution or held.claim.source) if held else claim.source
                    yield claim.modality, plain(name)


def _story_title(story: Story | None, article_id: str) -> str:
    articles = story.articles if story else ()
    return next((article.title for article in articles if article.article_id == article_id), "")


def lang(code: str) -> str | None:
    """As HTML's `lang` takes it; None where the language is not known."""
    return code if code.isascii() and code.isalpha() and code != "und" else None


def web_address(url: str | None) -> str | None:
    """The address if a link may lead there: only http and https, as others may run code."""
    try:
        parts = urlsplit(plain(url))
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in ("http", "https") and parts.hostname else None
