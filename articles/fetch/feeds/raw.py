"""What a format says of a document and its entries, as written.

Nothing here is trusted or bounded yet: addresses may be relative or nonsense, dates any text.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from articles.fetch.feeds.hubs import NO_HUB, Hub

ENTRIES_READ = 50_000  # the most that the sitemap protocol lets one file hold


class FeedKind(StrEnum):
    """What a document turned out to be; `UNKNOWN` is empty and therefore false."""

    UNKNOWN = ""
    RSS = "rss"  # 0.9 to 2.0, RDF included
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemapindex"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as written.

    links: in order of preference; base: what relative ones are resolved against. guid: its own identity.
    """

    links: tuple[str, ...]
    base: str
    title: str = ""
    date: str = ""
    guid: str = ""


@dataclass(frozen=True)
class RawFeed:
    """A document as written. site: the page it says it is the feed of, resolved; empty if it says none.

    hub: the WebSub hub that it names.
    """

    kind: FeedKind
    title: str = ""
    entries: list[RawEntry] = field(default_factory=list)
    remark: str = ""
    site: str = ""
    hub: Hub = NO_HUB
