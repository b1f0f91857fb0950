"""Named groups and forces (`packs/groups.toml`): Hamas, RSF, ЦАХАЛ, ... with their kind and country."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.extract.countries import alpha3_of
from agents.extract.fold import fold_words

_FILE: Final = Path(__file__).parent / "packs" / "groups.toml"
_ACRONYM_LETTERS: Final = 5


class ActorKind(StrEnum):
    """What kind of actor a phrase names."""

    STATE = "state"  # a government, its army, its intelligence
    POLICE = "police"  # police, gendarmerie, border guards: of a state, but not its army
    PEACEKEEPERS = "peacekeepers"
    ARMED_GROUP = "armed_group"  # rebels, militias, gangs, unrecognised republics
    PROTESTERS = "protesters"
    CIVILIANS = "civilians"
    AID = "aid"  # relief organisations and rescuers


class GroupDataError(ValueError):
    """The list of groups is wrong; the message names the entry."""


@dataclass(frozen=True, slots=True)
class Group:
    """A named group or force. `country` is alpha-3 where it mostly acts; `acronym`: found only in capitals.

    `in_power_since`: the ISO date from which it is a state, an armed group until then; None where `kind` always holds.
    """

    name: str
    kind: ActorKind
    country: str | None
    acronym: bool
    in_power_since: str | None = None


@cache
def groups() -> Mapping[tuple[str, ...], Group]:
    """All named groups by folded words."""
    return read_groups(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def read_groups(table: Mapping[str, Any]) -> Mapping[tuple[str, ...], Group]:
    """Groups by folded words out of `[[group]]` tables: name, kind, country, spellings; of some `in_power_since`, too.

    Raises:
        GroupDataError: an entry lacks a key, or its kind or country is none.
    """
    codes = {*alpha3_of().values(), ""}
    found: dict[tuple[str, ...], Group] = {}
    for row in table.get("group", ()):
        try:
            name, kind, country, spellings = row["name"], ActorKind(row["kind"]), row["country"], row["spellings"]
        except (KeyError, ValueError) as error:
            raise GroupDataError(f"packs/groups.toml: {row.get('name')} lacks or misspells {error}.") from None
        if country not in codes:
            raise GroupDataError(f"packs/groups.toml: {name} has country {country!r}, no alpha-3 code.")
        for spelling in (name, *spellings):
            found[fold_words(spelling)] = Group(
                name, kind, country or None, _is_acronym(spelling), row.get("in_power_since")
            )
    return found


def _is_acronym(spelling: str) -> bool:
    return len(spelling) <= _ACRONYM_LETTERS and spelling.isupper() and spelling.lower() != spelling.upper()
