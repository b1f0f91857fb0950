"""Revisions are ordered by owner and then by source offset, whatever travels in the headers."""

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.changelog import (
    Claim,
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


@given(st.text(max_size=40).filter(lambda text: text.isprintable()), st.integers(0, 2**53))
def test_a_claim_reads_back(birth: str, term: int) -> None:
    assert read_claim(write_claim(Claim(birth, term))) == Claim(birth, term)


@given(st.none() | st.binary(max_size=60))
def test_a_strange_claim_is_none(value: bytes | None) -> None:
    assert read_claim(value) is None


def test_json_that_is_no_claim_is_none() -> None:
    for value in (b"[]", b"{}", b"1", b'{"birth": 1}', b'{"birth": "x", "term": "y"}', b'{"birth":"x","term":null}'):
        assert read_claim(value) is None
