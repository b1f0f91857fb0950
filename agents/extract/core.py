"""The verb of the stage: Article in; conflict events, evacuation counts and one ExtractedArticle out."""

from collections.abc import Callable
from typing import Final

from agents.extract import claims
from agents.extract.claims import Claims, Found
from streams import codec
from streams.aging import Forgetting
from streams.records import Article
from streams.stage import Message, PoisonError, Send, State, fetched_seconds
from streams.vocabulary import DeadReason, Stage

_PREFIX: Final = b"c/"
_KEPT_SECONDS: Final = 30 * 24 * 3600
"""As long as the output topics keep the records that a later revision might withdraw."""


class Extractor:
    """Sends what `extract` finds in each article, and withdraws what an earlier revision claimed and this one does not.

    A revision that comes after a higher one says nothing. A revision that comes again says the same again. `extractor`
    is the version that the ExtractedArticle names.
    """

    stage = Stage.EXTRACT

    def __init__(self, extract: Callable[[Article], Found], extractor: str) -> None:
        self._extract = extract
        self._extractor = extractor
        self._old = Forgetting(_PREFIX, lambda value: claims.decode(value).seen, _KEPT_SECONDS)

    def opened(self, partition: int, state: State) -> None:
        """Read which claims are due to be forgotten, and when."""
        self._old.opened(partition, state)

    def closed(self, partition: int) -> None:
        """Forget the partition."""
        self._old.closed(partition)

    def process(self, message: Message, state: State) -> list[Send]:
        """The records of one article.

        Raises:
            PoisonError: the value is no Article, or its `fetched` is no instant.
        """
        article, seen = _read(message)
        key = _PREFIX + article.article_id.encode()
        before = _claims(key, state)
        if claims.is_overtaken(before, article):
            return []
        found = self._extract(article)
        now = claims.claim(before, article, seen, found)
        state.put(key, claims.encode(now))
        self._old.note(message.partition, key, seen, state)
        return claims.sends(now, article, found, self._extractor)


def _claims(key: bytes, state: State) -> Claims | None:
    data = state.get(key)
    return claims.decode(data) if data is not None else None


def _read(message: Message) -> tuple[Article, int]:
    """The article, and when it was fetched, in seconds since 1970."""
    try:
        article = codec.decode(message.value, Article)
    except codec.DecodeError as error:
        raise PoisonError(DeadReason.UNDECODABLE, str(error)) from error
    return article, fetched_seconds(message, article.fetched)
