"""Labelled short texts, `tests/corpus/<language>/*.toml`: what each says, in a few words a label.

    [[text]]
    text = "Title (optional)\\n\\nBody"             # one paragraph: a body without a title
    published = "2024-05-14T09:00:00Z"             # optional; this is the default
    events = [{type = "attack", quote = "shot three farmers dead near Goma", place = "Goma", country = "COD",
               casualties = ["killed 3 farmers"], modality = "asserted"}]
    counts = [{term = "forced_to_flee", figure = "~400", unit = "household", quote = "Some 400 families fled"}]

A text without `events` (or `counts`) has none: whatever is found there is wrong. `modality` is `asserted` and `unit`
`person` unless told; an attribute that is not told is not scored, but in a text that is `complete = true` it is
empty: a value found there is invented. Figures: `312` exact, `~500` approximately, `>2000`
more_than, `>=30` at_least, `<90` less_than, `<=90` up_to, `5000-7000` between, `12?` vague (12 or more). Casualties:
`killed FIGURE [who]`; items: `FIGURE thing`; parts: `FIGURE group`, a share as `>0.5 children`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.quality.score import COUNT_ATTRIBUTES, EVENT_ATTRIBUTES

FOLDER: Final = Path(__file__).parents[1] / "corpus"
PRESS: Final = Path(__file__).parents[1] / "press"
FRESH: Final = Path(__file__).parents[1] / "fresh"
"""Whole articles, labelled before anything was run on them, the fresh ones a day later than those of the press; what
the first runs said stands in the README."""

PUBLISHED: Final = "2024-05-14T09:00:00Z"
"""A Tuesday."""

EVENT_KEYS: Final = frozenset(
    ["type", "modality", "quote", "actor", "target", "place", "country", "attribution", "date", "casualties", "items"]
)
COUNT_KEYS: Final = frozenset(
    ["term", "figure", "unit", "quote", "modality", "group", "parts", "flow", "as_of", "origin", "destination"]
) | {"actor", "attribution"}
_FIGURE: Final = re.compile(r"(~|>=|<=|>|<)?(\d+(?:\.\d+)?)(?:-(\d+)|(\?))?")
_QUANTIFIERS: Final = {
    None: "exact",
    "~": "approximately",
    ">": "more_than",
    ">=": "at_least",
    "<": "less_than",
    "<=": "up_to",
}


class CorpusError(ValueError):
    """A corpus file is wrong; the message names file, text and reason."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled article, in the form of the labelled articles of the contract."""

    article: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...]
    counts: tuple[Mapping[str, Any], ...]


def languages() -> list[str]:
    """The languages that have a corpus."""
    return sorted(p.name for p in FOLDER.iterdir() if p.is_dir() and any(p.glob("*.toml"))) if FOLDER.is_dir() else []


def load(language: str) -> list[Labelled]:
    """All texts of a language.

    Raises:
        CorpusError: a file is no TOML, or a label is wrong.
    """
    return [labelled for path in sorted((FOLDER / language).glob("*.toml")) for labelled in read(path, language)]


def articles(folder: Path, language: str) -> list[Labelled]:
    """The whole articles of a language in `PRESS` or `FRESH`, none where nobody wrote some.

    Raises:
        CorpusError: a file is no TOML, or a label is wrong.
    """
    path = folder / f"{language}.toml"
    return list(read(path, language)) if path.exists() else []


def read(path: Path, language: str) -> Iterator[Labelled]:
    """The texts of one file.

    Raises:
        CorpusError: it is no TOML, or a label is wrong.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["text"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise CorpusError(f"{path}: {error}") from None
    for number, row in enumerate(rows, 1):
        try:
            yield _labelled(row, f"{language}-{path.stem}-{number}", language)
        except (KeyError, ValueError) as error:
            raise CorpusError(f"{path}, text {number}: {error}") from None


def _labelled(row: Mapping[str, Any], name: str, language: str) -> Labelled:
    unknown = row.keys() - {"text", "published", "complete", "events", "counts"}
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    before, blank, after = row["text"].partition("\n\n")
    title, body = (before, after) if blank else ("", before)
    article = {
        "id": name,
        "language": language,
        "published": row.get("published", PUBLISHED),
        "source": "corpus",
        "url": None,
        "title": title,
        "body": body,
    }
    text = title + "\n\n" + body
    complete = row.get("complete", False)
    empty_event = dict.fromkeys(EVENT_ATTRIBUTES if complete else ())
    empty_count = dict.fromkeys(COUNT_ATTRIBUTES if complete else ())
    events = tuple(empty_event | _event(label, text) for label in row.get("events", ()))
    counts = tuple(empty_count | _count(label, text) for label in row.get("counts", ()))
    return Labelled(article, events, counts)


def _known(label: Mapping[str, Any], keys: frozenset[str], text: str) -> None:
    if label.keys() - keys:
        raise ValueError(f"unknown keys {sorted(label.keys() - keys)}")
    if label["quote"] not in text:
        raise ValueError(f"the text does not hold the quote {label['quote']!r}")


def _event(label: Mapping[str, Any], text: str) -> dict[str, Any]:
    _known(label, EVENT_KEYS, text)
    event = {k: v for k, v in label.items() if k != "type"}
    event |= {"sub_event_type": label["type"], "modality": label.get("modality", "asserted")}
    if "casualties" in label:
        event["casualties"] = [_casualties(c) for c in label["casualties"]]
    if "items" in label:
        event["items"] = [_item(i) for i in label["items"]]
    return event


def _count(label: Mapping[str, Any], text: str) -> dict[str, Any]:
    _known(label, COUNT_KEYS, text)
    count = {k: v for k, v in label.items() if k != "figure"} | figure(str(label["figure"]))
    count |= {"unit": label.get("unit", "person"), "modality": label.get("modality", "asserted")}
    if "parts" in label:
        count["parts"] = [_part(p) for p in label["parts"]]
    return count


def figure(text: str) -> dict[str, Any]:
    """Quantifier, reported, low and high of a figure in the corpus's short form.

    Raises:
        ValueError: it is none.
    """
    match = _FIGURE.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no figure")
    mark, number, high, vague = match.groups()
    value = float(number) if "." in number else int(number)
    if high:
        return {"quantifier": "between", "reported": None, "low": value, "high": int(high)}
    if vague:
        return {"quantifier": "vague", "reported": None, "low": value, "high": None}
    quantifier = _QUANTIFIERS[mark]
    low = value if quantifier in ("exact", "more_than", "at_least") else None
    top = value if quantifier in ("exact", "less_than", "up_to") else None
    return {"quantifier": quantifier, "reported": value, "low": low, "high": top}


def _casualties(text: str) -> dict[str, Any]:
    kind, number, *who = text.split(" ", 2)
    return {"kind": kind, "who": who[0] if who else None} | figure(number)


def _item(text: str) -> dict[str, Any]:
    number, item = text.split(" ", 1)
    return {"item": item} | figure(number)


def _part(text: str) -> dict[str, Any]:
    number, group = text.split(" ", 1)
    values = figure(number)
    if "." not in number:
        return {"group": group} | values
    shares = {"share_low": values["low"], "share_high": values["high"]}
    return {"group": group, "quantifier": values["quantifier"], "reported": None, "low": None, "high": None} | shares
