"""What django-q2 calls, and the few schedules that call it."""

import time
from uuid import UUID

from django_q.models import Schedule
from django_q.tasks import async_task

from articles import health as source_health
from articles import search
from articles.models import Article, Batch, Feed, Host, SiteProbe
from articles.statistics import refresh
from articles.watch.check import apply_decisions
from articles.watch.crawl import shutdown
from articles.watch.onboarding import batches
from articles.watch.onboarding import site_probe as surveys
from articles.watch.queue import dispatch as dispatching
from articles.watch.queue import maintenance

REST_SECONDS = 0.5
"""A host that always has something due is left alone so long between two visits: then a person's command,
which waits for it (``hosts.HostSession.wait_for``), gets its turn."""

CATCH_UP_SECONDS = 30
"""Of indexing at once: a task is ended after a minute, and others wait for its worker."""

ADDING_SECONDS = 30
"""Of adding addresses at once, for the same reason."""

COUNTING_SECONDS = 2
"""Of counting for the plots at once: of each minute, so that many large sources take no more than that."""

SETTLING_SECONDS = 30
"""Of carrying out decisions at once, likewise; what is left then waits for the next time."""

_SCHEDULES = (
    ("dispatch", Schedule.MINUTES, 1),
    ("statistics", Schedule.MINUTES, 1),
    ("add_batches", Schedule.MINUTES, 1),
    ("health", Schedule.MINUTES, 5),
    ("catch_up_search", Schedule.MINUTES, 5),
    ("settle", Schedule.MINUTES, 5),
    ("nightly", Schedule.DAILY, None),
)


def dispatch() -> int:
    """Queue what is due. Runs each minute, at the start of the machine, and when a visit ends."""
    surveys.queue_due()
    return dispatching.dispatch()


def visit(host_id: int, token: str) -> int:
    """Work at one host, then queue what came due meanwhile. What a person waits for goes first."""
    if surveys.is_ready(here=host_id):
        # It may be this host that they wait for.
        Host.objects.release(host_id, UUID(token))
        surveys.work_due()
        dispatch()
        return 0
    done = dispatching.visit(host_id, UUID(token))
    if done or surveys.is_ready():
        time.sleep(REST_SECONDS)
        if not shutdown.is_asked():
            dispatch()
    return done


def survey(pk: int) -> int:
    """Go on with what an admin is being shown of a site before its source is added."""
    return surveys.work(pk)


def probe() -> None:
    """See whether an outage of our own network is over, and then go on."""
    if dispatching.probe():
        dispatch()


def nightly() -> None:
    """House-keeping."""
    maintenance.nightly()


def statistics() -> int:
    """Count what the plots show, source by source."""
    return refresh(COUNTING_SECONDS)


def health() -> int:
    """See how each source fares, and tell the admin by e-mail of those that give nothing any more."""
    with_problems = source_health.refresh()
    source_health.tell()
    return with_problems


def add_batches() -> None:
    """Watch the addresses that people gave; what is left then waits for the next minute."""
    if batches.work(ADDING_SECONDS):
        dispatch_soon()


def add_batches_soon() -> None:
    """Queue that now, not within the minute."""
    async_task("articles.watch.queue.tasks.add_batches", group="batches")


def catch_up_search() -> None:
    """Take into the search index what is missing there; what is left then waits for the next time."""
    search.catch_up(seconds=CATCH_UP_SECONDS)


def settle() -> bool:
    """Do what follows from decisions on what was quarantined."""
    return apply_decisions.apply_all(SETTLING_SECONDS)


def settle_soon() -> None:
    """Queue that now, not within five minutes."""
    async_task("articles.watch.queue.tasks.settle", group="settle")


def dispatch_soon() -> None:
    """Queue a dispatch now, not within the minute."""
    async_task("articles.watch.queue.tasks.dispatch", group="dispatch")


def forget_leases() -> None:
    """Free whatever a worker holds. Only for when none runs: what died with the machine waits no longer."""
    for model in (Host, Feed, Article, SiteProbe, Batch):
        model.objects.exclude(lease_token=None).update(lease_token=None, lease_until=None)


def install_schedules() -> None:
    """Make the schedules that are missing; may be called at every start."""
    for name, kind, minutes in _SCHEDULES:
        # Nothing keeps two starts at once from making one each: then all but the first go.
        first = Schedule.objects.filter(name=name).order_by("pk").first()
        Schedule.objects.filter(name=name).exclude(pk=first and first.pk).delete()
        Schedule.objects.update_or_create(
            name=name,
            defaults={
                "func": f"articles.watch.queue.tasks.{name}",
                "schedule_type": kind,
                "minutes": minutes,
                "repeats": -1,
            },
        )
