"""From feeds to articles: which addresses are new, and whose they are."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from articles.fetch import (
    ACCEPT_FEED,
    Answer,
    FeedEntry,
    FeedKind,
    FeedReading,
    IsolationError,
    Validators,
    address_key,
    isolated,
    normalise,
    read_feed,
)
from articles.models import Address, Article, Feed, Host, Source, host_name
from articles.watch.check import PLAINLY_AFTER
from articles.watch.hosts import Forbidden, Turn, TurnOver
from articles.watch.judge import judge
from articles.watch.outcome import Outcome
from articles.watch.reading import READING_SECONDS
from articles.watch.schedule import back_off
from articles.watch.sources import free_slug

log = logging.getLogger(__name__)

FEED_TOTAL_SECONDS = 30.0
PLAINLY_EVERY = 9
"""Readings with conditions for one without (fetch.md, trap 8)."""


@dataclass(frozen=True)
class FeedResult:
    """One reading of a feed: how many addresses it named, which articles were new, what went wrong if any."""

    address: str
    named: int = 0
    new: tuple[int, ...] = ()
    problem: str = ""


def read_feed_now(feed: Feed, turn: Turn) -> FeedResult | None:
    """Read *feed* during a turn at its host, and watch the articles it newly names.

    None when another worker is reading it.

    :raises TurnOver: the turn ended before the feed was asked for.
    """
    token = Feed.objects.claim(feed.pk, timezone.now(), settings.LEASE_SECONDS)
    if token is None:
        return None
    try:
        answer = _fetch(feed, turn)
    except TurnOver:
        Feed.objects.release(feed.pk, token)
        raise
    result = _understand(feed, answer)
    Feed.objects.release(feed.pk, token, **_feed_after(feed, answer, result))
    log.info(
        "read feed=%s named=%s new=%s problem=%s url=%s",
        *(feed.pk, result.named, len(result.new), result.problem, feed.address),
    )
    return result


def _fetch(feed: Feed, turn: Turn) -> Answer:
    try:
        return turn.ask(
            feed.address,
            validators=_conditions(feed),
            accept=ACCEPT_FEED,
            total=FEED_TOTAL_SECONDS,
        )
    except Forbidden as problem:
        return Answer(feed.address, feed.address, reason=str(problem))


def _conditions(feed: Feed) -> Validators | None:
    """The validators to ask with; None for about every tenth reading, and after a week: an ETag can lie."""
    trusted = min(PLAINLY_EVERY * timedelta(seconds=feed.source.feed_seconds), PLAINLY_AFTER)
    lately = feed.asked_plainly is not None and timezone.now() - feed.asked_plainly < trusted
    return Validators(feed.etag, feed.last_modified) if lately else None


def _understand(feed: Feed, answer: Answer) -> FeedResult:
    judgement = judge(answer)
    if judgement.outcome is Outcome.UNCHANGED:
        return FeedResult(feed.address)
    if judgement.outcome is not None:
        return FeedResult(feed.address, problem=judgement.reason)
    try:
        reading: FeedReading = isolated(
            read_feed, answer.body, answer.final_url, answer.content_type, wall=READING_SECONDS
        )
    except IsolationError as problem:
        return FeedResult(feed.address, problem=f"reading the feed was stopped: {problem.reason}")
    if reading.problem:
        return FeedResult(feed.address, problem=reading.problem)
    if reading.kind is FeedKind.SITEMAP_INDEX:
        named = ", ".join(entry.url for entry in reading.entries[:5])
        return FeedResult(
            feed.address, problem=f"this is an index of sitemaps; watch those it names: {named}"
        )
    if reading.kind is FeedKind.HTML and feed.kind != Feed.Kind.SECTION:
        # Its links are those of an error page or a menu as well as of stories.
        return FeedResult(
            feed.address,
            problem="this is a web page, not a feed: if it lists stories, make its kind “section page”",
        )
    entries = [entry for entry in reading.entries if wanted(feed.source, entry.url)]
    now = timezone.now()
    # Feeds name the newest first: added last, it has the highest number, and lists show it first.
    articles = [add_article(entry.url, feed.source, entry=entry, at=now) for entry in reversed(entries)]
    return FeedResult(
        feed.address, len(reading.entries), tuple(article.pk for article, new in articles if new)
    )


def _feed_after(feed: Feed, answer: Answer, result: FeedResult) -> dict[str, object]:
    now = timezone.now()
    wait = timedelta(seconds=feed.source.feed_seconds)
    if not result.problem:
        kept = answer.validators if answer.status == 200 else Validators(feed.etag, feed.last_modified)
        return {
            "last_checked": now,
            "last_success": now,
            "errors_in_row": 0,
            "last_error": "",
            "next_check_at": now + wait,
            "asked_plainly": feed.asked_plainly if answer.sent_validators else now,
            "etag": kept.etag,
            "last_modified": kept.last_modified,
        }
    wait = max(wait, back_off(feed.errors_in_row + 1), timedelta(seconds=answer.retry_after or 0))
    return {
        "last_checked": now,
        "errors_in_row": F("errors_in_row") + 1,
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

    :raises ValueError: *address* is none that can be watched; says why.
    """
    address = normalise(address)
    address_id = address_key(address)
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
    """The source whose articles or home page are on the host of *address*, and whether it had to be made.

    :raises ValueError: *address* is none that can be watched.
    """
    address = normalise(address)
    name = host_name(address)
    article = Article.objects.filter(host__name=name).select_related("source").first()
    if article:
        return article.source, False
    site = _without_port(name)
    for source in Source.objects.exclude(home_page=""):
        if _without_port(host_name(source.home_page)) == site:
            return source, False
    slug = free_slug(site.replace(".", "-").replace(":", "-"))
    home_page = "/".join(address.split("/")[:3]) + "/"
    return Source.objects.get_or_create(home_page=home_page, defaults={"name": site, "slug": slug})


def _without_port(name: str) -> str:
    """The name of a host without the port of http or https."""
    return name.removesuffix(":443").removesuffix(":80")
