"""The state of one partition: a local copy in front of a compacted changelog topic.

Writes go to the changelog first and into the copy when the brokers have them; reads see them at once. See
`streams.kafka.changelog` for revisions and terms, `streams.kafka.stores` for restoring.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from streams.kafka.changelog import CLAIM_KEY, Claim, Reader, read_claim, read_revision, revision, term_of, write_claim
from streams.kafka.local import LocalCopy, Mark, Row, merged
from streams.kafka.service import RecordTooLargeError, StoreClosedError

_OVERHEAD: Final = 200
"""Bytes that a changelog record needs besides key and value, rounded up."""

Produce = Callable[[int, Sequence[Row]], Awaitable[list[int]]]
"""Write rows to one changelog partition; the offsets they got, -1 where the brokers did not say."""


Read = Callable[[int, int], Awaitable[Sequence[Any]]]
"""Read the changelog partition from one offset up to, not with, another."""


class PartitionStore:
    """State of one partition, open as long as the partition is ours. `scanned` rises with every row that a scan gives.

    Args:
        partition: the same number on the source topic and on the changelog.
        copy: the local copy; ours to close.
        produce: how changelog records are written.
        limit: the largest record, in bytes.
        reader: what we can make of state.
    """

    def __init__(
        self, partition: int, copy: LocalCopy, produce: Produce, limit: int, reader: Reader | None = None
    ) -> None:
        self.partition = partition
        self._reader = reader or Reader()
        self._format = self._reader.writes
        self.term = 0
        self._copy = copy
        self._produce = produce
        self._limit = limit
        self._mark = copy.mark() or Mark(0, "", -1, 0)
        self._newest = 0
        self._count = 0
        self.scanned = 0
        self._staged: dict[bytes, Row] = {}
        self._writing: dict[bytes, Row] = {}
        self._suspects: set[bytes] = set()
        self._lock = asyncio.Lock()
        self._closed = False

    # --- what the cores and services use

    def get(self, key: bytes) -> bytes | None:
        """The value last written under `key`, or None."""
        self._check()
        row = self._staged.get(key) or self._writing.get(key)
        return self._copy.get(key) if row is None else row[2]

    def put(self, key: bytes, value: bytes | None) -> None:
        """Note a write for the next `flush`; None deletes.

        Raises:
            StoreClosedError: the partition is no longer ours.
            RecordTooLargeError: key and value would not fit a record.
        """
        self._count += 1
        self.stage({key: value}, self._count)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Every key that begins with `prefix`, with its value, in the order of the keys."""
        self._check()
        fresh = {key: row[2] for rows in (self._writing, self._staged) for key, row in rows.items()}
        return self._counted(merged(self._copy.scan(prefix), fresh, prefix))

    def _counted(self, rows: Iterator[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        for row in rows:
            self.scanned += 1
            yield row

    async def flush(self) -> None:
        """Return when all writes noted before are on the changelog topic and in the local copy.

        Raises:
            StoreClosedError: the partition is no longer ours, or another worker has claimed it.
        """
        async with self._lock:
            self._check()
            if not self._staged:
                return
            self._writing, self._staged = self._staged, {}
            try:
                await self._write(list(self._writing.values()))
            except BaseException:
                self._staged = {**self._writing, **self._staged}
                raise
            finally:
                self._writing = {}

    # --- what the shell uses

    def stage(self, writes: Mapping[bytes, bytes | None], offset: int) -> None:
        """Note the writes of the message at this source offset. Raises as `put` does, then nothing is noted."""
        self._check()
        for key, value in writes.items():
            self.check_size(key, value)
        number = revision(self.term, offset)
        for key, value in writes.items():
            # Last write last: a crash in a flush then leaves no write without those of the messages before it.
            self._staged.pop(key, None)
            self._staged[key] = (key, number, value)

    def check_size(self, key: bytes, value: bytes | None) -> None:
        """Raises RecordTooLargeError if key and value would not fit a record."""
        size = len(key) + len(value or b"") + _OVERHEAD
        if size > self._limit:
            raise RecordTooLargeError(f"state of {size} bytes under one key; a record takes {self._limit}")

    def discard(self) -> None:
        """Forget what is staged and not yet being written."""
        self._staged = {}

    @property
    def next(self) -> int:
        """The first changelog offset that the copy does not hold."""
        return self._mark.next

    @property
    def mark(self) -> Mark:
        """How far the copy goes."""
        return self._mark

    @property
    def closed(self) -> bool:
        """True once the partition is no longer ours, or another worker has claimed it."""
        return self._closed

    @property
    def keys(self) -> int:
        """How many keys there were when the partition was restored."""
        return self._copy.keys

    def reset(self) -> None:
        """Drop the copy; it does not belong to this changelog."""
        with self._writing_copy():
            self._copy.clear()
        self._mark, self.term, self._newest = Mark(0, "", -1, 0), 0, 0

    def replay(self, records: Sequence[Any]) -> bool:
        """Take over changelog records (of aiokafka, in order). False: they are of another life than the copy.

        Raises:
            ForeignStateError: they are not for us.
            LocalCopyError: the copy cannot be written.
        """
        rows: list[Row] = []
        mark = self._mark
        for record in records:
            number = read_revision(record.headers)
            if term_of(number) < mark.term and record.key is not None:
                self._suspects.add(record.key)  # a former owner wrote after a later one
            mark = Mark(record.offset + 1, mark.birth, mark.claim, max(mark.term, term_of(number)))
            if record.key == CLAIM_KEY:
                claim = read_claim(record.value) or Claim("", 0)
                if mark.birth not in ("", claim.birth):
                    return False
                self._heed(claim)
                mark = Mark(mark.next, claim.birth, record.offset, max(mark.term, claim.term))
            elif record.key is not None:
                rows.append((record.key, number, record.value))
        self._apply(rows, mark)
        return True

    def is_same_life(self, record: Any) -> bool:
        """Whether what now lies at or after the copy's claim speaks against the copy being of this changelog.

        Raises:
            ForeignStateError: it is of this changelog, and that is not for us.
        """
        if record.offset != self._mark.claim:
            return bool(record.offset > self._mark.claim)  # compacted away: a newer claim will tell
        claim = read_claim(record.value) if record.key == CLAIM_KEY else None
        if claim is None or claim.birth != self._mark.birth:
            return False
        self._heed(claim)
        return True

    async def claim(self, birth: str) -> bool:
        """Begin a new term. False: someone wrote in between; replay up to here and claim again."""
        mine = Claim(self._mark.birth or birth, self._mark.term + 1, self._format, self._reader.source)
        row = (CLAIM_KEY, revision(mine.term, 0), write_claim(mine))
        offset = (await self._produce(self.partition, [row]))[0]
        if offset != self._mark.next:
            return False
        self._apply([], Mark(offset + 1, mine.birth, offset, mine.term))
        with self._writing_copy():
            # It looks at every row: minutes of them must not hold heartbeats up. Nobody else uses the copy yet.
            await asyncio.to_thread(self._copy.forget_deleted, revision(mine.term, 0))
        self.term, self._newest = mine.term, revision(mine.term, 0)  # all that is there is of lower terms
        return True

    async def repair_suspects(self) -> int:
        """Write again what a former owner had overwritten before we came; how many keys."""
        suspects, self._suspects = self._suspects, set()
        await self._write_again(suspects)
        return len(suspects)

    async def audit(self, read: Read, end: int) -> int:
        """Undo what a former owner wrote after us, up to the changelog offset `end`; how many keys it was.

        Raises:
            StoreClosedError: the writer has a higher term than ours, so we are the former owner.
        """
        async with self._lock:  # no write of ours is half way
            self._check()
            if self.next >= end:
                return 0
            repaired = await self._repair(await read(self.next, end))
            self.caught_up(end)
            return repaired

    async def _repair(self, records: Iterable[Any]) -> int:
        stale: set[bytes] = set()
        for record in records:
            number = read_revision(record.headers)
            claim = read_claim(record.value) if record.key == CLAIM_KEY else None
            if max(term_of(number), claim.term if claim else 0) > self.term:
                self._closed = True
                raise StoreClosedError(f"another worker has claimed partition {self.partition}")
            if term_of(number) < self.term and record.key is not None:
                stale.add(record.key)
        await self._write_again(stale)
        return len(stale)

    def caught_up(self, end: int) -> None:
        """All that the changelog holds below `end` is in the copy, or repaired."""
        self._apply([], Mark(max(end, self._mark.next), self._mark.birth, self._mark.claim, self._mark.term))

    def settle(self) -> None:
        """Write to the copy's file what waits to be written with later rows.

        Raises:
            LocalCopyError: it cannot be written.
        """
        with self._writing_copy():
            self._copy.settle()

    def close(self) -> None:
        """The partition is no longer ours."""
        self._closed = True
        self._copy.close()

    # --- inside

    def _check(self) -> None:
        if self._closed:
            raise StoreClosedError(f"partition {self.partition} is no longer ours")

    async def _write(self, rows: list[Row]) -> None:
        offsets = await self._produce(self.partition, rows)
        self._check()
        mark = self._mark
        if sorted(offsets) == list(range(mark.next, mark.next + len(rows))):
            mark = Mark(mark.next + len(rows), mark.birth, mark.claim, mark.term)
        # Else someone wrote between ours: the mark stays, so that the audit reads it all.
        if min(number for _, number, _ in rows) < self._newest:
            self._apply(rows, mark)  # of messages that are read again: the file knows which is newer
            return
        with self._writing_copy():
            self._copy.keep(rows, mark)
        self._moved(rows, mark)

    async def _write_again(self, keys: set[bytes]) -> None:
        if keys:
            await self._produce(self.partition, [self._mine(key) for key in sorted(keys)])

    def _mine(self, key: bytes) -> Row:
        least = revision(self.term, 0)
        if key == CLAIM_KEY:
            claim = Claim(self._mark.birth, self.term, self._format, self._reader.source)
            return (key, least, write_claim(claim))
        row = self._copy.row(key)
        return (key, max(row[1], least), row[2]) if row else (key, least, None)

    def _heed(self, claim: Claim) -> None:
        self._reader.check(claim)
        self._format = max(self._format, claim.format)

    def _apply(self, rows: list[Row], mark: Mark) -> None:
        with self._writing_copy():
            self._copy.apply(rows, mark)
        self._moved(rows, mark)

    def _moved(self, rows: list[Row], mark: Mark) -> None:
        self._mark = mark
        self._newest = max(self._newest, *(number for _, number, _ in rows)) if rows else self._newest

    @contextmanager
    def _writing_copy(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise LocalCopyError(self.partition, str(error)) from error


class LocalCopyError(Exception):
    """The local copy of a partition is damaged or its disk is full."""

    def __init__(self, partition: int, why: str) -> None:
        super().__init__(f"the local copy of partition {partition} cannot be written: {why}")
        self.partition = partition
