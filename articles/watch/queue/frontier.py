"""Which host a worker asks next: one that is ready, and where something is due; the longest unvisited first.

Every worker has a frontier of its own, and looks into the database once a second for what all of them share.
Which of them gets a host is settled when it takes the host's lease.
"""

import random
import time
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from articles.models import Article, Feed, Host, Outage
from articles.models.host import HostQuerySet
from articles.models.prepared import Prepared
from articles.watch.crawl.host_session import HostSession
from articles.watch.onboarding import site_probe

LOOK_EVERY = 1.0
"""Seconds between two looks at what is due, at least: so much later at most does a worker see it."""

LOOK_SHARE = 0.05
"""The share of a worker's time that looks may take: with many thousand hosts they come more seldom."""

SOON = timedelta(seconds=10)
"""The time within which something must come due to be waited for."""

MOST_HOSTS = 1000
"""Hosts of one look."""


def work_comes_soon() -> HostQuerySet:
    """The hosts at which something is or comes due, and which a worker may ask soon.

    Also those whose lease runs out by then: the worker that held it may have been killed.
    """
    soon = timezone.now() + SOON
    return hosts_with_work(soon, soon, soon).exclude(name__in=site_probe.wanted_hosts())


def due_hosts(now: datetime, ready_by: datetime) -> dict[int, datetime]:
    """The hosts at which something is due and which a worker may ask by *ready_by*, the longest unvisited
    first: by id, when each may be asked. Those that people wait for are left to them."""
    wanted = site_probe.wanted_hosts()
    rows = _DUE.rows(now=now, ready_by=ready_by)
    return {host_id: ready_at for host_id, ready_at, name in rows if name not in wanted}


def hosts_with_work(now: datetime, due_by: datetime, ready_by: datetime) -> HostQuerySet:
    """The hosts at which something is due by *due_by*, and which a worker may ask by *ready_by*."""
    work = Q(pk__in=Article.objects.hosts_with_work(due_by, now)) | Exists(
        Feed.objects.due(due_by).free(now).filter(host=OuterRef("pk"))
    )
    return Host.objects.ready(now, ready_by).filter(work)


_DUE = Prepared(
    lambda now, ready_by: (
        hosts_with_work(now, now, ready_by)
        .order_by(F("last_visited").asc(nulls_first=True), "pk")
        .values_list("pk", "next_allowed", "name")[:MOST_HOSTS]
    )
)


class Frontier:
    """The hosts at which something is due, as this worker knows them.

    outage: the failure of our own network under way when it was last looked; nothing is taken then. is_empty:
    whether nothing is due, nor will be soon.
    """

    def __init__(self) -> None:
        self.outage: Outage | None = None
        self.is_empty = False
        self._ready_at: dict[int, datetime] = {}
        """By host, when it may be asked; the longest unvisited first."""
        self._next_look = 0.0

    def take_next(self, *, seconds: float) -> HostSession | None:
        """A session of at most *seconds* at the next host that is ready; None when none is."""
        if time.monotonic() >= self._next_look:
            self.look()
        while not self.outage and (host_id := self._choose()) is not None:
            del self._ready_at[host_id]
            session = HostSession.take(host_id, seconds=seconds, ready_within=0.0)
            if session is not None:
                session.outage = self.outage
                return session
            # Another worker has been there; perhaps also at others.
            self._look_again_at_those_ready()
        return None

    def put_back(self, session: HostSession, *, more: bool) -> None:
        """Learn from a visit; *more* says whether more may be due at the host once it has rested."""
        host = session.host
        if more:
            self._ready_at[host.pk] = max(host.next_allowed, host.paused_until or host.next_allowed)
        self.outage = session.outage or self.outage

    def seconds_to_wait(self) -> float:
        """Seconds until a host may be ready."""
        first = min(self._ready_at.values(), default=None)
        until_look = self._next_look - time.monotonic()
        until_ready = (first - timezone.now()).total_seconds() if first else until_look
        return max(min(until_look, until_ready), 0.0)

    def _choose(self) -> int | None:
        """One of those that have been ready for longest: not each worker the same."""
        now = timezone.now()
        ready = (host_id for host_id, ready_at in self._ready_at.items() if ready_at <= now)
        first = list(islice(ready, 2 * settings.WORKERS if settings.WORKERS > 1 else 1))
        return random.choice(first) if first else None  # noqa: S311 (spreads load, hides nothing)

    def look(self) -> None:
        """Learn what is due."""
        began, now = time.monotonic(), timezone.now()
        self.outage = Outage.current()
        self._ready_at = due_hosts(now, ready_by=now + SOON)
        self.is_empty = not self._ready_at and not work_comes_soon().exists()
        self._next_look = time.monotonic() + max(LOOK_EVERY, (time.monotonic() - began) / LOOK_SHARE)

    def _look_again_at_those_ready(self) -> None:
        """Forget what other workers are at, or have asked."""
        now = timezone.now()
        ready = [host_id for host_id, ready_at in self._ready_at.items() if ready_at <= now]
        still = set(Host.objects.ready(now).filter(pk__in=ready).values_list("pk", flat=True))
        for host_id in ready:
            if host_id not in still:
                del self._ready_at[host_id]
