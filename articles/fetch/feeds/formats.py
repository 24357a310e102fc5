"""Which format a document is in, told by its content, and what it says in that format.

Content types are no help: feeds come as text/html, pages as application/xml.
"""

import json
from dataclasses import replace

from articles.fetch.feeds import sitemaps
from articles.fetch.feeds.hubs import named_hub
from articles.fetch.feeds.raw import ENTRIES_READ, FeedKind, RawEntry, RawFeed
from articles.fetch.feeds.section_page import read_page
from articles.fetch.feeds.syndication import FEEDPARSER_LIMIT, read_atom, read_rss, read_with_feedparser
from articles.fetch.feeds.xml import local_name, parse_xml, plain_source

_WINDOW = 4_000  # characters of a document's start by which its format is told
_LOOKS_LIKE_FEED = ("<rss", "<rdf:rdf", "<feed", "<channel", "<item", "<entry")


def can_be_large(start: bytes) -> bool:
    """Whether a document that starts so is read piece by piece, so that its size matters little."""
    text = start[:_WINDOW].decode("latin-1").lstrip()
    return bool(sitemaps.sitemap_root(text)) or text.startswith(("http://", "https://"))


def read_raw(body: bytes, text: str, url: str, content_type: str) -> RawFeed:
    """What the document `body` with the text `text` names; of kind UNKNOWN, with a remark, if it is none."""
    start = text.lstrip()[:_WINDOW].lower()
    if not start:
        return RawFeed(FeedKind.UNKNOWN, remark="the document is empty")
    if start.startswith(("{", "[")):
        try:
            return read_json(text, url)
        except ValueError as error:
            return RawFeed(FeedKind.UNKNOWN, remark=str(error))
    if "<" not in start:
        return sitemaps.read_lines(text, url)
    if start.startswith(("<!doctype html", "<html")):
        return read_page(text, url)
    if root := sitemaps.sitemap_root(start):
        return sitemaps.read_sitemap(text, root, url)
    raw = read_xml(text, url)
    hopeless = raw.remark and not any(entry.links for entry in raw.entries)
    if hopeless and len(body) <= FEEDPARSER_LIMIT and any(tag in start for tag in _LOOKS_LIKE_FEED):
        fallback = read_with_feedparser(body, url)
        return replace(fallback, remark=raw.remark) if fallback.entries else raw
    if not raw.kind and ("<html" in start or "html" in content_type.lower()):
        return read_page(text, url)
    return raw


def read_xml(text: str, url: str) -> RawFeed:
    """RSS, RDF, Atom and sitemaps, as far as the XML can be read; of kind UNKNOWN if it is none of them."""
    root, remark = parse_xml(plain_source(text), url)
    if root is None:
        return RawFeed(FeedKind.UNKNOWN, remark=remark)
    match local_name(root):
        case "rss" | "rdf":
            return read_rss(root, url, remark)
        case "feed":
            return read_atom(root, url, remark)
        case "urlset" | "sitemapindex" as name:
            return sitemaps.read_sitemap(text, name, url)
        case _:
            return RawFeed(FeedKind.UNKNOWN, remark=remark or "this is XML, but no feed and no sitemap")


def read_json(text: str, url: str) -> RawFeed:
    """JSON Feed 1.0 and 1.1. Raises ValueError for what is none."""
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"the JSON is broken: {error}") from None
    if not isinstance(document, dict) or "jsonfeed.org" not in str(document.get("version", ""))[:100]:
        raise ValueError("this JSON is not a JSON Feed")
    items = document.get("items")
    found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    site = _string(document.get("home_page_url"))
    site = site if site.startswith(("http://", "https://")) else ""
    hubs = document.get("hubs")
    listed = [hub for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    links = [("hub", _string(hub.get("url"))) for hub in listed if _string(hub.get("type")) == "WebSub"]
    links.append(("self", _string(document.get("feed_url"))))
    return RawFeed(
        FeedKind.JSON,
        _string(document.get("title")),
        [
            RawEntry(
                links=tuple(filter(None, (_string(item.get(key)) for key in ("url", "external_url", "id")))),
                base=site or url,
                title=_string(item.get("title")),
                date=_string(item.get("date_published")) or _string(item.get("date_modified")),
                guid=_identifier(item.get("id")),
            )
            for item in found[:ENTRIES_READ]
        ],
        site=site,
        hub=named_hub(links, url),
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _identifier(value: object) -> str:
    """An id; the format asks for a string and lets readers take numbers too."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(value)
