"""The servers we are a guest of."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.lists import ReadOnlyAdmin
from articles.models import Host
from articles.watch.queue.enqueue import dispatch_soon


@admin.register(Host)
class HostAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "next_allowed",
        "paused_until",
        "failures",
        "robots_delay_seconds",
        "last_visited",
    )
    search_fields = ("name__startswith",)
    ordering = ("name",)
    actions = ("end_pause",)

    def has_wake_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_host")

    @admin.action(description=gettext_lazy("End the pause after failures"), permissions=["wake"])
    def end_pause(self, request: HttpRequest, queryset: QuerySet[Host]) -> None:
        count = queryset.update(paused_until=None, failures=0, pauses=0)
        dispatch_soon()
        messages.success(
            request,
            _("%(count)s hosts are asked again; what they asked for themselves still holds.")
            % {"count": count},
        )
