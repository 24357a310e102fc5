"""Errors of our own program: what becomes of a check or reading that one broke off; and counting checks.

The worker lives on, and the article or feed is tried again later: only what ends a worker puts work aside.
Failures of sites are dealt with elsewhere: ``host_session`` lets a host rest after a 503 or after silence,
``articles.watch.check.next_check`` puts the article's next check off, and the length of the wait is
``back_off``.
"""

import logging
import random
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from articles.models import Article, Feed, HourCount, Outcome
from articles.watch.crawl.back_off import back_off

log = logging.getLogger(__name__)


_COUNTED_AS = {
    Outcome.FAILED: "empty",
    Outcome.BLOCKED: "blocked",
    Outcome.UNREACHABLE: "unreachable",
    Outcome.ROBOTS: "robots",
    Outcome.REFUSED: "refused",
}


def count_check(source_id: int, at: datetime, outcome: Outcome) -> None:
    """Count a check in its source's hour, and what it failed for."""
    failed = {_COUNTED_AS[outcome]: 1} if outcome in _COUNTED_AS else {}
    HourCount.add(source_id, at, checks=1, **failed)


def put_off_article(article: Article, token: UUID, error: Exception) -> None:
    """Give *article* back as it was claimed, to be checked again after the usual wait of failures.

    Does its best: a database that stores nothing is logged, and the lease runs out by itself.
    """
    longest = timedelta(seconds=article.source.ceiling_seconds)
    try:
        Article.objects.release(
            article.pk,
            token,
            unfinished=article.unfinished,
            errors_in_row=F("errors_in_row") + 1,
            last_checked=timezone.now(),
            last_outcome=Outcome.FAILED.value,
            last_reason=public_message(error),
            next_check_at=None
            if article.next_check_at is None
            else _later(article.errors_in_row, most=longest),
        )
        count_check(article.source_id, timezone.now(), Outcome.FAILED)
    except DatabaseError:
        log.exception("could not be put off article=%s", article.pk)


def put_off_feed(feed: Feed, token: UUID, error: Exception, *, unfinished: int) -> None:
    """The same for *feed*; unfinished: its count when it was claimed."""
    try:
        Feed.objects.release(
            feed.pk,
            token,
            unfinished=unfinished,
            pending_hops=[],
            sitemaps_left={},
            errors_in_row=F("errors_in_row") + 1,
            last_checked=timezone.now(),
            last_error=public_message(error),
            next_check_at=_later(feed.errors_in_row),
        )
        HourCount.add(feed.source_id, timezone.now(), feeds_failed=1)
    except DatabaseError:
        log.exception("could not be put off feed=%s", feed.pk)


def public_message(error: Exception) -> str:
    """Return what pages and commands say of *error*; the log has the rest."""
    return f"it broke off with an error of ours ({type(error).__name__}); the log says more"


def _later(errors: int, *, most: timedelta | None = None) -> datetime:
    wait = back_off(errors + 1, random.random())  # noqa: S311 (spreads load, hides nothing)
    return timezone.now() + (min(wait, most) if most is not None else wait)
