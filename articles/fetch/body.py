"""Reading a body: counted as it comes, decoded as it comes, given up as soon as it is too much."""

import zlib
from typing import Protocol

from articles.fetch.problems import BadEncoding, TooLarge

_PIECE = 1 << 16
_SHOWN_LIMIT = 60  # characters of a header shown to a person
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15  # zlib's wbits
_MEMBER_LIMIT = 1000  # of one gzip body; empty ones would cost time without adding to its size
_GZIP_MAGIC = b"\x1f\x8b"
_CODINGS = {"": "identity", "identity": "identity", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


class Stream(Protocol):
    def read(self, amt: int, *, decode_content: bool) -> bytes: ...


def check_transfer(header: str) -> None:
    """Raise BadEncoding for a Transfer-Encoding that http.client would hand on as if it were the body."""
    if header.lower() not in ("", "chunked", "identity"):
        raise BadEncoding(f"the body is sent as {header[:_SHOWN_LIMIT]!r}, which we did not ask for")


def check_coding(header: str) -> str:
    """The one content coding named by a Content-Encoding header: identity, gzip or deflate.

    Raises BadEncoding for any other, and for several layers.
    """
    coding = _CODINGS.get(header.strip().lower())
    if coding is None:
        raise BadEncoding(
            f"the body is encoded as {header.strip()[:_SHOWN_LIMIT]!r}, which we did not ask for"
        )
    return coding


def read_body(stream: Stream, coding: str, limit: int) -> bytes:
    """All of a body, decoded.

    Raises TooLarge beyond `limit` bytes decoded, BadEncoding when it does not decode.
    """
    if coding == "identity":
        return _read_plain(stream, limit)
    decoder = _Decoder(coding, limit)
    while piece := stream.read(_PIECE, decode_content=False):
        decoder.feed(piece)
    return decoder.finish()


def gunzip(data: bytes, limit: int) -> bytes:
    """Unpack a gzip file. Raises TooLarge beyond `limit` bytes, BadEncoding when it is broken."""
    decoder = _Decoder("gzip", limit)
    decoder.feed(data)
    return decoder.finish()


def is_gzip(data: bytes) -> bool:
    return data.startswith(_GZIP_MAGIC)


def _read_plain(stream: Stream, limit: int) -> bytes:
    body = bytearray()
    while piece := stream.read(_PIECE, decode_content=False):
        body += piece
        _check_size(body, limit)
    return bytes(body)


def _check_size(body: bytearray, limit: int) -> None:
    if len(body) > limit:
        raise TooLarge(f"the body is larger than {limit:,} bytes")


class _Decoder:
    """Undoes one layer of gzip or deflate, never holding more than a byte beyond the limit."""

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding
        self._limit = limit
        self._body = bytearray()
        self._unzip = zlib.decompressobj(_GZIP if coding == "gzip" else _ZLIB)
        self._started = False
        self._members = 1

    def feed(self, piece: bytes) -> None:
        while piece:
            if self._unzip.eof and not self._next_member(piece):
                return
            piece = self._unpack(piece)
            _check_size(self._body, self._limit)

    def finish(self) -> bytes:
        if self._started and not self._unzip.eof:
            raise BadEncoding(f"the {self._coding} body ends too early")
        return bytes(self._body)

    def _unpack(self, piece: bytes) -> bytes:
        room = self._limit + 1 - len(self._body)
        try:
            self._body += self._unzip.decompress(piece, room)
        except zlib.error:
            if self._started or self._coding != "deflate":
                raise BadEncoding(f"the body is not valid {self._coding}") from None
            # Many servers send bare deflate without the zlib wrapping that the standard asks for.
            self._unzip = zlib.decompressobj(_RAW_DEFLATE)
            self._started = True
            return piece
        self._started = True
        return self._unzip.unconsumed_tail or self._unzip.unused_data

    def _next_member(self, piece: bytes) -> bool:
        """Gzip files may follow one another (RFC 1952); anything else after the end is padding."""
        if self._coding != "gzip" or not piece.startswith(_GZIP_MAGIC):
            return False
        self._members += 1
        if self._members > _MEMBER_LIMIT:
            raise BadEncoding("the body is chopped into too many gzip members")
        self._unzip = zlib.decompressobj(_GZIP)
        return True
