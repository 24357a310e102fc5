"""A worker's round: from host to host, at each one thing that is due.

A worker never sleeps through a host's delay. At a host that is ready it reads one feed or checks one article,
which is one request as a rule, and gives the host back with the moment from which it may be asked again. What
takes more requests goes on at a later visit: a robots.txt is fetched at one, the page at the next; redirects
and indexes of sitemaps are kept with the article or feed. The worker sleeps only when no host is ready.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import DatabaseError
from django.utils import timezone

from articles.models import Article, Feed, Host
from articles.models.prepared import Prepared
from articles.watch.check.check import check
from articles.watch.check.claim import Busy
from articles.watch.crawl import shutdown
from articles.watch.crawl.errors import SessionOver
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import WORKERS_PATIENCE, PoliteFetcher
from articles.watch.feeds.poll import read_feed_now
from articles.watch.onboarding import site_probe
from articles.watch.queue.frontier import Frontier

log = logging.getLogger(__name__)

LONGEST_TASK = 55.0
"""Seconds after which a task makes no request any more: the queue ends it after 60."""

LOOK_FOR_PEOPLE_EVERY = 0.5
"""Seconds between two looks whether a person waits for something, which goes first."""


_FIRST_FEED = Prepared(
    lambda host, now: (
        Feed.objects.due(now)
        .free(now)
        .filter(host=host)
        .order_by("next_check_at")
        .values_list("pk", "next_check_at")[:1]
    )
)


def make_round(seconds: float) -> bool:
    """Visit hosts for *seconds*, or until nothing is due soon; whether there may be more to do."""
    began = time.monotonic()
    ends, look_for_people = began + seconds, began
    frontier = Frontier()
    try:
        while (now := time.monotonic()) < ends and not shutdown.is_asked():
            if now >= look_for_people:
                look_for_people = now + LOOK_FOR_PEOPLE_EVERY
                if site_probe.work_due():
                    continue
            session = frontier.take_next(seconds=began + LONGEST_TASK - now)
            if session is not None:
                frontier.put_back(session, more=_visit_safely(session))
            elif frontier.outage or frontier.is_empty:
                return False
            else:
                shutdown.sleep(min(frontier.seconds_to_wait(), ends - now))
    except SessionOver as reason:
        log.info("round ends early: %s", reason)
    return not shutdown.is_asked()


def _visit_safely(session: HostSession) -> bool:
    """As ``visit``; an error of ours, which is noted with the article or feed, ends no round."""
    try:
        return visit(session)
    except DatabaseError:
        raise
    except Exception:
        log.exception("a visit failed", extra={"host": session.host.name})
        return False


def visit(session: HostSession) -> bool:
    """Read the feed or check the article that has been due longest at a host, and give the host back.

    Whether anything was due.
    """
    try:
        work = first_due(session.host, timezone.now())
        if work is not None:
            work(PoliteFetcher(session, patience=WORKERS_PATIENCE))
    except (Busy, SessionOver) as reason:
        log.info("goes on later: %s", reason, extra={"host": session.host.name})
        return True
    finally:
        session.leave()
    return work is not None


def first_due(host: Host, now: datetime) -> Callable[[PoliteFetcher], object] | None:
    """Return what to do at *host*: read the feed or check the article due longest; None: nothing is due."""
    feed = _FIRST_FEED.first(host=host.pk, now=now)
    article = Article.objects.first_due(host, now, now)
    if feed is not None and (article is None or feed[1] <= article[1]):
        return partial(read_feed_now, Feed.objects.select_related("source").get(pk=feed[0]))
    return partial(check, article[0]) if article is not None else None
