"""Which WebSub hub a feed names: in its Link headers or in the document (W3C Recommendation, section 4)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from requests.utils import parse_header_links

from articles.fetch.address import parse

_LONGEST = 2000
"""Characters of an address; a longer one is none that a hub takes."""


class Hub(NamedTuple):
    """A hub, and the topic by which it knows the feed; both empty where none is named.

    Both are kept as they are written: a hub compares them letter by letter.
    """

    address: str = ""
    topic: str = ""


NO_HUB = Hub()


def named_hub(links: Iterable[tuple[str, str]], url: str) -> Hub:
    """The first usable hub among *links*, each a relation and an address, of what was fetched from *url*.

    Without a link to itself the document is known to the hub by the address at which it was found.
    """
    hub = topic = ""
    for relation, written in links:
        names = relation.lower().split()
        if "hub" in names and not hub:
            hub = _usable(written)
        if "self" in names and not topic:
            topic = _usable(written)
    return Hub(hub, topic or _usable(url)) if hub else NO_HUB


def hub_in_headers(headers: Sequence[str], url: str) -> Hub:
    """The hub that the Link *headers* of what was fetched from *url* name."""
    found = [link for header in headers for link in parse_header_links(header)]
    lowered = [{name.lower(): value for name, value in link.items()} for link in found]
    return named_hub(((link.get("rel", ""), link["url"]) for link in lowered), url)


def _usable(written: str) -> str:
    """*written* if it is a whole address of the web; empty if not."""
    address = written.strip()
    if len(address) > _LONGEST or not address.isprintable() or " " in address:
        return ""
    try:
        parse(address)
    except ValueError:
        return ""
    return address
