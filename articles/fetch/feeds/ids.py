"""The ids that feeds give their entries: which of them can tell that a new address is a known story's.

Only what one document shows is judged here. That an id is a slot's ("top-1", whose story is another each day)
shows over many readings.
"""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from articles.fetch.feeds.raw import RawEntry
from articles.fetch.normalisation import address_key

GUID_LIMIT = 500  # characters; a longer one is kept by its hash, so that none is cut to another's

_NO_IDS = frozenset({"0", "-", "#", "none", "null", "nil", "nan", "undefined", "false", "true", "id", "guid"})
_FEW = 3  # entries by which a row of numbers is told


def clean_guid(guid: str) -> str:
    """An id as it is kept: letter by letter, without space around it and what a database refuses."""
    kept = "".join(character for character in guid.strip() if character.isprintable())
    if len(kept) <= GUID_LIMIT:
        return kept
    return f"sha256:{sha256(kept.encode('utf-8', 'surrogatepass')).hexdigest()}"


def ids_that_stand_once(entries: Sequence[RawEntry]) -> set[str]:
    """The ids that one entry alone has; the same entry twice counts once."""
    count = Counter(guid for guid, _ in {(entry.guid, entry.links) for entry in entries})
    return {guid for guid, times in count.items() if times == 1}


def ids_that_look_like_ids(entries: Sequence[RawEntry], pages: Sequence[str]) -> set[str]:
    """The ids that may name a story: no place-holders, no places in the list (1, 2, 3 …), and none of the
    addresses `pages`, of the site's home and of the feed itself.
    """
    numbers = [str(number) for number in range(len(entries) + 1)]
    given = [entry.guid.strip() for entry in entries]
    if len(given) >= _FEW and given in (numbers[1:], numbers[:-1]):
        return set()
    homes = {key for key in map(_key, pages) if key}
    found = {entry.guid for entry in entries if entry.guid.strip().lower() not in _NO_IDS | {""}}
    return {guid for guid in found if "#" in guid or not _is_home(_key(guid), homes)}


def _is_home(key: str, homes: set[str]) -> bool:
    return key in homes or (key.count("/") == 3 and key.endswith("/"))


def _key(address: str) -> str:
    if not address.strip().lower().startswith(("http://", "https://")):
        return ""
    try:
        return address_key(address)
    except ValueError:
        return ""
