"""Dictionaries mapped from files say what the packaged ones say, and are made again where a file is no good."""

from itertools import islice
from pathlib import Path

import pytest
import simplemma
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy

from agents.extract.dictionaries import Dictionaries, shared_dictionaries

_WORDS = ("evakuasi", "tentara", "mengambil", "Dievakuasi", "frontwire")


def test_it_says_what_the_packaged_dictionary_says(tmp_path: Path) -> None:
    made = Dictionaries((tmp_path,))
    assert [made.lemma(word, "id") for word in _WORDS] == [simplemma.lemmatize(word, lang="id") for word in _WORDS]
    assert [made.knows(word, "id") for word in _WORDS] == [simplemma.is_known(word, lang="id") for word in _WORDS]
    assert made.knows("evakuasi", "id")
    assert not made.knows("frontwire", "id")


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "hy", "id", "ru", "tr", "uk"])
def test_a_dictionary_form_is_the_one_that_simplemma_finds(language: str) -> None:
    made = shared_dictionaries()
    whole = Lemmatizer(cache_max_size=0, lemmatization_strategy=DefaultStrategy(dictionary_factory=made))
    known = islice(made.get_dictionary(language), 0, 60_000, 200)
    words = {form for key in known for form in (key, key.capitalize(), key.upper(), f"{key}x", f"{key}’da")}
    for word in [*sorted(words), "²", "三"]:
        assert made.lemma(word, language) == whole.lemmatize(word, language)


def test_its_file_is_made_once_and_whole(tmp_path: Path) -> None:
    Dictionaries((tmp_path,)).get_dictionary("id")
    (path,) = tmp_path.iterdir()
    made = path.stat().st_mtime_ns
    again = Dictionaries((tmp_path,)).get_dictionary("id")
    assert path.stat().st_mtime_ns == made
    assert len(again) == sum(1 for _ in again) > 10_000


def test_a_folder_that_cannot_be_used_is_passed_over(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    free = tmp_path / "folder"
    assert Dictionaries((blocked, free)).knows("evakuasi", "id")
    assert len(list(free.iterdir())) == 1
    assert Dictionaries((blocked,)).knows("evakuasi", "id")


def test_a_language_without_dictionary_knows_no_word(tmp_path: Path) -> None:
    made = Dictionaries((tmp_path,))
    assert not made.knows("evakuasiya", "az")
    with pytest.raises(ValueError, match="Unsupported"):
        made.get_dictionary("az")
