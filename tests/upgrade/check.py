"""What must hold of all topics after releases took turns, whatever their extractors say."""

from typing import Any, Final

from streams.heartbeat import is_marked
from tests.faults.check import Report, Seen, check_contents, check_state
from tests.faults.feeding import Expected
from tests.faults.known_fate import check_entries, check_fate

_STATES: Final = ("feeds.state", "deduplicate.state", "extract.state", "total.state")


def check_all(expected: Expected, seen: Seen) -> Report:
    """Nothing lost, no id with two contents, nothing from nowhere, no stale state."""
    report = Report()
    check_contents(seen, report)
    check_fate(expected, seen, report)
    check_entries(expected, seen, report)
    check_strangers(expected, seen, report)
    check_stories(seen, report)
    check_headers(seen, report)
    for topic in _STATES:
        check_state(topic, seen, report)
    return report


def check_strangers(expected: Expected, seen: Seen, report: Report) -> None:
    """What subscribers read is of articles that were put in, and of no heartbeat."""
    known = {one.article.article_id for one in (*expected.straight, *expected.over_http)}
    for topic in ("articles.unique", "articles.duplicates", "conflict.events", "evacuation.counts"):
        told = {value["article_id"] for _, value in seen.values(topic)}
        report.add(f"article on {topic} that nobody put in", told - known)
    report.figures["records of heartbeats"] = len(seen["heartbeats"])


def check_stories(seen: Seen, report: Report) -> None:
    """Every extracted article is in one story that was not merged into another, and in one alone; no heartbeat is."""
    stories: dict[bytes, Any] = {message.key or b"": value for message, value in seen.values("stories")}
    told = [
        article["article_id"]
        for story in stories.values()
        if story["merged_into"] is None
        for article in story["articles"]
    ]
    extracted = {
        value["article_id"] for message, value in seen.values("articles.extracted") if not is_marked(message.headers)
    }
    report.add("article in no story", extracted - set(told))
    report.add("article in a story that is none", set(told) - extracted)
    report.add("article in two stories", {name for name in told if told.count(name) > 1})


def check_headers(seen: Seen, report: Report) -> None:
    """How many output records have the headers of CloudEvents: releases before them write none."""
    for topic in ("articles.unique", "conflict.events", "stories"):
        having = sum(any(name == "ce_id" for name, _ in message.headers) for message in seen[topic])
        report.figures[f"records with CloudEvents headers on {topic}"] = f"{having} of {len(seen[topic])}"
