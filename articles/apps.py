from typing import Any

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_q.signals import post_spawn

        post_spawn.connect(_look_for_work, dispatch_uid="look for work")


def _look_for_work(**_sent: Any) -> None:
    """A worker that starts, perhaps in place of one that died, does not wait for the minute's dispatch."""
    from articles.watch.tasks import dispatch_soon

    dispatch_soon()
