"""The state of a partition whose rows wait: what reads see, and what a crash leaves, is what was written."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.kafka.changelog import CLAIM_KEY, revision, write_revision
from streams.kafka.local import LocalCopy, Row
from streams.kafka.store import PartitionStore

LIMIT = 1 << 20

State = dict[bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class Written:
    """A changelog record, as a consumer gives it."""

    offset: int
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class Changelog:
    """One partition's records, which outlive a crash."""

    def __init__(self) -> None:
        self.records: list[Written] = []
        self.rows: list[Row] = []

    async def produce(self, partition: int, rows: Sequence[Row]) -> list[int]:
        begin = len(self.records)
        self.rows += rows
        self.records += [
            Written(begin + place, key, value, (write_revision(number),))
            for place, (key, number, value) in enumerate(rows)
        ]
        return list(range(begin, len(self.records)))

    def says(self, below: int) -> State:
        """The state that its records below an offset make: of each key the highest revision, and of these the last."""
        best: dict[bytes, Row] = {}
        for row in self.rows[:below]:
            if row[0] not in best or row[1] >= best[row[0]][1]:
                best[row[0]] = row
        return {key: value for key, _, value in best.values() if value is not None and key != CLAIM_KEY}


async def opened(path: Path, changelog: Changelog) -> PartitionStore:
    """A store that was restored and claimed, as an owner does it."""
    store = PartitionStore(0, LocalCopy(path), changelog.produce, LIMIT)
    assert store.replay(changelog.records[store.next :])
    assert await store.claim("life")
    return store


def crashed(path: Path) -> Path:
    """The files as they lie there now, which is what a process that is killed leaves."""
    left = Path(tempfile.mkdtemp(dir=path.parent)) / path.name
    for name in (path, path.with_name(path.name + "-wal")):
        if name.exists():
            shutil.copy(name, left.with_name(name.name))
    return left


def in_file(path: Path) -> tuple[int, State]:
    """How far a file goes, and what is in it."""
    copy = LocalCopy(crashed(path))
    mark = copy.mark()
    found: State = dict(copy.scan(b""))
    copy.close()
    return (mark.next if mark else 0), found


KEYS = st.sampled_from([b"a", b"ab", b"b", b"c"])
WRITES = st.tuples(st.just("write"), KEYS, st.none() | st.binary(max_size=3), st.integers(0, 6))
STEPS = st.lists(WRITES | st.tuples(st.sampled_from(["flush", "settle", "crash", "close"])), min_size=10, max_size=30)


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_waiting_rows_are_read_and_survive(steps: list[tuple[str, bytes, bytes | None, int] | tuple[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_walk(Path(folder) / "0.sqlite", steps))


async def _walk(path: Path, steps: list[tuple[str, bytes, bytes | None, int] | tuple[str]]) -> None:
    changelog = Changelog()
    store = await opened(path, changelog)
    for step in steps:
        if len(step) == 4:
            store.stage({step[1]: step[2]}, step[3])  # offsets go back, too: messages are read again
            continue
        if step[0] == "flush":
            await store.flush()
        elif step[0] == "settle":
            store.settle()
        else:
            if step[0] == "crash":
                path = crashed(path)
            store.close()
            store = await opened(path, changelog)
        store.discard()
        said = changelog.says(len(changelog.records))
        assert dict(store.scan(b"")) | {CLAIM_KEY: None} == said | {CLAIM_KEY: None}
        assert list(store.scan(b"a")) == sorted((key, said[key]) for key in said if key.startswith(b"a"))
        assert {key: store.get(key) for key in (b"a", b"ab", b"b", b"c") if store.get(key) is not None} == said
        at, held = in_file(path)
        assert held == changelog.says(at), "the file holds all that its mark says"
    store.close()


async def test_what_is_written_again_soon_is_written_once(tmp_path: Path) -> None:
    changelog = Changelog()
    store = await opened(tmp_path / "0.sqlite", changelog)
    store.put(b"entry", b"with its article")
    await store.flush()
    store.put(b"entry", b"without")
    await store.flush()
    assert in_file(tmp_path / "0.sqlite") == (1, {}), "nothing but the claim"
    assert store.next == 3
    store.settle()
    assert in_file(tmp_path / "0.sqlite") == (3, {b"entry": b"without"})
    store.close()


async def test_a_message_that_is_read_again_does_not_undo_a_later_one(tmp_path: Path) -> None:
    changelog = Changelog()
    store = await opened(tmp_path / "0.sqlite", changelog)
    for offset, value in (
        (7, b"seven"),
        (8, b"eight"),
        (7, b"seven"),
        (8, b"eight again"),
        (9, b"nine"),
        (8, b"eight"),
    ):
        store.stage({b"key": value}, offset)
        await store.flush()
        seen = store.get(b"key")
        assert {b"key": seen} == changelog.says(len(changelog.records))
    assert seen == b"nine"
    store.close()


async def test_closing_leaves_nothing_to_read_again(tmp_path: Path) -> None:
    changelog = Changelog()
    store = await opened(tmp_path / "0.sqlite", changelog)
    store.put(b"entry", b"value")
    await store.flush()
    store.close()
    assert in_file(tmp_path / "0.sqlite") == (2, {b"entry": b"value"})


async def test_what_waits_is_bounded(tmp_path: Path) -> None:
    changelog = Changelog()
    store = await opened(tmp_path / "0.sqlite", changelog)
    for number in range(1500):
        store.put(b"%d" % number, b"x")
        await store.flush()
    at, _ = in_file(tmp_path / "0.sqlite")
    assert 1500 - 1000 <= at < 1500
    before = len(changelog.records)
    for _ in range(30):  # one key, again and again, takes the place of one
        store.put(b"large", bytes(100_000))
        await store.flush()
    assert in_file(tmp_path / "0.sqlite")[0] == at
    for number in range(20):
        store.put(b"large %d" % number, bytes(100_000))
        await store.flush()
    assert in_file(tmp_path / "0.sqlite")[0] > before + 30
    store.close()


async def test_another_owners_write_is_behind_the_mark_of_what_waits(tmp_path: Path) -> None:
    changelog = Changelog()
    store = await opened(tmp_path / "0.sqlite", changelog)
    store.put(b"ours", b"1")
    await store.flush()
    await changelog.produce(0, [(b"ours", revision(0, 9), b"stale")])
    store.put(b"ours", b"2")
    await store.flush()
    assert store.next == 2, "the audit reads from the write that is not ours"

    async def read(first: int, end: int) -> Sequence[Written]:
        return changelog.records[first:end]

    assert await store.audit(read, len(changelog.records)) == 1
    assert changelog.records[-1].value == b"2"
    assert in_file(tmp_path / "0.sqlite") == (4, {b"ours": b"2"})
    store.close()
