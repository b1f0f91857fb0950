"""Articles to load the line with: as many as wanted, all different, each with a claim that can be predicted."""

import random
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from seeds.rss import SeedArticle
from streams.records import RawArticle

FETCHED = "2024-05-06T08:00:00Z"
_PUBLISHED = "2024-05-06T07:00:00Z"
_SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "po", "ra", "si", "tu", "ve", "zo")


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))


_WORDS = {
    "en": "the river and old bridge near this market were quiet while farmers carried green apples along their road "
    "because rain had fallen over every garden before morning with some wind from hills",
    "id": "sungai dan jembatan tua di dekat pasar itu sepi sementara petani membawa apel hijau sepanjang jalan mereka "
    "karena hujan turun di atas setiap kebun sebelum pagi dengan angin dari bukit yang tinggi",
}
"""Words that let a language be told, and that claim nothing."""


def _filler(chance: random.Random, language: str, words: int = 60) -> str:
    return " ".join(chance.choices(_WORDS[language].split(), k=words)).capitalize() + "."


def _claim(language: str, figure: int, place: str) -> str:
    if language == "id":
        return f"Lebih dari {figure} orang telah dievakuasi dari {place}, kata pejabat setempat."
    return f"More than {figure} people were evacuated from {place}, officials said."


def raw_articles(number: int, *, run: str, seed: int = 1, fetched: str = FETCHED) -> Iterator[RawArticle]:
    """`number` different articles in English and Indonesian; the figure of the n-th is 100 + n.

    `run` keeps the articles of several calls apart. Mixed with articles that are polled now, `fetched` must be now:
    duplicates are forgotten by it.
    """
    chance = random.Random(f"{run}/{seed}")
    for n in range(number):
        language = ("en", "id")[n % 2]
        place = _word(chance).capitalize()
        url = f"https://news.example.org/{run}/{n}"
        body = "\n".join((_filler(chance, language), _claim(language, 100 + n, place), _filler(chance, language)))
        yield RawArticle(
            article_id=sha256(url.encode()).hexdigest()[:32],
            revision=1,
            feed_id=run,
            source="Load",
            url=url,
            guid=url,
            title=f"{place} {_word(chance)} {_word(chance)} {n}",
            body=body,
            html=None,
            language=language,
            language_declared=language,
            language_detected=language,
            published=_PUBLISHED,
            fetched=fetched,
            content_hash=sha256(body.encode()).hexdigest(),
        )


def repeat_of(article: RawArticle, number: int) -> RawArticle:
    """The same text at another address: a duplicate that must be found."""
    url = f"{article.url}/again/{number}"
    return replace(article, article_id=sha256(url.encode()).hexdigest()[:32], url=url, guid=url)


def feed_articles(number: int, *, run: str) -> list[SeedArticle]:
    """The same kind of articles as entries of a feed."""
    return [
        SeedArticle(
            guid=raw.guid or "",
            url=raw.url or "",
            language=raw.language,
            published=_PUBLISHED,
            title=raw.title,
            body=raw.body,
        )
        for raw in raw_articles(number, run=run)
    ]
