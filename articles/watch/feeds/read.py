"""From feeds to articles: which addresses are new, and whose they are."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from articles.fetch import (
    ACCEPT_FEED,
    Answer,
    FeedEntry,
    Validators,
    address_key,
    normalise,
)
from articles.models import Address, Article, Feed, Host, HourCount, Source, Tombstone, host_name
from articles.search import source_of
from articles.watch.check.check import UNCONDITIONAL_AFTER
from articles.watch.check.claim import MOST_UNFINISHED, PARKED_FOR
from articles.watch.crawl.errors import Barred, Forbidden, PutOff, SessionOver
from articles.watch.crawl.failures import put_off_feed
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.schedule import back_off
from articles.watch.feeds.listing import FEED_TOTAL_SECONDS, Named, named_in
from articles.watch.onboarding.sources import free_slug

log = logging.getLogger(__name__)

UNCONDITIONAL_EVERY = 9
"""Readings with conditions for one without (fetch.md, trap 8)."""


@dataclass(frozen=True)
class FeedResult:
    """One reading of a feed: how many addresses it named, which articles were new, what went wrong if any.

    deferred: how many new addresses were left for later, when the source had its new articles of an hour.
    """

    address: str
    named: int = 0
    new: tuple[int, ...] = ()
    deferred: int = 0
    problem: str = ""


def read_feed_now(feed: Feed, turn: HostSession) -> FeedResult | None:
    """Read *feed* during a turn at its host, and watch the articles it newly names.

    None when another worker is reading it.

    :raises SessionOver: the turn ended before the feed was asked for.
    """
    token = Feed.objects.claim(feed.pk, timezone.now(), settings.LEASE_SECONDS)
    if token is None:
        return None
    unfinished = Feed.objects.values_list("unfinished", flat=True).get(pk=feed.pk)
    if unfinished >= MOST_UNFINISHED:
        return _park(feed, token)
    try:
        answer = _fetch(feed, turn)
        # From here on what it names could harm us: its reading counts until it has ended.
        Feed.objects.filter(pk=feed.pk).update(unfinished=F("unfinished") + 1)
        named = named_in(feed, answer, turn)
        result = _understand(feed, named)
        after = _feed_after(feed, answer, result, trusted=not named.through_index)
        Feed.objects.release(feed.pk, token, **after)
        _count(feed, result)
    except SessionOver as reason:
        later = {"next_check_at": reason.until} if isinstance(reason, PutOff) else {}
        Feed.objects.release(feed.pk, token, unfinished=unfinished, **later)
        raise
    except Exception as error:
        put_off_feed(feed, token, error, unfinished=unfinished)
        raise
    log.info(
        "feed read",
        extra={
            "feed": feed.pk,
            "address": feed.address,
            "host": turn.host.name,
            "named": result.named,
            "new": len(result.new),
            "problem": result.problem,
        },
    )
    return result


def _count(feed: Feed, result: FeedResult) -> None:
    """Count the reading in its source's hour."""
    if result.problem:
        HourCount.add(feed.source_id, timezone.now(), feeds_failed=1)
    else:
        HourCount.add(feed.source_id, timezone.now(), feeds_read=1, articles=len(result.new))


def _park(feed: Feed, token: UUID) -> FeedResult:
    """Leave alone for a day a feed whose readings never end, whatever ends the worker in them."""
    problem = f"{MOST_UNFINISHED} readings of it were begun and never ended; it is read again in a day"
    log.error("put aside feed=%s url=%s", feed.pk, feed.address)
    Feed.objects.release(
        feed.pk,
        token,
        unfinished=MOST_UNFINISHED - 1,
        next_check_at=timezone.now() + PARKED_FOR,
        errors_in_row=F("errors_in_row") + 1,
        last_error=problem,
    )
    result = FeedResult(feed.address, problem=problem)
    _count(feed, result)
    return result


def _fetch(feed: Feed, turn: HostSession) -> Answer:
    try:
        return turn.ask(
            feed.address,
            validators=_conditions(feed),
            accept=ACCEPT_FEED,
            total=FEED_TOTAL_SECONDS,
            hurried=True,
        )
    except Forbidden as problem:
        return Answer(feed.address, feed.address, reason=str(problem))


def _conditions(feed: Feed) -> Validators | None:
    """The validators to ask with; None for about every tenth reading, and after a week: an ETag can lie."""
    trusted = min(UNCONDITIONAL_EVERY * timedelta(seconds=feed.source.feed_seconds), UNCONDITIONAL_AFTER)
    lately = feed.last_unconditional_at is not None and timezone.now() - feed.last_unconditional_at < trusted
    return Validators(feed.etag, feed.last_modified) if lately else None


def _understand(feed: Feed, named: Named) -> FeedResult:
    """Watch the articles that are named, as far as they are wanted and new."""
    if named.problem:
        return FeedResult(feed.address, problem=named.problem)
    entries = [entry for entry in named.entries if wanted(feed.source, entry.url)]
    entries = Tombstone.objects.not_barred({entry: address_key(entry.url) for entry in entries})
    now = timezone.now()
    taken, deferred = _within_limit(feed.source, entries, now)
    # Feeds name the newest first: added last, it has the highest number, and lists show it first.
    articles = [add_article(entry.url, feed.source, entry=entry, at=now) for entry in reversed(taken)]
    new = tuple(article.pk for article, is_new in articles if is_new)
    return FeedResult(feed.address, len(named.entries), new, deferred)


def _within_limit(source: Source, entries: list[FeedEntry], now: datetime) -> tuple[list[FeedEntry], int]:
    """Those that may be added now, the newest of the new ones first, and how many must wait."""
    lately = source.articles.filter(first_seen__gt=now - timedelta(hours=1))
    room = source.new_articles_per_hour - lately.count()
    if len(entries) <= room:
        return entries, 0
    keys = {entry.url: address_key(entry.url) for entry in entries}
    known = set(Address.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    new = [entry for entry in entries if keys[entry.url] not in known]
    return new[: max(room, 0)], max(len(new) - max(room, 0), 0)


def _feed_after(feed: Feed, answer: Answer, result: FeedResult, *, trusted: bool) -> dict[str, object]:
    """The feed's columns after it was read; *trusted*: whether its validators tell of all that was read."""
    now = timezone.now()
    wait = timedelta(seconds=feed.source.feed_seconds)
    if not result.problem:
        kept = answer.validators if answer.status == 200 else Validators(feed.etag, feed.last_modified)
        if not trusted or result.deferred:
            kept = Validators()  # a feed that has not changed must name its articles again
        return {
            "last_checked": now,
            "last_success": now,
            "errors_in_row": 0,
            "last_error": "",
            "unfinished": 0,
            "deferred": result.deferred,
            "next_check_at": now + wait,
            "last_unconditional_at": feed.last_unconditional_at if answer.sent_validators else now,
            "etag": kept.etag,
            "last_modified": kept.last_modified,
        }
    wait = max(wait, back_off(feed.errors_in_row + 1), timedelta(seconds=answer.retry_after or 0))
    return {
        "last_checked": now,
        "errors_in_row": F("errors_in_row") + 1,
        "unfinished": 0,
        "last_error": result.problem[:1000],
        "next_check_at": now + wait,
    }


def wanted(source: Source, address: str) -> bool:
    """Whether the source's address filters let *address* be watched."""
    only = [pattern for pattern in source.only_addresses.splitlines() if pattern.strip()]
    never = [pattern for pattern in source.not_addresses.splitlines() if pattern.strip()]
    if any(re.search(pattern, address) for pattern in never):
        return False
    return not only or any(re.search(pattern, address) for pattern in only)


def add_article(
    address: str, source: Source, *, entry: FeedEntry | None = None, at: datetime | None = None
) -> tuple[Article, bool]:
    """The article at *address*, and whether it is new; a new one is checked as soon as its host's turn comes.

    *at* is when it was first seen: now, if not given.

    :raises ValueError: *address* is none that can be watched, or was taken down for good; says why.
    """
    address = normalise(address)
    address_id = address_key(address)
    if Tombstone.objects.bars(address):
        raise ValueError(f"{Barred(address)}, and is never fetched again")
    at = at or timezone.now()
    for _ in range(2):
        known = Address.objects.select_related("article").filter(key=address_id).first()
        if known:
            return known.article, False
        try:
            with transaction.atomic():
                article = Article.objects.create(
                    source=source,
                    host=Host.objects.for_address(address),
                    address=address,
                    headline=entry.title if entry else "",
                    published=entry.published if entry else None,
                    language=source.language,
                    first_seen=at,
                    next_check_at=at,
                )
                Address.objects.create(article=article, address=address, key=address_id)
            return article, True
        except IntegrityError:
            continue  # another worker found it in the same moment
    raise RuntimeError(f"{address} can neither be found nor added")


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
