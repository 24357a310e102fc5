"""Normalising addresses: of the many spellings of a story's address one, without what tracks its readers.

Only what cannot tell two pages apart is made one here: two addresses that this module keeps apart may still
be one story, which only their pages can show.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote_plus

from articles.fetch.address import Address, mended, parse
from articles.fetch.tracking import is_amp, is_tracking, was_tracking, without_session
from articles.fetch.wrapping import unwrapped

_MOBILE_HOST = re.compile(r"(?:m|mobile|amp)\.(?=[^.]+\.)")
_BARE_DOMAIN = re.compile(r"[^.]+\.(?:[^.]+|(?:ac|co|com|edu|gov|net|or|org)\.[a-z]{2})")
# Escaped or not, these mean the same where they stand. "&", ";", "=" and "+" may divide a query, "/" and "?"
# a path; "#", "%" and all that is no ASCII are always escaped.
_SAME_IN_PATH = re.compile(r"%(?:21|24|27|28|29|2A|2B|2C|3A|3D|40|5B|5D|7C)")
_SAME_IN_QUERY = re.compile(r"%(?:21|24|27|28|29|2A|2C|2F|3A|3F|40|5B|5D|7C)")
_INDEX_PAGE = re.compile(r"/index\.(?:html?|shtml|php)$")
_AMP_SUFFIX = re.compile(r"/amp(?:\.html?)?$|(?<=[^/.])\.amp(?=(?:\.html?)?$)")


_KEYS_REMEMBERED = 1_000
"""A check asks for the keys of the same few addresses several times: before its request, and afterwards."""


def normalise(url: str, *, base: str = "") -> str:
    """The address to fetch and to show: mended, without tracking parameters, session ids and fragment.

    What Google's click counter or an AMP cache wraps is taken out. url may be relative to the address `base`.
    Whether a comma or a bracket is escaped stays as the site writes it: some servers care.
    Raises ValueError (BadAddress, or Refused for schemes and user names that are never fetched) with words
    for a person.
    """
    address = unwrapped(parse(mended(url), base))
    path, query = without_session(address.path), _without(address.query, is_tracking)
    return str(replace(address, path=path, query=query))


@lru_cache(maxsize=_KEYS_REMEMBERED)
def address_key(url: str) -> str:
    """What all addresses of one story share; to compare by, not to fetch. Raises ValueError like `normalise`.

    On top of `normalise` it makes one of http and https, a trailing slash and none, `index.html` and none,
    mobile and AMP hosts and paths, needless escapes and none, and any order of the query. A mobile host
    counts as its `www.` sibling.
    """
    return str(_key(parse(mended(url))))


@lru_cache(maxsize=_KEYS_REMEMBERED)
def former_key(url: str) -> str:
    """Return what `address_key` was before 0.1.0.

    By the digest of this, what was deleted for good until then stays barred: its addresses are gone, so that
    no other digest could be made of them. Raises ValueError like `normalise`.
    """
    address = unwrapped(parse(url))
    path = address.path
    while (shorter := _shorten_rendering(path)) != path:
        path = shorter
    query = _without(address.query, lambda name, value: was_tracking(name, value) or is_amp(name, value))
    return str(replace(_key(address), path=path, query="&".join(sorted(query.split("&")))))


def is_same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host, whatever their schemes and ports, with `www.` or `m.` or none.

    Raises ValueError like `normalise`.
    """
    return _site_host(one) == _site_host(other)


def is_on_site(address: str, site: str) -> bool:
    """Whether `address` is on the host of `site` (as `is_same_host` has it) or on a sub-domain of it.

    Raises ValueError like `normalise`.
    """
    host, home = _site_host(address), _site_host(site)
    return host == home or ("." in home and ":" not in home and host.endswith(f".{home}"))


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


def _site_host(address: str) -> str:
    return _without_mobile(parse(mended(address)).host).removeprefix("www.")


def _without_mobile(host: str) -> str:
    desktop = host
    while match := _MOBILE_HOST.match(desktop):
        desktop = desktop[match.end() :]
    if desktop != host and _BARE_DOMAIN.fullmatch(desktop):
        return f"www.{desktop}"
    return desktop


def _key_path(path: str) -> str:
    """Undo one rendering's additions after another until none is left, so that the key of a key is itself."""
    path = _SAME_IN_PATH.sub(_unescaped, path)
    while (shorter := _shorten(path)) != path:
        path = shorter
    return path


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match.group()[1:], 16))


def _shorten(path: str) -> str:
    return _shorten_rendering(without_session(path))


def _shorten_rendering(path: str) -> str:
    path = path.rstrip("/") or "/"
    path = _INDEX_PAGE.sub("", path) or "/"
    if path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    return _AMP_SUFFIX.sub("", path) or "/"


def _key_query(query: str) -> str:
    kept = _without(query, lambda name, value: is_tracking(name, value) or is_amp(name, value))
    kept = _SAME_IN_QUERY.sub(_unescaped, kept).replace("%20", "+")
    return "&".join(sorted(kept.split("&")))


def _without(query: str, unwanted: Callable[[str, str], bool]) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _matches(pair, unwanted))


def _matches(pair: str, unwanted: Callable[[str, str], bool]) -> bool:
    name, _, value = pair.partition("=")
    return unwanted(unquote_plus(name), unquote_plus(value))
