"""Feeds, sitemaps and section pages read into the addresses of articles.

All of it is hostile until shown otherwise: read it in a child process (`isolated`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from articles.fetch.address import parse
from articles.fetch.body import gunzip, is_gzip
from articles.fetch.feeds.dates import read_date
from articles.fetch.feeds.formats import (
    FEEDPARSER_LIMIT,
    FeedKind,
    RawEntry,
    RawFeed,
    page_base,
    parse_page,
    read_json,
    read_lines,
    read_page,
    read_with_feedparser,
    read_xml,
)
from articles.fetch.feeds.text import decode_feed, one_line
from articles.fetch.identity import address_key, normalise
from articles.fetch.problems import BadEncoding, TooLarge

ENTRY_LIMIT = 5_000  # entries handed on; of a longer document, those with the latest dates
DISCOVERED_LIMIT = 50  # feeds of one page

_UNPACKED_LIMIT = 8 << 20  # bytes of a gzipped sitemap unpacked, as for a fetched body
_TEXT_LIMIT = 500  # characters of a title or guid
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
_FEED_PATH = re.compile(
    r"/(?:feed|rss|atom)s?/?$|(?:/|\.)(?:rss|atom|feed|rdf)(?:\.(?:xml|json|php))?$", re.I
)
_LOOKS_LIKE_FEED = ("<rss", "<rdf:rdf", "<feed", "<channel", "<item", "<entry")


@dataclass(frozen=True)
class FeedEntry:
    """One article (in a sitemap index, one sitemap): its normalised address and what is said of it."""

    url: str
    title: str = ""
    published: datetime | None = None
    guid: str = ""


@dataclass(frozen=True)
class FeedReading:
    """What a document names.

    kind: what it is; title: its own. entries: each address once, in the document's order.
    problem: why nothing could be read, in words for a person, empty if something could.
    remarks: what a person should know although it could be read: broken XML, entries left out.
    """

    kind: FeedKind
    title: str = ""
    entries: tuple[FeedEntry, ...] = ()
    problem: str = ""
    remarks: tuple[str, ...] = ()


def read_feed(body: bytes, url: str, content_type: str = "") -> FeedReading:
    """Read RSS, Atom, RDF, JSON Feed, a sitemap (also gzipped) or the links of a page, fetched from `url`.

    A page's links count if they lead to its own host; everything else keeps all addresses that `normalise`
    takes. Never raises for what the document holds.
    """
    try:
        body = gunzip(body, _UNPACKED_LIMIT) if is_gzip(body) else body
    except (BadEncoding, TooLarge) as error:
        return FeedReading(FeedKind.UNKNOWN, problem=str(error))
    raw = _read_raw(body, decode_feed(body, content_type), url, content_type)
    if not raw.kind:
        return FeedReading(FeedKind.UNKNOWN, problem=raw.remark or "this is no feed, sitemap or page")
    return _finish(raw, url)


def discover_feeds(body: bytes, url: str) -> tuple[str, ...]:
    """The addresses of the feeds that an HTML page, fetched from `url`, names.

    Those in <link rel="alternate"> come first, then links of the page to its own host that end as feeds'
    addresses do.
    """
    page = parse_page(decode_feed(body, ""))
    if page is None:
        return ()
    base = page_base(page, url)
    declared: dict[str, None] = {}
    linked: dict[str, None] = {}
    for link in page.iter("link", "a"):
        try:
            address = parse(link.get("href", ""), base)
        except ValueError:
            continue
        feed_type = link.get("type", "").split(";")[0].strip().lower()
        if link.tag == "a":
            if _FEED_PATH.search(address.path) and _is_own_link(str(address), url):
                linked[str(address)] = None
        elif "alternate" in link.get("rel", "").lower().split() and feed_type in _FEED_TYPES:
            declared[str(address)] = None
    return tuple(declared | linked)[:DISCOVERED_LIMIT]


def _read_raw(body: bytes, text: str, url: str, content_type: str) -> RawFeed:
    if not text.strip():
        return RawFeed(FeedKind.UNKNOWN, remark="the document is empty")
    start = text.lstrip()[:2000].lower()
    if start.startswith(("{", "[")):
        try:
            return read_json(text, url)
        except ValueError as error:
            return RawFeed(FeedKind.UNKNOWN, remark=str(error))
    if "<" not in start:
        return read_lines(text, url)
    if start.startswith("<!doctype html") or start.startswith("<html"):
        return read_page(text, url)
    raw = read_xml(text, url)
    hopeless = raw.remark and not any(entry.links for entry in raw.entries)
    if hopeless and len(body) <= FEEDPARSER_LIMIT and any(tag in start for tag in _LOOKS_LIKE_FEED):
        fallback = read_with_feedparser(body, url)
        return replace(fallback, remark=raw.remark) if fallback.entries else raw
    if not raw.kind and ("<html" in start or "html" in content_type.lower()):
        return read_page(text, url)
    return raw


def _finish(raw: RawFeed, url: str) -> FeedReading:
    remarks = [raw.remark] if raw.remark else []
    entries = raw.entries
    if len(entries) > ENTRY_LIMIT:
        remarks.append(f"{len(entries):,} entries: only the {ENTRY_LIMIT:,} latest are read")
        entries = _latest(entries)
    unique: dict[str, FeedEntry] = {}
    for entry in _clean_entries(entries):
        first = unique.setdefault(address_key(entry.url), entry)
        if raw.kind is FeedKind.HTML and len(entry.title) > len(first.title):
            # A picture or "Read more" leads there too: what says most is the headline.
            unique[address_key(entry.url)] = replace(first, title=entry.title)
    if raw.kind is FeedKind.HTML:
        unique = {key: entry for key, entry in unique.items() if _is_own_link(entry.url, url)}
    if raw.entries and not unique:
        remarks.append("no entry has an address that can be fetched")
    return FeedReading(
        kind=raw.kind,
        title=one_line(raw.title, _TEXT_LIMIT),
        entries=tuple(unique.values()),
        remarks=tuple(remarks),
    )


def _latest(entries: list[RawEntry]) -> list[RawEntry]:
    """The entries with the latest dates, in their own order; without dates, the first ones."""
    dates = [read_date(entry.date) or _LONG_AGO for entry in entries]
    chosen = sorted(range(len(entries)), key=lambda index: dates[index], reverse=True)[:ENTRY_LIMIT]
    return [entries[index] for index in sorted(chosen)]


def _clean_entries(entries: list[RawEntry]) -> Iterator[FeedEntry]:
    for raw in entries:
        if url := _first_address(raw):
            yield FeedEntry(
                url=url,
                title=one_line(raw.title, _TEXT_LIMIT),
                published=read_date(raw.date),
                guid=one_line(raw.guid, _TEXT_LIMIT),
            )


def _is_own_link(link: str, page: str) -> bool:
    """Whether a page links to its own host (with or without `www.`), and not to itself."""
    hosts = {parse(address).host.removeprefix("www.") for address in (link, page)}
    return len(hosts) == 1 and address_key(link) != address_key(page)


def _first_address(raw: RawEntry) -> str:
    """The first of an entry's links that is an address; empty if none is."""
    for link in raw.links:
        try:
            # Escaped twice; no address means these letters.
            return normalise(link.replace("&amp;", "&"), base=raw.base)
        except ValueError:
            continue
    return ""
