import gzip
import zlib
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.poll.inflate import BombError, EncodingError, Inflater, TooLargeError

BODY = b"<rss>" + bytes(range(256)) * 1000


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def inflate(encoding: str, data: bytes, step: int = 65536, most: int = 1 << 20, ratio: int = 200) -> bytes:
    inflater = Inflater(encoding, most, ratio)
    for start in range(0, len(data), step):
        inflater.feed(data[start : start + step])
    return inflater.finish()


@pytest.mark.parametrize("step", [1, 7, 65536])
@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY)),
        ("X-GZIP ", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:1000]) + gzip.compress(BODY[1000:])),
        ("gzip", gzip.compress(BODY) + b"\0" * 100),
        ("gzip", BODY),
        ("deflate", zlib.compress(BODY)),
        ("br", brotli.compress(BODY)),
    ],
)
def test_a_body_comes_out_whole(encoding: str, data: bytes, step: int) -> None:
    assert inflate(encoding, data, step) == BODY


def test_deflate_without_its_header() -> None:
    assert inflate("deflate", raw_deflate(BODY)) == BODY


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gzip", gzip.compress(BODY)[:-9]),
        ("br", brotli.compress(BODY)[:-9]),
        ("gzip", b"\x1f\x8b" + b"\xff" * 100),
        ("br", b"\xff" * 100),
        ("zstd", BODY),
    ],
)
def test_what_is_cut_or_lies_is_an_error(encoding: str, data: bytes) -> None:
    with pytest.raises(EncodingError):
        inflate(encoding, data)


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gzip", gzip.compress(bytes(20 << 20))),
        ("br", brotli.compress(bytes(20 << 20), quality=1)),
        ("gzip", gzip.compress(b"") * 2000),
    ],
)
def test_a_bomb_is_told_before_it_goes_off(encoding: str, data: bytes) -> None:
    inflater = Inflater(encoding, 15 << 20, 200)
    with pytest.raises(BombError):
        for start in range(0, len(data), 1000):
            inflater.feed(data[start : start + 1000])
    assert inflater.size < 16 << 20


def test_a_long_body_is_too_large_and_no_bomb() -> None:
    with pytest.raises(TooLargeError):
        inflate("", BODY, most=1000)


@given(st.binary(max_size=2000), st.sampled_from(["", "gzip", "deflate", "br", "zstd"]), st.integers(1, 100))
def test_no_bytes_break_it(data: bytes, encoding: str, step: int) -> None:
    with suppress(EncodingError, TooLargeError, BombError):
        assert len(inflate(encoding, data, step, most=10_000)) <= 10_000
