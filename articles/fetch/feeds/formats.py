"""The formats that name articles, each read into the same raw entries.

Nothing here is trusted or bounded yet: addresses may be relative or nonsense, dates any text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree, html

from articles.fetch.feeds.text import mend_references

ENTRIES_READ = 50_000  # the most that the sitemap protocol lets one file hold
FEEDPARSER_LIMIT = 2 << 20  # bytes; it is slow on large and hostile feeds

_ATOM = "http://www.w3.org/2005/Atom"
_ATOM_SPACES = (_ATOM, "http://purl.org/atom/ns#")
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_FEEDBURNER = "http://rssnamespace.org/feedburner/ext/1.0"
_GOOGLE_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
# At the end of a document: an address that the end cut off leads to another page, or to none.
_CUT_ADDRESS = re.compile(r"<(?:link|loc|guid|id)\b[^<>]{0,200}>[^<]*(?:<!\[CDATA\[[^<]*)*\Z", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"<\?xml[^>]*>")


class FeedKind(StrEnum):
    """What a document turned out to be; `UNKNOWN` is empty and therefore false."""

    UNKNOWN = ""
    RSS = "rss"  # 0.9 to 2.0, RDF included
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemapindex"
    HTML = "html"


@dataclass(frozen=True)
class RawEntry:
    """An entry as written; `links` in order of preference, `base` what relative ones are resolved against."""

    links: tuple[str, ...]
    base: str
    title: str = ""
    date: str = ""
    guid: str = ""


@dataclass(frozen=True)
class RawFeed:
    kind: FeedKind
    title: str = ""
    entries: list[RawEntry] = field(default_factory=list)
    remark: str = ""


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
    return RawFeed(
        FeedKind.JSON,
        _string(document.get("title")),
        [
            RawEntry(
                links=tuple(filter(None, (_string(item.get(key)) for key in ("url", "external_url", "id")))),
                base=url,
                title=_string(item.get("title")),
                date=_string(item.get("date_published")) or _string(item.get("date_modified")),
                guid=_string(item.get("id")),
            )
            for item in found[:ENTRIES_READ]
        ],
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def read_xml(text: str, url: str) -> RawFeed:
    """RSS, RDF, Atom and sitemaps, as far as the XML can be read; of kind UNKNOWN if it is none of them.

    Entities of the document's own making are never expanded, nothing is loaded.
    """
    source = text.lstrip()
    if declaration := _XML_DECLARATION.match(source):
        source = source[declaration.end() :]
    remark = ""
    try:
        root = _parse_xml(source, url, recover=False)
    except etree.XMLSyntaxError as error:
        remark = f"the XML is broken: {error.msg}"
        root = _parse_broken_xml(source, url)
    if root is None:
        return RawFeed(FeedKind.UNKNOWN, remark=remark)
    match str(root.tag).rpartition("}")[2].lower():
        case "rss" | "rdf":
            return RawFeed(FeedKind.RSS, _rss_title(root), list(_rss_entries(root, url)), remark)
        case "feed":
            return RawFeed(FeedKind.ATOM, _text(root, "title"), list(_atom_entries(root, url)), remark)
        case "urlset":
            return RawFeed(FeedKind.SITEMAP, "", list(_sitemap_entries(root, "url", url)), remark)
        case "sitemapindex":
            return RawFeed(FeedKind.SITEMAP_INDEX, "", list(_sitemap_entries(root, "sitemap", url)), remark)
        case _:
            return RawFeed(FeedKind.UNKNOWN, remark=remark or "this is XML, but no feed and no sitemap")


def read_lines(text: str, url: str) -> RawFeed:
    """A sitemap of plain text: an address a line; of kind UNKNOWN if there is anything else in it."""
    lines = list(islice((line for line in map(str.strip, text.splitlines()) if line), ENTRIES_READ))
    if not all(line.startswith(("http://", "https://")) and " " not in line for line in lines):
        return RawFeed(FeedKind.UNKNOWN)
    return RawFeed(FeedKind.SITEMAP, "", [RawEntry(links=(line,), base=url) for line in lines])


def _parse_xml(source: str, url: str, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    return etree.fromstring(source.encode("utf-8"), parser, base_url=url)


def _parse_broken_xml(source: str, url: str) -> etree._Element | None:
    try:
        return _parse_xml(_CUT_ADDRESS.sub("", mend_references(source)), url, recover=True)
    except etree.XMLSyntaxError:
        return None


def _elements(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children by local name; namespaces are often wrong, and extensions' names are asked for in full."""
    return (child for child in parent.iterchildren(f"{{*}}{name}"))


def _content(element: etree._Element | None) -> str:
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def _text(parent: etree._Element, *names: str) -> str:
    """The text of the first child that has any: by local name in the parent's namespace, or by full name."""
    own = "".join(str(parent.tag).rpartition("}")[:2])
    for name in names:
        for child in parent.iterchildren(name if name.startswith("{") else own + name):
            if found := _content(child):
                return found
    return ""


def _rss_title(root: etree._Element) -> str:
    return next((title for channel in _elements(root, "channel") if (title := _text(channel, "title"))), "")


def _rss_entries(root: etree._Element, url: str) -> Iterator[RawEntry]:
    """Items stand in the channel (RSS) or beside it (RDF)."""
    for item in islice(root.iter("{*}item"), ENTRIES_READ):
        guid = next(_elements(item, "guid"), None)
        permalink = guid is not None and guid.get("isPermaLink", "true").strip().lower() != "false"
        original = _text(item, f"{{{_FEEDBURNER}}}origLink", "feedburner:origLink")
        links = [original, _text(item, "link"), *_atom_links(item), _content(guid) if permalink else ""]
        yield RawEntry(
            links=tuple(filter(None, [*links, item.get(_RDF_ABOUT, "")])),
            base=item.base or url,
            title=_text(item, "title", f"{{{_DUBLIN_CORE}}}title"),
            date=_text(item, "pubDate", f"{{{_DUBLIN_CORE}}}date"),
            guid=_content(guid),
        )


def _atom_entries(root: etree._Element, url: str) -> Iterator[RawEntry]:
    for entry in islice(_elements(root, "entry"), ENTRIES_READ):
        identifier = _text(entry, "id")
        links = [_text(entry, f"{{{_FEEDBURNER}}}origLink"), *_atom_links(entry), identifier]
        yield RawEntry(
            links=tuple(filter(None, links)),
            base=entry.base or url,
            title=_text(entry, "title"),
            date=_text(entry, "published", "issued", "updated", "modified"),
            guid=identifier,
        )


def _atom_links(entry: etree._Element) -> list[str]:
    """Links to the page an entry is about, those to HTML first."""
    links = [
        link
        for space in _ATOM_SPACES
        for link in entry.iterchildren(f"{{{space}}}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    links.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    return [link.get("href", "") for link in links]


def _sitemap_entries(root: etree._Element, name: str, url: str) -> Iterator[RawEntry]:
    for element in islice(_elements(root, name), ENTRIES_READ):
        link = _content(next(_elements(element, "loc"), None))
        news = next(element.iterchildren(f"{{{_GOOGLE_NEWS}}}news"), None)
        published = "" if news is None else _text(news, "publication_date")
        yield RawEntry(
            links=(link,) if link else (),
            base=url,
            title="" if news is None else _text(news, "title"),
            date=published or _content(next(_elements(element, "lastmod"), None)),
        )


def read_with_feedparser(body: bytes, url: str) -> RawFeed:
    """What feedparser makes of a feed too broken for lxml. It is given bytes: text it opens as a file."""
    parsed: Any = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    kind = FeedKind.ATOM if str(parsed.get("version", "")).startswith("atom") else FeedKind.RSS
    entries = [
        RawEntry(
            links=tuple(filter(None, (entry.get("link", ""), entry.get("id", "")))),
            base=url,
            title=entry.get("title", ""),
            date=entry.get("published", "") or entry.get("updated", ""),
            guid=entry.get("id", ""),
        )
        for entry in parsed.entries[:ENTRIES_READ]
    ]
    return RawFeed(kind if entries else FeedKind.UNKNOWN, parsed.feed.get("title", ""), entries)


def parse_page(text: str) -> html.HtmlElement | None:
    """The tree of an HTML page; None if there is none."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def page_base(page: html.HtmlElement, url: str) -> str:
    """What a page's relative links are resolved against: its first <base>, or its own address."""
    first = next((str(base.get("href")) for base in page.iter("base") if base.get("href")), "")
    try:
        return urljoin(url, first)
    except ValueError:
        return url


def read_page(text: str, url: str) -> RawFeed:
    """A section page: its title, and every link with what it says."""
    page = parse_page(text)
    if page is None:
        return RawFeed(FeedKind.UNKNOWN, remark="the page is empty")
    base = page_base(page, url)
    entries = [
        RawEntry(links=(link.get("href", ""),), base=base, title=" ".join(link.itertext()))
        for link in islice(page.iter("a"), ENTRIES_READ)
        if link.get("href", "").strip()
    ]
    return RawFeed(FeedKind.HTML, " ".join(page.xpath("//head/title//text()")), entries)
