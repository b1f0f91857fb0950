"""Cases by endings, for languages whose nouns say by an ending who acts and who is acted on: the pack's `[cases]`.

owner = [...]     # of: also the subject of a verb that is itself a noun ("ordunun köyü aldığını")
object = [...]    # whom, what
goal = [...]      # to whom, where to
adjunct = [...]   # where, from where, with what
attributive = [...]  # of what is somewhere ("elindeki"): the owner before it owns that place, and acts in no verb
bare = [...]      # words that only look as if they had an ending; `stem*` for all that begin so
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from agents.extract.pack import Pack, PackError

_APOSTROPHE: Final = "'"
_MIN_STEM: Final = 3
_MAX_KNOWN: Final = 16_384
_POSSESSIVE: Final = frozenset("iıuüs")
_BARE: Final = "bare"
_PLURAL: Final = "plural"
_ATTRIBUTIVE: Final = "attributive"


class Case(StrEnum):
    """What an ending says of a noun phrase."""

    OWNER = "owner"
    OBJECT = "object"
    GOAL = "goal"
    ADJUNCT = "adjunct"


class Cases:
    """The endings of one language; without any, no word has a case."""

    def __init__(self, table: Mapping[str, Any], normal: Callable[[str], str], is_name: Callable[[str], bool]) -> None:
        self._endings = {normal(ending): case for case in Case for ending in table.get(case, ())}
        self._longest = max(map(len, self._endings), default=0)
        bare = [normal(word) for word in table.get(_BARE, ())]
        self._bare = frozenset(bare)
        self._stems = tuple(word[:-1] for word in bare if word.endswith("*"))
        self._plural = tuple(normal(ending) for ending in table.get(_PLURAL, ())) or ("\0",)
        self._attributive = tuple(normal(ending) for ending in table.get(_ATTRIBUTIVE, ())) or ("\0",)
        self._is_name = is_name
        self._known: dict[str, tuple[Case | None, str]] = {}

    @classmethod
    def of_pack(cls, pack: Pack, is_name: Callable[[str], bool]) -> "Cases":
        """The cases of a pack; `is_name` tells words that are names as they stand ("Ukrayna" has no ending).

        Raises:
            PackError: `[cases]` holds something else than lists of endings.
        """
        table = pack.data.get("cases", {})
        known = (*Case, _ATTRIBUTIVE, _PLURAL, _BARE)
        for key, value in table.items():
            if key not in known or not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                raise PackError(f"{pack.code}.toml", f"cases.{key}", f"must be {', '.join(known)}")
        return cls(table, pack.spelling.normal, is_name)

    @classmethod
    def none(cls) -> "Cases":
        """No endings at all."""
        return cls({}, str, lambda _: False)

    def __bool__(self) -> bool:
        return bool(self._endings)

    @property
    def marks_objects(self) -> bool:
        """Whether an ending tells objects; where none does, they also stand behind the verb (Armenian)."""
        return Case.OBJECT in self._endings.values()

    def of(self, word: str) -> Case | None:
        """The case of a word in its normal form, None for the bare form (or where endings do not tell)."""
        return self._ending(word)[0] if self._endings else None

    def is_plural(self, word: str) -> bool:
        """Whether a word without a case is marked as plural."""
        return word.endswith(self._plural) and self.of(word) is None

    def is_attributive(self, word: str) -> bool:
        """Whether a word of place describes the noun behind it: "elindeki", in the hands of."""
        return word.endswith(self._attributive)

    def is_compound(self, word: str) -> bool:
        """Whether the ending holds a possessive, so that the word before may belong to it ("ordu karargahına")."""
        return self._ending(word)[1][:1] in _POSSESSIVE

    def is_possessed(self, word: str) -> bool:
        """Whether the word may be the head of a compound that a number counts ("kampı" in "iki mülteci kampı").

        Numbers take the singular: a possessed plural is somebody's own ("800 kişi köylerini").
        """
        if any(f"{plural}{vowel}" in word for plural in self._plural for vowel in "iı"):
            return False
        return word[-1:] in _POSSESSIVE or self.is_compound(word)

    def _ending(self, word: str) -> tuple[Case | None, str]:
        if word not in self._known:
            if len(self._known) > _MAX_KNOWN:
                self._known.clear()
            self._known[word] = self._read(word)
        return self._known[word]

    def _read(self, word: str) -> tuple[Case | None, str]:
        stem, mark, tail = word.rpartition(_APOSTROPHE)
        if mark and stem:
            return self._endings.get(mark + tail) or self._endings.get(tail), mark
        if word in self._bare or word.startswith(self._stems or ("\0",)) or self._is_name(word):
            return None, ""
        for length in range(min(self._longest, len(word) - _MIN_STEM), 0, -1):
            case = self._endings.get(word[-length:])
            if case is not None:
                return case, word[-length:]
        return None, ""
