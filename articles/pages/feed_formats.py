"""The same items as RSS 2.0, Atom and JSON Feed 1.1."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.xmlutils import SimplerXMLGenerator

# What XML 1.0 can't hold: one such character makes a whole feed unreadable. The C1 controls it could
# hold, but nobody means them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Item:
    """A change or an event. ``summary`` and ``title`` are plain text, ``content`` is HTML."""

    identifier: str
    title: str
    link: str
    seen: datetime
    source: str
    labels: Sequence[str]
    summary: str
    content: SafeString


@dataclass(frozen=True)
class Channel:
    """A feed: what it is about, the page with the same list, its own address, and that of its next page."""

    title: str
    description: str
    link: str
    address: str
    older: str = ""


@dataclass(frozen=True)
class Format:
    name: str
    content_type: str
    write: Callable[[Channel, Sequence[Item]], str]


class _Rss(Rss201rev2Feed):
    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["older"]:  # paged as in RFC 5005
            handler.addQuickElement("atom:link", None, {"rel": "next", "href": self.feed["older"]})

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class _Atom(Atom1Feed):
    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["older"]:
            handler.addQuickElement("link", None, {"rel": "next", "href": self.feed["older"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _xml(writer: type[SyndicationFeed], channel: Channel, items: Sequence[Item]) -> str:
    feed = writer(
        title=without_controls(channel.title),
        link=channel.link,
        description=without_controls(channel.description),
        language="en",
        feed_url=channel.address,
        older=channel.older,
    )
    for item in items:
        feed.add_item(
            title=without_controls(item.title),
            link=item.link,
            # Readers take it for HTML, in both formats.
            description=escape(without_controls(item.summary)),
            content=without_controls(item.content),
            author_name=without_controls(item.source),
            pubdate=item.seen,
            updateddate=item.seen,
            unique_id=item.identifier,
            unique_id_is_permalink=False,
            categories=[without_controls(label) for label in item.labels],
        )
    return feed.writeString("utf-8")


def _rss(channel: Channel, items: Sequence[Item]) -> str:
    return _xml(_Rss, channel, items)


def _atom(channel: Channel, items: Sequence[Item]) -> str:
    return _xml(_Atom, channel, items)


def _json(channel: Channel, items: Sequence[Item]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.link,
        "feed_url": channel.address,
        **({"next_url": channel.older} if channel.older else {}),
        "language": "en",
        "items": [
            {
                "id": item.identifier,
                "url": item.link,
                "title": item.title,
                "summary": item.summary,
                "content_html": item.content,
                "date_published": f"{item.seen.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "authors": [{"name": item.source}],
                "tags": list(item.labels),
            }
            for item in items
        ],
    }
    return without_controls(json.dumps(feed, ensure_ascii=False, indent=1))


def without_controls(text: str) -> str:
    """*text* with a replacement character for each that XML can't hold."""
    return _CONTROL.sub("\ufffd", text)


FORMATS = {
    "rss": Format("RSS", "application/rss+xml; charset=utf-8", _rss),
    "atom": Format("Atom", "application/atom+xml; charset=utf-8", _atom),
    "json": Format("JSON Feed", "application/feed+json; charset=utf-8", _json),
}
"""By the end of the feed's address."""
