"""Addresses: taken apart once, strictly, so that what is checked is what is asked for.

What people paste and feeds write is mended first (`mended`), and only then taken apart (`parse`).
"""

import ipaddress
import re
import socket
import sys
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

import idna

ADDRESS_LIMIT = 2048  # characters; the sitemap protocol draws the line there too
_MENDED_LIMIT = 4 * ADDRESS_LIMIT  # characters: mending makes it shorter
DEFAULT_PORTS = {"http": 80, "https": 443}

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BRACKETED = re.compile(r"\[[^\[\]]*\](:[0-9]*)?")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_ESCAPE_OR_UNSAFE = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]|]")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")

# Marks that cannot be seen: of line breaks allowed, of byte order, of direction. The joiners U+200C and
# U+200D belong to Persian and Hindi words, and are mere marks only at an address's ends.
_MARKS = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_ENDS = "\u200c\u200d" + "".join(set(filter(str.isspace, map(chr, range(0x3001)))) - set("\x1c\x1d\x1e\x1f"))
_LINE_BREAK = re.compile("[\r\n\x0b\x0c\x85\u2028\u2029]+")
_AMPERSAND = re.compile(r"&(?:(?:amp|#0{0,9}38|#x0{0,9}26);)+", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:([0-9]{1,9})|x([0-9a-f]{1,9}));", re.IGNORECASE)
# What may not come of a reference: it could make another reference, or cut the address.
_NOT_FROM_REFERENCE = re.compile("[A-Za-z0-9&#;\\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SCHEME_AGAIN = re.compile(r"(?:https?:[/\\]+)+(?=https?:[/\\])", re.IGNORECASE)
_SLASHES = re.compile(r"(https?):[/\\]+", re.IGNORECASE)
# As people set off an address from the words around it (RFC 3986, appendix C).
_SET_OFF = re.compile(r"[<\"'“‘«]+(https?:[^<>\"“”«»]+?)[>\"'”’»]+", re.IGNORECASE)
_ESCAPED_WHOLE = re.compile(r"https?%3A%2F%2F", re.IGNORECASE)
# By these, programs that read feeds and podcasts are opened; the address behind may have its own scheme.
_FEED_SCHEME = re.compile(r"(?:feed|rss|itpc|pcast|podcast)(s?):(?://)?", re.IGNORECASE)


class BadAddress(ValueError):
    """The text is not an address of a page; the message says why, in words for a person."""


class Refused(BadAddress):
    """An address, but one that is never fetched."""


@dataclass(frozen=True)
class Address:
    """An http(s) address in parts: `host` in ASCII without brackets, `path` never empty."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """What stands in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def mended(url: str) -> str:
    """An address as it was meant, of one that was pasted, escaped once too often or broken over lines.

    Drops marks nobody sees, line breaks and tabs (with a break goes the space around it), undoes `&#038;` and
    its like, which are no part of any address, and the quotes or brackets around it, reads feed:// (rss:,
    itpc: …) as http://, and takes one slash or three behind the scheme for two. Idempotent.
    """
    text = url.strip(_ENDS)
    if len(text) > _MENDED_LIMIT:
        return text
    text = "".join(line.strip(_ENDS) for line in _LINE_BREAK.split(_MARKS.sub("", text)))
    text = text.replace("\t", "").strip(_ENDS)
    text = _REFERENCE.sub(_undo_reference, _AMPERSAND.sub("&", text))
    if set_off := _SET_OFF.fullmatch(text):
        return mended(set_off[1])
    if _ESCAPED_WHOLE.match(text):
        return mended(unquote(text))
    if for_readers := _FEED_SCHEME.match(text):
        text = text[for_readers.end() :]
        if not text.lower().startswith(("http:", "https:")):
            text = f"http{for_readers[1].lower()}://{text}"
    if again := _SCHEME_AGAIN.match(text):
        text = text[again.end() :]
    return f"{scheme[1]}://{text[scheme.end() :]}" if (scheme := _SLASHES.match(text)) else text


def _undo_reference(match: re.Match[str]) -> str:
    number = int(match[1]) if match[1] else int(match[2], 16)
    character = chr(number) if number <= sys.maxunicode else ""
    return match.group() if not character or _NOT_FROM_REFERENCE.match(character) else character


def parse(url: str, base: str = "") -> Address:
    """Take apart the http(s) address `url`, resolved against the address `base` if that is given.

    Raises BadAddress for what is no address, Refused for other schemes and for user names and passwords.
    """
    text = url.strip(" \t\r\n\f")
    if len(text) > ADDRESS_LIMIT:
        raise BadAddress("the address is longer than 2,048 characters")
    if _CONTROL.search(text):
        raise BadAddress("the address contains control characters")
    try:
        parts = urlsplit(urljoin(base, text) if base and not _SCHEME.match(text) else text)
        port = parts.port
    except ValueError as error:
        raise BadAddress(f"this is not an address: {error}") from None
    if not parts.scheme:
        raise BadAddress("an address begins with http:// or https://")
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused("only addresses that begin with http:// or https:// are fetched")
    if "@" in parts.netloc:
        raise Refused("addresses with a user name or password are not fetched")
    if port == 0:
        raise BadAddress("port 0 is not a port")
    address = Address(
        scheme=parts.scheme,
        host=_clean_host(parts.netloc, parts.hostname or ""),
        port=port or DEFAULT_PORTS[parts.scheme],
        path=_without_dot_segments(_escape(parts.path.replace("\\", "/"))),
        query=_escape(parts.query),
    )
    if len(str(address)) > ADDRESS_LIMIT:
        raise BadAddress("the address is longer than 2,048 characters")
    return address


def _clean_host(netloc: str, host: str) -> str:
    if "[" in netloc:
        return _clean_ipv6(netloc, host)
    host = unquote(host, errors="replace") if "%" in host else host
    try:
        name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadAddress(f"the host name is not valid: {error}") from None
    name = name.removesuffix(".")
    if not name:
        raise BadAddress("the address has no host name")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress(f"{host!r} is not a valid host name")
    return _dotted_quad(name) if _NUMBER.fullmatch(labels[-1]) else name


def _clean_ipv6(netloc: str, host: str) -> str:
    if not _BRACKETED.fullmatch(netloc):
        raise BadAddress(f"{netloc!r} is not a valid host name")
    if "%" in host:
        raise Refused("addresses of a network zone are not fetched")
    try:
        return str(ipaddress.IPv6Address(host))
    except ValueError:
        raise BadAddress(f"[{host}] is not a valid IPv6 address") from None


def _dotted_quad(name: str) -> str:
    """The usual form of an IPv4 address in any spelling that C libraries take (octal, hex, one number)."""
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except OSError:
        raise BadAddress(f"{name!r} is not a valid IPv4 address") from None


def _escape(text: str) -> str:
    """Percent-encode what may not stand in an address, and undo needless encoding; idempotent."""
    return _ESCAPE_OR_UNSAFE.sub(_escape_one, text)


def _escape_one(match: re.Match[str]) -> str:
    found = match.group()
    if len(found) == 3:
        character = chr(int(found[1:], 16))
        return character if _UNRESERVED.fullmatch(character) else found.upper()
    return quote(found, safe="")


def _without_dot_segments(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
