"""Small numbers as words: two texts alike but for "three" and "four" are two reports, as with 3 and 4.

The words stand in `number_words.toml`, one key a language. A word that is not listed costs a guard, never an article.
"""

import tomllib
from importlib import resources
from typing import Final

_FILE: Final = resources.files("agents.deduplicate").joinpath("number_words.toml")

NUMBER_WORDS: Final = frozenset(" ".join(tomllib.loads(_FILE.read_text(encoding="utf-8")).values()).split())
"""Casefolded, of all languages together: a word that is a number in one is rarely a common word of another."""
