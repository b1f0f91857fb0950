"""How a language writes places: the pack's `[places]` table, read and checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from agents.extract.countries import alpha3_of
from agents.extract.fold import fold_words


class PlaceDataError(ValueError):
    """A place table is wrong; the message names table and key."""


class Words:
    """Folded words, and stems (written `stem*`) that begin any number of words."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        folded = [("".join(fold_words(word)), word.endswith("*")) for word in words]
        self._words = frozenset(word for word, is_stem in folded if not is_stem)
        self._stems = tuple(word for word, is_stem in folded if is_stem)

    def __or__(self, others: "Words") -> "Words":
        """The words of both."""
        both = Words()
        both._words = self._words | others._words
        both._stems = self._stems + others._stems
        return both

    def __contains__(self, word: str) -> bool:
        return word in self._words or word.startswith(self._stems)


class Rule(NamedTuple):
    """Take the folded letters `old` off, put `new` on; `cue` (at, source, goal) is what that says of the place."""

    old: str
    new: str
    cue: str | None


@dataclass(frozen=True, slots=True)
class PlaceSpelling:
    """The words and endings around place names.

    `at`, `source`, `goal` are words (usually prepositions) before a name: where, from where, to where. `kinds` are
    common nouns before the name ("village of"), `kinds_after` such that follow it ("camp"); `sites` those among them
    that belong to the name ("camp", "bridge"), `regions` those of what holds many towns ("province"); `links` may
    stand between ("of", "the"). `endings` and `prefixes` are
    rules `old>new` that lead from a written word to the name's own form; `tails` are what may follow an apostrophe.
    `toward` are words before a name that mean where to only with a verb of motion ("à", "в"), `locatives` the endings
    of what they govern when they mean where, `company` those of what a word of `source` governs when it means with
    ("с детьми"); `away` ones that mean from where only behind such a verb ("de");
    `via` those beside a place that people only pass ("through"), `gates` nouns for such places ("border crossing");
    `thence` words that alone mean from there, `there` those that do behind a word of `source`;
    `bare_goal`, where given, says that a name beside the verb and without ending means where to.
    `around` are all words of `at`, `source`, `goal`, `kinds`, `kinds_after`, `links`: few words are.
    `home` are the countries (alpha-3) that the
    language's papers mean unless they say otherwise; `countries` further names and stems by alpha-3 code.
    """

    at: Words
    source: Words
    goal: Words
    kinds: Words
    kinds_after: Words
    sites: Words
    links: Words
    regions: Words
    toward: Words
    away: Words
    via: Words
    gates: Words
    thence: Words
    there: Words
    locatives: tuple[str, ...]
    company: tuple[str, ...]
    bare_goal: bool
    endings: tuple[Rule, ...]
    prefixes: tuple[Rule, ...]
    tails: Mapping[str, str | None]
    home: tuple[str, ...]
    countries: Mapping[str, tuple[str, ...]]
    around: Words

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> "PlaceSpelling":
        """Read a pack's `[places]` table.

        Raises:
            PlaceDataError: an unknown key, or a value of another kind than its key takes.
        """
        _check(table)
        words = {key: Words(table.get(key, ())) for key in _WORD_KEYS}
        return cls(
            **words,
            around=reduce(or_, (words[key] for key in _AROUND_KEYS)),
            locatives=tuple(table.get("locatives", ())),
            company=tuple(table.get("company", ())),
            bare_goal=bool(table.get("bare_goal")),
            endings=_rules(table, _ENDING_KEYS),
            prefixes=_rules(table, _PREFIX_KEYS),
            tails={"".join(fold_words(tail)): cue for key, cue in _TAIL_KEYS.items() for tail in table.get(key, ())},
            home=tuple(_codes(table.get("home", ()), "home")),
            countries={
                code: tuple(table["countries"][code]) for code in _codes(table.get("countries", {}), "countries")
            },
        )

    def cue(self, word: str) -> str | None:
        """What a folded word before a name says of the place's part: `at`, `source`, `goal` or None."""
        if not word:
            return None
        return "at" if word in self.at else "source" if word in self.source else "goal" if word in self.goal else None


_WORD_KEYS: Final = (
    "at",
    "source",
    "goal",
    "kinds",
    "kinds_after",
    "sites",
    "links",
    "regions",
    "toward",
    "away",
    "via",
    "gates",
    "thence",
    "there",
)
_AROUND_KEYS: Final = ("at", "source", "goal", "kinds", "kinds_after", "links")
_ENDING_KEYS: Final = {"endings": None, "endings_at": "at", "endings_source": "source", "endings_goal": "goal"}
_PREFIX_KEYS: Final = {"prefixes": None, "prefixes_at": "at", "prefixes_source": "source", "prefixes_goal": "goal"}
_TAIL_KEYS: Final = {"tails": None, "tails_at": "at", "tails_source": "source", "tails_goal": "goal"}
_KEYS: Final = frozenset(
    (*_WORD_KEYS, *_ENDING_KEYS, *_PREFIX_KEYS, *_TAIL_KEYS, "home", "countries", "locatives", "company", "bare_goal")
)


def _check(table: Mapping[str, Any]) -> None:
    for key, value in table.items():
        if key not in _KEYS:
            raise PlaceDataError(f"places.{key} is no key of this table; it takes {', '.join(sorted(_KEYS))}.")
        lists = list(value.values()) if key == "countries" and isinstance(value, dict) else [value]
        if not all(isinstance(item, list) and all(isinstance(s, str) and s for s in item) for item in lists):
            raise PlaceDataError(f"places.{key} takes a list of texts.")


def _codes(codes: Iterable[str], key: str) -> list[str]:
    known = set(alpha3_of().values())
    for code in codes:
        if code not in known:
            raise PlaceDataError(f"places.{key} has {code!r}, no ISO 3166-1 alpha-3 code.")
    return list(codes)


def _rules(table: Mapping[str, Any], keys: Mapping[str, str | None]) -> tuple[Rule, ...]:
    rules = []
    for key, cue in keys.items():
        for rule in table.get(key, ()):
            old, mark, new = rule.partition(">")
            if not mark:
                raise PlaceDataError(f"places.{key} holds {rule!r}; a rule is `old>new`.")
            rules.append(Rule("".join(fold_words(old)), "".join(fold_words(new)), cue))
    return tuple(sorted(rules, key=lambda rule: -len(rule.old)))


def by_letter(rules: Sequence[Rule], at: int) -> dict[str, tuple[Rule, ...]]:
    """The rules that may apply to a word with a letter at its first (`at` 0) or last place (-1), in their order.

    Under "" are those for all other letters, which take nothing off.
    """
    letters = {rule.old[at] for rule in rules if rule.old} | {""}
    return {letter: tuple(rule for rule in rules if not rule.old or rule.old[at] == letter) for letter in letters}
