"""How well repeats are found, and that nothing else is: `python -m tests.quality.duplicates [--different N]`.

Texts are made from real articles of `../shared` by the edits that outlets make; each edit class is streamed after its
originals. Prints recall by class and language, and wrong merges among different articles and among articles of one
template.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final

import feedparser
import nh3

from agents.deduplicate.core import Deduplicator
from streams import codec
from streams.language import detect
from streams.records import RawArticle
from streams.stage import Message
from tests.support.memory_state import MemoryState

SHARED: Final = Path(__file__).parents[3] / "shared"
LEAST: Final = {
    "headline rewritten": 0.99,
    "dateline changed": 0.99,
    "5 % words changed": 0.99,
    "120 words appended": 0.99,
    "boilerplate around": 0.99,
    "cut to half": 0.95,
    "cut to a quarter": 0.85,
    "15 % words changed": 0.90,
}


@dataclass(frozen=True)
class Original:
    """A real article."""

    language: str
    title: str
    body: str

    @property
    def words(self) -> list[str]:
        return self.body.split()


class Stream:
    """A core on one window; articles get ids of their own."""

    def __init__(self) -> None:
        self.core = Deduplicator(72 * 3600)
        self.state = MemoryState()
        self.offset = 0

    def send(self, original: Original) -> str:
        """The id of the article that this one is taken for; its own if for none."""
        self.offset += 1
        name = sha256(str(self.offset).encode()).hexdigest()[:32]
        raw = RawArticle(
            article_id=name,
            revision=1,
            feed_id=f"feed-{self.offset % 50}",
            source=f"Outlet {self.offset % 50}",
            url=f"https://outlet-{self.offset % 50}.example/{self.offset}",
            guid=None,
            title=original.title,
            body=original.body,
            html=None,
            language=original.language,
            language_declared=None,
            language_detected=None,
            published=None,
            fetched="2024-05-06T08:00:00Z",
        )
        send = self.core.process(
            Message(
                topic="articles.raw",
                partition=0,
                offset=self.offset,
                timestamp_ms=None,
                key=None,
                value=codec.encode(raw),
            ),
            self.state,
        )[0]
        assert send.value is not None
        record = json.loads(send.value)
        return str(record["article_id"] if send.topic == "articles.unique" else record["original_id"])


# --- the articles


def originals() -> list[Original]:
    """Real articles of at least 80 words: labelled ones in twelve languages, and those of 60 feeds."""
    found = [*_gold(), *_feeds()]
    stream = Stream()
    sent = [(stream.send(article), article) for article in found if len(article.words) >= 80 and _is_prose(article)]
    many = Counter(article.language for _, article in sent)
    unlike = dict(reversed(sent))  # the feeds hold copies, too
    return [article for article in unlike.values() if many[article.language] > 9]


def _is_prose(article: Original) -> bool:
    """Whether it is sentences, not a drawing or a programme that stands in a feed."""
    return sum(any(map(str.isalpha, word)) and len(word) < 30 for word in article.words) > 0.8 * len(article.words)


def _gold() -> Iterator[Original]:
    for path in sorted(SHARED.glob("gold/dev/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            article = json.loads(line)
            yield Original(article["language"], article["title"], article["body"])


def _feeds() -> Iterator[Original]:
    for path in sorted(SHARED.glob("data/feeds/real/*.xml")):
        for entry in feedparser.parse(path.read_bytes()).entries:
            content = max([c.value for c in entry.get("content", [])] + [entry.get("summary", "")], key=len)
            body = nh3.clean(content, tags=set()).strip()
            yield Original(detect(body) or "und", entry.get("title", ""), body)


def stories() -> list[Original]:
    """English articles about 42 events: many tell the same, none is a copy by design."""
    path = SHARED / "data/stories/ecbplus-odd.jsonl"
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    return [Original("en", text.partition("\n")[0], text.partition("\n")[2]) for text in texts]


def cables() -> list[Original]:
    """1,300 agency reports from one region, with their formulas."""
    path = SHARED / "data/counts/muc_dev.jsonl"
    texts = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Original("en", "", str(text.get("text") or text.get("doctext"))) for text in texts]


# --- the edits


class Editor:
    """Edits as outlets make them; numbers and names are touched in datelines and boilerplate only."""

    def __init__(self, articles: list[Original], seed: int) -> None:
        self.rng = random.Random(seed)
        self._words: dict[str, list[str]] = defaultdict(list)
        self._passages: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for article in articles:
            self._words[article.language] += [word for word in article.words if _is_common(word)]
            self._passages[article.language] += [
                (article.body, part) for part in re.split(r"(?<=[.!?])\s", article.body)
            ]

    def changed(self, original: Original, share: float) -> Original:
        tokens = original.body.split(" ")
        places = [at for at, token in enumerate(tokens) if _is_common(token)]
        for at in self.rng.sample(places, min(len(places), round(share * len(tokens)))):
            tokens[at] = self.rng.choice(self._words[original.language])
        return Original(original.language, original.title, " ".join(tokens))

    def headline(self, original: Original) -> Original:
        title = " ".join(self.rng.sample(original.words, min(8, len(original.words))))
        return Original(original.language, title, original.body)

    def dateline(self, original: Original) -> Original:
        head = self.rng.choice(
            [
                "KYIV, May 5 (Reuters) - ",
                "Jakarta (ANTARA) - ",
                "GENEVA — ",
                "МОСКВА, 6 мая. /ТАСС/. ",
                "Paris, 6 mai (AFP) – ",
            ]
        )
        return Original(original.language, original.title, head + original.body)

    def appended(self, original: Original) -> Original:
        return Original(original.language, original.title, original.body + "\n" + self._passage(original, 120))

    def around(self, original: Original) -> Original:
        before = (
            "Follow us on Telegram and X for the latest news, day and night, from 140 correspondents in 60 countries."
        )
        after = "© 2024 Outlet Media Ltd. All rights reserved. Subscribe to our newsletter for 3 stories every morning."
        return Original(original.language, original.title, f"{before}\n{original.body}\n{after}")

    def cut(self, original: Original, share: float) -> Original:
        words = original.body.split(" ")
        return Original(original.language, original.title, " ".join(words[: round(len(words) * share)]) + " …")

    def _passage(self, original: Original, words: int) -> str:
        """Sentences of many other articles, so that the passage is none of them."""
        others = [sentence for body, sentence in self._passages[original.language] if body != original.body]
        passage: list[str] = []
        while len(passage) < words:
            passage += self.rng.choice(others).split()
        return " ".join(passage[:words])


def _is_common(word: str) -> bool:
    return word.isalpha() and not word[0].isupper() and len(word) > 1


def classes(editor: Editor) -> dict[str, Callable[[Original], Original]]:
    """The edit classes by name."""
    return {
        "headline rewritten": editor.headline,
        "dateline changed": editor.dateline,
        "5 % words changed": lambda original: editor.changed(original, 0.05),
        "120 words appended": editor.appended,
        "boilerplate around": editor.around,
        "cut to half": lambda original: editor.cut(original, 0.5),
        "cut to a quarter": lambda original: editor.cut(original, 0.25),
        "15 % words changed": lambda original: editor.changed(original, 0.15),
    }


# --- the different ones


def different(articles: list[Original], number: int, seed: int) -> Iterator[Original]:
    """As many different articles as wanted: chains of words that follow each other in real articles of 12 languages."""
    rng = random.Random(seed)
    for language in sorted({article.language for article in articles}):
        own = [article for article in articles if article.language == language]
        chain: dict[str, list[str]] = {}
        for article in own:
            for one, other in pairwise(article.words):
                chain.setdefault(one, []).append(other)
        starts = list(chain)
        branching = {word for word, follow in chain.items() if len(set(follow)) > 1}
        share = 1.0 if len(starts) > 10_000 else 0.6  # few articles would make one chain of the same words
        for n in range(round(number * len(own) / len(articles))):
            words, length = [rng.choice(starts)], rng.randrange(60, 400)
            while len(words) < length:
                follow = chain.get(words[-1], [])
                if rng.random() > (share if words[-1] in branching else 0.5):  # a lone successor would repeat a text
                    follow = []
                words.append(rng.choice(follow or starts))
            yield Original(language, " ".join(words[:9]) + f" {n}", " ".join(words))


TEMPLATES: Final = (
    "Russian troops shelled {place} on the morning of {day} May. {dead} people were killed and {hurt} were wounded, "
    "the head of the regional military administration wrote on Telegram. {houses} houses, a school and a power line "
    "were damaged. Rescuers are clearing the rubble, and {moved} residents were evacuated to a safer community. "
    "Residents are asked to stay in shelters until the all-clear, and to report suspicious objects to the police.",
    "Banjir merendam {houses} rumah di Desa {place} pada {day} Mei. Sebanyak {moved} warga mengungsi ke balai desa, "
    "kata kepala badan penanggulangan bencana daerah. {dead} orang meninggal dan {hurt} luka-luka. Petugas masih "
    "mendata kerusakan dan membagikan makanan siap saji, selimut serta air bersih kepada para pengungsi di posko.",
    "Войска обстреляли село {place} утром {day} мая. Погибли {dead} человек, {hurt} ранены, сообщил глава области в "
    "своём канале. Повреждены {houses} домов, школа и линия электропередачи. Спасатели разбирают завалы, {moved} "
    "жителей вывезены в безопасное место. Жителей просят оставаться в укрытиях и сообщать "
    "полиции о подозрительных предметах.",
)
_SYLLABLES: Final = ("ba", "do", "ke", "li", "mu", "na", "po", "ra", "si", "tu", "ve", "zo")


def templated(number: int, seed: int) -> Iterator[Original]:
    """Articles of one template: other village, other numbers."""
    rng = random.Random(seed)
    for n in range(number):
        place = "".join(rng.choices(_SYLLABLES, k=4)).capitalize()
        figures = {name: rng.randrange(1, 900) for name in ("dead", "hurt", "houses", "moved")}
        body = TEMPLATES[n % len(TEMPLATES)].format(place=place, day=rng.randrange(1, 31), **figures)
        yield Original("en", f"{place}: shelling again", body)


# --- the report


def main() -> int:
    """Print the report; 1 if a figure is below what is to be reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--different", type=int, default=100_000, help="different articles in the window")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not SHARED.is_dir():
        print(f"No articles to measure on: {SHARED.name} is not beside the project.")
        return 1
    articles = originals()
    print(f"{len(articles)} articles: {dict(Counter(article.language for article in articles).most_common())}")
    good = _recall(articles, options.seed)
    good &= _merged("same template, other village and numbers", list(templated(3000, options.seed)), 0)
    for name, texts in (("articles about the same events", stories()), ("agency reports of one region", cables())):
        _merged(name, texts, len(texts))
    good &= _merged(
        "different articles", list(different(articles, options.different, options.seed)), options.different // 10_000
    )
    return 0 if good else 1


def _recall(articles: list[Original], seed: int) -> bool:
    good = True
    for name, edit in classes(Editor(articles, seed)).items():
        stream = Stream()
        ids = [stream.send(article) for article in articles]
        found: Counter[str] = Counter()
        for article, own in zip(articles, ids, strict=True):
            found[article.language] += stream.send(edit(article)) == own
        recall = sum(found.values()) / len(articles)
        good &= recall >= LEAST[name]
        total = Counter(article.language for article in articles)
        by_language = " ".join(f"{code} {found[code] / count:.2f}" for code, count in total.items() if count >= 8)
        print(f"{name:20} recall {recall:.3f} (at least {LEAST[name]})   {by_language}", flush=True)
    return good


def _merged(name: str, articles: list[Original], most: int) -> bool:
    stream = Stream()
    ids = [stream.send(article) for article in articles]
    merged = len(ids) - len(set(ids))
    print(f"{name}: {merged} of {len(ids)} merged (at most {most})", flush=True)
    return merged <= most


if __name__ == "__main__":
    sys.exit(main())
