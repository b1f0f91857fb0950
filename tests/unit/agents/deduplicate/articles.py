"""Articles for the tests of this folder."""

from dataclasses import replace

from streams import codec
from streams.records import RawArticle
from streams.stage import Message

BASE = RawArticle(
    article_id="a" * 32,
    revision=1,
    feed_id="antara",
    source="Antara",
    url="https://antara.example/news/1",
    guid="1",
    title="More than 2,000 people leave the valley",
    body="The ministry said on Wednesday that more than 2,000 people had been brought out of the valley by bus.",
    html=None,
    language="en",
    language_declared=None,
    language_detected="en",
    published="2023-09-20T09:00:00Z",
    fetched="2023-09-20T09:05:00Z",
)


def article(number: int, **changes: object) -> RawArticle:
    """An article that shares nothing with one of another number, but for what `changes` says."""
    texts = {
        "article_id": f"{number:032x}",
        "url": f"https://antara.example/news/{number}",
        "guid": str(number),
        "title": f"Report {number} from district {number * 7}",
        "body": f"Rain{number} fell upon roof{number} {number} while buses{number} went{number} north of mill{number}.",
    }
    return replace(BASE, **(texts | changes))  # type: ignore[arg-type]


def message(raw: RawArticle, offset: int) -> Message:
    return Message(
        topic="articles.raw",
        partition=2,
        offset=offset,
        timestamp_ms=None,
        key=raw.language.encode(),
        value=codec.encode(raw),
    )
