"""Bytes of a feed to text, and text to clean lines."""

import html
import re
import unicodedata
from collections.abc import Iterator

import webencodings

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']+)|<meta\b[^>]*?\bcharset\s*=\s*["']?([\w.:-]+)""",
    re.IGNORECASE,
)
_ONE_BYTE = ("windows-", "iso-8859-", "koi8-", "ibm", "macintosh", "x-mac-")
_DECLARATION_WINDOW = 4096

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
_REFERENCE = re.compile(r"&(?:#?\w{1,32};)?")
_MARKUP_ALLOWED = 10  # times the length of a title that its tags and entities may take
_MOST_REFERENCES = 100_000
_XML_REFERENCES = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")


def decode_feed(body: bytes, content_type: str) -> str:
    """The text of a feed or page, without characters that XML forbids. Never raises.

    Byte order mark, UTF-8 where header or declaration (in the first 4 KB) name it or an encoding that would
    fit any bytes, header, declaration, UTF-8, windows-1252: the first that fits every byte. Only labels of
    the WHATWG Encoding Standard count, so that none reaches a codec (`zlib`, `utf-7`) that is no encoding.
    """
    for mark, codec in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _NOT_XML.sub("", body[len(mark) :].decode(codec, "replace"))
    for encoding in _candidates(body, content_type):
        try:
            return _NOT_XML.sub("", encoding.codec_info.decode(body, "strict")[0])
        except UnicodeError:
            continue
    return _NOT_XML.sub("", body.decode("cp1252", "replace"))


def _candidates(body: bytes, content_type: str) -> Iterator[webencodings.Encoding]:
    labels = [match[1] for match in [_HEADER_CHARSET.search(content_type)] if match]
    if match := _DECLARED.search(body[:_DECLARATION_WINDOW]):
        labels.append((match[1] or match[2]).decode("ascii", "replace"))
    named = [encoding for encoding in map(webencodings.lookup, labels) if encoding]
    # What can be searched for a declaration as ASCII is not in UTF-16.
    named = [one for one in named if not one.name.startswith(("utf-16", "replacement", "x-user-defined"))]
    # Any bytes can be read as one of these: what reads as UTF-8 too, letters beyond ASCII included, is that.
    if all(encoding.name.startswith(_ONE_BYTE) or encoding.name == "utf-8" for encoding in named):
        yield webencodings.UTF8
    yield from named
    yield webencodings.UTF8


def mend_references(source: str) -> str:
    """XML with only references that every XML parser knows: HTML's entities resolved, a bare `&` escaped.

    References to entities that the document defines become plain text, so nothing is left to expand.
    A document of little but references (7 MB of `&` would take 7 seconds) is left as it is.
    """
    if source.count("&") > _MOST_REFERENCES:
        return source
    first, *rest = source.split("<![CDATA[")
    mended = [_REFERENCE.sub(_mend_reference, first)]
    for part in rest:
        data, end, after = part.partition("]]>")
        mended.append(f"<![CDATA[{data}{end}{_REFERENCE.sub(_mend_reference, after)}")
    return "".join(mended)


def _mend_reference(match: re.Match[str]) -> str:
    reference = match.group()
    if reference in _XML_REFERENCES:
        return reference
    character = html.unescape(reference) if reference.endswith(";") else reference
    return html.escape(_NOT_XML.sub("", character), quote=True)


def one_line(text: str, limit: int) -> str:
    """Plain text of a title, cut at `limit`: no entities, tags and control characters; NFC, one line."""
    text = text[: limit * _MARKUP_ALLOWED]
    plain = html.unescape(_TAG.sub("", html.unescape(text)))
    spaced = " ".join(_NOT_TEXT.sub(" ", plain).split())
    return unicodedata.normalize("NFC", spaced)[:limit]
