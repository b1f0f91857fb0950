"""Revisions are ordered by owner and then by source offset, whatever travels in the headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.changelog import (
    Claim,
    ForeignStateError,
    Reader,
    read_claim,
    read_revision,
    revision,
    term_of,
    write_claim,
    write_revision,
)

TERMS = st.integers(0, 1_000_000)
OFFSETS = st.integers(0, 2**39)


@given(TERMS, OFFSETS, TERMS, OFFSETS)
def test_a_later_owner_is_always_higher(term: int, offset: int, other: int, another: int) -> None:
    assert (revision(term, offset) < revision(other, another)) == ((term, offset) < (other, another))
    assert term_of(revision(term, offset)) == term


@given(st.integers(0, 2**80), st.integers(-5, 2**80))
def test_a_revision_fits_sqlite(term: int, offset: int) -> None:
    assert 0 <= revision(term, offset) < 2**63


@given(TERMS, OFFSETS)
def test_a_header_reads_back(term: int, offset: int) -> None:
    number = revision(term, offset)
    assert read_revision((("other", b"1"), write_revision(number))) == number


@given(st.lists(st.tuples(st.sampled_from(["frontwire-revision", "x"]), st.binary(max_size=40))))
def test_a_strange_header_is_no_revision(headers: list[tuple[str, bytes]]) -> None:
    assert 0 <= read_revision(tuple(headers)) < 10**19


NAMES = st.text(max_size=40).filter(lambda text: text.isprintable())


@given(NAMES, st.integers(0, 2**53), st.integers(1, 99), NAMES)
def test_a_claim_reads_back(birth: str, term: int, number: int, source: str) -> None:
    claim = Claim(birth, term, number, source)
    assert read_claim(write_claim(claim)) == claim


def test_a_claim_of_a_release_that_told_no_format_is_of_the_first() -> None:
    assert read_claim(b'{"birth": "x", "term": 3}') == Claim("x", 3, 1, "")


def test_a_claim_of_one_format_later_is_read_and_one_of_two_is_not() -> None:
    reader = Reader("total.state", writes=1, reads=2, source="a")
    reader.check(Claim("x", 1, 2, "a"))
    reader.check(Claim("x", 1))
    with pytest.raises(ForeignStateError, match="format 3"):
        reader.check(Claim("x", 1, 3, "a"))
    with pytest.raises(ForeignStateError, match="made anew"):
        reader.check(Claim("x", 1, 1, "b"))


@given(st.none() | st.binary(max_size=60))
def test_a_strange_claim_is_none(value: bytes | None) -> None:
    assert read_claim(value) is None


def test_json_that_is_no_claim_is_none() -> None:
    for value in (b"[]", b"{}", b"1", b'{"birth": 1}', b'{"birth": "x", "term": "y"}', b'{"birth":"x","term":null}'):
        assert read_claim(value) is None
