"""An article's address, in whatever disguise it was pasted, and what is known at it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from articles.fetch import address_key, normalise
from articles.models import Address, Article, Feed, Host, Source, Tombstone, digest_of, host_name

_WRAPPED = re.compile(r"^(?:<\s*(?:URL:)?|[\s\"'“‘«(\[])+|(?:[\s\"'”’».,;:!\]>])+$", re.IGNORECASE)
_SCHEME = re.compile(r"(https?|feed|ftp):/{1,2}(?=\S)", re.IGNORECASE)
_BARE = re.compile(
    r"(?P<host>(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,})(?P<port>:\d{2,5})?(?P<path>[/?#]\S*)?",
    re.IGNORECASE,
)
_BARE_LOCAL = re.compile(
    r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d{2,5}(?:[/?#]\S*)?|[/?#]\S*)", re.IGNORECASE | re.ASCII
)
_WITHIN = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_SOURCE_VIEW = re.compile(r"view-source:\s*", re.IGNORECASE)
# web.archive.org/web/20260102030405id_/http://…: the time may be short, a star, or missing.
_ARCHIVED = re.compile(
    r"https?://(?:(?:web|www|wayback)\.)?archive\.org/(?:web/|save/|(?=\d{4,14}))"
    r"(?:(?:\d{1,14}|\d{0,14}\*)(?:[a-z]{2}_)?/)?(?P<inner>(?:https?:/|[^\s/]+\.).*)",
    re.IGNORECASE | re.ASCII,
)
_DOUBLED_SLASH = re.compile(r"^(https?://[^/?#]+)/{2,}", re.IGNORECASE)
_OWN_NAMES = re.compile(r"^(?:www\d?|m|mobile|amp)\.")


@dataclass(frozen=True)
class LookUp:
    """What a pasted address leads to.

    ``article`` is its article's id, or None; ``source`` then the watched one whose address it is, or None.
    ``problem`` says in words for a person why *address* is none that could be looked up.
    """

    address: str
    article: int | None = None
    source: Source | None = None
    problem: str = ""


def as_addresses(text: str) -> list[str]:
    """The addresses that *text* may stand for where a person would take it for one, likeliest first.

    Brackets, quotes and a full stop around it, white space inside and a missing scheme are mended. A bare
    host name counts when it begins with www. or has a port or a path: others may be words ("node.js"). Of a
    text with an http(s) address in it, as telephones share it, the first counts; of a copy at web.archive.org
    or a browser's view of the source, what it is of.
    """
    found: list[str] = []
    for address in _readings(text):
        inner = _without_archive(address)
        found += [inner, _DOUBLED_SLASH.sub(r"\1/", inner)]
    return list(dict.fromkeys(found))


def _readings(text: str) -> list[str]:
    bare = _SOURCE_VIEW.sub("", _unquoted(text), count=1)
    whole = _whole(bare)
    # White space may have come into an address as it was copied, or it may part it from what follows.
    within = _WITHIN.search(bare) if not whole or len(bare.split()) > 1 else None
    return [address for address in (whole, _unquoted(within[0]) if within else "") if address]


def _unquoted(text: str) -> str:
    bare = _WRAPPED.sub("", text)
    if bare.endswith(")") and "(" not in bare:
        return _WRAPPED.sub("", bare.rstrip(")"))
    return bare


def _whole(bare: str) -> str:
    """All of a text as an address, or ''."""
    if _SCHEME.match(bare):
        return _SCHEME.sub(r"\1://", "".join(bare.split()), count=1)
    if _BARE_LOCAL.fullmatch(bare):
        return f"http://{bare}"
    match = _BARE.fullmatch(bare)
    if match and (match["path"] or match["port"] or match["host"].lower().startswith("www.")):
        return f"https://{bare}"
    return ""


def _without_archive(address: str) -> str:
    while match := _ARCHIVED.fullmatch(address):
        inner = match["inner"].removesuffix("*")
        address = _SCHEME.sub(r"\1://", inner, count=1) if _SCHEME.match(inner) else f"http://{inner}"
    return address


def look_up(addresses: Sequence[str]) -> LookUp:
    """The article at the first of *addresses* that has one, or else the source that the last would be of.

    Fetches nothing; at most one query an address, and three for the source.
    """
    for address in addresses[:-1]:
        try:
            article = _article_at(address_key(address))
        except ValueError:  # only the last one's problem is told: it is the plainest reading
            continue
        if article:
            return LookUp(normalise(address), article=article)
    address = addresses[-1]
    try:
        shown, key = normalise(address), address_key(address)
    except ValueError as problem:
        return LookUp(address, problem=str(problem))
    article = _article_at(key)
    return LookUp(shown, article=article, source=None if article else source_of(shown))


def _article_at(key: str) -> int | None:
    """The article at an address; of one that was deleted for good, what is left says so."""
    known = Address.objects.filter(key=key).values_list("article", flat=True).first()
    return known or Tombstone.objects.filter(digest=digest_of(key)).values_list("article", flat=True).first()


def source_of(address: str) -> Source | None:
    """The source that has its home page, a feed or an article on the site of *address*, a normalised one."""
    return Sites().source_of(address)


class Sites:
    """Which source watches which site: read once, for who asks for many addresses."""

    def __init__(self) -> None:
        self._sources: list[int] = []
        self._named: dict[str, int] = {}
        """By the site of a home page or a feed, the first source that has one there."""
        self._above: dict[str, int] = {}
        """By what such a site belongs to, its source: feeds.news.example belongs to news.example."""
        self._found: dict[str, Source | None] = {}
        feeds: dict[int, list[str]] = {}
        for pk, feed in Feed.objects.order_by("pk").values_list("source", "address"):
            feeds.setdefault(pk, []).append(feed)
        for number, (pk, home_page) in enumerate(Source.objects.values_list("pk", "home_page")):
            self._sources.append(pk)
            for address in (home_page, *feeds.get(pk, ())):
                for depth, site in enumerate(_with_parents(_site(address)) if address else ()):
                    (self._above if depth else self._named).setdefault(site, number)

    def source_of(self, address: str) -> Source | None:
        """As the function of this name says."""
        site = _site(address)
        if site not in self._found:
            self._found[site] = self._look_up(site)
        return self._found[site]

    def _look_up(self, site: str) -> Source | None:
        numbers = [self._named[name] for name in _with_parents(site) if name in self._named]
        if site in self._above:
            numbers.append(self._above[site])
        if numbers:
            return Source.objects.get(pk=self._sources[min(numbers)])
        names = [
            host_name(f"{scheme}://{prefix}{site}/")
            for scheme in ("https", "http")
            for prefix in ("", "www.")
        ]
        # By the ids of hosts: in one statement, the first article of a million would be looked for.
        hosts = list(Host.objects.filter(name__in=names).values_list("pk", flat=True))
        of_hosts = Article.objects.filter(host__in=hosts).values_list("source", flat=True)
        return Source.objects.filter(pk__in=list(of_hosts[:1])).first()


def _site(address: str) -> str:
    """The host of *address*, without what only says how it is shown; its port if it has one."""
    return _OWN_NAMES.sub("", urlsplit(address).netloc.lower())


def _with_parents(site: str) -> list[str]:
    """*site*, and what it belongs to: www.news.example, news.example, example."""
    labels = site.split(".")
    return [".".join(labels[begin:]) for begin in range(len(labels))]
