"""Feeds, sitemaps and section pages: which articles a document names, and which feeds a page.

In: the bytes at an address. Out: a `FeedReading`, of entries that can be fetched and of counts of what could
not be taken. Read `reading.py` first. All of it is hostile until shown otherwise: call it in a child process
(`articles.fetch.isolated`).
"""

from articles.fetch.feeds.formats import FeedKind
from articles.fetch.feeds.reading import FeedEntry, FeedReading, discover_feeds, read_feed
from articles.fetch.feeds.sections import looks_like_article

__all__ = [
    "FeedEntry",
    "FeedKind",
    "FeedReading",
    "discover_feeds",
    "looks_like_article",
    "read_feed",
]
