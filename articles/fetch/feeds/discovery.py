"""Which feeds a page names: in its Link headers, in <link>, or among its links."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import islice

from lxml import html
from requests.utils import parse_header_links

from articles.fetch.address import mended, parse
from articles.fetch.feeds.article_links import looks_like_article
from articles.fetch.feeds.section_page import page_base, parse_page
from articles.fetch.feeds.text import decode_feed
from articles.fetch.normalisation import address_key, is_on_site

DISCOVERED_LIMIT = 50  # feeds of one page

_FEED_PATH = re.compile(
    r"/(?:feed|rss|atom)s?/?$|(?:/|\.)(?:rss|atom|feed|rdf)(?:\.(?:xml|json|php))?$"
    r"|/(?:feed|rss|atom)s?/(?:[^/]+/){0,5}[^/]+\.xml$",
    re.I,
)
_FEED_TYPE = re.compile(r"(?:(?:application|text)/)?(?:x[-.+])?(?:rss|atom|rdf|feed)(?:\+(?:xml|json))?$")
# What is declared by its type as a feed is one whatever else is said of it, but for where a program posts to.
_FOR_EDITORS = frozenset({"service.post", "edit", "edituri"})
# The first or last of a few words: "RSS 2.0", "Entries (RSS)", "Subscribe by RSS feed"; not "Why RSS died".
_SAYS_FEED = re.compile(
    r"\W*(?:RSS|RDF|Atom|feeds?)(?![^\W\d_])|.*(?<![^\W\d_])(?:RSS|RDF|Atom|feeds?)[\W\d]*\Z", re.I
)
_FEED_SCHEMES = ("feed:", "feeds:", "rss:")
_MOST_SAID = 4  # words
_LONGEST_SAID = 60  # characters
_SAID_PARTS = 20  # of a link's text, its images and titles
_VAGUE_TYPE = re.compile(r"(?:application|text)/(?:xml|json)$")
# Interfaces for programs that one publishing system names in every page, under the type of JSON or XML.
_INTERFACE = re.compile(r"/wp-json/|/oembed\b|[?&]rest_route=|/xmlrpc\.php|/wlwmanifest\.xml|/api/", re.I)


class _Sign(IntEnum):
    """How sure it is that a link leads to a feed, the surest first."""

    DECLARED = 0
    VAGUE = 1  # by a type that all sorts of documents have
    PATH = 2  # by its address alone
    SAID = 3  # by what the link says


def discover_feeds(body: bytes, url: str, links: Sequence[str] = ()) -> tuple[str, ...]:
    """The addresses of the feeds that an HTML page names, fetched from `url` with the Link headers `links`.

    Those declared by a type of feeds or as `rel=feed` come first, then those declared as XML or JSON, then
    links of the page to its own site that end as feeds' addresses do, or say that they lead to one.
    """
    found: dict[str, _Sign] = {}
    for sign, written, base in [*_in_headers(links, url), *_in_page(body, url)]:
        try:
            address = str(parse(mended(written), base))
        except ValueError:
            continue
        if sign is _Sign.VAGUE and _INTERFACE.search(address):
            continue
        if sign is _Sign.PATH and not _FEED_PATH.search(parse(address).path):
            continue
        if sign in (_Sign.PATH, _Sign.SAID) and not _is_another_page_of(url, address):
            continue
        found[address] = min(sign, found.get(address, sign))
    return tuple(sorted(found, key=lambda address: found[address]))[:DISCOVERED_LIMIT]


def _in_headers(links: Sequence[str], url: str) -> Iterator[tuple[_Sign, str, str]]:
    for header in links:
        for link in parse_header_links(header):
            named = {name.lower(): value for name, value in link.items()}
            sign = _sign(named.get("rel", ""), named.get("type", ""), named["url"])
            if sign is not None:
                yield sign, named["url"], url


def _in_page(body: bytes, url: str) -> Iterator[tuple[_Sign, str, str]]:
    page = parse_page(decode_feed(body, ""))
    if page is None:
        return
    base = page_base(page, url)
    for link in page.iter("link", "a"):
        href = link.get("href", "")
        sign = _sign(link.get("rel", ""), link.get("type", ""), href)
        if sign is None and link.tag == "a":
            yield _Sign.PATH, href, base
            sign = _Sign.SAID if _says_feed(link) and not looks_like_article(href) else None
        if sign is not None:
            yield sign, href, base


def _says_feed(link: html.HtmlElement) -> bool:
    """Whether a link's few words, or those of its image, name a feed; or its scheme does."""
    if link.get("href", "").strip().lower().startswith(_FEED_SCHEMES):
        return True
    named = [*link.itertext(), *(one.get(name, "") for one in link.iter() for name in ("alt", "title"))]
    said = " ".join(" ".join(islice(named, _SAID_PARTS)).split())
    return len(said) <= _LONGEST_SAID and len(said.split()) <= _MOST_SAID and bool(_SAYS_FEED.match(said))


def _sign(rel: str, written_type: str, address: str) -> _Sign | None:
    """What the relation and the type say of a link; None if nothing."""
    relations, feed_type = rel.lower().split(), _plain_type(written_type)
    if "feed" in relations and "html" not in feed_type:
        return _Sign.DECLARED
    if _FEED_TYPE.match(feed_type) and _FOR_EDITORS.isdisjoint(relations):
        return _Sign.DECLARED
    if "alternate" not in relations:
        return None
    if _VAGUE_TYPE.match(feed_type):
        return _Sign.VAGUE
    return _Sign.VAGUE if not feed_type and _FEED_PATH.search(address.partition("?")[0]) else None


def _plain_type(written: str) -> str:
    return written.split(";")[0].strip().lower()


def _is_another_page_of(page: str, address: str) -> bool:
    """Whether an address is on the site of *page* without being that page itself."""
    return is_on_site(address, page) and address_key(address) != address_key(page)
