"""What the desk holds: the latest claims with their articles, stories, totals and feeds, read out of the topics.

Pure: messages in, state out. It may be given the topics in any order between them, and any message again. Bounded by
claims and by age; age is measured by the messages' own times, so nothing here reads a clock.
"""

import zlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from agents.desk.held import Claim, Found, Held, Told, claim_id, spot, words
from agents.desk.moments import milliseconds
from agents.desk.pace import Pace
from agents.show import plain
from streams import codec
from streams.records import (
    Article,
    ConflictEvent,
    Duplicate,
    EvacuationCount,
    EvacuationTotal,
    FeedHealth,
    Story,
)
from streams.stage import Message

Kept = TypeVar("Kept")

_ARTICLES_PER_CLAIM: Final = 2
"""Texts are kept for more articles than claims have, as an article comes before its claims."""
_TEXT_LETTERS: Final = 60_000
"""Of a longer text only the beginning is kept; quotes behind it are shown without their sentence."""


class Store:
    """The desk's memory.

    Args:
        limit: most claims held; the oldest articles go first.
        keep_ms: claims older than this, by the newest message, are let go.
        change: number before the first change. Numbers rise with every change and name what a reader has seen.

    Attributes:
        newest: when the latest message arrived, in ms since 1970; 0 before the first.
    """

    def __init__(self, limit: int, keep_ms: int, change: int = 0) -> None:
        self._limit = limit
        self._keep_ms = keep_ms
        self.newest = 0
        self.change = change
        self.claims: dict[str, Held] = {}
        self.found: dict[str, Found] = {}
        self.articles: OrderedDict[str, Told] = OrderedDict()
        self.stories: OrderedDict[str, Story] = OrderedDict()
        self.totals: OrderedDict[str, EvacuationTotal] = OrderedDict()
        self.feeds: dict[str, FeedHealth] = {}
        self.pace = Pace()
        self.types: Counter[str] = Counter()
        self.countries: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self._story_of: dict[str, str] = {}
        self._repeats: OrderedDict[str, dict[str, None]] = OrderedDict()
        self._apply: Mapping[str, Callable[[Message, str], None]] = {
            "articles.unique": self._article,
            "articles.duplicates": self._duplicate,
            "conflict.events": self._event,
            "evacuation.counts": self._count,
            "stories": self._story,
            "evacuation.totals": self._total,
            "feeds.health": self._health,
        }

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics (bare names) whose messages it takes."""
        return tuple(self._apply)

    def apply(self, message: Message) -> bool:
        """Take in one message; False if it is no record of its topic, and passed over."""
        try:
            self.newest = max(self.newest, message.timestamp_ms or 0)
            self._apply[message.topic](message, (message.key or b"").decode())
        except (codec.DecodeError, UnicodeDecodeError):
            return False
        return True

    def article_sources(self, article_id: str) -> list[str]:
        """Outlets besides its own that tell the article's story or repeat the article."""
        told = self.articles.get(article_id)
        story = self.story_of(article_id)
        names = dict.fromkeys((*(story.sources if story else ()), *self._repeats.get(article_id, ())))
        own = told.source if told else next((h.claim.source for h in self._claims_of(article_id)), None)
        return [plain(name) for name in names if name != own]

    def story_of(self, article_id: str) -> Story | None:
        """The story of an article as it is today."""
        return self.story(self._story_of.get(article_id))

    def story(self, story_id: str | None) -> Story | None:
        """The story that an id means today, merges followed."""
        seen: set[str] = set()
        while story_id is not None and story_id not in seen:
            seen.add(story_id)
            story = self.stories.get(story_id)
            if story is None or story.merged_into is None:
                return story
            story_id = story.merged_into
        return None

    def _claims_of(self, article_id: str) -> Iterable[Held]:
        found = self.found.get(article_id)
        return found.claims.values() if found else ()

    def _changed(self, article_id: str) -> None:
        """The card of the article shows something else from now on."""
        self.change += 1
        if found := self.found.get(article_id):
            found.change = self.change

    def _article(self, message: Message, key: str) -> None:
        article = codec.decode(message.value, Article)
        before = self.articles.get(article.article_id)
        if before and before.revision >= article.revision:
            return
        arrived = message.timestamp_ms or 0
        if before is None:
            self.pace.article(arrived)
        self.articles[article.article_id] = Told(
            article_id=article.article_id,
            revision=article.revision,
            source=article.source,
            title=article.title,
            url=article.url,
            arrived=arrived,
            fetched=milliseconds(article.fetched),
            packed=zlib.compress(article.text[:_TEXT_LETTERS].encode(), 1),
        )
        _shorten(self.articles, self._limit * _ARTICLES_PER_CLAIM)
        self._changed(article.article_id)

    def _duplicate(self, message: Message, key: str) -> None:
        duplicate = codec.decode(message.value, Duplicate)
        self._repeats.setdefault(duplicate.original_id, {})[duplicate.source] = None
        _shorten(self._repeats, self._limit)
        self._changed(duplicate.original_id)

    def _event(self, message: Message, key: str) -> None:
        self._claim(message, key, ConflictEvent)

    def _count(self, message: Message, key: str) -> None:
        self._claim(message, key, EvacuationCount)

    def _claim(self, message: Message, key: str, kind: type[ConflictEvent] | type[EvacuationCount]) -> None:
        if message.value is None:
            self._withdraw(key)
            return
        claim: Claim = codec.decode(message.value, kind)
        before = self.claims.get(claim_id(claim))
        if before and (claim.revision < before.claim.revision or claim == before.claim):
            return
        self._hold(claim, message.timestamp_ms or 0, before)
        self._let_go()

    def _hold(self, claim: Claim, arrived: int, before: Held | None) -> None:
        if before is None:
            self.pace.claim(arrived)
        else:
            arrived = before.arrived
            self._tally(before.claim, -1)
        self._tally(claim, 1)
        time = milliseconds(claim.published) or arrived
        held = Held(claim, arrived, time, self.change + 1, words(claim), spot(claim))
        found = self.found.setdefault(claim.article_id, Found(claim.article_id))
        found.claims[held.claim_id] = self.claims[held.claim_id] = held
        found.claims = dict(sorted(found.claims.items(), key=lambda pair: (pair[1].claim.start, pair[0])))
        found.arrived, found.time = max(found.arrived, arrived), time
        self._changed(claim.article_id)

    def _withdraw(self, key: str) -> None:
        held = self.claims.pop(key, None)
        if held:
            self._tally(held.claim, -1)
            self.found[held.claim.article_id].claims.pop(key)
            self._changed(held.claim.article_id)

    def _let_go(self) -> None:
        """Forget the oldest articles where there are too many claims, and those that are too old."""
        oldest = self.newest - self._keep_ms
        if len(self.claims) <= self._limit and len(self.claims) % 512:
            return  # age is looked at now and then, as it needs a walk over all
        excess = len(self.claims) - self._limit
        room = self._limit // 20 if excess > 0 else 0
        for found in sorted(self.found.values(), key=lambda one: one.arrived):
            if excess + room <= 0 and found.arrived >= oldest:
                break
            excess -= len(found.claims)
            for key, held in found.claims.items():
                self._tally(held.claim, -1)
                del self.claims[key]
            del self.found[found.article_id]

    def _tally(self, claim: Claim, more: int) -> None:
        """Count one more or one less of what can be filtered by."""
        self.types[claim.sub_event_type if isinstance(claim, ConflictEvent) else claim.term] += more
        self.countries[claim.country or ""] += more
        self.languages[claim.language] += more

    def _story(self, message: Message, key: str) -> None:
        if message.value is None:
            gone = self.stories.pop(key, None)
            self._touch(article.article_id for article in (gone.articles if gone else ()))
            return
        story = codec.decode(message.value, Story)
        before = self.stories.get(story.story_id)
        if before and story.state_revision < before.state_revision:
            return
        self.stories[story.story_id] = story
        self.stories.move_to_end(story.story_id)
        for gone in _shorten(self.stories, self._limit):
            for article in gone.articles:
                self._story_of.pop(article.article_id, None)
        for article in story.articles:
            self._story_of[article.article_id] = story.story_id
        self._touch(article.article_id for article in story.articles)

    def _touch(self, article_ids: Iterable[str]) -> None:
        self.change += 1
        for article_id in article_ids:
            self._changed(article_id)

    def _total(self, message: Message, key: str) -> None:
        self.change += 1
        if message.value is None:
            self.totals.pop(key, None)
            return
        total = codec.decode(message.value, EvacuationTotal)
        before = self.totals.get(total.total_id)
        if before is None or total.state_revision >= before.state_revision:
            self.totals[total.total_id] = total
            self.totals.move_to_end(total.total_id)
            _shorten(self.totals, self._limit)

    def _health(self, message: Message, key: str) -> None:
        self.change += 1
        if message.value is None:
            self.feeds.pop(key, None)
        else:
            health = codec.decode(message.value, FeedHealth)
            self.feeds[health.feed_id] = health


def _shorten(held: OrderedDict[str, Kept], limit: int) -> list[Kept]:
    """Take out the first that are over the limit."""
    return [held.popitem(last=False)[1] for _ in range(len(held) - limit)]
