"""Reading a body: counted as it comes, decoded as it comes, given up as soon as it is too much."""

import hashlib
import re
import zlib
from collections.abc import Iterable
from itertools import chain
from typing import Protocol

from articles.fetch.answer import Limit
from articles.fetch.problems import BadEncoding, TooLarge

_PIECE = 1 << 16
_SHOWN_LIMIT = 60  # characters of a header shown to a person
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15  # zlib's wbits
_MEMBER_LIMIT = 1000  # of one gzip body; empty ones would cost time without adding to its size
_GZIP_MAGIC = b"\x1f\x8b"
_ZIPPED = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
# IANA's registry of content codings; whatever else stands in the header ("aws-chunked" of object stores,
# "UTF-8", "none") says nothing of how the body is coded.
_CODINGS = frozenset(
    {*_ZIPPED, "br", "zstd", "dcb", "dcz", "compress", "x-compress", "exi", "pack200-gzip", "aes128gcm"}
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}[<{\[][\t\n\f\r\x20-\x7e\x80-\xff]{15}")


class Stream(Protocol):
    def read(self, amt: int, *, decode_content: bool) -> bytes: ...


class Hashed:
    """A stream that remembers the SHA-256 of all that was read of it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def read(self, amt: int, *, decode_content: bool) -> bytes:
        """Read up to *amt* bytes, as they were received: nothing is decoded here."""
        piece = self._stream.read(amt, decode_content=decode_content)
        self._hash.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        """Of what was read so far, in hex."""
        return self._hash.hexdigest()


def check_transfer(header: str) -> None:
    """Raise BadEncoding for a Transfer-Encoding that http.client would hand on as if it were the body."""
    if header.lower() not in ("", "chunked", "identity"):
        raise BadEncoding(f"the body is sent as {header[:_SHOWN_LIMIT]!r}, which we did not ask for")


def content_coding(header: str) -> str:
    """The coding a Content-Encoding header names: gzip, deflate, "" for none, or else the header's words.

    Names that are no coding's do not count.
    """
    named = [name for name in (part.strip() for part in header.lower().split(",")) if name in _CODINGS]
    if len(named) > 1 or (named and named[0] not in _ZIPPED):
        return header.strip()[:_SHOWN_LIMIT]
    return _ZIPPED[named[0]] if named else ""


def read_body(stream: Stream, content_encoding: str, limit: int) -> bytes:
    """All of a body, decoded as its Content-Encoding header says, or as it is if it plainly is not coded.

    Raises TooLarge beyond `limit` bytes decoded, BadEncoding for a coding we did not ask for (several layers
    are one too), and for a body that does not decode.
    """
    coding = content_coding(content_encoding)
    first = stream.read(_PIECE, decode_content=False)
    if not coding and content_encoding.strip() and is_gzip(first):
        coding = "gzip"
    pieces = chain([first], iter(lambda: stream.read(_PIECE, decode_content=False), b""))
    if not coding or _MARKUP.match(first):
        return _read_plain(pieces, limit)
    if coding not in _ZIPPED:
        raise BadEncoding(f"the body is encoded as {coding!r}, which we did not ask for")
    decoder = _Decoder(coding, limit)
    for piece in pieces:
        decoder.feed(piece)
    return decoder.finish()


def gunzip(data: bytes, limit: int) -> bytes:
    """Unpack a gzip file. Raises TooLarge beyond `limit` bytes, BadEncoding when it is broken."""
    decoder = _Decoder("gzip", limit)
    decoder.feed(data)
    return decoder.finish()


def is_gzip(data: bytes) -> bool:
    return data.startswith(_GZIP_MAGIC)


def _read_plain(pieces: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        _check_size(body, limit)
    return bytes(body)


def _check_size(body: bytearray, limit: int) -> None:
    if len(body) > limit:
        raise TooLarge(f"the body is larger than {limit:,} bytes", Limit.DECODED_SIZE)


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
