"""Putting known articles in: straight onto `articles.raw`, and as entries of feeds over HTTP."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from seeds import rss
from seeds.server import Document, FeedServer
from streams.codec import encode
from streams.kafka.security import client_options
from streams.kafka.topics import full_name
from streams.settings import Settings
from streams.topics import language_partition
from tests.support.known import Articles, Kind, Known

_BATCH: Final = 50
"""Articles sent together. Less than lies between an article and what follows it, so that order is kept."""

_WINDOW: Final = 25
"""Entries that a feed shows at most: what is not yet published stays."""

_SEND_TIMEOUT: Final = 20.0


@dataclass(slots=True)
class Expected:
    """What was put in and acknowledged, straight and over HTTP; `dead` is the SHA-256 of what cannot be processed."""

    straight: list[Known] = field(default_factory=list)
    over_http: list[Known] = field(default_factory=list)
    dead: dict[str, Kind] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Articles, updates and repeats of all kinds."""
        return len(self.straight) + len(self.over_http)


def value_of(known: Known) -> bytes:
    """The record's value."""
    if known.kind is Kind.POISON:
        return b'{"article_id": "' + known.article.article_id.encode() + b'", '
    return encode(known.article)


async def feed_straight(settings: Settings, articles: Articles, number: int, rate: float, expected: Expected) -> None:
    """Send `number` articles, `rate` a second on average, each batch again until the brokers have it."""
    left, clock = number, asyncio.get_running_loop().time
    began = clock()
    while left > 0:
        batch = list(articles.mixed(min(_BATCH, left)))
        await _until_sent(settings, batch)
        for known in batch:
            if known.kind in (Kind.MONSTER, Kind.POISON):
                expected.dead[sha256(value_of(known)).hexdigest()] = known.kind
        expected.straight += batch
        left -= len(batch)
        await asyncio.sleep(max(0.0, began + (number - left) / rate - clock()))


async def _until_sent(settings: Settings, batch: Sequence[Known]) -> None:
    while not await send_once(settings, batch):  # noqa: ASYNC110 - only trying tells
        await asyncio.sleep(1)


async def send_once(settings: Settings, batch: Sequence[Known], within: float = _SEND_TIMEOUT) -> bool:
    """Send a batch in order; whether all of it was acknowledged in time, in seconds."""
    try:
        async with asyncio.timeout(within):
            await _send(settings, batch)
    except (KafkaError, TimeoutError, OSError):
        return False
    return True


async def _send(settings: Settings, batch: Sequence[Known]) -> None:
    producer = AIOKafkaProducer(
        **client_options(settings),
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_request_size=settings.max_message_bytes,
    )
    try:
        await producer.start()
        answers = [
            await producer.send(
                full_name(settings, "articles.raw"),
                key=known.article.language.encode(),
                value=value_of(known),
                partition=language_partition(known.article.language),
            )
            for known in batch
        ]
        await asyncio.gather(*answers)
    finally:
        await producer.stop()


class Feeds:
    """Feeds that grow, change and repeat one another.

    An entry is shown until it is published; then it may change once, or leave.
    """

    def __init__(self, server: FeedServer, articles: Articles, names: Sequence[str], seed: int) -> None:
        self._server = server
        self._articles = articles
        self._shown: dict[str, list[Known]] = {name: [] for name in names}
        self._chance = random.Random(seed)
        for name in names:
            self._show(name)

    def url(self, name: str) -> str:
        """The address of a feed."""
        return self._server.url(f"/{name}.xml")

    async def grow(self, number: int, rate: float, expected: Expected, published: set[tuple[str, int]]) -> None:
        """Add `number` entries, `rate` a second at most, over all feeds; `published` is what `articles.raw` holds."""
        left = number
        while left > 0:
            name = self._chance.choice(list(self._shown))
            changed = self._step(name, expected, published)
            left -= changed
            await asyncio.sleep(changed / rate if changed else 0.5)

    def _step(self, name: str, expected: Expected, published: set[tuple[str, int]]) -> int:
        shown = self._shown[name]
        before = len(expected.over_http)
        done = [known for known in shown if _key(known) in published]
        for known in done:
            if known.kind is Kind.NEWS and self._chance.random() < 0.1:
                self._replace(shown, known, self._articles.update(known), expected)
            elif known.kind is Kind.NEWS and self._chance.random() < 0.1:
                self._repeat(name, known, expected)
        while len(shown) > _WINDOW // 2 and _key(shown[0]) in published:
            shown.pop(0)
        for _ in range(min(5, _WINDOW - len(shown))):
            new = self._articles.news()
            shown.append(new)
            expected.over_http.append(new)
        self._show(name)
        return len(expected.over_http) - before

    def _replace(self, shown: list[Known], known: Known, by: Known, expected: Expected) -> None:
        shown[shown.index(known)] = by
        expected.over_http.append(by)

    def _repeat(self, name: str, known: Known, expected: Expected) -> None:
        other = self._chance.choice([one for one in self._shown if one != name])
        if len(self._shown[other]) < _WINDOW and all(_key(one) != _key(known) for one in self._shown[other]):
            again = Known(Kind.REPEAT, known.article, known.figure, known.article.article_id)
            self._shown[other].append(again)
            self._show(other)

    def _show(self, name: str) -> None:
        entries = [
            rss.SeedArticle(
                guid=known.article.guid or "",
                url=known.article.url or "",
                language=known.article.language,
                published=known.article.published or "",
                title=known.article.title,
                body=known.article.body,
            )
            for known in self._shown[name]
        ]
        self._server.documents[f"/{name}.xml"] = Document(rss.render(name, "https://news.example.org", entries))


def _key(known: Known) -> tuple[str, int]:
    return known.article.article_id, known.article.revision
