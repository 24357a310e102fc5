"""Who is due: hosts in turn, each visited by one worker.

The queue is a hint; ``next_check_at`` in the database is the truth. What is queued is a visit to a host that
has something due: a slow host, or one with ten thousand articles due, takes one worker and holds nobody up.
A visit that is lost costs nothing but the host's lease, which runs out.
"""

import logging
import time
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.tasks import async_task

from articles.models import Article, Feed, Heartbeat, Host
from articles.watch.check import Busy, check
from articles.watch.discover import read_feed_now
from articles.watch.hosts import Turn, TurnOver

log = logging.getLogger(__name__)

EARLY = timedelta(seconds=10)
"""While at a host, what comes due this soon is done too: it spares a visit, and makes no check late."""

VISIT_SECONDS = 30.0
"""No new check is begun after this; the one under way has until the turn ends."""

QUEUED_LEASE_SECONDS = 240.0
"""How long a host waits in the queue for its visit before another may be queued; under Q_CLUSTER's retry."""

WAITING_PER_WORKER = 8
"""Visits in the queue for each worker: more would only make leases run out while they wait."""


def dispatch() -> int:
    """Queue a visit to each host with something due, longest unvisited first; how many were queued."""
    Heartbeat.beat("dispatch")
    room = settings.WORKERS * WAITING_PER_WORKER - get_broker().queue_size()
    queued = 0
    for host_id in _hosts_with_work()[: max(room, 0)]:
        token = Host.objects.claim(host_id, timezone.now(), QUEUED_LEASE_SECONDS)
        if token is not None:
            transaction.on_commit(lambda host_id=host_id, token=token: _queue_visit(host_id, token))  # type: ignore[misc]
            queued += 1
    return queued


def _queue_visit(host_id: int, token: UUID) -> None:
    async_task("articles.watch.tasks.visit", host_id, str(token), group="visit")


def _hosts_with_work() -> list[int]:
    now = timezone.now()
    soon = now + EARLY
    of_host = Q(host=OuterRef("pk"))
    work = Exists(Article.objects.due(soon).free(now).filter(of_host)) | Exists(
        Feed.objects.due(soon).free(now).filter(of_host)
    )
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    soon_allowed = now + timedelta(seconds=settings.FETCH_HOST_DELAY)
    hosts = Host.objects.free(now).filter(rested, work, next_allowed__lte=soon_allowed)
    return list(
        hosts.order_by(F("last_visited").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:1000]
    )


def visit(host_id: int, token: UUID) -> int:
    """Do what is due at a host, feeds first, until nothing is left or the time is up; how much was done."""
    turn = Turn.of(host_id, token)
    if turn is None:
        return 0
    done = 0
    ends = time.monotonic() + VISIT_SECONDS
    try:
        while not turn.paused and time.monotonic() + turn.wait < ends and _do_next(turn):
            done += 1
    except TurnOver as reason:
        log.info("visit ends early host=%s reason=%s", turn.host.name, reason)
    finally:
        turn.leave()
    return done


def _do_next(turn: Turn) -> bool:
    """Read the host's next due feed, or check its next due article; False when nothing is due."""
    now = timezone.now()
    soon = now + EARLY
    feed = (
        Feed.objects.due(soon)
        .free(now)
        .filter(host=turn.host)
        .select_related("source")
        .order_by("next_check_at")
        .first()
    )
    if feed is not None:
        read_feed_now(feed, turn)
        return True
    due = Article.objects.due(soon).free(now).filter(host=turn.host).order_by("next_check_at")
    article_id = due.values_list("pk", flat=True).first()
    if article_id is None:
        return False
    try:
        check(article_id, turn)
    except Busy as reason:
        log.info("skipped: %s", reason)
    return True
