"""The examples for subscribers on records of the first releases, without headers; the rest runs on a real Kafka."""

import runpy
from typing import Any

import pytest
from aiokafka.structs import ConsumerRecord

from deploy.local.jars import ROOT

EXAMPLES = ROOT / "deploy" / "contract" / "examples"


def record(value: bytes | None, sequence: bytes | None) -> ConsumerRecord[bytes, bytes]:
    headers = (("ce_sequence", sequence),) if sequence else ()
    size = len(value or b"")
    return ConsumerRecord("stories", 0, 0, 0, 0, b"key", value, 0, 3, size, headers)


@pytest.mark.parametrize(
    ("records", "stands"),
    [
        ([record(b"1", None), record(b"2", None)], 2),
        ([record(b"1", None), record(b"2", b"1")], 2),
        ([record(b"2", b"1"), record(b"1", None)], 2),
        ([record(b"1", None), record(None, b"1")], None),
    ],
    ids=["the last", "one with a sequence", "though one without comes later", "a tombstone"],
)
def test_what_has_a_sequence_holds_over_what_has_none(records: list[Any], stands: int | None) -> None:
    keep, held = runpy.run_path(str(EXAMPLES / "rebuild.py"))["keep"], dict[bytes, Any]()
    for one in records:
        keep(held, one)
    assert held[b"key"][1] == stands


def test_a_claim_without_headers_is_kept_by_its_key() -> None:
    row = runpy.run_path(str(EXAMPLES / "follow.py"))["row"]
    assert row("conflict.events", record(b"{}", None)) == ("key", "conflict.events", "", "{}")
