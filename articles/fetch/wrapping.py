"""Addresses that stand inside another's: caches of AMP pages, and links that count the click on their way."""

import re
from urllib.parse import unquote_plus

from articles.fetch.address import Address, mended, parse

_GOOGLE_HOST = re.compile(r"(?:www\.)?google\.(?:com|cat|(?:com?\.)?[a-z]{2})")
_AMP_CACHE_HOST = re.compile(r"(?:[^.]+\.)?cdn\.ampproject\.org|www\.bing-amp\.com")
# An "s" says that the page is on https; what follows begins with its host. Of the AMP caches' paths these
# are the ones for documents: as they are, for a viewer, and packaged for one.
_CACHED_PATH = re.compile(r"/(?:c|v|wp)/(s/)?([^/]*[.:].*)")
_VIEWED_PATH = re.compile(r"/amp/(s/)?([^/]*[.:].*)")
_CLICK_PARAMETERS = frozenset({"q", "url"})


def unwrapped(address: Address) -> Address:
    """The address inside, as deep as it goes; `address` itself if there is none that could be fetched."""
    while inner := _inside(address):
        try:
            parse(inner)  # as written: what is broken wraps no address
            address = parse(mended(inner))
        except ValueError:
            break
    return address


def _inside(address: Address) -> str:
    if _GOOGLE_HOST.fullmatch(address.host):
        if address.path == "/url":
            return _clicked(address.query)
        return _after(_VIEWED_PATH, address)
    if _AMP_CACHE_HOST.fullmatch(address.host):
        return _after(_CACHED_PATH, address)
    return ""


def _after(prefix: re.Pattern[str], address: Address) -> str:
    match = prefix.fullmatch(address.path)
    if not match:
        return ""
    rest = f"{match[2]}?{address.query}" if address.query else match[2]
    return f"https://{rest}" if match[1] else f"http://{rest}"


def _clicked(query: str) -> str:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name in _CLICK_PARAMETERS and value.lower().startswith("http"):
            return _decoded(value)
    return ""


def _decoded(value: str) -> str:
    try:
        return unquote_plus(value, errors="strict")
    except UnicodeDecodeError:
        return ""
