"""What django-q2 calls. Each task ends by itself well within the 60 seconds after which it would be ended."""

import time
from uuid import UUID

from articles import health as source_health
from articles import search
from articles.models import Host
from articles.statistics import refresh
from articles.watch.check.apply_decisions import apply_all
from articles.watch.crawl import shutdown
from articles.watch.onboarding import batches, site_probe
from articles.watch.queue import dispatch as dispatching
from articles.watch.queue import enqueue, maintenance

REST_SECONDS = 0.5
"""Seconds that a host which always has something due is left alone between two visits: then a person's
command, which waits for it (``HostSession.wait_for``), can take it."""

CATCH_UP_SECONDS = 30
"""Seconds of indexing at once: others wait for the task's worker."""

ADDING_SECONDS = 30
"""Seconds of adding addresses at once, for the same reason."""

COUNTING_SECONDS = 2
"""Seconds of counting for the plots at once: of each minute, so that many large sources take no more."""

APPLYING_SECONDS = 30
"""Seconds of carrying out decisions at once; what is left then waits for the next time."""


def dispatch() -> int:
    """Queue what is due. Runs each minute, at the start of a worker, and when a visit ends."""
    return dispatching.dispatch()


def visit(host_id: int, token: str) -> int:
    """Work at one host, then queue what came due meanwhile. What a person waits for goes first."""
    if site_probe.is_ready(here=host_id):
        # It may be this host that they wait for.
        Host.objects.release(host_id, UUID(token))
        site_probe.work_due()
        dispatch()
        return 0
    done = dispatching.visit(host_id, UUID(token))
    if done or site_probe.is_ready():
        time.sleep(REST_SECONDS)
        if not shutdown.is_asked():
            dispatch()
    return done


def probe_site(pk: int) -> int:
    """Go on with what an admin is being shown of a site before its source is added."""
    return site_probe.work(pk)


def probe_outage() -> None:
    """See whether an outage of our own network is over, and then go on."""
    if dispatching.probe_outage():
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
        enqueue.dispatch_soon()


def catch_up_search() -> None:
    """Take into the search index what is missing there; what is left then waits for the next time."""
    search.catch_up(seconds=CATCH_UP_SECONDS)


def apply_decisions() -> bool:
    """Do what follows from decisions on what was quarantined."""
    return apply_all(APPLYING_SECONDS)
