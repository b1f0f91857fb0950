"""The local copy of one partition's state: a SQLite file that knows how much of the changelog it holds.

It is a cache: whatever is wrong with it, it is dropped and built again from the changelog topic. Rows keep the revision
they were written with, also of deleted keys, so that a stale write that comes later is known for what it is.

Rows may wait in memory, to be written together: what is written again soon is written once. Reads see them. The mark in
the file is moved on with them alone, so a crash loses nothing: the changelog is read again from there.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

_FORMAT: Final = 2
"""Of the tables. What their values mean is told by the changelog's claims."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS state (key BLOB NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, value BLOB);
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""
"""Values of kilobytes do not belong in the tree of keys (https://sqlite.org/withoutrowid.html): without row ids those
of `total` took twice as long to read and to write."""
_UPSERT: Final = """
INSERT INTO state (key, revision, value) VALUES (?, ?, ?)
ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, value = excluded.value
WHERE excluded.revision >= state.revision
"""

_MOST_ROWS: Final = 1000
"""That wait: each scan looks through them, and a start after a crash reads as many again."""

_MOST_BYTES: Final = 1 << 20
"""Of keys and values that wait: of memory for each partition."""

Row = tuple[bytes, int, bytes | None]
"""Key, revision, value; None for deleted."""


class LockedError(Exception):
    """Another process of this host has the file open."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the copy goes. `next` is the first changelog offset not in it; `birth` names the changelog's life (a
    topic made anew has another); `claim` is the offset of the claim that `birth` was read from; `term` is its term."""

    next: int
    birth: str
    claim: int
    term: int


class LocalCopy:
    """One open SQLite file (or, with `path` None, an unnamed one that vanishes when it is closed).

    Raises:
        LockedError: the file is open in another process.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            self._database = self._open()
        except sqlite3.DatabaseError as error:
            if path is None or "locked" in str(error):
                raise LockedError(str(path)) from error
            _log.warning("%s cannot be used (%s); it is built anew from its topic.", path, error)
            remove(path)
            self._database = self._open()
        self.keys = 0
        self._waiting: dict[bytes, Row] = {}
        self._waiting_bytes = 0
        self._waiting_mark: Mark | None = None

    def _open(self) -> sqlite3.Connection:
        # "" is SQLite's own temporary file: on disk, private, and gone after a crash.
        # A core may read it from a thread while nobody else does (RememberingCore.opened).
        name = "" if self._path is None else self._path
        database = sqlite3.connect(name, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("PRAGMA cache_size = -2000")
            if database.execute("PRAGMA user_version").fetchone()[0] not in (0, _FORMAT):
                raise sqlite3.DatabaseError("it has the format of another release")
            database.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.strip().split(";\n"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_FORMAT}")
            database.execute("COMMIT")
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database

    def mark(self) -> Mark | None:
        """How far the file goes; None for an empty one, also if it turns out to be damaged."""
        try:
            found = dict(self._database.execute("SELECT name, value FROM meta"))
            return Mark(found["next"], found["birth"], found["claim"], found["term"])
        except (KeyError, sqlite3.DatabaseError):
            return None

    def get(self, key: bytes) -> bytes | None:
        """The value of a key that is there and not deleted."""
        if (waiting := self._waiting.get(key)) is not None:
            return waiting[2]
        row = self._database.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def row(self, key: bytes) -> Row | None:
        """All that is known of a key."""
        if (waiting := self._waiting.get(key)) is not None:
            return waiting
        found: Row | None = self._database.execute(
            "SELECT key, revision, value FROM state WHERE key = ?", (key,)
        ).fetchone()
        return found

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Every key that begins with `prefix`, with its value, in the order of the keys."""
        fresh = {key: row[2] for key, row in self._waiting.items() if key.startswith(prefix)}
        return merged(self._held(prefix), fresh, prefix)

    def _held(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        after = _after(prefix)
        bound, values = ("", (prefix,)) if after is None else (" AND key < ?", (prefix, after))
        query = f"SELECT key, value FROM state WHERE key >= ?{bound} AND value IS NOT NULL ORDER BY key"  # noqa: S608 - two fixed texts
        yield from self._database.execute(query, values)

    def apply(self, rows: Iterable[Row], mark: Mark) -> None:
        """Write what waits, rows and mark in one transaction; a row older than the one that is there is left out."""
        self._database.execute("BEGIN")
        try:
            self._database.executemany(_UPSERT, self._waiting.values())
            self._database.executemany(_UPSERT, rows)
            self._database.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                [("next", mark.next), ("birth", mark.birth), ("claim", mark.claim), ("term", mark.term)],
            )
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
        self._forget_waiting()

    def keep(self, rows: Iterable[Row], mark: Mark) -> None:
        """Let rows wait, with the mark that they move on to; none may be older than one that is there."""
        for row in rows:
            if (before := self._waiting.get(row[0])) is not None:
                self._waiting_bytes -= _size(before)
            self._waiting[row[0]] = row
            self._waiting_bytes += _size(row)
        self._waiting_mark = mark
        if len(self._waiting) > _MOST_ROWS or self._waiting_bytes > _MOST_BYTES:
            self.settle()

    def settle(self) -> None:
        """Write what waits."""
        if self._waiting_mark is not None:
            self.apply((), self._waiting_mark)

    def _forget_waiting(self) -> None:
        self._waiting, self._waiting_bytes, self._waiting_mark = {}, 0, None

    def forget_deleted(self, below: int) -> None:
        """Drop what is kept of deleted keys with a revision below this one, and count the keys."""
        self.settle()
        self._database.execute("DELETE FROM state WHERE value IS NULL AND revision < ?", (below,))
        self.keys = self._database.execute("SELECT count(*) FROM state WHERE value IS NOT NULL").fetchone()[0]

    def clear(self) -> None:
        """Start again from nothing."""
        self._forget_waiting()
        self._database.execute("DELETE FROM state")
        self._database.execute("DELETE FROM meta")

    def close(self) -> None:
        """Write what waits, if that can be, and release the file."""
        with suppress(sqlite3.Error):
            self.settle()
        with suppress(sqlite3.Error):
            self._database.close()


def remove(path: Path) -> None:
    """Delete a local copy's file and those that SQLite keeps beside it."""
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)


def merged(
    held: Iterator[tuple[bytes, bytes]], fresh: Mapping[bytes, bytes | None], prefix: bytes
) -> Iterator[tuple[bytes, bytes]]:
    """What is held, in the order of its keys, with fresh writes over it (None deletes) where they have the prefix."""
    waiting = sorted(key for key in fresh if key.startswith(prefix))
    at = 0
    for key, value in held:
        while at < len(waiting) and waiting[at] <= key:
            if (new := fresh[waiting[at]]) is not None:
                yield waiting[at], new
            at += 1
        if key not in fresh:
            yield key, value
    for key in waiting[at:]:
        if (new := fresh[key]) is not None:
            yield key, new


def _after(prefix: bytes) -> bytes | None:
    """The first key after all that begin with `prefix`; None if there is none."""
    head = prefix.rstrip(b"\xff")
    return head[:-1] + bytes([head[-1] + 1]) if head else None


def _size(row: Row) -> int:
    return len(row[0]) + len(row[2] or b"")
