"""Which path answers with what: the site's pages, feeds and files, and when 304 is enough."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from demo import feeds, pages
from demo.desk import Article, Edition
from demo.pictures import favicon, picture
from demo.story import HERE, SECTIONS

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Response:
    """An answer; `modified` is given for what may be asked for conditionally, and is None for the rest."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    modified: datetime | None = None
    max_age: int = 0

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @property
    def last_modified(self) -> str | None:
        """Left out while too fresh: a date of whole seconds cannot tell two edits of one second apart."""
        if self.modified is None or datetime.now(UTC) - self.modified < timedelta(seconds=1):
            return None
        return format_datetime(self.modified, usegmt=True)

    def headers(self) -> list[tuple[str, str]]:
        headers = [("Cache-Control", f"max-age={self.max_age}" if self.max_age else "no-cache")]
        if self.modified is not None and self.status == 200:
            headers.append(("ETag", self.etag))
        if self.last_modified:
            headers.append(("Last-Modified", self.last_modified))
        if self.status != 304:
            headers += [("Content-Type", self.content_type), ("Content-Length", str(len(self.body)))]
        return headers

    def without_body(self) -> "Response":
        return replace(self, body=b"", status=304)


def respond(edition: Edition, address: str, *, visit: int) -> Response:
    """The answer to a GET of `address`. `visit` numbers the answers: no two full pages look quite alike."""
    path = urlsplit(address).path
    if path in _FILES:
        return _FILES[path](edition)
    if path == "/":
        return Response(pages.home(edition, visit).encode())
    section = path.strip("/")
    if section in SECTIONS and path.endswith("/"):
        return Response(pages.section(edition, section, visit).encode())
    for article in edition.articles:
        if path == article.story.path:
            return _article(edition, article, visit)
        if path == f"/pictures/{article.story.slug}.svg":
            return Response(picture(article.story).encode(), "image/svg+xml", max_age=3600)
    return Response(pages.missing(edition, 404).encode(), status=404)


def not_modified(response: Response, headers: Mapping[str, str]) -> bool:
    """Whether the visitor has this answer already (RFC 9110, 13.2.2: If-None-Match before the date)."""
    if response.modified is None or response.status != 200:
        return False
    if "if-none-match" in headers:
        known = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        return response.etag in known or "*" in known
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except ValueError:  # none given, or not a date: then it is to be ignored
        return False
    return since.tzinfo is not None and response.modified.replace(microsecond=0) <= since


def _article(edition: Edition, article: Article, visit: int) -> Response:
    status = article.state.status
    if status != 200:
        return Response(pages.missing(edition, status).encode(), status=status)
    if article.story.static:
        return Response(pages.plain_article(edition, article).encode(), modified=article.modified)
    return Response(pages.article(edition, article, visit).encode())


def _style(edition: Edition) -> Response:
    return Response((HERE / "html" / "style.css").read_bytes(), "text/css; charset=utf-8", max_age=3600)


def _favicon(edition: Edition) -> Response:
    return Response(favicon().encode(), "image/svg+xml", max_age=3600)


def _rss(edition: Edition) -> Response:
    return Response(feeds.rss(edition), "application/rss+xml; charset=utf-8", modified=edition.modified)


def _atom(edition: Edition) -> Response:
    return Response(feeds.atom(edition), "application/atom+xml; charset=utf-8", modified=edition.modified)


def _sitemap(edition: Edition) -> Response:
    return Response(feeds.sitemap(edition), "application/xml; charset=utf-8", modified=edition.modified)


def _robots(edition: Edition) -> Response:
    return Response(feeds.robots(edition).encode(), "text/plain; charset=utf-8", max_age=3600)


_FILES = {
    "/style.css": _style,
    "/favicon.ico": _favicon,
    "/favicon.svg": _favicon,
    "/feed.rss": _rss,
    "/feed.atom": _atom,
    "/sitemap.xml": _sitemap,
    "/robots.txt": _robots,
}
