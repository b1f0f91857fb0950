"""Measures on public data in `../shared/data/counts` (IDMC excerpts, ISI facts, MUC-3/4).

Only odd rows are worked on; even rows are looked at to report.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from agents.extract.analysis import analyse
from agents.extract.gazetteer import shared_gazetteer
from agents.extract.language import Language, load_languages
from streams.language import decide, detect
from streams.records import Article
from tests.quality.run import SHARED, Found, extract
from tests.quality.score import Record

FOLDER: Final = SHARED / "data" / "counts"
_HOUSING: Final = frozenset({"Destroyed Housing", "Partially Destroyed Housing", "Uninhabitable Housing"})
_BUILDING: Final = "BUILDING_STRUCTURE"
_NUMBER_WORDS: Final = re.compile(
    r"\d|(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|ty|hundred|thousand|million|dozen)s?\b"
)
_QUANTIFIERS: Final = frozenset(
    [
        *("about", "around", "approximately", "almost", "nearly", "some", "roughly", "maybe", "close", "several"),
        *("over", "more", "at", "up", "upwards", "as", "under", "less", "fewer", "between", "exceeding"),
    ]
)
_MUC_TYPES: Final = {
    "ATTACK": ("attack", "armed_clash", "mob_violence"),
    "BOMBING": (
        "remote_explosive_landmine_ied",
        "suicide_bomb",
        "grenade",
        "air_drone_strike",
        "shelling_artillery_missile_attack",
    ),
    "KIDNAPPING": ("abduction_forced_disappearance",),
}
"""MUC's template types and the sub-event types that tell of one."""


def rows(name: str, half: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Rows of a file with their numbers: `odd`, `even` or `all`. None where the file is absent."""
    path = FOLDER / name
    if not path.exists():
        return []
    keep = {"odd": (1,), "even": (0,), "all": (0, 1)}[half]
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(number, json.loads(line)) for number, line in enumerate(lines) if number % 2 in keep]


def _article(name: str, text: str, language: str = "en") -> dict[str, Any]:
    blank = {"published": None, "source": "data", "url": None, "title": ""}
    return {"id": name, "language": language, "body": text, **blank}


def _f1(found: int, gold: int, guessed: int) -> float:
    return 2 * found / (gold + guessed) if gold + guessed else 0.0


def idmc(half: str) -> dict[str, float]:
    """IDMC excerpts: the figure is among the records, is the first one; and housing rows that give a record.

    The excerpts are of several languages, which are detected as those of articles are; short ones count as English.
    """
    data = rows("idmc_labelled.jsonl", half)
    found = extract(_article(str(number), row["text"], decide("en", detect(row["text"]))) for number, row in data)
    among = first = people = housing = wrong = 0
    for number, row in data:
        counts = sorted(found[str(number)][1], key=lambda count: int(count["start"]))
        reported = [value for count in counts for value in (count["reported"], count["low"]) if value is not None]
        if row["term"] in _HOUSING:
            housing += 1
            wrong += bool(counts)
        else:
            people += 1
            among += row["quantity"] in reported
            first += bool(counts) and row["quantity"] in (counts[0]["reported"], counts[0]["low"])
    if not people:
        return {}
    return {"among": among / people, "first": first / people, "housing rows with a record": wrong / max(1, housing)}


@cache
def _english() -> Language:
    return load_languages(shared_gazetteer())["en"]


def trimmed(text: str) -> str:
    """Quantifier and number of a span: without nouns behind the number, and what else stands before it."""
    words = text.lower().replace("approx.", "approximately").split()
    while words and not _NUMBER_WORDS.search(words[-1]):
        words.pop()
    while words and words[0] not in _QUANTIFIERS and not _NUMBER_WORDS.search(words[0]):
        if words[0] == "a" and len(words) > 1 and words[1] in ("hundred", "thousand", "million", "dozen"):
            break
        words.pop(0)
    return " ".join(words).strip(" ,.")


def number_spans(text: str, records: Sequence[Record]) -> Iterator[str]:
    """Quantifier and number of each record, as the text writes them."""
    analysis = analyse(_bare_article(text), _english().lexicon)
    for record in records:
        for sentence in analysis.sentences:
            if sentence.end <= record["start"] or sentence.start >= record["end"]:
                continue
            for figure in _english().figures.read(sentence):
                count = figure.count
                same = (count.reported, count.low, count.high) == (record["reported"], record["low"], record["high"])
                if figure.number is not None and same and sentence.tokens[figure.first].start < record["end"]:
                    first, last = sentence.tokens[figure.first].start, sentence.tokens[figure.number.last - 1].end
                    yield analysis.text[first:last]
                    break


def _bare_article(text: str) -> Article:
    blank: dict[str, Any] = {"url": None, "guid": None, "html": None, "language_declared": None, "published": None}
    return Article(
        article_id="data",
        revision=1,
        feed_id="data",
        source="data",
        title="",
        body=text,
        language="en",
        language_detected=None,
        fetched="2024-01-01T00:00:00Z",
        **blank,
    )


def isi(half: str) -> dict[str, float]:
    """ISI facts: quantifier and number spans of each text, as sets of trimmed wordings.

    `span F1` takes every text and span. Two narrower figures beside it: `where marked` leaves out texts in which no
    annotator marked a quantity, figures or not ("660 people are staying in shelters"), so that ours cannot be right
    there; `of people` of those also leaves out spans of buildings, which the contract makes no record.
    """
    spans: dict[str, set[str]] = defaultdict(set)
    buildings: dict[str, set[str]] = defaultdict(set)
    for _, row in rows("isi_facts.jsonl", half):
        spans[row["text"]] |= set()
        for quantity in row["quantities"]:
            which = buildings if quantity["kind"] == _BUILDING else spans
            which[row["text"]].add(trimmed(quantity["text"]))
    found = extract(_article(str(i), text) for i, text in enumerate(spans))
    tallies = {name: [0, 0, 0] for name in ("span F1", "where marked", "of people")}
    for i, (text, people) in enumerate(spans.items()):
        mine = {trimmed(span) for span in number_spans(text, found[str(i)][1])}
        every = (people | buildings[text]) - {""}
        marked = bool(every)
        _count_spans(tallies["span F1"], every, mine)
        _count_spans(tallies["where marked"], every, mine if marked else set())
        _count_spans(tallies["of people"], people - {""}, mine if marked else set())
    return {name: _f1(*tally) for name, tally in tallies.items()} if spans else {}


def _count_spans(tally: list[int], gold: set[str], mine: set[str]) -> None:
    """Add hits, labels and guesses."""
    for index, size in enumerate((len(gold & mine), len(gold), len(mine))):
        tally[index] += size


def muc(half: str, most: int = 400) -> dict[str, float]:
    """MUC: dead and injured counts in the plural with their bounds, and template types by document.

    At most `most` documents, so that the measure takes seconds.
    """
    data = rows("muc_dev.jsonl", half)[:most]
    if not data:
        return {}
    found = extract(_article(row["id"], row["text"]) for _, row in data)
    result = {"casualties F1": _muc_casualties(data, found)}
    for kind, types in _MUC_TYPES.items():
        gold = {row["id"] for _, row in data if any(e["type"] == kind for e in row["events"])}
        mine = {row["id"] for _, row in data if any(e["sub_event_type"] in types for e in found[row["id"]][0])}
        result[f"{kind.lower()} F1"] = _f1(len(gold & mine), len(gold), len(mine))
    return result


Bounds = tuple[str, int | None, int | None, int | None]
"""Kind of casualty, low, high, and the number itself where it is only approximate."""


def _muc_casualties(data: Sequence[tuple[int, Mapping[str, Any]]], found: Found) -> float:
    """Each figure counts once a document, however often it is told; combat between armed forces is no template."""
    hits = gold = guessed = 0
    for _, row in data:
        labels = set(_muc_labels(row))
        mine = {
            _bounds(c)
            for event in found[row["id"]][0]
            for c in event["casualties"]
            if event["sub_event_type"] != "armed_clash"
            and c["kind"] in _MUC_EFFECTS.values()
            and (c["reported"] or c["low"] or c["high"] or 0) > 1
        }
        hits += len(labels & mine)
        gold += len(labels)
        guessed += len(mine)
    return _f1(hits, gold, guessed)


def _bounds(c: Record) -> Bounds:
    return (c["kind"], c["low"], c["high"], c["reported"] if c["quantifier"] == "approximately" else None)


def _muc_labels(row: Mapping[str, Any]) -> Iterator[Bounds]:
    """`6` six, `~6` about six, `6-` six or more, `-6` up to six; of several, the first; one person is no plural."""
    for event in row["events"]:
        for victim in event["victims"]:
            kind = _MUC_EFFECTS.get(victim["effect"] or "")
            match = re.match(r"(~|-)?(\d+)(-)?", victim["number"] or "")
            if kind and match and int(match[2]) > 1:
                mark, number, more = match[1], int(match[2]), match[3]
                if mark == "~":
                    yield kind, None, None, number
                else:
                    yield kind, None if mark else number, None if more else number, None


_MUC_EFFECTS: Final = {"DEATH": "killed", "INJURY": "wounded"}
