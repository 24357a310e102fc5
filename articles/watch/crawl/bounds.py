"""How long a fetch may take and how much it brings: the installation's settings, or a source's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from articles.fetch import FEED_LIMITS, Answer, Limit, Limits
from articles.models import Source

_MEBIBYTE = 1 << 20

_ANY: dict[Limit, str] = {Limit.REDIRECTS: "FETCH_REDIRECTS"}


@dataclass(frozen=True)
class Bounds:
    """The limits of one fetch, and by which setting each is moved."""

    limits: Limits
    named: Mapping[Limit, str]

    def explained(self, answer: Answer) -> Answer:
        """*answer*, its reason with the setting that moves the limit which ended it, if one did."""
        name = self.named.get(answer.limit)
        return replace(answer, reason=f"{answer.reason}; {name} moves this limit") if name else answer


def of_pages(source: Source | None = None) -> Bounds:
    """Return the time and bytes that an article's page may take."""
    seconds = (source and source.page_seconds) or settings.FETCH_PAGE_SECONDS
    size = ((source and source.page_megabytes) or settings.FETCH_PAGE_MEGABYTES) * _MEBIBYTE
    limits = Limits(
        read_timeout=max(Limits.read_timeout, seconds * 2 / 3),
        total_timeout=seconds,
        wire_limit=size,
        decoded_limit=size * 8 // 5,
        hop_limit=settings.FETCH_REDIRECTS,
    )
    return Bounds(limits, _names("PAGE"))


def of_feeds(source: Source | None = None) -> Bounds:
    """Return the time and bytes that a feed or sitemap may take."""
    seconds = (source and source.feed_seconds_limit) or settings.FETCH_FEED_SECONDS
    size = ((source and source.feed_megabytes) or settings.FETCH_FEED_MEGABYTES) * _MEBIBYTE
    limits = Limits(
        read_timeout=max(FEED_LIMITS.read_timeout, seconds - 5.0),
        total_timeout=seconds,
        wire_limit=size + _MEBIBYTE,
        decoded_limit=size,
        hop_limit=settings.FETCH_REDIRECTS,
    )
    return Bounds(limits, _names("FEED"))


def _names(kind: str) -> Mapping[Limit, str]:
    seconds, size = f"FETCH_{kind}_SECONDS", f"FETCH_{kind}_MEGABYTES"
    return _ANY | {
        Limit.READ_TIME: seconds,
        Limit.TOTAL_TIME: seconds,
        Limit.WIRE_SIZE: size,
        Limit.DECODED_SIZE: size,
    }
