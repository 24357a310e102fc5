"""The worker: django-q2's cluster, which also tells what is under way that it is to stop."""

from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django_q.cluster import Cluster

from articles.watch.crawl import shutdown


class _Cluster(Cluster):  # type: ignore[misc]
    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        shutdown.ask()
        super().sig_handler(signum, frame)


class Command(BaseCommand):
    help = "Run a worker until SIGTERM or Ctrl-C: it checks articles and reads feeds."
    requires_system_checks: list[str] = []  # noqa: RUF012  (they would be run at each start)

    def handle(self, *args: Any, **options: Any) -> None:
        _Cluster().start()
