"""The audit log: who changed what, and when. For looking at: nobody changes or deletes an entry here."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.lists import ReadOnlyAdmin
from articles.csv import BEGIN, line
from articles.web.audit import SIGNED_IN, alterations, note

MOST_PEOPLE = 100
"""That are offered to filter by; the search finds the others by name."""

ROWS_AT_ONCE = 500
"""Of the log, read for a file."""

SHORT = 120
"""Characters of a value in the list."""


class Person(admin.SimpleListFilter):
    title = gettext_lazy("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = get_user_model().objects.filter(is_staff=True).order_by("username")[:MOST_PEOPLE]
        return [(str(user.pk), user.get_username()) for user in staff]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        value = self.value() or ""
        return queryset.filter(user=int(value)) if value.isdecimal() else None


class Kind(admin.SimpleListFilter):
    title = gettext_lazy("kind of object")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        types = ContentType.objects.get_for_models(*admin.site._registry)
        return sorted(((str(one.pk), one.name) for one in types.values()), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        value = self.value() or ""
        return queryset.filter(content_type=int(value)) if value.isdecimal() else None


# As the pages call it; what Django's own migrations know of the model stays.
LogEntry._meta.verbose_name, LogEntry._meta.verbose_name_plural = (
    gettext_lazy("audit log entry"),
    gettext_lazy("audit log"),
)


@admin.register(LogEntry)
class AuditLogAdmin(ReadOnlyAdmin):
    list_display = ("when", "user", "done", "what", "values_short")
    list_display_links = ("when",)
    list_filter = (Person, Kind)
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr__startswith", "=object_id", "=user__username")
    search_help_text = gettext_lazy("How the object’s name begins, its number, or a person’s whole user name")
    ordering = ("-id",)
    fields = readonly_fields = ("when", "user", "done", "what", "values", "note")

    def get_urls(self) -> list[URLPattern]:
        page = path("csv/", self.admin_site.admin_view(self.as_file), name="admin_logentry_csv")
        return [page, *super().get_urls()]

    def as_file(self, request: HttpRequest) -> HttpResponseBase:
        """The entries that the list shows, by the same filters, all of them as a CSV file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:admin_logentry_changelist"))
        response = StreamingHttpResponse(self._lines(entries), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
        return response

    def _lines(self, entries: QuerySet[LogEntry]) -> Iterator[str]:
        """A line for each value that an entry tells of; one for an entry that tells of none."""
        yield BEGIN
        yield line(
            (
                *(_("when (UTC)"), _("user"), _("what was done"), _("kind"), _("object")),
                *(_("field"), _("old"), _("new"), _("note")),
            )
        )
        for entry in entries.iterator(ROWS_AT_ONCE):
            kind = entry.content_type.name if entry.content_type else ""
            of_entry = (self.when(entry), entry.user.get_username(), self.done(entry), kind)
            rows, told = _rows(entry, None)
            for row in rows or [("", "", "")]:
                yield line((*of_entry, entry.object_repr, *row, told))

    @admin.display(description=gettext_lazy("when (UTC)"), ordering="id")
    def when(self, entry: LogEntry) -> str:
        return f"{entry.action_time:%Y-%m-%d %H:%M:%S}"

    @admin.display(description=gettext_lazy("what was done"))
    def done(self, entry: LogEntry) -> str:
        if note(entry) == SIGNED_IN:
            return SIGNED_IN
        return {1: _("added"), 2: _("changed"), 3: _("deleted")}.get(entry.action_flag, "")

    @admin.display(description=gettext_lazy("object"))
    def what(self, entry: LogEntry) -> SafeString | str:
        name = f"{entry.content_type.name if entry.content_type else 'object'}: {entry.object_repr}"
        url = entry.get_admin_url() if entry.action_flag != 3 else None
        return format_html('<a href="{}">{}</a>', url, name) if url else name

    @admin.display(description=gettext_lazy("old → new"))
    def values_short(self, entry: LogEntry) -> SafeString:
        return _table(entry, SHORT)

    @admin.display(description=gettext_lazy("old → new"))
    def values(self, entry: LogEntry) -> SafeString:
        return _table(entry, None)

    @admin.display(description=gettext_lazy("note"))
    def note(self, entry: LogEntry) -> str:
        return note(entry) or "–"


def _table(entry: LogEntry, most: int | None) -> SafeString:
    rows, told = _rows(entry, most)
    lines = format_html_join("", "<div><b>{}</b>: {} → {}</div>", rows)
    return format_html("{}<div>{}</div>", lines, told if told != SIGNED_IN else "")


def _rows(entry: LogEntry, most: int | None) -> tuple[list[tuple[str, str, str]], str]:
    """What an entry tells: of each value its name, old and new; and what else."""
    rows = [(one.field, _shown(one.before, most), _shown(one.after, most)) for one in alterations(entry)]
    return rows, note(entry) or ("" if rows else entry.get_change_message())


def _shown(value: object, most: int | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value) or _("(empty)")
    return text if most is None or len(text) <= most else f"{text[: most - 1]}…"
