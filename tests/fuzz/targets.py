"""What is fuzzed: for each target how an input is made, what reads it, and which errors it may answer with.

An input is bytes, so that any that is worth it can be kept as a file and read again.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from random import Random
from typing import Any, Final

from agents.deduplicate.core import Deduplicator
from agents.extract.core import Extractor
from agents.extract.engine import shared_engine
from agents.extract.explain import lines as explained
from agents.poll import feeds_file
from agents.poll.clean import line, scrub, to_body
from agents.poll.dates import first_instant
from agents.poll.entry import Entry, NotAFeedError, Text
from agents.poll.page import extract as read_page
from agents.poll.page import robots
from agents.poll.parse import parse
from agents.total.core import Totals
from streams import codec, records
from streams.kafka.dead_letters import dead_letter
from streams.kafka.letterbox import coordinates
from streams.records import Article, ConflictEvent, DeadLetter, EvacuationCount
from streams.settings import SettingError, load
from streams.stage import Core, Message, PoisonError, Send
from streams.topics import TOPIC
from streams.urls import canonical_url, url_identity
from streams.vocabulary import DeadReason, Stage
from tests.fuzz import made
from tests.fuzz.inputs import bytes_of, giant, json_of, read_text, text_of
from tests.quality.corpus import languages
from tests.support.memory_state import MemoryState

_GIANT: Final = 5_000
"""One input of so many is a giant one."""

_URL: Final = "http://example.org/feed"


@dataclass(frozen=True, slots=True)
class Target:
    """One way in for strangers' bytes.

    `make` gives an input, `read` takes it and raises `errors` at most. `milliseconds` of processor time may go by for
    each kB of input besides `allowance`, in seconds for any: a collection of garbage, something loaded late. `share`
    is how many of the inputs it gets, relative to the others. `warm` is an input that loads what is loaded late.
    """

    name: str
    make: Callable[[Random], bytes]
    read: Callable[[bytes], object]
    errors: tuple[type[Exception], ...] = ()
    milliseconds: float = 20.0
    allowance: float = 0.3
    share: int = 1
    warm: bytes = b""


# --- making


def _text(random: Random) -> bytes:
    if random.randrange(_GIANT) == 0:
        return bytes_of(random, giant(random, made.all_texts(), random.choice((20_000, 100_000, 1_000_000))))
    return bytes_of(random, text_of(random, made.all_texts()))


def _article(language: str, random: Random) -> bytes:
    pool = made.texts(language) if random.random() < 0.9 else made.all_texts()
    if random.randrange(_GIANT) == 0:
        text = giant(random, pool, random.choice((20_000, 200_000, 1_000_000)))
    else:
        text = text_of(random, pool)
        text += "\n" + text_of(random, pool) if random.random() < 0.1 else ""
    return bytes_of(random, random.choice((*made.TIMES, "")) + "\n" + text)


def _raw_articles(random: Random) -> bytes:
    language = random.choice(languages())
    pool = made.texts(language)
    text = text_of(random, pool)
    told = [text, text, text_of(random, pool), text_of(random, (text,))][: random.randrange(1, 5)]
    return b"\n".join(json_of(random, made.article(random, language, one, "RawArticle"), pool) for one in told)


def _extracted(random: Random) -> bytes:
    return b"\n".join(json_of(random, made.extracted(random), made.URLS) for _ in range(random.randrange(1, 5)))


def _record(random: Random) -> bytes:
    name = random.choice(made.RECORDS)
    return name.encode() + b"\n" + json_of(random, made.record(random, name), made.URLS)


def _url(random: Random) -> bytes:
    return bytes_of(random, text_of(random, made.URLS))


def _markup(random: Random) -> bytes:
    if random.randrange(_GIANT) == 0:
        return _text(random)
    return bytes_of(random, text_of(random, (made.markup(random, made.all_texts()),)))


def _feed(random: Random) -> bytes:
    return bytes_of(random, text_of(random, (made.feed(random, made.all_texts()),)))


def _page(random: Random) -> bytes:
    return bytes_of(random, text_of(random, (made.page(random, made.all_texts()),)))


def _date(random: Random) -> bytes:
    return bytes_of(random, text_of(random, (made.date(random), made.date(random))))


def _feeds_file(random: Random) -> bytes:
    return bytes_of(random, text_of(random, (made.feeds_file(random),)))


def _environment(random: Random) -> bytes:
    return bytes_of(random, text_of(random, (made.environment(random),)))


def _dead(random: Random) -> bytes:
    return b"\n".join(_text(random) for _ in range(3))


# --- reading


def _read_feed(data: bytes) -> None:
    content_type = "text/xml; charset=windows-1251" if len(data) % 7 == 0 else "text/xml"
    feed = parse(data, content_type, _URL)
    for entry in feed.entries:
        _check_entry(entry)


def _read_page(data: bytes) -> None:
    entry = read_page(data, "text/html", _URL)
    if entry is not None:
        _check_entry(entry)
    robots(200, data).can_fetch("frontwire", _URL)


def _check_entry(entry: Entry) -> None:
    """What becomes a record can be written, and holds nothing that later stages may not see."""
    for text in (entry.title, entry.body, entry.html or "", entry.url or "", *entry.authors, *entry.categories):
        assert text == scrub(text), f"{text[:80]!r} holds what is never published"
    codec.encode(entry)


def _read_markup(data: bytes) -> None:
    text = read_text(data)
    for html in (True, False):
        plain, safe = to_body(Text(value=text, html=html), _URL)
        title = line(Text(value=text, html=html))
        assert "\n" not in title
        for each in (plain, safe or "", title):
            assert each == scrub(each), f"{each[:80]!r} holds what is never published"


def _read_url(data: bytes) -> None:
    canonical = canonical_url(read_text(data))
    assert canonical_url(canonical) == canonical
    url_identity(canonical)


def _read_date(data: bytes) -> None:
    when = first_instant((read_text(data),))
    assert when is None or len(when) == 20


def _read_record(data: bytes) -> None:
    name, _, value = data.partition(b"\n")
    kind: type[Any] = getattr(records, name.decode(), Article)
    record = codec.decode(value, kind)
    assert codec.decode(codec.encode(record), kind) == record


def _read_feeds_file(data: bytes) -> None:
    name, _, rest = data.partition(b"\n")
    known = "feeds.opml" if name == b"opml" else "feeds.toml"
    feeds = feeds_file.read(rest, known).feeds
    again = feeds_file.read(feeds_file.write(feeds, "feeds.toml"), "feeds.toml")
    assert {feed.feed_id: feed for feed in again.feeds} == {feed.feed_id: feed for feed in feeds}, again.problems


def _read_environment(data: bytes) -> None:
    rows = (row.partition("=") for row in read_text(data).splitlines())
    repr(load({name: value for name, _, value in rows}))


def _read_dead(data: bytes) -> None:
    key, text, value = (*data.split(b"\n", 2), b"", b"")[:3]
    limit = 10_000
    letter = dead_letter(Stage.EXTRACT, _message(value, 7, key=key), DeadReason.INVALID, read_text(text), limit=limit)
    assert letter.value is not None
    assert len(letter.key) + len(letter.value) <= limit
    read = codec.decode(letter.value, DeadLetter)
    assert coordinates(read).encode() == letter.key
    assert read.payload_size == len(value)


def _message(value: bytes | None, offset: int, key: bytes | None = b"k") -> Message:
    return Message(topic="t", partition=0, offset=offset, timestamp_ms=1_700_000_000_000, key=key, value=value)


def _through(make: Callable[[], Core], data: bytes) -> None:
    """Messages, one a line, through a core on an empty state; each twice, as after a crash."""
    core, state = make(), MemoryState()
    for offset, value in enumerate(data.split(b"\n")):
        for _ in range(2):
            try:
                sends = core.process(_message(value, offset), state)
            except PoisonError:
                continue
            _check_sends(sends)


def _check_sends(sends: list[Send]) -> None:
    """What a stage sends is a record of its topic."""
    for send in sends:
        if send.value is not None:
            kinds = [getattr(records, name) for name in TOPIC[send.topic].records]
            codec.decode(send.value, kinds[0])


@cache
def _extractor() -> Callable[[], Core]:
    engine = shared_engine()
    return lambda: Extractor(engine.extract, engine.version)


def _read_article(language: str, data: bytes) -> None:
    published, _, text = read_text(data).partition("\n")
    title, _, body = text.partition("\n\n")
    fields = {"title": title, "body": body, "language": language, "published": published or None}
    article = codec.from_object(_ARTICLE | fields, Article)
    found = shared_engine().extract(article)
    whole = article.text
    claims: list[ConflictEvent | EvacuationCount] = [*found.events, *found.counts]
    for one in claims:
        assert whole[one.start : one.end] == one.quote, f"{one.quote!r} is not at {one.start}-{one.end}"
    if len(data) < 1000:
        list(explained(found))
    if _is_writable(published + text):
        _check_sends(_extractor()().process(_message(codec.encode(article), 0), MemoryState()))


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_ARTICLE: Final = json.loads(json.dumps(made.article(Random(0), "en", "", "Article"))) | {"supersedes": None}

_NO_DATE: Final = b"7 no day of any month 2023"
_WORDS: Final = b"The first text loads models and libraries, which no input shall pay for. " * 4
_RSS: Final = (
    b"<rss version='2.0'><channel><item><guid>1</guid><pubDate>%s</pubDate><description>%s</description></item>"
)
_PAGE: Final = b"<html><body><article><p>%s</p><p>%s</p></article></body></html>"

TARGETS: Final = (
    Target("codec", _record, _read_record, (codec.DecodeError,), share=260),
    Target("url", _url, _read_url, share=200),
    Target("dead-letter", _dead, _read_dead, share=60),
    Target("settings", _environment, _read_environment, (SettingError,), share=60),
    Target("feeds-file", _feeds_file, _read_feeds_file, share=40),
    Target("markup", _markup, _read_markup, share=60),
    Target("date", _date, _read_date, share=10, warm=_NO_DATE),
    Target("feed", _feed, _read_feed, (NotAFeedError,), allowance=1.0, share=40, warm=_RSS % (_NO_DATE, _WORDS)),
    Target("page", _page, _read_page, share=5, warm=_PAGE % (_WORDS, _WORDS)),
    Target("deduplicate", _raw_articles, partial(_through, lambda: Deduplicator(259_200)), share=60),
    Target("total", _extracted, partial(_through, Totals), share=60),
    *(
        Target(f"extract-{language}", partial(_article, language), partial(_read_article, language), share=12)
        for language in languages()
    ),
)
