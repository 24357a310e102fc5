"""RSS of all ages, RDF and Atom, as far as their XML can be read."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree

from articles.fetch.feeds.hubs import Hub, named_hub
from articles.fetch.feeds.raw import ENTRIES_READ, FeedKind, RawEntry, RawFeed
from articles.fetch.feeds.xml import content, elements, text_of

FEEDPARSER_LIMIT = 2 << 20  # bytes; it is slow on large and hostile feeds

_MOST_LINKS = 8  # of one entry that are tried
_ATOM_SPACES = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_FEEDBURNER = "http://rssnamespace.org/feedburner/ext/1.0"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_WEB = re.compile(r"https?://", re.IGNORECASE)
# A relation may be named by its registered word or by the address that stands for it (RFC 4287, 4.2.7.2).
_RELATION = re.compile(r"(?:https?://www\.iana\.org/assignments/(?:relation|link-relations)/)?(.*)")


def read_rss(root: etree._Element, url: str, remark: str) -> RawFeed:
    """An <rss> or <rdf:RDF> document fetched from `url`."""
    channel = next(elements(root, "channel"), root)
    site = _site([*_links_in_rss(channel), *_atom_links(channel)], channel, url)
    entries = list(_rss_entries(root, site, url))
    return RawFeed(FeedKind.RSS, text_of(channel, "title"), entries, remark, site, _hub(channel, url))


def read_atom(root: etree._Element, url: str, remark: str) -> RawFeed:
    """An Atom <feed> document fetched from `url`."""
    site = _site(_atom_links(root), root, url)
    entries = list(_atom_entries(root, site, url))
    return RawFeed(FeedKind.ATOM, text_of(root, "title"), entries, remark, site, _hub(root, url))


def _hub(channel: etree._Element, url: str) -> Hub:
    return named_hub(((_relation(link), link.get("href", "")) for link in _links_of_atom(channel)), url)


def _rss_entries(root: etree._Element, site: str, url: str) -> Iterator[RawEntry]:
    """Items stand in the channel (RSS) or beside it (RDF)."""
    for item in islice(root.iter("{*}item"), ENTRIES_READ):
        guid = next(elements(item, "guid"), None)
        identifier = content(guid)
        permalink = guid is not None and guid.get("isPermaLink", "true").strip().lower() != "false"
        about = item.get(f"{_RDF}about", "")
        links = [
            text_of(item, f"{{{_FEEDBURNER}}}origLink", "feedburner:origLink"),
            *_links_in_rss(item),
            *_atom_links(item),
            identifier if permalink or _WEB.match(identifier) else "",
            about,
            *_other_atom_links(item),
        ]
        yield RawEntry(
            links=_without_blanks(links),
            base=_base(item, site, url),
            title=text_of(item, "title", f"{{{_DUBLIN_CORE}}}title"),
            date=text_of(item, "pubDate", f"{{{_DUBLIN_CORE}}}date"),
            guid=identifier or about or text_of(item, f"{{{_DUBLIN_CORE}}}identifier"),
        )


def _links_in_rss(parent: etree._Element) -> Iterator[str]:
    """The <link> of RSS: its text, an attribute as in Atom or RDF, or what follows a tag closed too early."""
    own = "".join(str(parent.tag).rpartition("}")[:2])
    for link in parent.iterchildren(f"{own}link"):
        yield content(link) or link.get("href") or link.get(f"{_RDF}resource") or (link.tail or "").strip()


def _atom_entries(root: etree._Element, site: str, url: str) -> Iterator[RawEntry]:
    for entry in islice(elements(root, "entry"), ENTRIES_READ):
        identifier = text_of(entry, "id")
        links = [
            text_of(entry, f"{{{_FEEDBURNER}}}origLink"),
            *_atom_links(entry),
            *(outside.get("src", "") for outside in elements(entry, "content")),
            *_other_atom_links(entry),
            identifier if _WEB.match(identifier) else "",
        ]
        yield RawEntry(
            links=_without_blanks(links),
            base=_base(entry, site, url),
            title=text_of(entry, "title"),
            date=text_of(entry, "published", "issued", "updated", "modified"),
            guid=identifier,
        )


def _atom_links(parent: etree._Element) -> list[str]:
    """Links to the page an entry is about, those to HTML first; some write the address between the tags."""
    links = [link for link in _links_of_atom(parent) if _relation(link) == "alternate"]
    links.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    return [link.get("href") or content(link) for link in links]


def _other_atom_links(parent: etree._Element) -> list[str]:
    """For an entry that names no page otherwise: where it says that it stands itself, unless that is XML."""
    return [
        link.get("href", "")
        for link in _links_of_atom(parent)
        if _relation(link) in ("self", "canonical", "bookmark", "permalink")
        and "xml" not in link.get("type", "")
    ]


def _links_of_atom(parent: etree._Element) -> Iterator[etree._Element]:
    space, _, name = str(parent.tag).removeprefix("{").rpartition("}")
    # Within Atom its links are in the document's namespace, whatever that is; some name none.
    spaces = (
        _ATOM_SPACES if name not in ("feed", "entry") or space in _ATOM_SPACES else (*_ATOM_SPACES, space)
    )
    return (link for one in spaces for link in parent.iterchildren(f"{{{one}}}link"))


def _relation(link: etree._Element) -> str:
    match = _RELATION.fullmatch(link.get("rel", "").strip().lower())
    relation = match[1] if match else ""
    # There should be one; HTML's have several ("alternate nofollow").
    return "alternate" if not relation or "alternate" in relation.split() else relation


def _site(links: list[str], channel: etree._Element, url: str) -> str:
    written = next((link for link in links if link), "")
    base = channel.base or url
    try:
        site = urljoin(urljoin(url, base), written.strip()) if written else ""
    except ValueError:
        return ""
    return site if _WEB.match(site) else ""


def _base(entry: etree._Element, site: str, url: str) -> str:
    """What an entry's relative links are resolved against: xml:base, else the feed's site, else the feed."""
    base = entry.base
    return base if base and base != url else site or url


def _without_blanks(links: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.strip() for link in links if link.strip()))[:_MOST_LINKS]


def read_with_feedparser(body: bytes, url: str) -> RawFeed:
    """What feedparser makes of a feed too broken for lxml. It is given bytes: text it opens as a file."""
    parsed: Any = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    kind = FeedKind.ATOM if str(parsed.get("version", "")).startswith("atom") else FeedKind.RSS
    entries = [
        RawEntry(
            links=_without_blanks([entry.get("link", ""), entry.get("id", "")]),
            base=url,
            title=entry.get("title", ""),
            date=entry.get("published", "") or entry.get("updated", ""),
            guid=entry.get("id", ""),
        )
        for entry in parsed.entries[:ENTRIES_READ]
    ]
    return RawFeed(kind if entries else FeedKind.UNKNOWN, parsed.feed.get("title", ""), entries)
