"""Sitemaps and their indexes, read piece by piece: the protocol allows 50,000 addresses in 50 MB."""

import re
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO, StringIO

from lxml import etree

from articles.fetch.feeds.raw import FeedKind, RawEntry, RawFeed
from articles.fetch.feeds.xml import content, elements, mended_source, plain_source, text_of

SITEMAP_SIZE = 50 << 20  # bytes; the protocol's own limit

_ENTRIES_LIMIT = 100_000  # twice the protocol's: many a site has forgotten about that
_GOOGLE_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_START = re.compile(r"<(?:[\w.-]{1,40}:)?(urlset|sitemapindex)\b", re.IGNORECASE)
_ENTRY_NAMES = {"urlset": "url", "sitemapindex": "sitemap"}
_KINDS = {"urlset": FeedKind.SITEMAP, "sitemapindex": FeedKind.SITEMAP_INDEX}


def sitemap_root(start: str) -> str:
    """The name of the root, in lower case, of a document that starts so; empty if it is no sitemap's."""
    match = _START.search(start)
    return match[1].lower() if match else ""


def read_sitemap(text: str, root: str, url: str) -> RawFeed:
    """A sitemap or an index of sitemaps, whose root is `urlset` or `sitemapindex`."""
    source = plain_source(text)
    try:
        return RawFeed(_KINDS[root], "", list(_entries(source, root, url, recover=False)))
    except etree.XMLSyntaxError as error:
        remark = f"the XML is broken: {error.msg}"
    found: list[RawEntry] = []
    with suppress(etree.XMLSyntaxError):  # as far as it can be read
        found.extend(_entries(mended_source(source), root, url, recover=True))
    return RawFeed(_KINDS[root], "", found, remark)


def _entries(source: str, root: str, url: str, *, recover: bool) -> Iterator[RawEntry]:
    """Each entry as its end is read; what was read is thrown away, so that memory holds one at a time."""
    parser = etree.iterparse(
        BytesIO(source.encode("utf-8")),
        events=("end",),
        tag=f"{{*}}{_ENTRY_NAMES[root]}",
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    for count, (_, element) in enumerate(parser, 1):
        yield _entry(element, url)
        if count == _ENTRIES_LIMIT:
            return
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _entry(element: etree._Element, url: str) -> RawEntry:
    link = content(next(elements(element, "loc"), None))
    news = next(element.iterchildren(f"{{{_GOOGLE_NEWS}}}news"), None)
    published = "" if news is None else text_of(news, "publication_date")
    return RawEntry(
        links=(link,) if link else (),
        base=url,
        title="" if news is None else text_of(news, "title"),
        date=published or content(next(elements(element, "lastmod"), None)),
    )


def read_lines(text: str, url: str) -> RawFeed:
    """A sitemap of plain text: an address a line; of kind UNKNOWN if there is anything else in it."""
    entries: list[RawEntry] = []
    for line in map(str.strip, StringIO(text, newline=None)):
        if line and (not line.startswith(("http://", "https://")) or " " in line):
            return RawFeed(FeedKind.UNKNOWN)
        if line and len(entries) < _ENTRIES_LIMIT:
            entries.append(RawEntry(links=(line,), base=url))
    return RawFeed(FeedKind.SITEMAP, "", entries)
