"""The worker: django-q2's cluster, which also tells what is under way that it is to stop."""

import gc
import logging
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django_q.cluster import Cluster
from redis import RedisError

from articles.watch.crawl import shutdown
from articles.watch.queue.enqueue import dispatch_soon

log = logging.getLogger(__name__)


class _Cluster(Cluster):  # type: ignore[misc]
    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        shutdown.ask()
        super().sig_handler(signum, frame)


class Command(BaseCommand):
    help = "Run a worker until SIGTERM or Ctrl-C: it checks articles and reads feeds."
    requires_system_checks: list[str] = []  # noqa: RUF012  (they would be run at each start)

    def handle(self, *args: Any, **options: Any) -> None:
        _begin_at_once()
        gc.freeze()  # what the cluster's processes share stays shared: the collector does not look through it
        _Cluster().start()


def _begin_at_once() -> None:
    """Have what is due found now: the cluster looks at its timetable only every half minute."""
    try:
        dispatch_soon()
    except (DatabaseError, RedisError) as problem:
        log.warning("what is due waits for the timetable: %s", problem)
    finally:
        connection.close()  # the cluster's processes are forks, and each needs its own
