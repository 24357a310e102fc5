"""What django-q2 calls. Each task ends by itself well within the 60 seconds after which it would be ended."""

from django_q.brokers import get_broker

from articles import health as source_health
from articles import search
from articles.statistics import refresh
from articles.watch.check.apply_decisions import apply_all
from articles.watch.check.learning import learn_from_looks
from articles.watch.onboarding import batches, site_probe
from articles.watch.queue import dispatch as dispatching
from articles.watch.queue import enqueue, upkeep, visits

ROUND_SECONDS = 10.0
"""Seconds of a worker's round: other tasks wait in the queue for no longer than it takes."""

CATCH_UP_SECONDS = 30
"""Seconds of indexing at once: others wait for the task's worker."""

ADDING_SECONDS = 30
"""Seconds of adding addresses at once, for the same reason."""

COUNTING_SECONDS = 2
"""Seconds of counting for the plots at once: of each minute, so that many large sources take no more."""

APPLYING_SECONDS = 30
"""Seconds of carrying out decisions at once; what is left then waits for the next time."""

LEARNING_SECONDS = 30
"""Seconds of learning from looks at once; the sources left then come first the next time."""


def dispatch() -> int:
    """Queue what is due. Runs each minute, and at the start of a worker."""
    return dispatching.dispatch()


def make_round() -> None:
    """Visit hosts with something due, one after the other; the queue takes up what is left."""
    if visits.make_round(ROUND_SECONDS) and not get_broker().queue_size():
        enqueue.make_round_soon()


def probe_site(pk: int) -> int:
    """Go on with what an admin is being shown of a site before its source is added."""
    return site_probe.work(pk)


def probe_outage() -> None:
    """See whether an outage of our own network is over, and then go on."""
    if dispatching.probe_outage():
        dispatch()


def nightly() -> None:
    """House-keeping."""
    upkeep.nightly()


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


def learn_places() -> int:
    """Learn from the looks of a day what is left out of comparisons."""
    return learn_from_looks(seconds=LEARNING_SECONDS)
