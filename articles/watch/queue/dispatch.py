"""What is to be done now, as tasks in the queue: rounds of workers, and what people wait for.

The queue is a hint; ``next_check_at`` in the database is the truth. A round takes the hosts that are ready
one by one (``visits``): a slow host, or one with ten thousand articles due, holds nobody up. Which host is
asked next is not chosen here but in ``frontier``.
"""

import logging

from django.conf import settings
from django_q.brokers import get_broker

from articles.models import Heartbeat, Outage
from articles.watch.crawl import outage, shutdown
from articles.watch.crawl.errors import SessionOver
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.onboarding import site_probe
from articles.watch.queue import clock_set_back, enqueue
from articles.watch.queue.frontier import work_comes_soon

log = logging.getLogger(__name__)

WAITING_PER_WORKER = 4
"""Tasks that wait in the queue for each worker, from which on no round is added: more would only wait."""

PROBE_SECONDS = 8.0
"""Seconds for each host asked during an outage: five silent ones take no longer than a task may."""


def dispatch() -> int:
    """Queue what people wait for, and rounds for as many workers as there are hosts with something due.

    Returns how many rounds were queued.
    """
    queue_site_probes()
    clock_set_back.bring_back()
    Heartbeat.beat(clock_set_back.DISPATCH)
    if Outage.current():
        if outage.probe_is_due():
            enqueue.probe_outage_soon()
        return 0
    wanted = work_comes_soon()[: settings.WORKERS].count()
    room = settings.WORKERS * WAITING_PER_WORKER - get_broker().queue_size()
    rounds: int = max(min(wanted, room), 0)
    for _ in range(rounds):
        enqueue.make_round_soon()
    return rounds


def queue_site_probes() -> None:
    """Queue the steps of site probes whose time has come: their hosts were taken or wanted to be left alone,
    or their worker died.

    Not behind a long queue: a worker on its round does them first (``site_probe.work_due``).
    """
    if get_broker().queue_size() <= settings.WORKERS:
        for pk in site_probe.ready():
            enqueue.probe_site_soon(pk)


def probe_outage() -> bool:
    """During an outage of our own network: whether a host answers again; several are asked till one does."""
    for host_id in outage.hosts_to_probe():
        session = HostSession.take(host_id, seconds=PROBE_SECONDS)
        if session is None:
            continue
        session.outage = Outage.current()
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
