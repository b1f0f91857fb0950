"""What the bundled article must lead to, and how what came out differs from it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from seeds.rss import SeedArticle
from streams.records import ConflictEvent, EvacuationCount

_COUNT_FIELDS: Final = ("quantifier", "reported", "low", "high", "flow", "as_of", "attribution")
_PART_FIELDS: Final = ("group", "quantifier", "share_low", "share_high")


def differences(
    article: SeedArticle,
    expected: Mapping[str, Sequence[Mapping[str, Any]]],
    events: Iterable[ConflictEvent],
    counts: Iterable[EvacuationCount],
) -> list[str]:
    """How the records differ from `expected` (`seeds/expected/*.json`), a sentence each; empty if they do not.

    Records are the same claim if they have the same type (or term and unit) and modality, and overlap in the text.
    """
    text = f"{article.title}\n\n{article.body}"
    told = _compare(text, expected["events"], list(events), ("sub_event_type", "modality"), ())
    return told + _compare(text, expected["counts"], list(counts), ("term", "unit"), _COUNT_FIELDS)


def _compare(
    text: str,
    expected: Iterable[Mapping[str, Any]],
    records: list[Any],
    same: Sequence[str],
    details: Sequence[str],
) -> list[str]:
    told = []
    for wanted in expected:
        start = text.index(wanted["quote"])
        end = start + len(wanted["quote"])
        found = [r for r in records if _is(wanted, r, same) and r.start < end and start < r.end]
        if not found:
            told.append(f"Missing: {_name(wanted, same)}, {wanted['quote']!r}.")
            continue
        records.remove(found[0])
        told += _details(wanted, found[0], same, details)
    return told + [f"Not expected: {_name(_fields(r, same), same)}, {r.quote!r}." for r in records]


def _is(wanted: Mapping[str, Any], record: object, same: Sequence[str]) -> bool:
    return all(getattr(record, name) == wanted[name] for name in same)


def _details(wanted: Mapping[str, Any], record: Any, same: Sequence[str], details: Sequence[str]) -> list[str]:
    has = _fields(record, details)
    wants = {name: wanted[name] for name in details}
    if "parts" in wanted:
        has["parts"] = [_fields(part, _PART_FIELDS) for part in record.parts]
        wants["parts"] = [{name: part[name] for name in _PART_FIELDS} for part in wanted["parts"]]
    wrong = [name for name in wants if has[name] != wants[name]]
    return [f"{_name(wanted, same)}: {name} is {has[name]!r}, not {wants[name]!r}." for name in wrong]


def _fields(record: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _name(record: Mapping[str, Any], same: Sequence[str]) -> str:
    return ", ".join(str(record[name]).replace("_", " ") for name in same)
