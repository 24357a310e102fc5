"""Bytes to text: which encoding a page is in, told by its signs in the order of their trust."""

import re
from collections.abc import Iterator

import webencodings

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)""", re.IGNORECASE)
_META_WINDOW = 4096

# Labels of the Encoding Standard that stand for "do not decode this": to a reader as good as no label.
_UNREADABLE = frozenset({"replacement", "x-user-defined"})

# A declared encoding is believed while at most this share of the bytes beyond ASCII does not fit it:
# one bad byte does not turn a whole page into mojibake, and a wrong label is seen as one.
_MISFIT_SHARE = 0.1


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of a page. Never raises.

    `content_type` is the response header's value, if there was one. The signs are, in the order of their
    trust: byte order mark, bytes that are UTF-8 without a fault, header, `<meta>` in the first 4 KB, UTF-8
    with faults, windows-1252. Only labels of the WHATWG Encoding Standard count, so that no label reaches a
    codec (`zlib`, `utf-7`) that is no text encoding.
    """
    for mark, label in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], webencodings.lookup(label))
    if (text := _utf_8(body)) is not None:
        return text
    beyond_ascii = len(body) - len(body.translate(None, bytes(range(0x80, 0x100))))
    for encoding in _candidates(body, content_type):
        text = _decoded(body, encoding)
        if text.count("\ufffd") <= beyond_ascii * _MISFIT_SHARE:
            return text
    return _decoded(body, webencodings.lookup("windows-1252"))


def _utf_8(body: bytes) -> str | None:
    """Return the text of bytes that are UTF-8 from end to end and more than ASCII, whatever their labels say:
    no text of another encoding is so by chance."""
    if body.isascii():
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _candidates(body: bytes, content_type: str | None) -> Iterator[webencodings.Encoding]:
    header = _HEADER_CHARSET.search(content_type or "")
    if header:
        yield from _known(header[1])
    meta = _META_CHARSET.search(body[:_META_WINDOW])
    if meta:
        label = meta[1].decode("ascii", "replace")
        # A <meta> that could be read as ASCII cannot stand in a UTF-16 page (HTML Standard, 13.2.3.3).
        yield from _known("utf-8" if label.lower().startswith("utf-16") else label)
    yield webencodings.UTF8


def _known(label: str) -> Iterator[webencodings.Encoding]:
    encoding = webencodings.lookup(label)
    if encoding is not None and encoding.name not in _UNREADABLE:
        yield encoding


def _decoded(body: bytes, encoding: webencodings.Encoding) -> str:
    text: str = encoding.codec_info.decode(body, "replace")[0]
    return text
