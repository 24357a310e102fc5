"""Which of an entry's links is its address, and why none is."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from articles.fetch.address import Refused, mended, parse
from articles.fetch.feeds.raw import RawEntry
from articles.fetch.guard import is_fetchable
from articles.fetch.normalisation import address_key, normalise
from articles.fetch.settings import Endpoint

_SHARED = 3  # entries that have one link in common: it is not the address of each
# An entity that the document defined and nobody expands: what stands for it is not known.
_ENTITY = re.compile(r"[^?#]{0,2000}&[A-Za-z][\w.-]{0,60};")
_MARKUP = re.compile(r"</?[a-z]", re.IGNORECASE)  # an element in place of its address
_BARE_HOST = re.compile(r"www\.[\w-]+\.[\w.-]+(?:[/?#]|$)", re.IGNORECASE)


class WhyLeftOut(StrEnum):
    """Why what a document names is not among the entries that it was read into."""

    NO_LINK = "no-link"
    NO_ADDRESS = "no-address"  # the link is broken
    NOT_WEB = "not-web"  # mailto:, javascript:, a user name in it
    NOT_PUBLIC = "not-public"  # an internal address, or a port other than those of the web
    HOME_PAGE = "home-page"  # of the site, or the feed itself
    OTHER_SITE = "other-site"  # a section page's link elsewhere
    NO_ARTICLE = "no-article"  # a tag, a section, a service, in a sitemap of all sorts of pages
    TOO_MANY = "too-many"  # older than those that are read at once


UNUSABLE = frozenset(
    {
        WhyLeftOut.NO_LINK,
        WhyLeftOut.NO_ADDRESS,
        WhyLeftOut.NOT_WEB,
        WhyLeftOut.NOT_PUBLIC,
        WhyLeftOut.HOME_PAGE,
    }
)
"""Of these: an entry that has no link that could be watched."""


@dataclass(frozen=True)
class Choice:
    """An entry's normalised address with its key, or (empty) why it has none, and the link as written."""

    address: str = ""
    why: WhyLeftOut = WhyLeftOut.NO_LINK
    link: str = ""
    key: str = ""


def choose_addresses(
    entries: Sequence[RawEntry], homes: Collection[str], url: str, allow_endpoints: frozenset[Endpoint]
) -> list[Choice]:
    """The address of each entry of a document fetched from `url`, whose site's pages `homes` are no articles.

    The first of an entry's links that can be fetched; but where entries have theirs in common, and others
    besides, these tell the stories apart.
    """
    home_keys = {key for key in map(_key, homes) if key}
    found = [list(_usable(entry, home_keys, url, allow_endpoints)) for entry in entries]
    shared = _shared([choices[0].key for choices in found if choices[0].key])
    return [_best(choices, shared) for choices in found]


def _usable(
    entry: RawEntry, homes: set[str], url: str, allow_endpoints: frozenset[Endpoint]
) -> Iterator[Choice]:
    """All addresses of an entry; if it has none, why the first link is none."""
    trouble: Choice | None = None
    any_address = False
    for link in entry.links:
        choice = _judge(link, entry.base, homes, url, allow_endpoints)
        if choice.address:
            any_address = True
            yield choice
        trouble = trouble or choice
    if not any_address:
        yield trouble or Choice()


def _judge(link: str, base: str, homes: set[str], url: str, allow_endpoints: frozenset[Endpoint]) -> Choice:
    written = mended(link)
    if _BARE_HOST.match(written) or written.partition("/")[0].lower() in _hosts_of(base, url):
        written = f"https://{written}"
    if _ENTITY.match(written) or _MARKUP.search(written):
        return Choice("", WhyLeftOut.NO_ADDRESS, link)
    try:
        address = normalise(written, base=base)
        parts = parse(address)
    except Refused:
        return Choice("", WhyLeftOut.NOT_WEB, link)
    except ValueError:
        return Choice("", WhyLeftOut.NO_ADDRESS, link)
    if not is_fetchable(parts, allow_endpoints) and parts.authority != parse(url).authority:
        return Choice("", WhyLeftOut.NOT_PUBLIC, link)
    key = address_key(address)
    if parts.target == "/" or key in homes:
        return Choice("", WhyLeftOut.HOME_PAGE, link)
    return Choice(address, link=link, key=key)


def _hosts_of(*addresses: str) -> set[str]:
    """With these a link begins that leaves out its scheme."""
    return {address.partition("://")[2].partition("/")[0].lower() for address in addresses} - {""}


def _shared(firsts: list[str]) -> set[str]:
    """The keys of addresses that many entries have as their first; of two entries, that both have."""
    enough = min(_SHARED, max(len(firsts), 2))
    return {key for key, times in Counter(firsts).items() if times >= enough}


def _best(choices: list[Choice], shared: set[str]) -> Choice:
    return next((choice for choice in choices if choice.key not in shared), choices[0])


def _key(address: str) -> str:
    try:
        return address_key(address)
    except ValueError:
        return ""
