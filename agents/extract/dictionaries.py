"""The dictionary forms of words in all languages at once, mapped into memory.

Source: the dictionaries of the `simplemma` package. As Python dictionaries they take 600 MB and some seconds each to
load, and the package keeps eight: a worker that reads twelve languages would load them over and over. Here each is a
trie in a file of some megabytes, made once from the packaged data and mapped by every worker.
"""

import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import marisa_trie
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy
from simplemma.strategies.apostrophe_boundary import APOSTROPHE_BOUNDARY_LANGS
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES, DefaultDictionaryFactory
from simplemma.utils import CANON_LANGS, has_apostrophe

from agents.extract.gazetteer import default_folders

_FORMAT: Final = 1
_KEPT: Final = 16_384
"""Words whose answer is kept."""


class _Forms(Mapping[str, str]):
    """One language's dictionary: written form → dictionary form."""

    def __init__(self, trie: Any) -> None:
        self._trie = trie

    def __getitem__(self, word: str) -> str:
        found = self._trie.get(word)
        if not found:
            raise KeyError(word)
        return str(found[0].decode())

    def get(self, word: str, default: Any = None) -> Any:
        """The dictionary form, `default` where the word is unknown."""
        found = self.form(word)
        return default if found is None else found

    def form(self, word: str) -> str | None:
        """The dictionary form, None where the word is unknown."""
        found = self._trie.get(word)
        return str(found[0].decode()) if found else None

    def __iter__(self) -> Iterator[str]:
        yield from self._trie.iterkeys()

    def __len__(self) -> int:
        return len(self._trie)


class Dictionaries:
    """The dictionaries whose files lie in one of `folders`, the first that can be written to; built there when absent.

    Building takes up to ten seconds a language. Where no folder can be written to, it is done for this process alone.
    """

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders
        self._open: dict[str, _Forms] = {}
        strategy = DefaultStrategy(dictionary_factory=self)
        self._lemmatizer = Lemmatizer(cache_max_size=0, lemmatization_strategy=strategy)  # who asks keeps the answer
        self._lookup = DictionaryLookupStrategy(dictionary_factory=self)
        self.knows = lru_cache(maxsize=_KEPT)(self._knows)

    def get_dictionary(self, lang: str) -> _Forms:
        """One language's dictionary, as simplemma asks for it.

        Raises:
            ValueError: there is none for this language.
        """
        forms = self._open.get(lang)
        if forms is None:
            forms = self._open[lang] = _Forms(self._trie(lang))
        return forms

    def lemma(self, word: str, language: str) -> str:
        """The dictionary form of a word; of an unknown one what rules make of it.

        Most words are in the dictionary: those do not go the whole of simplemma's way, which would begin so.
        """
        return self._entry(word, language) or str(self._lemmatizer.lemmatize(word, language))

    def _entry(self, word: str, language: str) -> str | None:
        """What the dictionary has under a word; None also where simplemma would ask something else first."""
        if word.isnumeric() or language in CANON_LANGS:
            return None
        if language in APOSTROPHE_BOUNDARY_LANGS and has_apostrophe(word):
            return None
        forms = self.get_dictionary(language)
        word = unicodedata.normalize("NFC", word)
        found = forms.form(word)
        return found if found is not None else forms.form(word.lower() if word[:1].isupper() else word.capitalize())

    def _knows(self, word: str, language: str) -> bool:
        """Whether the language's dictionary has a word; where there is no dictionary, False."""
        if language not in SUPPORTED_LANGUAGES:
            return False
        return self._lookup.get_lemma(unicodedata.normalize("NFC", word), language) is not None

    def _trie(self, language: str) -> Any:
        name = f"words-{language}-{version('simplemma')}-{_FORMAT}.trie"
        for folder in self._folders:
            path = folder / name
            try:
                if not path.exists():
                    folder.mkdir(parents=True, exist_ok=True)
                    _write(_build(language), path)
                return marisa_trie.BytesTrie().mmap(str(path))
            except OSError:
                continue  # a read-only home, or a file cut short: the next folder may do
        return _build(language)


def _build(language: str) -> Any:
    forms = DefaultDictionaryFactory(cache_max_size=1).get_dictionary(language)
    return marisa_trie.BytesTrie((word, form.encode()) for word, form in forms.items())


def _write(trie: Any, path: Path) -> None:
    """Write the file whole or not at all: several workers may start at once."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        written = Path(file.name)
    try:
        trie.save(str(written))
        written.chmod(0o644)  # a temporary file is its owner's alone; workers may run as another user
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


@cache
def shared_dictionaries() -> Dictionaries:
    """The process's one set of dictionaries, in the folder of the place index."""
    return Dictionaries(default_folders())


def prepare(languages: Iterable[str]) -> None:
    """Open, and where need be build, the dictionaries of these languages: at start, not while an article waits."""
    for language in languages:
        if language in SUPPORTED_LANGUAGES:
            shared_dictionaries().get_dictionary(language)
