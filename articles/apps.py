from typing import Any

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "The watch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete
        from django_q.signals import post_spawn

        from articles import search
        from articles.models import Version
        from newsdiffs import checks  # noqa: F401  (they register themselves)

        pre_delete.connect(search.delete_entry, sender=Version, dispatch_uid="leave the index")
        post_spawn.connect(_look_for_work, dispatch_uid="look for work")


def _look_for_work(**_sent: Any) -> None:
    """A worker that starts, perhaps in place of one that died, does not wait for the minute's dispatch."""
    from articles.watch.queue.tasks import dispatch_soon

    dispatch_soon()
