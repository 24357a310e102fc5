"""Known publications, and which of them are watched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.catalogue import Publication
from articles.models import Feed, Source
from articles.watch.onboarding.sources import home_page_spellings, spellings


@dataclass(frozen=True)
class Row:
    """A publication of the catalogue, and the source that watches it if there is one."""

    publication: Publication
    source: Source | None

    @property
    def is_verified(self) -> bool:
        """Whether a feed of it has been read: its addresses are more than a guess then."""
        return self.source is not None and self.source.last_feed_read is not None


def rows(publications: Sequence[Publication]) -> list[Row]:
    """*publications* with the sources that have one of their feeds or their home page; four queries."""
    by_feed = {
        feed.address: feed.source
        for feed in Feed.objects.filter(
            address__in=_all(spellings(address) for one in publications for address in one.feeds)
        )
        .select_related("source")
        .prefetch_related("source__feeds")
        .order_by("-pk")
    }
    by_home_page = {
        source.home_page: source
        for source in Source.objects.filter(
            home_page__in=_all(home_page_spellings(one.home_page) for one in publications)
        )
        .prefetch_related("feeds")
        .order_by("-pk")
    }
    return [Row(one, _source_of(one, by_feed, by_home_page)) for one in publications]


def _source_of(
    one: Publication, by_feed: dict[str, Source], by_home_page: dict[str, Source]
) -> Source | None:
    of_feeds = (by_feed.get(spelt) for address in one.feeds for spelt in spellings(address))
    of_home_page = (by_home_page.get(spelt) for spelt in home_page_spellings(one.home_page))
    return next(filter(None, (*of_feeds, *of_home_page)), None)


def _all(many: Iterable[Iterable[str]]) -> list[str]:
    return [one for some in many for one in some]
