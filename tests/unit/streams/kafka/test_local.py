"""The local copy of a partition's state."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.local import LocalCopy, LockedError, Mark, merged

MARK = Mark(next=5, birth="life", claim=2, term=3)


def test_rows_and_mark_survive_closing(tmp_path: Path) -> None:
    copy = LocalCopy(tmp_path / "0.sqlite")
    assert copy.mark() is None
    copy.apply([(b"a", 1, b"x"), (b"b", 1, None)], MARK)
    copy.close()
    again = LocalCopy(tmp_path / "0.sqlite")
    assert again.mark() == MARK
    assert (again.get(b"a"), again.get(b"b"), again.get(b"c")) == (b"x", None, None)
    again.close()


def test_a_lower_revision_is_left_out_also_of_a_deleted_key() -> None:
    copy = LocalCopy(None)
    copy.apply([(b"a", 7, b"new"), (b"gone", 7, None)], MARK)
    copy.apply([(b"a", 6, b"stale"), (b"gone", 6, b"stale")], MARK)
    assert (copy.get(b"a"), copy.get(b"gone")) == (b"new", None)
    copy.apply([(b"a", 7, b"the same again")], MARK)
    assert copy.get(b"a") == b"the same again"
    copy.close()


def test_a_file_that_is_no_database_is_built_anew(tmp_path: Path) -> None:
    path = tmp_path / "0.sqlite"
    path.write_bytes(b"rubbish" * 5000)
    copy = LocalCopy(path)
    assert copy.mark() is None
    copy.apply([(b"a", 1, b"x")], MARK)
    assert copy.get(b"a") == b"x"
    copy.close()


def test_a_file_of_another_release_is_set_aside_in_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    copy = LocalCopy(tmp_path / "0.sqlite")
    copy.apply([(b"a", 1, b"x")], MARK)
    copy.close()
    with closing(sqlite3.connect(tmp_path / "0.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    copy = LocalCopy(tmp_path / "0.sqlite")
    assert (copy.mark(), copy.get(b"a")) == (None, None)
    assert "the format of another release); it is built anew from its topic" in caplog.text
    copy.close()


def test_a_file_in_use_is_said_to_be(tmp_path: Path) -> None:
    first = LocalCopy(tmp_path / "0.sqlite")
    with pytest.raises(LockedError):
        LocalCopy(tmp_path / "0.sqlite")
    first.close()
    LocalCopy(tmp_path / "0.sqlite").close()


def test_an_unnamed_copy_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    copy = LocalCopy(None)
    copy.apply([(b"%d" % number, 1, b"x" * 1000) for number in range(5000)], MARK)
    copy.close()
    assert list(tmp_path.iterdir()) == []


def test_deleted_keys_are_forgotten_below_a_revision_and_keys_counted() -> None:
    copy = LocalCopy(None)
    copy.apply([(b"a", 1, None), (b"b", 9, None), (b"c", 1, b"x")], MARK)
    copy.forget_deleted(5)
    assert copy.keys == 1
    assert copy.row(b"a") is None
    assert copy.row(b"b") == (b"b", 9, None)
    copy.close()


KEYS = st.binary(max_size=3)


@given(st.dictionaries(KEYS, KEYS), st.dictionaries(KEYS, st.none() | KEYS), st.binary(max_size=2))
def test_merging_is_what_a_dict_would_say(
    held: dict[bytes, bytes], fresh: dict[bytes, bytes | None], prefix: bytes
) -> None:
    both = {key: value for key, value in (held | fresh).items() if value is not None and key.startswith(prefix)}
    below = iter(sorted((key, value) for key, value in held.items() if key.startswith(prefix)))
    assert list(merged(below, fresh, prefix)) == sorted(both.items())
