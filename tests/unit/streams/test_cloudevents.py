"""Envelopes: complete by the specification, made of the record alone, one content an id, on tombstones as well."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.total.core import Totals
from streams import records
from streams.cloudevents import ENVELOPES, Envelope, schema_uri, withdrawn, wrapped
from streams.records import ExtractedArticle
from streams.stage import Message, Send
from streams.topics import TOPIC, TOPICS
from tests.support import contract
from tests.support.memory_state import MemoryState
from tests.unit.agents.total.extracted import count, extracted, message
from tests.unit.streams.test_codec import few, of

REQUIRED = {"ce_id", "ce_source", "ce_specversion", "ce_type"}
OF_DATA = {"content-type", "ce_dataschema"}
EACH = pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=lambda envelope: envelope.topic)


def headers(send: Send) -> dict[str, str]:
    told = {name: value.decode() for name, value in send.headers}
    assert len(told) == len(send.headers), "a header stands twice"
    return told


def test_whatever_subscribers_read_has_an_envelope() -> None:
    public = {topic.name for topic in TOPICS if not topic.internal}
    assert set(ENVELOPES) == public - {"feeds"}  # what operators write for us to read
    assert all((envelope.record,) == TOPIC[envelope.topic].records for envelope in ENVELOPES.values())


@EACH
@few
@given(st.data())
def test_a_record_has_what_the_specification_asks_for(envelope: Envelope, data: st.DataObject) -> None:
    record = data.draw(of(getattr(records, envelope.record)))
    if envelope.sequence:
        record = replace(record, **{envelope.sequence: data.draw(st.integers(0, 2**63 - 1))})
    send = wrapped(envelope.topic, "key", record, time="2024-05-06T08:00:00Z")
    told = headers(send)
    assert told.keys() >= REQUIRED | OF_DATA | {"ce_subject"}
    assert all(re.fullmatch(r"content-type|ce_[a-z0-9]{1,20}", name) for name in told)
    assert all(told[name] for name in REQUIRED)
    assert told["ce_dataschema"] == schema_uri(envelope.record)
    contract.hold(_arrived(send))
    assert wrapped(envelope.topic, "key", replace(record), time="2024-05-06T08:00:00Z") == send


def _arrived(send: Send) -> Message:
    return Message(
        topic=send.topic,
        partition=0,
        offset=0,
        timestamp_ms=None,
        key=send.key,
        value=send.value,
        headers=send.headers,
    )


@EACH
@few
@given(st.data())
def test_records_of_one_subject_that_differ_in_version_differ_in_id(envelope: Envelope, data: st.DataObject) -> None:
    kind = getattr(records, envelope.record)
    one, other = data.draw(of(kind)), data.draw(of(kind))
    if envelope.subject:
        other = replace(other, **{envelope.subject: getattr(one, envelope.subject)})
    names = envelope.version or tuple(field.name for field in fields(kind))
    told = [[str(getattr(record, name)) for name in names] for record in (one, other)]
    ids = [headers(wrapped(envelope.topic, "key", record))["ce_id"] for record in (one, other)]
    assert (ids[0] == ids[1]) == (".".join(told[0]) == ".".join(told[1]))


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_sequences_compare_as_text(one: int, other: int) -> None:
    texts = [headers(withdrawn("stories", "s", number, sequence=number))["ce_sequence"] for number in (one, other)]
    assert (texts[0] < texts[1]) == (one < other)


def test_a_tombstone_names_what_it_withdraws_and_has_no_data() -> None:
    send = withdrawn("conflict.events", "e", 2, "1.0", sequence=2, time="2024-05-06T08:00:00Z")
    told = headers(send)
    assert send.value is None
    assert not told.keys() & OF_DATA
    assert (told["ce_id"], told["ce_subject"], told["ce_type"]) == (
        "e.2.1.0",
        "e",
        "frontwire.ConflictEvent.withdrawn.v1",
    )
    assert told["ce_time"] == "2024-05-06T08:00:00Z"
    contract.hold(_arrived(send))


def test_one_id_of_stories_and_totals_has_one_content_however_often_they_come() -> None:
    """More articles than a story lists, so that some drop out; revisions that withdraw; messages again at random."""
    chance = random.Random(1)
    articles = list(_articles(chance))
    core, state = Totals(), MemoryState()
    sends: list[Send] = []
    for offset, article in enumerate(articles):
        sends += core.process(message(article, offset), state)
        old = chance.randrange(offset + 1)
        sends += core.process(message(articles[old], old), state)
    contents = _contents(sends)
    assert all(len(found) == 1 for found in contents.values())
    assert any(send.value is None for send in sends)
    assert len(contents) < len(sends)


def _articles(chance: random.Random) -> Iterable[ExtractedArticle]:
    for number in range(240):
        told = count(100 + number, origin=f"Town{chance.randrange(8)}", attribution=f"office {chance.randrange(3)}")
        yield extracted(f"{number:032x}", told)
        if number % 5 == 0:
            yield extracted(f"{chance.randrange(number + 1):032x}", revision=number + 2)


def _contents(sends: Iterable[Send]) -> dict[tuple[str, str], set[Any]]:
    contents: dict[tuple[str, str], set[Any]] = defaultdict(set)
    for send in sends:
        told = headers(send)
        contents[told["ce_source"], told["ce_id"]].add((send.key, send.value, send.headers))
    return contents
