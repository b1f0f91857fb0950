"""What the articles contribute to one total: the figures of one origin, term and unit, by article."""

from hashlib import sha256
from typing import Final

import msgspec

from streams.records import EvacuationCount, SourceFigure
from streams.vocabulary import Term, Unit
from streams.words import fold

KEPT_SECONDS: Final = 30 * 24 * 3600
"""As long as the articles themselves are kept; an older figure is another evacuation from the same place."""

_MOST_ARTICLES: Final = 500


class Scope(msgspec.Struct, frozen=True, array_like=True):
    """What a total is of. Persons and households, and the terms, never mix."""

    story_id: str | None
    origin: str | None
    origin_geoname_id: int | None
    term: Term
    unit: Unit

    @property
    def total_id(self) -> str:
        """32 hex digits over story, origin (GeoNames id, else folded text), term and unit."""
        place = str(self.origin_geoname_id) if self.origin_geoname_id is not None else fold(self.origin)
        key = "\n".join((self.story_id or "", place, self.term, self.unit))
        return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Contribution(msgspec.Struct, frozen=True, array_like=True):
    """The figures of one article. `offset` is that of the message, `seen` the article's `fetched` in seconds."""

    offset: int
    seen: int
    figures: tuple[SourceFigure, ...]


class Ledger(msgspec.Struct, frozen=True, array_like=True):
    """One total's contributions by article id; `state_revision` is 1 + the offset of the last message to change it."""

    scope: Scope
    state_revision: int
    articles: dict[str, Contribution]


def figure(count: EvacuationCount) -> SourceFigure:
    """The figure of a count. Its source is the attribution, folded, else the outlet."""
    return SourceFigure(
        source=fold(count.attribution) or fold(count.source) or count.source,
        quantifier=count.quantifier,
        reported=count.reported,
        low=count.low,
        high=count.high,
        flow=count.flow,
        modality=count.modality,
        group=count.group,
        as_of=count.as_of,
        published=count.published,
        article_id=count.article_id,
        count_id=count.count_id,
        revision=count.revision,
    )


def told_by(ledger: Ledger, article_id: str, contribution: Contribution) -> Ledger:
    """The ledger with the article's figures replaced; without figures, with the article gone.

    Articles that left the 30 days before the newest go, and so do the oldest over 500. The ledger itself where no
    figure changes: the same told again, later in the topic, is nothing new.
    """
    before = ledger.articles.get(article_id)
    if contribution.figures == (before.figures if before else ()):
        return ledger
    articles = {other: told for other, told in ledger.articles.items() if other != article_id}
    if contribution.figures:
        articles[article_id] = contribution
    newest = max((told.seen for told in articles.values()), default=0)
    kept = sorted((told.seen, other) for other, told in articles.items() if told.seen >= newest - KEPT_SECONDS)
    return Ledger(
        ledger.scope,
        max(ledger.state_revision, contribution.offset + 1),
        {other: articles[other] for _, other in kept[-_MOST_ARTICLES:]},
    )


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Ledger)


def encode(ledger: Ledger) -> bytes:
    """The ledger as it is stored."""
    return _ENCODER.encode(ledger)


def decode(data: bytes) -> Ledger:
    """Read a stored ledger.

    Raises:
        msgspec.DecodeError: the bytes are no ledger; the state is broken or of another version.
    """
    return _DECODER.decode(data)
