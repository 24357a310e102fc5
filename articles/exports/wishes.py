"""What the sites of versions wish of those who use their texts by machine: asked for many at once."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from articles.fetch import Wishes, wishes_of
from articles.models import Capture, Host, Version

NOTHING_SAID = Wishes()


class WishesFor:
    """The wishes for some versions, whose articles were read with them; two queries."""

    def __init__(self, versions: Iterable[Version]) -> None:
        versions = list(versions)
        wanted = {(version.article_id, version.number) for version in versions}
        self._captures: dict[tuple[int, int], tuple[Any, Any]] = {
            (article, number): (headers, claims)
            for article, number, headers, claims in Capture.objects.filter(
                article__in={article for article, _ in wanted}, number__in={number for _, number in wanted}
            ).values_list("article", "number", "response_headers", "claims")
        }
        hosts = {version.article.host_id for version in versions}
        asking = Host.objects.filter(pk__in=hosts).exclude(content_usage=[])
        self._rules = dict(asking.values_list("pk", "content_usage"))

    def of(self, version: Version) -> Wishes:
        """Of one of them. robots.txt is that of today, headers and page are those of the version."""
        rules = self._rules.get(version.article.host_id, [])
        headers, claims = self._captures.get((version.article_id, version.number), ([], {}))
        if not rules and not headers and not claims:
            return NOTHING_SAID
        return wishes_of(headers, claims, rules, urlsplit(version.article.address).path or "/")

    def row(self, version: Version) -> dict[str, object]:
        """The same, as columns."""
        found = self.of(version)
        return {
            "tdm_reservation": found.tdm_reservation,
            "tdm_policy": found.tdm_policy,
            "content_usage": found.content_usage,
            "robots": found.robots,
        }
