"""Packs: a wrong one is an error that names file, key and reason."""

import pytest

from agents.extract.concepts import CONCEPTS
from agents.extract.pack import PackError, load_packs, parse_pack

_REQUIRED = [name for name, concept in CONCEPTS.items() if concept.required]


def pack(extra: str = "", leave_out: str = "", language: str = 'code = "xx"') -> bytes:
    """A smallest good pack with something added or left out."""
    families: dict[str, list[str]] = {}
    for name in _REQUIRED:
        if name != leave_out:
            family, word = name.split(".", 1)
            families.setdefault(family, []).append(f'{word} = ["{word}word"]')
    tables = "".join(f"[{family}]\n" + "\n".join(rows) + "\n" for family, rows in families.items())
    return f"[language]\n{language}\n{tables}{extra}".encode()


def test_a_smallest_pack_is_read() -> None:
    found = parse_pack(pack(), "xx.toml")
    assert found.code == "xx"
    assert found.concepts["act.kill"] == ("killword",)
    assert found.noun_order == "head_first"


@pytest.mark.parametrize(
    ("content", "key", "reason"),
    [
        (b"[language", "file", "is not TOML"),
        (b"\xff", "file", "is not TOML"),
        (pack('[verbs]\nrun = ["run"]'), "verbs", "unknown table"),
        (b"act = 3\n", "act", "must be a table"),
        (pack('[item]\nspaceship = ["ufo"]'), "item.spaceship", "unknown concept"),
        (pack("[item]\ntank = []\nmine = 3"), "item.mine", "must be a list of phrases"),
        (pack('[item]\ntank = ["tank", "tank"]'), "item.tank", "stands there twice"),
        (pack('[item]\ntank = ["  "]'), "item.tank", "must have 1 to 8 words"),
        (pack('[item]\ntank = ["a b c d e f g h i"]'), "item.tank", "must have 1 to 8 words"),
        (pack('[item]\ntank = ["~ tank"]'), "item.tank", "is no phrase"),
        (pack('[item]\ntank = ["t*"]'), "item.tank", "is no phrase"),
        (pack('[item]\ntank = ["tank|"]'), "item.tank", "is no phrase"),
        (pack('[spelling]\nelisions = ["d\'"]\n[item]\ntank = ["char d\'assaut|lourd"]'), "item.tank", "two words"),
        (pack(leave_out="act.kill"), "act.kill", "missing"),
        (pack(language='code = "yy"'), "language.code", "must be the file's name"),
        (pack(language='code = "xx"\ncolour = 1'), "language.colour", "unknown key"),
        (pack(language='code = "xx"\nnoun_order = "left"'), "language.noun_order", "must be one of"),
        (pack('[morphology]\nsuffixes = "s"'), "morphology.suffixes", "must be a list"),
    ],
)
def test_a_wrong_pack_says_where_and_why(content: bytes, key: str, reason: str) -> None:
    with pytest.raises(PackError) as caught:
        parse_pack(content, "xx.toml")
    message = str(caught.value)
    assert "xx.toml" in message
    assert key in message
    assert reason in message


def test_all_packs_of_the_project_are_good() -> None:
    assert {"en", "id"} <= load_packs().keys()


def test_every_concept_is_spelt_by_some_pack() -> None:
    spelt = {concept for pack in load_packs().values() for concept, phrases in pack.concepts.items() if phrases}
    assert sorted(CONCEPTS.keys() - spelt) == []
