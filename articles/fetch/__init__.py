"""The only door to the network: polite, guarded, bounded.

`Fetcher(settings).get(url)` brings an `Answer` and never raises for what the address, the network or the
server does; its `limit` names the limit of ours that ended it, if one did. What reads the answer is run in a
process that can be killed (`articles.isolation`). `Robots` says what a site allows. `read_feed` reads feeds,
sitemaps and section pages into entries and counts of what could not be taken (room `feeds`), of which
`looks_like_article` tells likely ones. `normalise` and `address_key` say which addresses are one,
`is_same_host` and `is_on_site` which belong together. `wishes_of` tells what a site wishes of machines.

This room knows nothing of Django: settings are passed in. Pacing, leases and what an answer means for an
article are the watcher's.
"""

from articles.fetch.address import BadAddress, Refused
from articles.fetch.answer import STATUSES_OF_PAGES, Answer, Cause, Limit, Problem, Validators
from articles.fetch.feeds import (
    FeedEntry,
    FeedKind,
    FeedReading,
    Hub,
    LeftOut,
    WhyLeftOut,
    discover_feeds,
    hub_in_headers,
    looks_like_article,
    read_feed,
)
from articles.fetch.fetcher import ACCEPT_FEED, ACCEPT_PAGE, Fetcher
from articles.fetch.guard import is_public_address
from articles.fetch.normalisation import address_key, former_key, is_on_site, is_same_host, normalise
from articles.fetch.problems import Interrupted
from articles.fetch.robots import Robots, read_crawl_delay
from articles.fetch.settings import FEED_LIMITS, FetchSettings, Limits, parse_endpoints
from articles.fetch.usage_preferences import Wishes, read_usage, wishes_of

__all__ = [
    "ACCEPT_FEED",
    "ACCEPT_PAGE",
    "FEED_LIMITS",
    "STATUSES_OF_PAGES",
    "Answer",
    "BadAddress",
    "Cause",
    "FeedEntry",
    "FeedKind",
    "FeedReading",
    "FetchSettings",
    "Fetcher",
    "Hub",
    "Interrupted",
    "LeftOut",
    "Limit",
    "Limits",
    "Problem",
    "Refused",
    "Robots",
    "Validators",
    "WhyLeftOut",
    "Wishes",
    "address_key",
    "discover_feeds",
    "former_key",
    "hub_in_headers",
    "is_on_site",
    "is_public_address",
    "is_same_host",
    "looks_like_article",
    "normalise",
    "parse_endpoints",
    "read_crawl_delay",
    "read_feed",
    "read_usage",
    "wishes_of",
]
