"""Small articles in several languages whose fate in the line is known beforehand: news, repeats, updates, monsters.

Each is two or three sentences, so that a load of many thousands is no burden; each tells one evacuation figure, and
half of them an act. The same seed makes the same articles.
"""

import base64
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from streams.instants import stamp
from streams.records import RawArticle


class Kind(StrEnum):
    """What an article is to those before it, and so what the line must make of it."""

    NEWS = "news"
    REPEAT = "repeat"
    """The same text at another address."""
    NEAR = "near"
    """The text with some words changed, at another address."""
    UPDATE = "update"
    """A later revision with another figure."""
    MONSTER = "monster"
    """What it leads to is larger than a record may be."""
    POISON = "poison"
    """No article at all."""


@dataclass(frozen=True, slots=True)
class Known:
    """An article, what it is, and the figure that it tells. `of` is the article that it repeats or updates."""

    kind: Kind
    article: RawArticle
    figure: int
    of: str | None = None


_SYLLABLES: Final = ("ba", "do", "ke", "li", "mu", "na", "po", "ra", "si", "tu", "ve", "zo", "gar", "min", "tel", "dor")
_PUBLISHED: Final = datetime(2024, 5, 6, tzinfo=UTC)
_ARTICLES_A_PLACE: Final = 12
_OLD: Final = 400
"""Articles that may still be repeated or updated: the latest."""

_WORDS: Final = {
    "en": "river bridge market quiet farmers carried green apples along road because rain fallen over garden before "
    "morning wind hills school opened slowly while traders counted boxes near station under grey clouds",
    "id": "sungai jembatan pasar sepi petani membawa apel hijau sepanjang jalan karena hujan turun atas kebun sebelum "
    "pagi angin bukit sekolah dibuka perlahan sementara pedagang menghitung kotak dekat stasiun bawah awan kelabu",
    "ru": "река мост рынок тихо крестьяне несли зелёные яблоки вдоль дороги потому дождь прошёл над садом перед "
    "утром ветер холмы школа открылась медленно пока торговцы считали ящики возле станции под серыми облаками",
    "es": "río puente mercado tranquilo campesinos llevaban manzanas verdes por camino porque lluvia caído sobre "
    "jardín antes mañana viento colinas escuela abrió despacio mientras comerciantes contaban cajas junto estación",
    "tr": "nehir köprü pazar sessiz çiftçiler yeşil elmalar taşıdı yol boyunca çünkü yağmur bahçe üzerine sabah "
    "önce rüzgar tepeler okul yavaşça açıldı tüccarlar kutuları saydı istasyon yakınında gri bulutlar altında",
    "uk": "річка міст ринок тихо селяни несли зелені яблука вздовж дороги тому дощ пройшов над садом перед ранком "
    "вітер пагорби школа відкрилася повільно поки торговці рахували ящики біля станції під сірими хмарами",
}
"""Words that let a language be told, and that claim nothing."""

_COUNT: Final = {
    "en": "More than {figure} people were evacuated from {place}, officials said.",
    "id": "Lebih dari {figure} orang telah dievakuasi dari {place}, kata pejabat setempat.",
    "ru": "Более {figure} человек эвакуированы из города {place}, сообщили власти.",
    "es": "Más de {figure} personas fueron evacuadas de {place}, dijeron las autoridades.",
    "tr": "{place} kentinden {figure} kişi tahliye edildi.",
    "uk": "Понад {figure} людей евакуювали з міста {place}, повідомила влада.",
}
_ACT: Final = {
    "en": "Rockets hit the village of {place}.",
    "id": "Roket menghantam desa {place}.",
    "ru": "Артиллерия обстреляла село {place}.",
    "es": "Los soldados tomaron la aldea de {place}.",
    "tr": "Roketler {place} köyünü vurdu.",
    "uk": "Ракети влучили в село {place}.",
}
LANGUAGES: Final = tuple(_WORDS)


class Articles:
    """Makes articles, one after another, none like another but where it says so.

    Args:
        seed: the same one makes the same articles.
        run: part of every address, so that several makers are apart.
        monster_bytes: least size of the value of a monster.
        fetched: the instant that all claim to be fetched at.
    """

    def __init__(self, seed: int, *, run: str, monster_bytes: int, fetched: str) -> None:
        self._chance = random.Random(f"{run}/{seed}")
        self._run = run
        self._monster_bytes = monster_bytes
        self._fetched = fetched
        self._made = 0
        self._old: deque[Known] = deque(maxlen=_OLD)

    def mixed(self, number: int) -> Iterator[Known]:
        """`number` articles: four of five news, the others what they can be to old news."""
        for _ in range(number):
            kind = self._chance.choices(tuple(_SHARES), tuple(_SHARES.values()))[0]
            if kind in (Kind.REPEAT, Kind.NEAR, Kind.UPDATE) and len(self._old) < _OLD // 4:
                kind = Kind.NEWS
            yield self._make(kind)

    def news(self) -> Known:
        """A new article."""
        return self._make(Kind.NEWS)

    def update(self, of: Known) -> Known:
        """The next revision of an article: another figure in the same words."""
        figure = of.figure + 1000
        body = of.article.body.replace(str(of.figure), str(figure))
        article = replace(of.article, revision=of.article.revision + 1, published=self._published(), body=body)
        return Known(Kind.UPDATE, _sealed(article), figure, of.article.article_id)

    def _make(self, kind: Kind) -> Known:
        self._made += 1
        match kind:
            case Kind.REPEAT | Kind.NEAR | Kind.UPDATE:
                # Old enough that its own message lies well before.
                place = self._chance.randrange(len(self._old) // 2)
                return self._follow(kind, place)
            case _:
                made = self._new(kind)
        if kind is Kind.NEWS:
            self._old.append(made)
        return made

    def _follow(self, kind: Kind, place: int) -> Known:
        of = self._old[place]
        if kind is Kind.UPDATE:
            made = self._old[place] = self.update(of)
            return made
        body = of.article.body if kind is Kind.REPEAT else self._reworded(of.article)
        return Known(kind, self._named(replace(of.article, body=body, revision=1)), of.figure, of.article.article_id)

    def _new(self, kind: Kind) -> Known:
        language = self._chance.choice(LANGUAGES)
        figure = 200 + self._chance.randrange(700)
        place = _name(random.Random(f"{self._run}/place/{self._made // _ARTICLES_A_PLACE}"), 3)
        sentences = [self._filler(language, 16), _COUNT[language].format(figure=figure, place=place)]
        if self._chance.random() < 0.5:
            sentences.append(_ACT[language].format(place=place))
        sentences.append(self._filler(language, 12))
        title = f"{place}: {self._words(language, 3)} {_name(self._chance, 2)} {_name(self._chance, 2)}"
        article = RawArticle(
            article_id="",
            revision=1,
            feed_id=self._run,
            source=f"Outlet {self._chance.randrange(8)}",
            url=None,
            guid=None,
            title=title,
            body="\n".join(sentences),
            html=self._noise() if kind is Kind.MONSTER else None,
            language=language,
            language_declared=language,
            language_detected=language,
            published=self._published(),
            fetched=self._fetched,
        )
        return Known(kind, self._named(article), figure)

    def _named(self, article: RawArticle) -> RawArticle:
        url = f"https://news.example.org/{self._run}/{self._made}"
        article_id = sha256(url.encode()).hexdigest()[:32]
        return _sealed(replace(article, article_id=article_id, url=url, guid=url, published=self._published()))

    def _published(self) -> str:
        # No two at one moment: what the totals say then depends on no order of arrival.
        return stamp(_PUBLISHED + timedelta(seconds=self._made))

    def _reworded(self, article: RawArticle) -> str:
        first, *rest = article.body.split("\n")
        words = first.split()
        words[self._chance.randrange(2, len(words) - 2)] = self._words(article.language, 1)
        return "\n".join([" ".join(words), *rest])

    def _filler(self, language: str, words: int) -> str:
        told = [*self._words(language, words).split(), *(_name(self._chance, 2).lower() for _ in range(4))]
        self._chance.shuffle(told)
        return " ".join(told).capitalize() + "."

    def _words(self, language: str, number: int) -> str:
        return " ".join(self._chance.choices(_WORDS[language].split(), k=number))

    def _noise(self) -> str:
        # What no compression makes small.
        return base64.b85encode(self._chance.randbytes(self._monster_bytes)).decode()


_SHARES: Final = {
    Kind.NEWS: 800,
    Kind.REPEAT: 70,
    Kind.NEAR: 60,
    Kind.UPDATE: 68,
    Kind.MONSTER: 1,
    Kind.POISON: 1,
}


def _name(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choices(_SYLLABLES, k=syllables)).capitalize()


def _sealed(article: RawArticle) -> RawArticle:
    return replace(article, content_hash=sha256(article.text.encode()).hexdigest())
