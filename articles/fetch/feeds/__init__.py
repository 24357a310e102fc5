"""Feeds, sitemaps and section pages: which articles a document names, and which feeds a page.

In: the bytes at an address. Out: a `FeedReading`, of entries that can be fetched and of counts of what could
not be taken. Read `parse.py` first. All of it is hostile until shown otherwise: call it in a child process
(`articles.isolation`).
"""

from articles.fetch.feeds.article_links import looks_like_article
from articles.fetch.feeds.discovery import discover_feeds
from articles.fetch.feeds.hubs import Hub, hub_in_headers
from articles.fetch.feeds.links import WhyLeftOut
from articles.fetch.feeds.parse import FeedEntry, FeedReading, LeftOut, read_feed
from articles.fetch.feeds.raw import FeedKind

__all__ = [
    "FeedEntry",
    "FeedKind",
    "FeedReading",
    "Hub",
    "LeftOut",
    "WhyLeftOut",
    "discover_feeds",
    "hub_in_headers",
    "looks_like_article",
    "read_feed",
]
