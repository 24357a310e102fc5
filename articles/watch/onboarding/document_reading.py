"""What onboarding has read in the reader: a document that may be a feed, a page by some rules. Pure."""

from dataclasses import dataclass

from articles.extract import Rules, Story, Trace, extract, trace
from articles.fetch import FeedKind, FeedReading, discover_feeds, read_feed
from articles.watch.check.page_reading import says_noarchive


@dataclass(frozen=True)
class Document:
    """The content at an address: a feed's entries, or of a web page the feeds that it names and more.

    noarchive: whether the page asks not to be archived.
    """

    reading: FeedReading
    feeds: tuple[str, ...] = ()
    language: str = ""
    noarchive: bool = False


def read_document(
    body: bytes, url: str, content_type: str, links: tuple[str, ...], allowed: frozenset[tuple[str, int]]
) -> Document:
    """Read what may be a feed, a sitemap or a web page.

    links: what the answer's Link headers name; allowed: the addresses and ports inside the network that may
    be fetched all the same.
    """
    reading = read_feed(body, url, content_type, allowed)
    if reading.kind is not FeedKind.HTML:
        return Document(reading)
    language = extract(body, url, content_type=content_type or None).language
    return Document(reading, discover_feeds(body, url, links), language, says_noarchive(body, content_type))


def read_by(body: bytes, url: str, content_type: str, rules: Rules | None) -> Story:
    """Return the story that *rules* make of a page."""
    return extract(body, url, content_type=content_type or None, rules=rules)


def trace_by(body: bytes, url: str, content_type: str, rules: Rules) -> Trace:
    """Return what *rules* make of a page, and how."""
    return trace(body, url, content_type=content_type or None, rules=rules)
