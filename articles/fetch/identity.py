"""Which addresses lead to one story: it has many spellings, and is shared with tracking added."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote_plus

from articles.fetch.address import Address, parse
from articles.fetch.tracking import is_amp, is_tracking
from articles.fetch.wrapping import unwrapped

_MOBILE_HOST = re.compile(r"(?:m|mobile|amp)\.(?=[^.]+\.)")
_BARE_DOMAIN = re.compile(r"[^.]+\.(?:[^.]+|(?:ac|co|com|edu|gov|net|or|org)\.[a-z]{2})")
_INDEX_PAGE = re.compile(r"/index\.(?:html?|shtml|php)$")
_AMP_SUFFIX = re.compile(r"/amp(?:\.html?)?$|(?<=[^/.])\.amp(?=(?:\.html?)?$)")


def normalise(url: str, *, base: str = "") -> str:
    """The address to fetch and to show: spelt one way, without tracking parameters and fragment.

    What Google's click counter or an AMP cache wraps is taken out. url may be relative to the address `base`.
    Raises ValueError (BadAddress, or Refused for schemes and user names that are never fetched) with words
    for a person.
    """
    address = unwrapped(parse(url, base))
    return str(replace(address, query=_without(address.query, is_tracking)))


def address_key(url: str) -> str:
    """What all addresses of one story share; to compare by, not to fetch. Raises ValueError like `normalise`.

    On top of `normalise` it makes one of http and https, a trailing slash and none, `index.html` and none,
    mobile and AMP hosts and paths, and any order of the query. A mobile host counts as its `www.` sibling.
    """
    return str(_key(parse(url)))


def _key(address: Address) -> Address:
    address = unwrapped(address)
    key = Address(
        scheme="https",
        host=_without_mobile(address.host),
        port=443 if address.port == 80 else address.port,
        path=_key_path(address.path),
        query=_key_query(address.query),
    )
    return key if unwrapped(key) is key else _key(key)


def _without_mobile(host: str) -> str:
    desktop = host
    while match := _MOBILE_HOST.match(desktop):
        desktop = desktop[match.end() :]
    if desktop != host and _BARE_DOMAIN.fullmatch(desktop):
        return f"www.{desktop}"
    return desktop


def _key_path(path: str) -> str:
    """Undo one rendering's additions after another until none is left, so that the key of a key is itself."""
    while (shorter := _shorten(path)) != path:
        path = shorter
    return path


def _shorten(path: str) -> str:
    path = path.rstrip("/") or "/"
    path = _INDEX_PAGE.sub("", path) or "/"
    if path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    return _AMP_SUFFIX.sub("", path) or "/"


def _key_query(query: str) -> str:
    kept = _without(query, lambda name, value: is_tracking(name, value) or is_amp(name, value))
    return "&".join(sorted(kept.split("&")))


def _without(query: str, unwanted: Callable[[str, str], bool]) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _matches(pair, unwanted))


def _matches(pair: str, unwanted: Callable[[str, str], bool]) -> bool:
    name, _, value = pair.partition("=")
    return unwanted(unquote_plus(name), unquote_plus(value))
