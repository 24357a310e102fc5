"""How sources fare, in the admin's list and on each source's page: as stored, never counted here."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.health import accept_yield
from articles.models import Health, Source
from articles.web.audit import record
from articles.web.wording import within_a_sentence

SEVERITIES = (
    ("fine", gettext_lazy("Fine")),
    ("note", gettext_lazy("Note")),
    ("look", gettext_lazy("Look")),
    ("failing", gettext_lazy("Failing")),
)
"""The badge's kind and word by severity: what the colour says is said in words too."""

_SHARES = {
    "empty": gettext_lazy("Without text"),
    "blocked": gettext_lazy("Blocked"),
    "unreachable": gettext_lazy("Unreachable"),
    "robots": gettext_lazy("Refused by robots.txt"),
    "refused": gettext_lazy("Not to be fetched"),
}


class HealthFilter(admin.SimpleListFilter):
    title = gettext_lazy("health")
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("problems", _("with problems")), ("failing", _("failing")), ("paused", _("paused by you"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        chosen: dict[str, dict[str, Any]] = {
            "problems": {"enabled": True, "health__severity__gt": 0},
            "failing": {"enabled": True, "health__severity__gte": len(SEVERITIES) - 1},
            "paused": {"enabled": False},
        }
        return queryset.filter(**chosen.get(self.value() or "", {}))


class HealthColumns(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the list of sources shows of their health, and the report on a source's page."""

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Those with problems the worst first, by name else."""
        return ("-health__severity", "name") if request.GET.get("health") == "problems" else ("name",)

    @admin.display(description=gettext_lazy("health"), ordering="health__severity")
    def health_verdict(self, source: Source) -> SafeString | str:
        health = _health(source)
        if not source.enabled:
            return _badge(_("Paused"), "paused", _("by you"))
        if health is None:
            return _badge(_("New"), "new", _("not looked at yet"))
        if health.paused:
            return _badge(_("New"), "new", _("resumed, not looked at since"))
        kind, word = SEVERITIES[min(health.severity, len(SEVERITIES) - 1)]
        # Where nothing is wrong the badge's own word says all, unless the source is too new to tell.
        more = health.verdict if health.severity or health.usual is None else ""
        return _badge(word, kind, more)

    @admin.display(description=gettext_lazy("articles in 24 h"), ordering="health__articles")
    def yield_of_day(self, source: Source) -> str:
        health = _health(source)
        if health is None:
            return "–"
        usual = (
            _("too new to tell")
            if health.usual is None
            else _("usually %(usual)s") % {"usual": f"{health.usual:.0f}"}
        )
        return f"{health.articles} ({usual})"

    @admin.display(description=gettext_lazy("failed checks"))
    def failed_share(self, source: Source) -> str:
        health = _health(source)
        if health is None or not health.checks:
            return "–"
        shares = ((name, _percent(getattr(health, field), health.checks)) for field, name in _SHARES.items())
        return ", ".join(f"{share} % {within_a_sentence(str(name))}" for name, share in shares if share) or _(
            "none"
        )

    @admin.display(description=gettext_lazy("errors in a row"), ordering="errors_in_row")
    def errors(self, source: Source) -> str:
        if not source.errors_in_row:
            return "0"
        return f"{source.errors_in_row}: {Truncator(source.last_error).chars(80)}"

    @admin.display(description=gettext_lazy("next feed"), ordering="health__next_feed")
    def next_feed(self, source: Source) -> Any:
        health = _health(source)
        return health.next_feed if health and source.enabled else None

    @admin.display(description=gettext_lazy("health"))
    def health_report(self, source: Source) -> str:
        health = _health(source)
        if health and health.paused and source.enabled:
            health = None
        context: dict[str, Any] = {"source": source, "health": health}
        if health:
            context["problems"] = [words for _, words in health.problems]
            context["shares"] = [
                (name, getattr(health, field), _percent(getattr(health, field), health.checks))
                for field, name in _SHARES.items()
            ]
        return render_to_string("admin/health/report.html", context)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.accept_yield))
        page = path("<int:pk>/accept-yield/", view, name="articles_source_accept_yield")
        return [page, *super().get_urls()]

    def accept_yield(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that so few articles as there are now are normal."""
        source = get_object_or_404(Source.objects.select_related("health"), pk=pk)
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        health = _health(source)
        usual = (
            _("%(usual)s articles a day") % {"usual": f"{health.usual:.0f}"}
            if health and health.usual is not None
            else ""
        )
        with transaction.atomic():
            accepted = accept_yield(source)
            if accepted:
                record(request, source, {"usual yield": (usual, _("counted anew from today"))})
        if accepted:
            messages.success(
                request, _("Accepted. What is usual is told again once its feeds were read on 14 days.")
            )
        else:
            messages.info(request, _("Nothing to accept: it gives no less than usual by now."))
        return HttpResponseRedirect(reverse("admin:articles_source_change", args=[source.pk]))


def _health(source: Source) -> Health | None:
    """The stored row; the list has it joined."""
    try:
        return source.health
    except Health.DoesNotExist:
        return None


def _badge(word: object, kind: str, words: str) -> SafeString:
    return format_html('<span class="badge badge-{}">{}</span> {}', kind, word, words)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
