"""What the sites of versions wish of those who use their texts by machine: asked for many at once."""

from collections.abc import Iterable
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from articles.fetch import Wishes, wishes_of
from articles.models import Capture, Host, Version

NOTHING_SAID = Wishes()


class Page(NamedTuple):
    """Whose wishes are asked for: a version of an article, at *address* of *host*; both by their ids."""

    article: int
    number: int
    host: int
    address: str


class WishesFor:
    """The wishes for some versions' pages; two queries."""

    def __init__(self, pages: Iterable[Page]) -> None:
        pages = list(pages)
        articles, numbers = {page.article for page in pages}, {page.number for page in pages}
        captures = Capture.objects.filter(article__in=articles, number__in=numbers)
        self._captures: dict[tuple[int, int], tuple[Any, Any]] = {
            (article, number): (headers, claims)
            for article, number, headers, claims in captures.values_list(
                "article", "number", "response_headers", "claims"
            )
        }
        asking = Host.objects.filter(pk__in={page.host for page in pages}).exclude(content_usage=[])
        self._rules = dict(asking.values_list("pk", "content_usage"))

    @classmethod
    def of_versions(cls, versions: Iterable[Version]) -> Self:
        """The same of versions whose articles were read with them."""
        return cls(map(page_of, versions))

    def of(self, page: Page) -> Wishes:
        """Of one of them. robots.txt is that of today, headers and page are those of the version."""
        rules = self._rules.get(page.host, [])
        headers, claims = self._captures.get((page.article, page.number), ([], {}))
        if not rules and not headers and not claims:
            return NOTHING_SAID
        return wishes_of(headers, claims, rules, urlsplit(page.address).path or "/")

    def columns(self, page: Page) -> dict[str, object]:
        """The same, as columns of a row."""
        found = self.of(page)
        return {
            "tdm_reservation": found.tdm_reservation,
            "tdm_policy": found.tdm_policy,
            "content_usage": found.content_usage,
            "robots": found.robots,
        }


def page_of(version: Version) -> Page:
    """The page of a version whose article was read with it."""
    article = version.article
    return Page(version.article_id, version.number, article.host_id, article.address)
