"""``/metrics``, for Prometheus: whether the watch keeps up, and what its checks come to.

Everything is read from the database, so any process of the site tells what all workers did. Each query reads
a small table, or an index no further than ``MOST_COUNTED`` articles, those of paused sources not counted.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django_q.brokers import get_broker
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from redis import RedisError

from articles.exports import trouble
from articles.models import (
    Article,
    CheckCount,
    Feed,
    Heartbeat,
    Host,
    Outage,
    Source,
    Version,
)
from articles.web.visitors import visitor_address
from newsdiffs import __version__

log = logging.getLogger(__name__)

MOST_COUNTED = 10_000
"""Articles due beyond these are not counted: who sees the number knows what to do."""

OVERDUE = timedelta(minutes=15)
"""Due for longer than this: as long as the shortest wait between two checks."""

TELLTALE = ("X-Forwarded-For", "Forwarded", "Via")
"""Headers with which a proxy that nobody told us of gives itself away."""


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers as text; 403 to those who may not read them, 503 when the database does not answer."""
    if not _may_read(request):
        return _plain(
            "The metrics are read on this machine, or with METRICS_TOKEN set and sent: "
            "Authorization: Bearer TOKEN.\n",
            403,
        )
    registry = CollectorRegistry(auto_describe=False)
    try:
        registry.register(_Numbers())
        text = generate_latest(registry)
    except DatabaseError as problem:
        log.warning("the metrics can't be read: %s", problem)
        return _plain("The database does not answer.\n", 503)
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: HttpRequest) -> bool:
    """Who has the token; where none is set, who asks on this machine, if that can be told."""
    if settings.METRICS_TOKEN:
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and constant_time_compare(sent.strip(), settings.METRICS_TOKEN)
    # Through a proxy on this machine that we were not told of, everybody would seem to be on this machine.
    proxied = settings.HTTPS or any(name in request.headers for name in TELLTALE)
    if proxied and not settings.TRUSTED_PROXIES:
        return False
    address = visitor_address(request)
    return address is not None and address.is_loopback


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


class _Numbers(Collector):
    """What the database says now."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        build = GaugeMetricFamily("newsdiffs_build_info", "The version that runs.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        yield from _checks()
        yield from _due(now)
        yield from _health(now)
        yield from _queue()


def _checks() -> Iterator[Metric]:
    checks = CounterMetricFamily(
        "newsdiffs_checks", "Checks of articles, by what they came to.", labels=["outcome"]
    )
    seconds = CounterMetricFamily(
        "newsdiffs_check_seconds", "Seconds these checks took, waiting left out.", labels=["outcome"]
    )
    for outcome, tally in CheckCount.tallies().items():
        checks.add_metric([outcome], tally.checks)
        seconds.add_metric([outcome], tally.seconds)
    yield checks
    yield seconds
    yield CounterMetricFamily("newsdiffs_versions", "Versions stored.", _highest(Version))
    yield CounterMetricFamily("newsdiffs_articles", "Articles found.", _highest(Article))


def _highest(model: type[Article] | type[Version]) -> int:
    """The highest identifier: a count of a million rows takes a second, and this none."""
    highest: int | None = model.objects.aggregate(highest=Max("pk"))["highest"]
    return highest or 0


def _due(now: datetime) -> Iterator[Metric]:
    due = Article.objects.due(now).order_by("next_check_at")[:MOST_COUNTED]
    # Those due for longest come first, so that both are counted by one look at the index.
    counted = due.aggregate(due=Count("pk"), overdue=Count("pk", filter=Q(next_check_at__lte=now - OVERDUE)))
    first = Source.objects.filter(enabled=True).aggregate(first=Min(Subquery(_first_of_source())))["first"]
    if first is not None and first > now:
        first = None
    yield GaugeMetricFamily(
        "newsdiffs_articles_due", f"Articles due, counted up to {MOST_COUNTED}.", counted["due"]
    )
    yield GaugeMetricFamily(
        "newsdiffs_articles_overdue",
        f"Articles due for over {OVERDUE.seconds // 60} minutes, counted up to {MOST_COUNTED}.",
        counted["overdue"],
    )
    yield GaugeMetricFamily(
        "newsdiffs_longest_due_seconds",
        "How long the article has been due that has been due longest.",
        (now - first).total_seconds() if first else 0,
    )
    yield GaugeMetricFamily("newsdiffs_feeds_due", "Feeds due.", Feed.objects.due(now).count())


def _first_of_source() -> QuerySet[Article, dict[str, Any]]:
    """When a source's next check is: the first entry of an index is read, and not all that are due."""
    of_source = Article.objects.filter(source=OuterRef("pk"), next_check_at__isnull=False, purged=None)
    return of_source.order_by("next_check_at").values("next_check_at")[:1]


def _health(now: datetime) -> Iterator[Metric]:
    hosts = Host.objects.aggregate(
        failing=Count("pk", filter=Q(failures__gt=0) | Q(pauses__gt=0)),
        paused=Count("pk", filter=Q(paused_until__gt=now)),
    )
    failing = {"errors_in_row__gt": 0}
    yield GaugeMetricFamily("newsdiffs_hosts_failing", "Hosts that failed when last asked.", hosts["failing"])
    yield GaugeMetricFamily(
        "newsdiffs_hosts_paused", "Hosts left alone after repeated failures.", hosts["paused"]
    )
    yield GaugeMetricFamily(
        "newsdiffs_feeds_failing", "Feeds that failed when last read.", Feed.objects.filter(**failing).count()
    )
    yield GaugeMetricFamily(
        "newsdiffs_sources_failing",
        "Sources whose last check failed.",
        Source.objects.filter(**failing).count(),
    )
    yield GaugeMetricFamily(
        "newsdiffs_outage",
        "1 while our own network fails and nothing is asked, else 0.",
        int(Outage.current() is not None),
    )
    yield GaugeMetricFamily(
        "newsdiffs_articles_parked",
        f"Articles put aside as checks of them never ended, counted up to {MOST_COUNTED}.",
        Article.objects.filter(parked__isnull=False)[:MOST_COUNTED].count(),
    )
    yield GaugeMetricFamily(
        "newsdiffs_articles_capped",
        f"Articles that had their versions of the day and differ, counted up to {MOST_COUNTED}.",
        Article.objects.filter(capped_since__isnull=False)[:MOST_COUNTED].count(),
    )
    ages = GaugeMetricFamily(
        "newsdiffs_heartbeat_age_seconds",
        "Seconds since this part did its work: the dispatcher does each minute, the upkeep each night.",
        labels=["part"],
    )
    beats = dict(Heartbeat.objects.order_by("name").values_list("name", "at"))
    for name, at in beats.items():
        if name not in trouble.NAMES:
            ages.add_metric([name], (now - at).total_seconds())
    yield ages
    yield GaugeMetricFamily(
        "newsdiffs_datasets_failing",
        "1 while the published edition of the datasets can't be written.",
        int(not beats.keys().isdisjoint(trouble.NAMES)),
    )


def _queue() -> Iterator[Metric]:
    """How much is queued; nothing where the queue (Redis) does not answer: the other numbers still count."""
    try:
        length = get_broker().queue_size()
    except RedisError as problem:
        log.warning("the queue does not answer: %s", problem)
        return
    yield GaugeMetricFamily("newsdiffs_queue_length", "Visits to hosts that wait for a worker.", length)
