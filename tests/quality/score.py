"""Scores extracted records against labels, by the contract's rules ("How they are scored")."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

Record = Mapping[str, Any]

EVENT_ATTRIBUTES: Final = ("actor", "target", "place", "country", "attribution", "date", "casualties", "items")
COUNT_ATTRIBUTES: Final = ("group", "parts", "flow", "as_of", "origin", "destination", "actor", "attribution")
_EVENT_KEY: Final = ("sub_event_type", "modality")
_COUNT_KEY: Final = ("term", "unit", "quantifier", "reported", "low", "high", "modality")
_MAX_QUOTE_WORDS: Final = 60
_NOTHING: Final[tuple[Any, ...]] = (None, [], (), "", "unknown")
_BOUNDS: Final = ("reported", "low", "high", "share_low", "share_high")


class Slip(NamedTuple):
    """An attribute that differs from its label: invented where `label` is empty, missed where `guess` is."""

    attribute: str
    article_id: str
    label: Any
    guess: Any
    record: Record


@dataclass
class Tally:
    """What was found of one kind of record. `missed` and `wrong` hold (article id, record).

    `slips` holds what is wrong with the attributes of what was found.
    """

    key: tuple[str, ...]
    attributes: tuple[str, ...]
    gold: int = 0
    guessed: int = 0
    found: int = 0
    right: Counter[str] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, Record]] = field(default_factory=list)
    wrong: list[tuple[str, Record]] = field(default_factory=list)
    slips: list["Slip"] = field(default_factory=list)

    @classmethod
    def of_events(cls) -> "Tally":
        """An empty tally of conflict events."""
        return cls(_EVENT_KEY, EVENT_ATTRIBUTES)

    @classmethod
    def of_counts(cls) -> "Tally":
        """An empty tally of evacuation counts."""
        return cls(_COUNT_KEY, COUNT_ATTRIBUTES)

    @property
    def precision(self) -> float:
        """Share of what was guessed that is right; 1 where nothing was to be found and nothing was guessed."""
        return self.found / self.guessed if self.guessed else float(not self.gold)

    @property
    def recall(self) -> float:
        """Share of what was to be found that was found."""
        return self.found / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, article: Record, gold: Sequence[Record], guessed: Sequence[Record]) -> None:
        """Pair the records of one article with its labels, best overlap first."""
        text = article["title"] + "\n\n" + article["body"]
        pairs = sorted(
            (
                (self._alike(text, label, guess), -i, -j)
                for i, label in enumerate(gold)
                for j, guess in enumerate(guessed)
            ),
            reverse=True,
        )
        of_label: dict[int, int] = {}
        for share, i, j in pairs:
            if share and -i not in of_label and -j not in of_label.values():
                of_label[-i] = -j
        self.gold += len(gold)
        self.guessed += len(guessed)
        self.found += len(of_label)
        self.missed += [(article["id"], label) for i, label in enumerate(gold) if i not in of_label]
        self.wrong += [(article["id"], guess) for j, guess in enumerate(guessed) if j not in of_label.values()]
        for i, j in of_label.items():
            self._attributes(article["id"], gold[i], guessed[j])

    def merge(self, other: "Tally") -> None:
        """Add another tally's numbers to this one."""
        self.gold, self.guessed, self.found = (
            self.gold + other.gold,
            self.guessed + other.guessed,
            self.found + other.found,
        )
        for name in ("right", "filled", "invented", "empty"):
            getattr(self, name).update(getattr(other, name))

    def _alike(self, text: str, label: Record, guess: Record) -> float:
        if any(label[k] != guess.get(k) for k in self.key):
            return 0.0
        return overlap(text, label, guess)

    def _attributes(self, article_id: str, label: Record, guess: Record) -> None:
        for name in self.attributes:
            if name not in label or (name == "country" and label.get("place") is None):
                continue
            told, found = label[name], guess.get(name)
            if told in _NOTHING:
                good = found in _NOTHING
                self.empty[name] += 1
                self.invented[name] += not good
            else:
                good = same_attribute(name, told, found)
                self.filled[name] += 1
                self.right[name] += good
            if not good:
                self.slips.append(Slip(name, article_id, told, found, guess))


def span(text: str, record: Record) -> tuple[int, int] | None:
    """Where a record's quote stands; a label has no offsets and means its first occurrence.

    Raises:
        AssertionError: a record's quote is not at its offsets.
    """
    start = record.get("start")
    if start is None:
        at = text.find(record["quote"])
        return (at, at + len(record["quote"])) if at >= 0 else None
    assert text[start : record["end"]] == record["quote"], f"the quote is not at its offsets: {record['quote']!r}"
    return start, record["end"]


def overlap(text: str, label: Record, guess: Record) -> float:
    """Shared share of two quotes, 0 without a shared word or for a quote that is too long."""
    a, b = span(text, label), span(text, guess)
    if a is None or b is None or len(re.findall(r"\w+", guess["quote"])) > _MAX_QUOTE_WORDS:
        return 0.0
    start, end = max(a[0], b[0]), min(a[1], b[1])
    if start >= end or not re.search(r"\w", text[start:end]):
        return 0.0
    return (end - start) / (max(a[1], b[1]) - min(a[0], b[0]))


def same_attribute(name: str, label: Any, guess: Any) -> bool:
    """Whether an attribute is right."""
    if name == "casualties":
        return _figures(label, "kind") == _figures(guess, "kind")
    if name in ("items", "parts"):
        which = "item" if name == "items" else "group"
        return _figures(label, which) == _figures(guess, which)
    if name in ("date", "flow", "country", "group"):
        return bool(label == guess)
    if name == "as_of":
        return str(label)[:10] == str(guess)[:10]
    return guess is not None and same_name(label, guess)


def same_name(label: str, guess: str) -> bool:
    """Whether two names are equal, or one holds the other without being far longer."""
    short, long = sorted((label.casefold().strip(), guess.casefold().strip()), key=len)
    return short == long or (len(short) > 1 and short in long and len(long) <= 3 * len(short) + 40)


def _figures(entries: Iterable[Record] | None, which: str) -> list[tuple[str, ...]]:

    return sorted(
        (str(e.get(which)), str(e.get("quantifier")), *(_shown(e.get(bound)) for bound in _BOUNDS))
        for e in entries or ()
    )


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
