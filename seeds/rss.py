"""Articles of this folder as an RSS 2.0 feed. Pure rendering, and the reading of the article files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Final

import orjson

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedArticle:
    """An article to serve. `published` is an instant as `2023-09-20T09:00:00Z`; a line of `body` is a paragraph."""

    guid: str
    url: str
    language: str
    published: str
    title: str
    body: str


def load_articles(folder: Path = FOLDER / "articles") -> list[SeedArticle]:
    """The bundled articles, one file each, by file name."""
    return [SeedArticle(**orjson.loads(path.read_bytes())) for path in sorted(folder.glob("*.json"))]


def render(title: str, link: str, articles: Sequence[SeedArticle]) -> bytes:
    """An RSS 2.0 document (UTF-8) with each article's full text as `content:encoded`."""
    items = "".join(map(_item, articles))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n'
        f"<channel>\n<title>{escape(title)}</title>\n<link>{escape(link)}</link>\n"
        f"<description>{escape(title)}</description>\n{items}</channel>\n</rss>\n"
    ).encode()


def _item(article: SeedArticle) -> str:
    published = format_datetime(datetime.fromisoformat(article.published), usegmt=False)
    html = "".join(f"<p>{escape(line, quote=False)}</p>" for line in article.body.split("\n"))
    return (
        f"<item>\n<title>{escape(article.title)}</title>\n<link>{escape(article.url)}</link>\n"
        f'<guid isPermaLink="false">{escape(article.guid)}</guid>\n<pubDate>{published}</pubDate>\n'
        f"<content:encoded>{escape(html)}</content:encoded>\n</item>\n"
    )
