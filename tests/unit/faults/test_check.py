"""The fault suite's checker finds each kind of wrong, and nothing where nothing is."""

from dataclasses import replace

import orjson

from streams.kafka.changelog import revision, write_revision
from streams.stage import Message, PoisonError, Send, State
from streams.vocabulary import DeadReason, Stage
from tests.faults import reference
from tests.faults.check import Report, Seen, check_commits, check_contents, check_stage, check_state, check_view
from tests.faults.watching import Sample

SOURCE, OUT, VIEW = "articles.raw", "articles.unique", "evacuation.totals"


def message(topic: str, offset: int, key: str, value: dict[str, object] | None, revision_of: int = 0) -> Message:
    return Message(
        topic=topic,
        partition=0,
        offset=offset,
        timestamp_ms=0,
        key=key.encode(),
        value=None if value is None else orjson.dumps(value),
        headers=(write_revision(revision_of),),
    )


class Pass:
    """Sends each value on, once each key; the key `bad` is poison."""

    stage = Stage.DEDUPLICATE

    def process(self, message: Message, state: State) -> list[Send]:
        key = message.key or b""
        if key == b"bad":
            raise PoisonError(DeadReason.INVALID, "told to")
        if state.get(key) is not None:
            return []
        state.put(key, b"seen")
        return [Send(topic=OUT, key=key, value=message.value), Send(topic=VIEW, key=b"all", value=message.value)]


SENT = [message(SOURCE, at, key, {"article_id": key, "revision": 1}) for at, key in enumerate(("a", "b", "a", "bad"))]
LED = reference.run(Pass(), SENT, {})
UNIQUE = [message(OUT, at, key, {"article_id": key, "revision": 1}) for at, key in enumerate(("a", "b"))]
LETTER = message(
    "dead-letters",
    0,
    f"{SOURCE}:0:3",
    {"source_topic": SOURCE, "source_partition": 0, "source_offset": 3},
)
LAST = message(VIEW, 1, "all", {"article_id": "b", "revision": 1, "state_revision": 9})
SOUND = {OUT: [*UNIQUE, UNIQUE[0]], "dead-letters": [LETTER], VIEW: [LAST]}


def stage_report(messages: dict[str, list[Message]]) -> Report:
    report, seen = Report(), Seen(messages)
    check_contents(seen, report)
    check_stage(
        Stage.DEDUPLICATE, [led for led in LED if led.sends or led.dead], seen, report, lambda m: m.topic == OUT
    )
    return report


def kinds(report: Report) -> list[str]:
    return [kind for kind in report.findings if VIEW not in kind]


def test_copies_are_counted_and_are_no_finding() -> None:
    report = stage_report(SOUND)
    assert kinds(report) == []
    assert report.figures[f"extra copies on {OUT}"] == "1 of 3"


def test_an_envelope_that_is_not_the_same_again_is_found() -> None:
    one = replace(UNIQUE[0], headers=(("ce_id", b"a.1"), ("ce_time", b"2024-05-06T08:00:00Z")))
    other = replace(one, headers=(("ce_id", b"a.1"), ("ce_time", b"2024-05-06T08:00:01Z")))
    assert kinds(stage_report(SOUND | {OUT: [*UNIQUE, one, one]})) == []
    assert kinds(stage_report(SOUND | {OUT: [*UNIQUE, one, other]})) == [
        "CloudEvents id with two contents or headers on articles.unique"
    ]


def test_what_is_lost_is_found() -> None:
    assert kinds(stage_report(SOUND | {OUT: UNIQUE[:1]})) == ["record lost between deduplicate and articles.unique"]
    assert kinds(stage_report(SOUND | {"dead-letters": []})) == [
        "message of deduplicate neither processed nor a dead letter"
    ]


def test_a_second_content_under_one_id_is_found() -> None:
    other = message(OUT, 3, "a", {"article_id": "a", "revision": 1, "title": "another"})
    found = kinds(stage_report(SOUND | {OUT: [*UNIQUE, other]}))
    assert "id with two contents on articles.unique" in found
    assert "record on articles.unique that deduplicate never sends without faults" in found


def test_a_stale_last_record_of_a_view_is_found() -> None:
    stale = message(VIEW, 2, "all", {"article_id": "a", "revision": 1})
    for last, kept in (([LAST], True), ([LAST, stale], False)):
        report = Report()
        check_view(VIEW, LED, Seen(SOUND | {VIEW: last}), frozenset({"state_revision"}), report)
        assert report.kept is kept


def test_a_former_owners_last_record_of_a_changelog_is_found() -> None:
    for terms, kept in (((4, 5), True), ((5, 4), False)):
        records = [message("s", at, "k", {}, revision(term, 1)) for at, term in enumerate(terms)]
        report = Report()
        check_state("s", Seen({"s": records}), report)
        assert report.kept is kept


def test_a_commit_past_what_is_not_out_is_found() -> None:
    seen = Seen(SOUND | {VIEW: [message(VIEW, at, "all", orjson.loads(m.value or b"")) for at, m in enumerate(UNIQUE)]})
    ends = {OUT: {0: 1}, VIEW: {0: 2}, "dead-letters": {0: 0}}
    for committed, wrong in ((1, 0), (2, 1), (4, 2)):
        report = Report()
        check_commits(Stage.DEDUPLICATE, LED, [Sample(Stage.DEDUPLICATE, {0: committed}, ends)], seen, report)
        assert sum(len(found) for found in report.findings.values()) == wrong, committed


def test_what_is_too_large_is_dead_and_leaves_no_state() -> None:
    large = reference.run(Pass(), [*SENT[:1], *SENT[:1]], {OUT: 5})
    assert [(led.dead, led.sends) for led in large] == [(DeadReason.TOO_LARGE, ())] * 2
