"""Comparing what came out with what was known of each article when it was put in."""

from collections import defaultdict
from hashlib import sha256
from typing import Any

from tests.faults.check import Report, Seen
from tests.faults.feeding import Expected, value_of
from tests.support.known import Kind, Known


def check_fate(expected: Expected, seen: Seen, report: Report) -> None:
    """Every article is where its kind says: unique and extracted, a duplicate, or a dead letter."""
    unique = {(value["article_id"], value["revision"]) for _, value in seen.values("articles.unique")}
    extracted = {(value["article_id"], value["revision"]) for _, value in seen.values("articles.extracted")}
    repeats = {value["article_id"]: value["original_id"] for _, value in seen.values("articles.duplicates")}
    dead = {value["payload_sha256"] for _, value in seen.values("dead-letters")}
    wordings = {known.article.article_id: known.of for known in expected.straight if known.kind is Kind.NEAR}
    for known in expected.straight:
        place = (known.article.article_id, known.article.revision)
        match known.kind:
            case Kind.NEWS | Kind.UPDATE:
                report.add("known article that is not unique", [place] if place not in unique else [])
                report.add("known article that is not extracted", [place] if place not in extracted else [])
            case Kind.REPEAT:
                found = repeats.get(place[0]) == known.of and place not in unique
                report.add("known repeat that was not found", [] if found else [(place, known.of)])
            case Kind.NEAR:
                # One word makes a few of them news, which others may then repeat; which ones, the comparison with the
                # core tells.
                repeated = repeats.get(place[0])
                found = place in unique or known.of in (repeated, wordings.get(repeated or ""))
                report.add("reworded article that is nowhere", [] if found else [(place, known.of)])
            case Kind.MONSTER | Kind.POISON:
                letter = sha256(value_of(known)).hexdigest() in dead
                report.add(f"{known.kind} without a dead letter", [] if letter else [place])
    _check_feeds(expected, seen, unique, report)
    _check_figures(expected.straight, seen, report)
    report.figures["articles put in"] = expected.number


def _check_feeds(expected: Expected, seen: Seen, unique: set[tuple[str, int]], report: Report) -> None:
    raw = {(value["article_id"], value["revision"]): value for _, value in seen.values("articles.raw")}
    for known in expected.over_http:
        place = (known.article.article_id, known.article.revision)
        told = raw.get(place)
        same = told is not None and (told["title"], told["body"]) == (known.article.title, known.article.body)
        report.add("entry of a feed that did not come through the poller", [] if same else [place])
        report.add("entry of a feed that is not unique", [] if place in unique else [place])


def _check_figures(known: list[Known], seen: Seen, report: Report) -> None:
    """The figure of each article's latest revision, and no other, is what its counts say in the end."""
    latest = {one.article.article_id: one.figure for one in known if one.kind in (Kind.NEWS, Kind.UPDATE)}
    last: dict[bytes, tuple[str, Any] | None] = {}
    owners: dict[bytes, str] = {}
    values = {id(message): value for message, value in seen.values("evacuation.counts")}
    for message in seen["evacuation.counts"]:
        value = values.get(id(message))
        key = message.key or b""
        last[key] = None if value is None else (value["article_id"], value["reported"])
        if value is not None:
            owners[key] = value["article_id"]
    figures: dict[str, list[Any]] = defaultdict(list)
    for told in last.values():
        if told is not None:
            figures[told[0]].append(told[1])
    wrong = [(name, figures[name], figure) for name, figure in latest.items() if figures[name] != [figure]]
    report.add("article whose counts in the end are not its known figure", wrong)


def check_entries(expected: Expected, seen: Seen, report: Report) -> None:
    """What the poller remembers of each entry is what it remembers without faults, and nothing is left to send."""
    states: dict[bytes, Any] = {}
    for message, value in seen.values("feeds.state"):
        if "article_id" in value:
            states[message.key or b""] = value
    revisions: dict[str, int] = defaultdict(int)
    for value in states.values():
        revisions[value["article_id"]] = max(revisions[value["article_id"]], value["revision"])
    wanted: dict[str, int] = defaultdict(int)
    for known in expected.over_http:
        wanted[known.article.article_id] = max(wanted[known.article.article_id], known.article.revision)
    report.add(
        "entry that the poller remembers otherwise than without faults",
        ((name, revisions[name], revision) for name, revision in wanted.items() if revisions[name] != revision),
    )
    left = [value["article_id"] for value in states.values() if value.get("pending") is not None]
    report.add("entry that is decided and not sent", left)
