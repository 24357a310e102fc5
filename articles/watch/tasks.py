"""What django-q2 calls, and the few schedules that call it."""

import time
from uuid import UUID

from django.core.management import call_command
from django_q.models import Schedule
from django_q.tasks import async_task

from articles.models import Article, Feed, Host
from articles.watch import dispatch as dispatching

REST_SECONDS = 0.5
"""A host that always has something due is left alone so long between two visits: then a person's command,
which waits for it (``hosts.Turn.wait_for``), gets its turn."""


def dispatch() -> int:
    """Queue what is due. Runs each minute, at the start of the machine, and when a visit ends."""
    return dispatching.dispatch()


def visit(host_id: int, token: str) -> int:
    """Work at one host, then queue what came due meanwhile."""
    done = dispatching.visit(host_id, UUID(token))
    if done:
        time.sleep(REST_SECONDS)
        dispatch()
    return done


def nightly() -> None:
    """House-keeping."""
    call_command("clearsessions")


def dispatch_soon() -> None:
    """Queue a dispatch now, not within the minute."""
    async_task("articles.watch.tasks.dispatch", group="dispatch")


def forget_leases() -> None:
    """Free whatever a worker holds. Only for when none runs: what died with the machine waits no longer."""
    for model in (Host, Feed, Article):
        model.objects.exclude(lease_token=None).update(lease_token=None, lease_until=None)


def install_schedules() -> None:
    """Make the schedules that are missing; may be called at every start."""
    for name, kind, minutes in (("dispatch", Schedule.MINUTES, 1), ("nightly", Schedule.DAILY, None)):
        # Nothing keeps two starts at once from making one each: then all but the first go.
        first = Schedule.objects.filter(name=name).order_by("pk").first()
        Schedule.objects.filter(name=name).exclude(pk=first and first.pk).delete()
        Schedule.objects.update_or_create(
            name=name,
            defaults={
                "func": f"articles.watch.tasks.{name}",
                "schedule_type": kind,
                "minutes": minutes,
                "repeats": -1,
            },
        )
