"""The one place where the watch's tasks are put in the queue.

They are named here, not imported: whoever wants one done soon need not load what it does.
"""

from django_q.tasks import async_task

from articles.watch.queue.names import function_path


def dispatch_soon() -> None:
    """Have what is due found now, not within the minute."""
    _enqueue("dispatch")


def make_round_soon() -> None:
    """Have a worker visit the hosts at which something is due."""
    _enqueue("make_round")


def probe_outage_soon() -> None:
    """Have a few hosts asked whether an outage of our own network is over."""
    _enqueue("probe_outage")


def probe_site_soon(pk: int) -> None:
    """Have a worker go on with site probe *pk*."""
    _enqueue("probe_site", pk)


def add_batches_soon() -> None:
    """Have the addresses that people gave watched now, not within the minute."""
    _enqueue("add_batches")


def apply_decisions_soon() -> None:
    """Have what follows from decisions on quarantined texts done now, not within five minutes."""
    _enqueue("apply_decisions")


def _enqueue(task: str, *arguments: object) -> None:
    async_task(function_path(task), *arguments, group=task)
