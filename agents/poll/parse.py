"""From a body to clean entries: all that a parser process does, as one pure function."""

from agents.poll import formats
from agents.poll.clean import line, scrub, text_hash, to_body
from agents.poll.dates import FeedDates
from agents.poll.entry import Entry, ParsedFeed, RawEntry, Text
from streams.language import detect, primary_subtag
from streams.urls import canonical_url

_MOST_NAMES = 50


def parse(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """The feed of a body that was served as `content_type` from `url`, its entries clean and in the feed's order.

    Raises:
        NotAFeedError: there is no feed in it.
    """
    feed = formats.read(body, content_type, url)
    dates = FeedDates()
    entries = tuple(clean_entry(raw, dates) for raw in feed.entries)
    title = line(Text(value=feed.title, html=False)) if feed.title else None
    return ParsedFeed(title=title, hints=feed.hints, entries=entries, problem=feed.problem and scrub(feed.problem))


def clean_entry(raw: RawEntry, dates: FeedDates) -> Entry:
    """The entry as it is published; `dates` reads those of its feed."""
    title = line(raw.title)
    source, body, html = _body(raw)
    guid = scrub(raw.guid).strip()[:2000] if raw.guid else None
    url = canonical_url(raw.link)
    return Entry(
        guid=guid or None,
        url=url,
        title=title,
        body=body,
        html=html,
        text_source=source if body else "title",
        published=dates.first_instant(raw.dates),
        authors=_names(raw.authors),
        categories=_names(raw.categories),
        language_declared=primary_subtag(raw.language),
        language_detected=detect(f"{title}\n\n{body}"),
        text_hash=text_hash(title, body),
    )


def _body(raw: RawEntry) -> tuple[str, str, str | None]:
    """The longest of the entry's texts, the first of equals, as (source, text, HTML); HTML may be all pictures."""
    texts = [(source, *to_body(text, raw.base)) for source, text in raw.texts]
    return max(texts, key=lambda one: len(one[1]), default=("title", "", None))


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    clean = (line(Text(value=name, html=False))[:200] for name in names[:_MOST_NAMES])
    return tuple(dict.fromkeys(name for name in clean if name))
