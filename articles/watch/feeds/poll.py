"""Polling a feed: one reading of it, from its claim to the articles it newly names.

The story: claim the feed · fetch it · list what it names · load what is known of these addresses · decide
which become articles · store them · store the feed's own state. Nothing is locked while the network is talked
to; the lease's token tells at the end whether the feed is still ours.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from articles.fetch import ACCEPT_FEED, Answer, FeedEntry, Validators, address_key, normalise
from articles.models import (
    ADDRESS_LENGTH,
    Address,
    Article,
    Feed,
    Host,
    HourCount,
    Source,
    Tombstone,
    host_name,
)
from articles.models.source import free_slug
from articles.patterns import PatternFault
from articles.search import source_of
from articles.watch.check.check import UNCONDITIONAL_AFTER
from articles.watch.check.claim import MOST_UNFINISHED, PARKED_FOR, SOON
from articles.watch.crawl.back_off import back_off
from articles.watch.crawl.bounds import of_feeds
from articles.watch.crawl.errors import Barred, Forbidden, PutOff, SessionOver
from articles.watch.crawl.our_errors import put_off_feed
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.address_filters import let_through
from articles.watch.feeds.entries import Candidate, EntryTally, Fate, What, candidates_of
from articles.watch.feeds.intake import again_if_others_added, store, take_in, without_barred
from articles.watch.feeds.listing import (
    Listing,
    SitemapsLeft,
    list_entries,
    list_sitemaps,
)
from articles.watch.feeds.pings import next_reading

log = logging.getLogger(__name__)

UNCONDITIONAL_EVERY = 9
"""Readings with conditions for one without: an ETag can lie."""

READINGS_TO_MOVE = 3
"""Readings in a row that were redirected to one address for good before it becomes the feed's address."""

TIME_TO_MOVE = timedelta(days=1)
"""The time for which its readings must have been redirected before a feed's address is moved."""

ERRORS_TO_MOVE = 3
"""Failures in a row of a feed that had been redirected for good, after which the new address is tried."""


@dataclass(frozen=True)
class FeedResult:
    """One reading of a feed: what it named, which articles are new, what went wrong if anything did.

    named: how many addresses may name articles. new: the numbers of the new articles. tally: how many of all
    that stood in the document came to what, with the first few of each. site: the page that it says it is the
    feed of. moved_to: where its address redirects to for good.
    problem: in words for a person, empty when it could be read.
    is_whole: whether nothing of it is left to be read, which another session would do.
    """

    address: str
    named: int = 0
    new: tuple[int, ...] = ()
    tally: EntryTally = field(default_factory=EntryTally)
    problem: str = ""
    site: str = ""
    moved_to: str = ""
    is_whole: bool = True

    @property
    def fates(self) -> Mapping[What, int]:
        """Return how many of all that stood in the document came to what."""
        return self.tally.counts

    @property
    def deferred(self) -> int:
        """Return how many new addresses were left for later, as the source had its new articles of an
        hour."""
        return self.fates.get(Fate.DEFERRED, 0)


def read_feed_now(feed: Feed, fetcher: PoliteFetcher) -> FeedResult | None:
    """Read *feed*, and watch the articles it newly names. The fetcher is at the feed's host.

    None when another worker is reading it, or began to since *feed* was loaded.

    :raises SessionOver: the session ended before the feed was asked for.
    """
    unfinished = feed.unfinished
    as_loaded = Feed.objects.filter(unfinished=unfinished)
    token = as_loaded.claim(feed.pk, timezone.now(), settings.LEASE_SECONDS)
    if token is None:
        return None
    if unfinished >= MOST_UNFINISHED:
        return _park(feed, token)
    if fetcher.host.name != host_name(feed.address):
        feed.host = Host.objects.for_address(feed.address)  # where its next reading begins
    began = timezone.now()
    try:
        answer, listing = _list(feed, fetcher)
        result = replace(_watch_listed(feed, listing), moved_to=answer.moved_to if answer else "")
        after = _feed_after(feed, answer, listing, result, began)
        Feed.objects.release(feed.pk, token, **after)
        _count(feed, result)
    except SessionOver as reason:
        Feed.objects.release(feed.pk, token, unfinished=unfinished, **_put_off(reason))
        raise
    except Exception as error:
        put_off_feed(feed, token, error, unfinished=unfinished)
        raise
    log.info("feed read", extra=_log_fields(feed, fetcher, result))
    return result


def _log_fields(feed: Feed, fetcher: PoliteFetcher, result: FeedResult) -> dict[str, object]:
    """What the log says of a reading."""
    return {
        "feed": feed.pk,
        "address": feed.address,
        "host": fetcher.host.name,
        "named": result.named,
        "new": len(result.new),
        "fates": {fate.value: count for fate, count in result.fates.items()},
        "problem": result.problem,
    }


def _count(feed: Feed, result: FeedResult) -> None:
    """Count the reading in its source's hour, once it is whole."""
    if result.problem:
        HourCount.add(feed.source_id, timezone.now(), feeds_failed=1)
    elif result.is_whole or result.new:
        HourCount.add(
            feed.source_id, timezone.now(), feeds_read=int(result.is_whole), articles=len(result.new)
        )


def _park(feed: Feed, token: UUID) -> FeedResult:
    """Leave alone for a day a feed whose readings never end, whatever ends the worker in them."""
    problem = f"{MOST_UNFINISHED} readings of it were begun and never ended; it is read again in a day"
    log.error("put aside feed=%s url=%s", feed.pk, feed.address)
    Feed.objects.release(
        feed.pk,
        token,
        unfinished=MOST_UNFINISHED - 1,
        pending_hops=[],
        sitemaps_left={},
        next_check_at=timezone.now() + PARKED_FOR,
        errors_in_row=F("errors_in_row") + 1,
        last_error=problem,
    )
    result = FeedResult(feed.address, problem=problem)
    _count(feed, result)
    return result


def _list(feed: Feed, fetcher: PoliteFetcher) -> tuple[Answer | None, Listing]:
    """What the feed names, and the answer at its address; None where its sitemaps are gone on with."""
    if feed.sitemaps_left:
        _mark_unfinished(feed)
        return None, list_sitemaps(feed, SitemapsLeft.from_json(feed.sitemaps_left), fetcher)
    answer = _fetch(feed, fetcher)
    _mark_unfinished(feed)
    return answer, list_entries(feed, answer, fetcher)


def _mark_unfinished(feed: Feed) -> None:
    """From here on what it names could harm us: its reading counts until it has ended."""
    Feed.objects.filter(pk=feed.pk).update(unfinished=F("unfinished") + 1)


def _fetch(feed: Feed, fetcher: PoliteFetcher) -> Answer:
    # A redirect that had to wait is gone on from.
    *hops, address = feed.pending_hops or [feed.address]
    try:
        return fetcher.ask(
            address,
            validators=_conditions(feed),
            accept=ACCEPT_FEED,
            bounds=of_feeds(feed.source),
            hops=tuple((status, url) for status, url in hops),
            hurried=fetcher.patience is None,
        )
    except Forbidden as problem:
        return Answer(feed.address, feed.address, reason=str(problem))


def _put_off(reason: SessionOver) -> dict[str, object]:
    """The feed's columns where its reading goes on in another session: at the host to which redirects led."""
    if not isinstance(reason, PutOff):
        return {}
    values: dict[str, object] = {
        "host": Host.objects.for_address(reason.url),
        "pending_hops": [*reason.hops, reason.url],
    }
    if reason.until - timezone.now() > SOON:
        values["next_check_at"] = reason.until
    return values


def _conditions(feed: Feed) -> Validators | None:
    """The validators to ask with; None for about every tenth reading, and after a week: an ETag can lie."""
    trusted = min(UNCONDITIONAL_EVERY * timedelta(seconds=feed.source.feed_seconds), UNCONDITIONAL_AFTER)
    lately = feed.last_unconditional_at is not None and timezone.now() - feed.last_unconditional_at < trusted
    return Validators(feed.etag, feed.last_modified) if lately else None


def _watch_listed(feed: Feed, listing: Listing) -> FeedResult:
    """Watch the articles that are listed, as far as they are wanted and new."""
    if listing.problem:
        return FeedResult(feed.address, problem=listing.problem)
    try:
        wanted = let_through(feed.source, [entry.url for entry in listing.entries])
    except PatternFault as fault:
        return FeedResult(feed.address, problem=f"the source's address filter {fault}")
    candidates, dropped = candidates_of(listing.entries, wanted)
    intake, articles = take_in(feed, candidates, timezone.now())
    tally = without_barred(listing.left_out + dropped) + intake.tally
    new = tuple(article.pk for article in articles)
    return FeedResult(
        feed.address, len(listing.entries), new, tally, site=listing.site, is_whole=listing.is_whole
    )


def _feed_after(
    feed: Feed, answer: Answer | None, listing: Listing, result: FeedResult, began: datetime
) -> dict[str, object]:
    """The feed's columns after it was read, which *began* then."""
    now = timezone.now()
    deferred = result.deferred + (feed.deferred if answer is None else 0)
    values: dict[str, object] = {
        "last_checked": now,
        "unfinished": 0,
        "pending_hops": [],
        "sitemaps_left": {},
    }
    values |= _validators_after(feed, answer, listing, deferred, now)
    if listing.hub is not None:
        values |= {"hub": listing.hub.address, "topic": listing.hub.topic}
    if not result.problem and not listing.unchanged:
        values["report"] = (_so_far(feed, answer) + result.tally).as_json()
    if listing.sitemaps and not listing.is_whole:
        # It stays due, and is gone on with when its host has time.
        return values | {"sitemaps_left": listing.sitemaps.as_json(), "deferred": deferred}
    values["host"] = feed.host_id
    values |= _move_after(feed, answer, result, now)
    wait = timedelta(seconds=feed.source.feed_seconds)
    if not result.problem:
        return values | {
            "last_success": now,
            "errors_in_row": 0,
            "last_error": "",
            "deferred": deferred,
            "next_check_at": next_reading(began, now, wait),
        }
    retry_after = answer.retry_after if answer else None
    wait = max(wait, back_off(feed.errors_in_row + 1), timedelta(seconds=retry_after or 0))
    if "address" in values:
        wait = timedelta(0)  # the new address is tried at once
    return values | {
        "errors_in_row": F("errors_in_row") + 1,
        "last_error": result.problem[:1000],
        "next_check_at": now + wait,
    }


def _so_far(feed: Feed, answer: Answer | None) -> EntryTally:
    """What was counted in this reading before, where it goes on with the sitemaps of an index."""
    return EntryTally.from_json(feed.report) if answer is None else EntryTally()


def _move_after(feed: Feed, answer: Answer | None, result: FeedResult, now: datetime) -> dict[str, object]:
    """What is kept of where the feed has moved for good; its address is changed once that has lasted.

    Where the old address is gone before that, the new one is tried at once.
    """
    if answer is None or (result.problem and not feed.moved_to):
        return {}
    if result.problem:
        is_gone = answer.status in (404, 410) or feed.errors_in_row + 1 >= ERRORS_TO_MOVE
        return _moved(feed, feed.moved_to, now) if is_gone and not answer.moved_to else {}
    target = answer.moved_to
    if not target or address_key(target) == address_key(feed.address) or len(target) > ADDRESS_LENGTH:
        return {"moved_to": "", "moved_since": None, "moved_readings": 0}
    again = target == feed.moved_to and feed.moved_since is not None
    since, readings = (feed.moved_since, feed.moved_readings + 1) if again else (now, 1)
    assert since is not None
    if readings >= READINGS_TO_MOVE and now - since >= TIME_TO_MOVE:
        return _moved(feed, target, now)
    return {"moved_to": target, "moved_since": since, "moved_readings": readings}


def _moved(feed: Feed, target: str, now: datetime) -> dict[str, object]:
    """The columns of a feed that goes on at *target*; none where another feed has that address."""
    if Feed.objects.filter(address=target).exclude(pk=feed.pk).exists():
        return {}
    log.warning("feed moved for good", extra={"feed": feed.pk, "from": feed.address, "to": target})
    return {
        "address": target,
        "host": Host.objects.for_address(target),
        "moved_to": "",
        "moved_since": None,
        "moved_readings": 0,
        "etag": "",
        "last_modified": "",
    }


def _validators_after(
    feed: Feed, answer: Answer | None, listing: Listing, deferred: int, now: datetime
) -> dict[str, object]:
    """What is kept to ask with conditions next time."""
    if answer is None or (listing.problem and listing.sitemaps is None):
        return {}
    kept = answer.validators if answer.has_page else Validators(feed.etag, feed.last_modified)
    if listing.sitemaps or deferred:
        kept = Validators()  # a feed that has not changed must name its articles again
    return {
        "last_unconditional_at": feed.last_unconditional_at if answer.sent_validators else now,
        "etag": kept.etag,
        "last_modified": kept.last_modified,
    }


def add_article(address: str, source: Source, *, at: datetime | None = None) -> tuple[Article, bool]:
    """The article at *address*, and whether it is new; a new one is checked as soon as its host is free.

    *at* is when it was first seen: now, if not given.

    :raises ValueError: *address* is none that can be watched, or was taken down for good; says why.
    """
    address = normalise(address)
    key = address_key(address)
    if Tombstone.objects.bars(address):
        raise ValueError(f"{Barred(address)}, and is never fetched again")
    candidate = Candidate(address, key, FeedEntry(address))
    learned = Address.Learned.PERSON

    def find_or_store() -> tuple[Article, bool]:
        known = Address.objects.select_related("article__joined_to").filter(key=key).first()
        if known:
            return known.article.joined_to or known.article, False
        [article] = store(source, [candidate], at or timezone.now(), learned=learned)
        return article, True

    return again_if_others_added(find_or_store)


def source_for(address: str) -> tuple[Source, bool]:
    """The source on whose site *address* is, and whether it had to be made.

    :raises ValueError: *address* is none that can be watched.
    """
    address = normalise(address)
    if known := source_of(address):
        return known, False
    site = _without_port(host_name(address))
    slug = free_slug(site.replace(".", "-").replace(":", "-"))
    home_page = "/".join(address.split("/")[:3]) + "/"
    return Source.objects.get_or_create(home_page=home_page, defaults={"name": site, "slug": slug})


def _without_port(name: str) -> str:
    """The name of a host without the port of http or https."""
    return name.removesuffix(":443").removesuffix(":80")
