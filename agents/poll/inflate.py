"""Decompress a body as it streams in, under caps on its size and on how much it may grow."""

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

import brotli

ACCEPTED: Final = "gzip, deflate, br"
"""What the poller asks for (`Accept-Encoding`)."""

_FREE: Final = 1 << 20
"""Bytes below which the ratio does not count: small feeds of repeated markup compress 1,000 times and harm nobody."""

_HONEST: Final = 30
"""How much text grows at most; what passes the size limit and grew more is a bomb, not a long feed."""

_STEP: Final = 1 << 18
_MOST_MEMBERS: Final = 1000
_GZIP: Final = b"\x1f\x8b"
_TELLING: Final = 2
"""Bytes that tell a compressed body from one that only claims to be."""


class TooLargeError(ValueError):
    """The body is larger than allowed."""


class BombError(ValueError):
    """The body grows more than any honest one does."""


class EncodingError(ValueError):
    """The body is not what its Content-Encoding says, or is cut short."""


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` decompresses to, in pieces of bounded size."""

    def end(self) -> None:
        """Raise EncodingError if the stream is not complete."""


class Inflater:
    """Takes the body's bytes as they arrive; gives it decompressed, or raises as soon as a cap is passed.

    Args:
        encoding: the Content-Encoding header, `""` for none.
        most: bytes allowed after decompression.
        ratio: most that bodies over 1 MiB may grow.
    """

    def __init__(self, encoding: str, most: int, ratio: int) -> None:
        self._encoding = encoding.strip().lower()
        self._decoder: _Decoder | None = None
        self._most, self._ratio = most, ratio
        self._head = b""
        self._parts: list[bytes] = []
        self.received = 0
        self.size = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire.

        Raises:
            TooLargeError, BombError, EncodingError: as their names say.
        """
        if not data:
            return
        self.received += len(data)
        if self._decoder is None:
            data, self._head = self._head + data, self._head + data
            if len(data) < _TELLING:
                return
            self._decoder = _decoder(self._encoding, data)
        for part in self._decoder.feed(data):
            self._keep(part)

    def finish(self) -> bytes:
        """The whole body.

        Raises:
            EncodingError: it was cut short.
        """
        if self._decoder is None:
            return self._head
        self._decoder.end()
        return b"".join(self._parts)

    def _keep(self, part: bytes) -> None:
        self.size += len(part)
        if self.size > _FREE and self.size > self.received * self._ratio:
            raise BombError(f"{self.received} bytes grew to over {self.size}")
        if self.size > self._most:
            if self.size > self.received * _HONEST:
                raise BombError(f"{self.received} bytes grew to over {self._most}")
            raise TooLargeError(f"over {self._most} bytes; FRONTWIRE_POLL_MAX_BYTES sets the limit")
        self._parts.append(part)


def _decoder(encoding: str, start: bytes) -> _Decoder:
    if encoding in ("", "identity", "none", "utf-8"):
        return _Plain()
    if encoding in ("gzip", "x-gzip"):
        # some servers name an encoding and then do not apply it
        return _Zlib(zlib.MAX_WBITS | 16) if start[:2] == _GZIP else _Plain()
    if encoding == "deflate":
        zlib_header = start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
        return _Zlib(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
    if encoding == "br":
        return _Plain() if start.lstrip()[:1] == b"<" else _Brotli()
    raise EncodingError(f"Content-Encoding {encoding[:40]!r} was not asked for")


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def end(self) -> None:
        return


class _Zlib:
    """gzip of any number of members up to 1,000, and deflate with and without its header."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._members = 1
        self._stream = zlib.decompressobj(window)

    def feed(self, data: bytes) -> Iterator[bytes]:
        full = False
        while data or full:
            if self._stream.eof and not self._next_member(data):
                return
            try:
                part = self._stream.decompress(data, _STEP)
            except zlib.error as error:
                raise EncodingError(f"broken compression: {error}") from None
            full = len(part) == _STEP
            if part:
                yield part
            data = self._stream.unconsumed_tail or self._stream.unused_data

    def end(self) -> None:
        if not self._stream.eof:
            raise EncodingError("the compressed body is cut short")

    def _next_member(self, data: bytes) -> bool:
        if self._window != zlib.MAX_WBITS | 16 or data[:2] != _GZIP[: len(data)]:
            return False  # padding after the stream
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise BombError(f"over {_MOST_MEMBERS} gzip members")
        self._stream = zlib.decompressobj(self._window)
        return True


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            part = self._stream.process(data, output_buffer_limit=_STEP)
            while part or not self._stream.can_accept_more_data():
                yield part
                part = self._stream.process(b"", output_buffer_limit=_STEP)
        except brotli.error as error:
            raise EncodingError(f"broken compression: {error}") from None

    def end(self) -> None:
        if not self._stream.is_finished():
            raise EncodingError("the compressed body is cut short")
