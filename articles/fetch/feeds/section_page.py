"""Web pages: the links of a section page."""

from itertools import islice
from urllib.parse import urljoin

from lxml import etree, html

from articles.fetch.feeds.raw import ENTRIES_READ, FeedKind, RawEntry, RawFeed


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
