"""Telling our own network's failure from the sites': when half of all fail, it is us.

While that lasts nothing is fetched but up to five robots.txt a minute, to see if it is over, and nothing is
concluded about any site. Then what failed meanwhile is asked again at once.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from articles.models import Article, Feed, Host, Outage, Outcome

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=10)
"""Hosts asked within this time stand for all of them."""

LATELY = timedelta(hours=24)
"""A host that has not answered within this time is dead, and tells nothing about our network."""

FEWEST = 2
"""Sites that fail before it can be our network: one that fails alone fails by itself."""

PROBE_EVERY = timedelta(minutes=1)
"""Between two tries, during an outage, whether it is over."""

HOSTS_PER_PROBE = 5
"""Hosts asked by one try until one of them answers."""

_REGISTRIES = frozenset({"ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"})

_HAS_WORK = Exists(Article.objects.filter(host=OuterRef("pk"))) | Exists(
    Feed.objects.filter(host=OuterRef("pk"))
)
"""Of hosts: that an article or feed is theirs. Of those that only redirects lead to nothing is noted."""


def note_silence() -> Outage | None:
    """To be called when a host gave no answer: the outage under way, which may begin with it."""
    if outage := Outage.current():
        return outage
    now = timezone.now()
    if not _half_of_all_sites_fail():
        return None
    outage, begins = Outage.objects.get_or_create(
        number=Outage.THE_ONE, defaults={"began": now, "next_probe": now + PROBE_EVERY}
    )
    if begins:
        log.error("Half of all sites fail: taking it for our own network, and pausing all.")
    return outage


def _half_of_all_sites_fail() -> bool:
    """Each site counts once, and fails when all its hosts that were asked lately did."""
    now = timezone.now()
    lately = Q(last_answered__gte=now - WINDOW) | Q(last_unanswered__gte=now - WINDOW)
    asked = Host.objects.filter(lately, _HAS_WORK, last_answered__gte=now - LATELY)
    fails: dict[str, bool] = {}
    for name, answered, unanswered in asked.values_list("name", "last_answered", "last_unanswered"):
        failed = unanswered is not None and unanswered > answered
        fails[site_of(name)] = failed and fails.get(site_of(name), True)
    failing = sum(fails.values())
    return failing >= FEWEST and 2 * failing >= len(fails)


def note_probe_failed() -> None:
    """Count that none of the hosts of a try answered."""
    Outage.objects.update(failed_probes=F("failed_probes") + 1)


def note_answer() -> None:
    """To be called when a host answered during an outage: it is over."""
    with transaction.atomic():
        outage = Outage.objects.select_for_update().first()
        if outage is None:
            return
        outage.delete()
        # Where the first probe already found an answer, those hosts failed by themselves.
        if outage.failed_probes:
            _forgive(outage)
    log.warning("A host answers again: going on. Our network had failed since %s.", outage.began)


def _forgive(outage: Outage) -> None:
    """Hold nothing against hosts, articles and feeds that failed through us, and ask them again."""
    now, since = timezone.now(), outage.began - WINDOW
    alive = Host.objects.filter(last_answered__gte=outage.began - LATELY, last_unanswered__gte=since)
    hosts = list(alive.values_list("pk", flat=True))
    Host.objects.filter(pk__in=hosts).update(failures=0, pauses=0, paused_until=None)
    Article.objects.filter(
        host__in=hosts,
        last_outcome=Outcome.UNREACHABLE.value,
        last_checked__gte=since,
        next_check_at__isnull=False,
    ).update(next_check_at=now, errors_in_row=0)
    Feed.objects.filter(host__in=hosts, errors_in_row__gt=0, last_checked__gte=since).update(
        next_check_at=now, errors_in_row=0
    )


def probe_is_due() -> bool:
    """Return whether it is time, and nobody else's task, to see whether the outage is over."""
    now = timezone.now()
    return bool(Outage.objects.filter(next_probe__lte=now).update(next_probe=now + PROBE_EVERY))


def hosts_to_probe() -> list[int]:
    """Hosts of different sites: first those not asked in vain, or longest ago, of these the last to answer.

    So no host that has gone for good meanwhile can keep an outage up by being asked each time.
    """
    now = timezone.now()
    free = Host.objects.free(now).filter(_HAS_WORK, next_allowed__lte=now, last_answered__isnull=False)
    best = free.order_by(F("last_unanswered").asc(nulls_first=True), "-last_answered")
    of_site: dict[str, int] = {}
    for pk, name in best.values_list("pk", "name").iterator():
        of_site.setdefault(site_of(name), pk)
        if len(of_site) == HOSTS_PER_PROBE:
            break
    return list(of_site.values())


def site_of(name: str) -> str:
    """The site that the host *name* (host:port) belongs to: its domain, the last two labels of the name.

    Three where the second is a registry's (example.co.uk): good enough to count by, with no list to keep
    up to date. Of a number, or a name without dots, each port is a site.
    """
    host = name.rpartition(":")[0]
    labels = host.split(".")
    if len(labels) < 2 or ":" in host or labels[-1].isdecimal():
        return name
    return ".".join(labels[-3:] if len(labels[-1]) == 2 and labels[-2] in _REGISTRIES else labels[-2:])
