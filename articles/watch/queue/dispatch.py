"""Who is due: hosts in turn, each visited by one worker.

The queue is a hint; ``next_check_at`` in the database is the truth. What is queued is a visit to a host that
has something due: a slow host, or one with ten thousand articles due, takes one worker and holds nobody up.
A visit that is lost costs nothing but the host's lease, which runs out.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django_q.brokers import get_broker

from articles.models import Article, Feed, Heartbeat, Host, Outage
from articles.watch.check.check import check
from articles.watch.check.claim import Busy
from articles.watch.crawl import outage, shutdown
from articles.watch.crawl.errors import PutOff, SessionOver
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.read import read_feed_now
from articles.watch.onboarding import site_probe
from articles.watch.queue import clock, enqueue

log = logging.getLogger(__name__)

LINGER = timedelta(seconds=10)
"""How long a visit waits for what comes due at its host, unless others wait for its worker."""

VISIT_SECONDS = 30.0
"""Seconds after which a visit begins no new check; the one under way has until the session ends."""

PROBE_SECONDS = 8.0
"""Seconds for each host asked during an outage: five silent ones take no longer than a task may."""

WAITING_PER_WORKER = 8
"""Visits in the queue for each worker: more would only make their leases run out while they wait."""


def dispatch() -> int:
    """Queue what people wait for, and a visit to each host with something due, longest unvisited first.

    Returns how many visits were queued.
    """
    queue_site_probes()
    clock.bring_back()
    Heartbeat.beat("dispatch")
    if Outage.current():
        if outage.probe_is_due():
            enqueue.probe_outage_soon()
        return 0
    room = settings.WORKERS * WAITING_PER_WORKER - get_broker().queue_size()
    queued = 0
    for host_id in _hosts_with_work()[: max(room, 0)]:
        token = Host.objects.claim(host_id, timezone.now(), settings.LEASE_SECONDS)
        if token is not None:
            transaction.on_commit(lambda host_id=host_id, token=token: enqueue.visit_soon(host_id, token))  # type: ignore[misc]
            queued += 1
    return queued


def queue_site_probes() -> None:
    """Queue the steps of site probes whose time has come: their hosts were taken or wanted to be left alone,
    or their worker died.

    Not behind a long queue: the next visit does them first (``site_probe.work_due``).
    """
    if get_broker().queue_size() <= settings.WORKERS:
        for pk in site_probe.ready():
            enqueue.probe_site_soon(pk)


def _hosts_with_work() -> list[int]:
    now = timezone.now()
    soon = now + LINGER
    work = Q(pk__in=Article.objects.hosts_with_work(soon, now)) | Exists(
        Feed.objects.due(soon).free(now).filter(host=OuterRef("pk"))
    )
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    soon_allowed = now + timedelta(seconds=settings.FETCH_HOST_DELAY)
    hosts = Host.objects.free(now).filter(rested, work, next_allowed__lte=soon_allowed)
    hosts = hosts.exclude(name__in=site_probe.wanted_hosts())
    return list(
        hosts.order_by(F("last_visited").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:1000]
    )


def visit(host_id: int, token: UUID) -> int:
    """Do what is due at a host until nothing is left or the time is up; how much was done."""
    session = HostSession.of(host_id, token)
    if session is None:
        return 0
    done = 0
    ends = time.monotonic() + VISIT_SECONDS
    try:
        fetcher = PoliteFetcher(session)
        while not (session.paused or session.outage or shutdown.is_asked()):
            if time.monotonic() + session.wait >= ends or site_probe.wants(session.host):
                break
            if _do_next(fetcher):
                done += 1
            elif not _linger(session):
                break
    except SessionOver as reason:
        log.info("visit ends early", extra={"host": session.host.name, "reason": str(reason)})
    finally:
        session.leave()
    return done


def _do_next(fetcher: PoliteFetcher) -> bool:
    """Read the feed or check the article that has been due longest; False when nothing is due."""
    now = timezone.now()
    feed, article = _first_feed(fetcher.host, now), _first_article(fetcher.host, now)
    work: Callable[[PoliteFetcher], object]
    if feed is not None and (article is None or feed.next_check_at <= article[1]):
        work = partial(read_feed_now, feed)
    elif article is not None:
        work = partial(check, article[0])
    else:
        return False
    try:
        # Before the article is ours: a worker killed meanwhile holds up nothing.
        fetcher.await_delay(fetcher.home)
        work(fetcher)
    except (Busy, PutOff) as reason:
        log.info("skipped: %s", reason)
    return True


def probe_outage() -> bool:
    """During an outage of our own network: whether a host answers again; several are asked till one does."""
    for host_id in outage.hosts_to_probe():
        session = HostSession.take(host_id, seconds=PROBE_SECONDS)
        if session is None:
            continue
        try:
            scheme = "https" if session.host.name.endswith(":443") else "http"
            PoliteFetcher(session).ask_robots(session, scheme)
        except SessionOver as reason:
            log.info("probe ends early host=%s reason=%s", session.host.name, reason)
        finally:
            session.leave()
        if session.outage is None:
            return True
        if shutdown.is_asked():
            return False
    outage.note_probe_failed()
    return False


def _linger(session: HostSession) -> bool:
    """Wait for what comes due here soon; False when there is nothing, or others wait for a worker."""
    soon = timezone.now() + LINGER
    feed, article = _first_feed(session.host, soon), _first_article(session.host, soon)
    due = [*([feed.next_check_at] if feed else []), *([article[1]] if article else [])]
    if not due or get_broker().queue_size() >= settings.WORKERS:
        return False
    shutdown.sleep(max((min(due) - timezone.now()).total_seconds(), 0.01))
    return True


def _first_feed(host: Host, until: datetime) -> Feed | None:
    feeds = Feed.objects.due(until).free(timezone.now()).filter(host=host).select_related("source")
    return feeds.order_by("next_check_at").first()


def _first_article(host: Host, until: datetime) -> tuple[int, datetime] | None:
    """The id of the article due first, and since when."""
    return Article.objects.first_due(host, until, timezone.now())
