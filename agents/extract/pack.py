"""Language packs: TOML files of spellings, read and checked once. A wrong pack is an error before the first article.

A pack is data. Each concept family of `concepts.CONCEPTS` is a table, each concept a key with a list of phrases; the
other tables are declared facts (`language`, `spelling`, `morphology`, `numerals`, ...). A phrase is words separated by
blanks:

    word      the word's normal form, its lemma, or what is left when a declared prefix or suffix is taken off
    =word     the normal form only
    ^Word     exactly as written, capitals too (for ^US, ^IS, ^PBB)
    stem*     any word that begins so
    *end      any word that ends so, with at least two letters before it (endings of mood and negation)
    a|b       either of these, at this place
    ~         nothing, or up to three words

A hyphen inside a phrase is not written: "cease fire" is found in "cease-fire", too.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from agents.extract.concepts import CONCEPTS, FAMILIES
from agents.extract.text import Spelling

DATA_TABLES: Final = frozenset({"language", "spelling", "morphology", "numerals", "dates", "places", "cases"})
"""Tables that hold facts instead of concepts; the module that uses one checks what is inside."""

MAX_PHRASE_WORDS: Final = 8

_LANGUAGE_KEYS: Final = frozenset({"code", "name", "noun_order", "verb_order", "setting"})
_SPELLING_KEYS: Final = frozenset({"elisions", "abbreviations", "ends", "dotless_i", "diacritics", "capitals"})
_MORPHOLOGY_KEYS: Final = frozenset(
    {
        "lemmas",
        "prefixes",
        "suffixes",
        "passive_prefixes",
        "passive_suffixes",
        "passive_forms",
        "active_forms",
        "reflexives",
        "name_suffixes",
        "agent_suffixes",
        "possessive_suffixes",
        "first_person_suffixes",
        "plural_suffixes",
    }
)


class PackError(ValueError):
    """A language pack that cannot be used; the message names the file, the key and what is wrong with it."""

    def __init__(self, source: str, key: str, reason: str) -> None:
        super().__init__(f"language pack {source}, {key}: {reason}")


@dataclass(frozen=True, slots=True)
class Morphology:
    """How words change. `prefixes` and `suffixes` are taken off where the bare word is not found.

    `lemmas` asks for dictionary forms (simplemma). `passive_*` are what a verb begins or ends with when its subject is
    the one acted on; `active_forms` only look so ("est arrivé"), as does a verb whose auxiliary stands behind one of
    the `reflexives` ("se sont emparés"). `agent_suffixes` are endings of whoever does it ("повстанцами").
    `name_suffixes` are endings a name may carry in the text, `first_person_suffixes` are of verbs that say "we",
    `possessive_suffixes` of nouns that say "his, its, their", `plural_suffixes` those of nouns that tell more than one
    where no article tells of one.
    """

    lemmas: bool = True
    passive_forms: frozenset[str] = frozenset()
    active_forms: frozenset[str] = frozenset()
    reflexives: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    passive_prefixes: tuple[str, ...] = ()
    passive_suffixes: tuple[str, ...] = ()
    name_suffixes: tuple[str, ...] = ()
    agent_suffixes: tuple[str, ...] = ()
    possessive_suffixes: tuple[str, ...] = ()
    first_person_suffixes: tuple[str, ...] = ()
    plural_suffixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One language, checked. `concepts` maps a concept to its phrases; `data` has the tables of facts.

    `noun_order` is `head_first` (tentara Azerbaijan) or `head_last` (Azerbaijani army); `verb_order` `svo`, `sov`
    or `vso`. `capitals` says whether names are written with capital letters.
    """

    code: str
    name: str
    spelling: Spelling
    morphology: Morphology
    concepts: Mapping[str, tuple[str, ...]]
    noun_order: str = "head_first"
    verb_order: str = "svo"
    capitals: bool = True
    data: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def load_packs() -> dict[str, Pack]:
    """All packs of the `packs` folder by language code.

    Raises:
        PackError: a pack is wrong.
    """
    folder = resources.files("agents.extract").joinpath("packs")
    files = sorted((f for f in folder.iterdir() if _is_pack(f.name)), key=lambda f: f.name)
    packs = [parse_pack(f.read_bytes(), f.name) for f in files]
    return {pack.code: pack for pack in packs}


def _is_pack(name: str) -> bool:
    """Language packs have a two or three letter name; other TOML files beside them are lists of names."""
    return name.endswith(".toml") and 2 <= len(name.removesuffix(".toml")) <= 3


def parse_pack(content: bytes, source: str) -> Pack:
    """Read and check one pack.

    Raises:
        PackError: it is no TOML, or a key, phrase or fact is wrong or missing.
    """
    tables = _tables(content, source)
    concepts: dict[str, tuple[str, ...]] = {}
    for family in tables.keys() & FAMILIES:
        for word, phrases in tables[family].items():
            concepts[f"{family}.{word}"] = _phrases(source, f"{family}.{word}", phrases)
    for name, concept in CONCEPTS.items():
        if concept.required and name not in concepts:
            raise PackError(source, name, f"missing; every pack must spell it ({concept.meaning})")
    language = _facts(source, "language", tables, _LANGUAGE_KEYS)
    spelling = _facts(source, "spelling", tables, _SPELLING_KEYS)
    _no_elided_alternative(source, concepts, _spelling(spelling))
    if language.get("code") != source.removesuffix(".toml"):
        raise PackError(source, "language.code", "must be the file's name without .toml")
    return Pack(
        code=language["code"],
        name=str(language.get("name", language["code"])),
        spelling=_spelling(spelling),
        morphology=_morphology(
            source, _facts(source, "morphology", tables, _MORPHOLOGY_KEYS), _spelling(spelling).normal
        ),
        concepts=MappingProxyType(concepts),
        noun_order=_one_of(source, "language.noun_order", language.get("noun_order"), ("head_first", "head_last")),
        verb_order=_one_of(source, "language.verb_order", language.get("verb_order"), ("svo", "sov", "vso")),
        capitals=bool(spelling.get("capitals", True)),
        data={name: tables[name] for name in tables.keys() & DATA_TABLES},
    )


def _tables(content: bytes, source: str) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(source, "file", f"is not TOML: {error}") from error
    for name, table in tables.items():
        if name not in FAMILIES | DATA_TABLES:
            raise PackError(source, name, f"unknown table; there are {', '.join(sorted(FAMILIES | DATA_TABLES))}")
        if not isinstance(table, dict):
            raise PackError(source, name, "must be a table")
    return tables


def _phrases(source: str, key: str, phrases: object) -> tuple[str, ...]:
    if key not in CONCEPTS and not key.startswith("mask."):
        raise PackError(source, key, "unknown concept; concepts.py lists them all")
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        raise PackError(source, key, "must be a list of phrases")
    seen: set[str] = set()
    for phrase in phrases:
        words = phrase.split()
        if not words or len(words) > MAX_PHRASE_WORDS:
            raise PackError(source, key, f"{phrase!r} must have 1 to {MAX_PHRASE_WORDS} words")
        if "~" in (words[0], words[-1]) or any(not _good_word(word) for word in words):
            raise PackError(source, key, f"{phrase!r} is no phrase: ~ stands between words, * beside 2 letters")
        if phrase in seen:
            raise PackError(source, key, f"{phrase!r} stands there twice")
        seen.add(phrase)
    return tuple(phrases)


def _no_elided_alternative(source: str, concepts: Mapping[str, tuple[str, ...]], spelling: Spelling) -> None:
    """An alternative is one word: one with an elision ("d'armes|armes") is two in a text, and never found."""
    for key, phrases in concepts.items():
        for phrase in phrases:
            options = [option for word in phrase.split() if "|" in word for option in word.split("|")]
            elided = next((option for option in options if " " in spelling.apart(option)), None)
            if elided is not None:
                raise PackError(source, key, f"{phrase!r} is never found: {elided!r} is two words; write two phrases")


def _good_word(word: str) -> bool:
    if word == "~":
        return True
    for option in word.split("|"):
        body = option.removeprefix("*") if option.startswith("*") else option.lstrip("=^").removesuffix("*")
        if not body or any(mark in body for mark in "*=^~") or ("*" in option and len(body) < 2):
            return False
    return True


def _facts(source: str, name: str, tables: Mapping[str, dict[str, Any]], known: frozenset[str]) -> dict[str, Any]:
    facts = tables.get(name, {})
    for key in facts:
        if key not in known:
            raise PackError(source, f"{name}.{key}", f"unknown key; there are {', '.join(sorted(known))}")
    return facts


def _one_of(source: str, key: str, value: object, allowed: tuple[str, ...]) -> str:
    if value is None:
        return allowed[0]
    if value not in allowed:
        raise PackError(source, key, f"must be one of {', '.join(allowed)}")
    return str(value)


def _spelling(facts: Mapping[str, Any]) -> Spelling:
    bare = Spelling(dotless_i=bool(facts.get("dotless_i")), diacritics=bool(facts.get("diacritics")))
    return Spelling(
        elisions=tuple(facts.get("elisions", ())),
        abbreviations=frozenset(bare.normal(word) for word in facts.get("abbreviations", ())),
        ends=str(facts.get("ends", "")),
        dotless_i=bare.dotless_i,
        diacritics=bare.diacritics,
    )


def _morphology(source: str, facts: Mapping[str, Any], normal: Callable[[str], str]) -> Morphology:
    """What is taken off words is in their normal form, as words are when it is taken off."""
    for key, value in facts.items():
        if key != "lemmas" and not (isinstance(value, list) and all(isinstance(v, str) and v for v in value)):
            raise PackError(source, f"morphology.{key}", "must be a list of endings or beginnings")
    lists = {key: tuple(dict.fromkeys(map(normal, value))) for key, value in facts.items() if key != "lemmas"}
    passive, active, reflexive = (frozenset(lists.pop(k, ())) for k in ("passive_forms", "active_forms", "reflexives"))
    return Morphology(bool(facts.get("lemmas", True)), passive, active, reflexive, **lists)
