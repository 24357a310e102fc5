from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = gettext_lazy("The watch")
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        super().import_models()
        from articles.models.field_names import translate_names

        translate_names(self.models.values())  # before the admin makes forms of them

    def ready(self) -> None:
        from django.db.models.signals import pre_delete
        from django_q.signals import post_spawn

        from articles import search
        from articles.models import SiteProbe, Version
        from articles.models.site_probe import step_is_due
        from articles.notices import admin  # noqa: F401  (registers its pages, as articles.admin does its own)
        from newsdiffs import checks  # noqa: F401  (they register themselves)

        pre_delete.connect(search.delete_entry, sender=Version, dispatch_uid="leave the index")
        post_spawn.connect(_look_for_work, dispatch_uid="look for work")
        step_is_due.connect(_go_on_with_site_probe, sender=SiteProbe, dispatch_uid="go on with a site probe")


def _look_for_work(**_sent: Any) -> None:
    """A worker that starts, perhaps in place of one that died, does not wait for the minute's dispatch."""
    from articles.watch.queue.enqueue import dispatch_soon

    dispatch_soon()


def _go_on_with_site_probe(pk: int, **_sent: Any) -> None:
    """An admin waits for it."""
    from articles.watch.queue.enqueue import probe_site_soon

    probe_site_soon(pk)
