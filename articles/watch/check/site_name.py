"""Whether two headlines differ in nothing but the site's own name, put before or behind one of them. Pure.

A template does that to all headlines of a site at once, and no editor to one story.
"""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from articles.watch.crawl.outage import site_of

_BEHIND = re.compile(r"\s*(?:[|·•]|(?<=\s)[–—-](?=\s))\s*(?P<name>[^|·•]+)")
_BEFORE = re.compile(r"(?P<name>[^|·•]+?)\s*(?:[|·•]|(?<=\s)[–—-](?=\s))\s*")
_SHORTEST = 3
"""Letters of a name: a shorter one may be a word of the headline."""


def names_of_site(name: str, home_page: str) -> frozenset[str]:
    """Return what a site may call itself in its headlines: its source's name, and its host's; letters alone.

    Of news.paper.example that is "paper" and no "news": "live" or "opinion" may be an editor's word.
    """
    host = (urlsplit(home_page).hostname or "").removeprefix("www.")
    domain = site_of(f"{host}:443").removesuffix(":443")
    found = {_plain(name), _plain(host), _plain(domain), _plain(domain.partition(".")[0])}
    return frozenset(one for one in found if len(one) >= _SHORTEST)


def differ_by_site(one: str, other: str, names: Collection[str]) -> bool:
    """Return whether one headline is the other with nothing but a name of the site before or behind it."""
    longer, shorter = sorted((one.strip(), other.strip()), key=len, reverse=True)
    if not shorter or longer == shorter:
        return False
    rests = []
    if longer.startswith(shorter):
        rests.append(_BEHIND.fullmatch(longer.removeprefix(shorter)))
    if longer.endswith(shorter):
        rests.append(_BEFORE.fullmatch(longer.removesuffix(shorter)))
    return any(rest is not None and _plain(rest["name"]) in names for rest in rests)


def _plain(name: str) -> str:
    return re.sub(r"\W", "", re.sub(r"^the\s+", "", name.strip().casefold()))
