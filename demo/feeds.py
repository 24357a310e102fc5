"""What machines read: RSS 2.0, Atom, the sitemap and robots.txt."""

from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from demo.desk import Edition
from demo.story import SECTIONS

NAME = "The Harbour Gazette"
MOTTO = "News of Port Skerrin and the Sound of Aldry"

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"

ET.register_namespace("dc", DC)
ET.register_namespace("atom", ATOM)


def rss(edition: Edition) -> bytes:
    """RSS 2.0 with all articles that can be read, newest first."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _text(channel, "title", NAME)
    _text(channel, "link", edition.url)
    _text(channel, "description", MOTTO)
    _text(channel, "language", "en")
    _text(channel, "lastBuildDate", format_datetime(edition.modified, usegmt=True))
    ET.SubElement(
        channel,
        f"{{{ATOM}}}link",
        {"rel": "self", "type": "application/rss+xml", "href": edition.address("/feed.rss")},
    )
    for article in edition.listed:
        story, address = article.story, edition.address(article.story.path)
        item = ET.SubElement(channel, "item")
        _text(item, "title", article.state.headline)
        _text(item, "link", address)
        _text(item, "guid", address).set("isPermaLink", "true")
        _text(item, "pubDate", format_datetime(article.published, usegmt=True))
        _text(item, "category", SECTIONS[story.section])
        _text(item, f"{{{DC}}}creator", story.author)
        _text(item, f"{{{DC}}}language", story.language)
        _text(item, "description", story.summary)
    return _bytes(root)


def atom(edition: Edition) -> bytes:
    """Atom (RFC 4287) with the same articles; `updated` moves with every edit."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _text(root, "title", NAME)
    _text(root, "subtitle", MOTTO)
    _text(root, "id", edition.url)
    _text(root, "updated", _iso(edition.modified))
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": edition.url})
    ET.SubElement(
        root,
        "link",
        {"rel": "self", "type": "application/atom+xml", "href": edition.address("/feed.atom")},
    )
    for article in edition.listed:
        story, address = article.story, edition.address(article.story.path)
        entry = ET.SubElement(root, "entry", {"xml:lang": story.language})
        _text(entry, "title", article.state.headline)
        _text(entry, "id", address)
        ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
        _text(entry, "published", _iso(article.published))
        _text(entry, "updated", _iso(article.modified))
        _text(ET.SubElement(entry, "author"), "name", story.author)
        ET.SubElement(entry, "category", {"term": story.section, "label": SECTIONS[story.section]})
        _text(entry, "summary", story.summary)
    return _bytes(root)


def sitemap(edition: Edition) -> bytes:
    root = ET.Element("urlset", {"xmlns": SITEMAP})
    for path in ("/", *(f"/{section}/" for section in SECTIONS)):
        _text(ET.SubElement(root, "url"), "loc", edition.address(path))
    for article in edition.listed:
        url = ET.SubElement(root, "url")
        _text(url, "loc", edition.address(article.story.path))
        _text(url, "lastmod", _iso(article.modified))
    return _bytes(root)


def robots(edition: Edition) -> str:
    return f"User-agent: *\nDisallow: /account/\n\nSitemap: {edition.address('/sitemap.xml')}\n"


def _text(parent: ET.Element, tag: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, tag)
    child.text = text
    return child


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text
