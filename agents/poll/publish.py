"""From a decision to records: the article of a change, keys and sends, and how a feed does."""

from dataclasses import replace
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from agents.poll.clean import text_hash
from agents.poll.dates import clamp
from agents.poll.entry import Entry
from agents.poll.identity import Change
from streams import codec
from streams.cloudevents import withdrawn, wrapped
from streams.language import decide as decide_language
from streams.language import primary_subtag
from streams.records import EntryState, Feed, FeedHealth, FeedState, RawArticle
from streams.stage import Send

RAW = "articles.raw"
HEALTH = "feeds.health"
_MOST_BYTES: Final = 6
"""Of a letter as JSON, which writes a control character as six."""

_MOST_BESIDE: Final = 40_000
"""Characters of a record without body and HTML: names, categories, addresses, and the names of the fields."""

SEPARATOR = " "
"""Between feed id and entry in a key; feed ids hold no blank."""


def feed_key(feed_id: str) -> bytes:
    """The key of a feed on `feeds`, `feeds.state` and `feeds.health`."""
    return feed_id.encode()


def entry_prefix(feed_id: str) -> bytes:
    """What the keys of a feed's entries begin with."""
    return f"{feed_id}{SEPARATOR}".encode()


def entry_key(feed_id: str, article_id: str) -> bytes:
    """The key of an entry on `feeds.state`."""
    return entry_prefix(feed_id) + article_id.encode()


def pending(feed: Feed, feed_title: str | None, change: Change, fetched: str, max_bytes: int) -> EntryState:
    """The entry's state with the article to send in it, its language decided at its first revision."""
    entry = change.entry
    declared = primary_subtag(feed.language) or entry.language_declared
    language = change.state.language or decide_language(declared, entry.language_detected)
    article = _article(feed, feed_title, change, declared, language, fetched)
    return replace(change.state, language=language, pending=_fitting(article, max_bytes))


def send(article: RawArticle) -> Send:
    """The article on `articles.raw`: keyed by language, which decides on its partition."""
    return wrapped(RAW, article.language, article)


def health(feed: Feed, state: FeedState) -> FeedHealth:
    """How the feed does, for its operators; no secret of its address is in it."""
    return FeedHealth(
        feed_id=feed.feed_id,
        name=feed.name,
        url=without_secrets(feed.url),
        status=state.status,
        outcome=state.outcome,
        error=state.error,
        failures=state.failures,
        polls=state.polls,
        not_modified_share=round(state.not_modified / state.polls, 3) if state.polls else 0.0,
        last_poll=state.last_poll,
        last_ok=state.last_ok,
        last_new=state.last_new,
        next_due=state.next_due,
        interval_seconds=state.interval_seconds,
        resolved_url=without_secrets(state.resolved_url) if state.resolved_url else None,
    )


def send_health(feed: Feed, state: FeedState) -> Send:
    """How the feed does, on `feeds.health`."""
    return wrapped(HEALTH, feed.feed_id, health(feed, state))


def withdraw_health(feed_id: str, state: bytes) -> Send:
    """The feed is polled no more; `state` is what was known of it last."""
    return withdrawn(HEALTH, feed_id, sha256(state).hexdigest()[:16])


def without_secrets(url: str) -> str:
    """An address as it may be logged: no user, password, query values (they hold keys) or fragment."""
    try:
        parts = urlsplit(url)
        query = "&".join(name.partition("=")[0] + "=..." for name in parts.query.split("&") if name)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, query, ""))[:500]
    except ValueError:
        return "an address that cannot be read"


def _article(
    feed: Feed, feed_title: str | None, change: Change, declared: str | None, language: str, fetched: str
) -> RawArticle:
    entry = change.entry
    published, clamped = clamp(entry.published, fetched)
    return RawArticle(
        article_id=change.state.article_id,
        revision=change.state.revision,
        feed_id=feed.feed_id,
        source=feed.name or feed_title or feed.feed_id,
        url=entry.url,
        guid=entry.guid,
        title=entry.title,
        body=entry.body,
        html=entry.html,
        language=language,
        language_declared=declared,
        language_detected=entry.language_detected,
        published=published,
        fetched=fetched,
        authors=entry.authors,
        categories=entry.categories,
        text_source=entry.text_source,
        content_hash=entry.text_hash,
        published_clamped=clamped,
    )


def _fitting(article: RawArticle, max_bytes: int) -> RawArticle:
    """The article small enough to travel twice in one record: without its HTML, then with a shorter body."""
    if _MOST_BYTES * (len(article.body) + len(article.html or "") + _MOST_BESIDE) <= max_bytes // 2:
        return article  # whatever its letters are: most need not be written to be measured
    while len(codec.encode(article)) > max_bytes // 2:
        if article.html is not None:
            article = replace(article, html=None)
        elif article.body:
            article = replace(article, body=article.body[: len(article.body) // 2])
        else:
            return replace(article, authors=(), categories=(), guid=None)
    return article


def with_page(entry: Entry, page: Entry) -> Entry:
    """The entry with the text of its page instead of the feed's."""
    return replace(
        entry,
        body=page.body,
        html=page.html,
        text_source=page.text_source,
        language_detected=page.language_detected,
        text_hash=text_hash(entry.title, page.body),
    )
