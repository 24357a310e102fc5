"""What was learned of a source's pages by looking at them often: shown with its evidence, and undone."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from articles.models import Article, LearnedPlace, Source
from articles.watch.check import learning
from articles.web import audit

VALUES_SHOWN = 6
"""Values seen at one place that the page shows."""

State = LearnedPlace.State


class LearnedPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """The page of what was learned, and its line on the source's own page."""

    @admin.display(description=gettext_lazy("learned from many looks"))
    def learned_places(self, source: Source) -> SafeString | str:
        rows = LearnedPlace.objects.filter(source=source)
        out = rows.filter(state__in=(State.LEARNED, State.CONFIRMED)).count()
        suggested = rows.filter(state=State.SUGGESTED).count()
        if not rows.exists():
            return _("Nothing yet.")
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:articles_source_learned", args=[source.pk]),
            ", ".join(
                (
                    ngettext(
                        "%(count)s place is left out of comparisons",
                        "%(count)s places are left out of comparisons",
                        out,
                    )
                    % {"count": out},
                    ngettext("%(count)s is suggested", "%(count)s are suggested", suggested)
                    % {"count": suggested},
                )
            ),
        )

    def get_urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.learned_page)
        page = path("<int:pk>/learned/", self.admin_site.admin_view(view), name="articles_source_learned")
        return [page, *super().get_urls()]

    def learned_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        if not self.has_view_or_change_permission(request, source):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request, source)
        learned = list(LearnedPlace.objects.filter(source=source).select_related("decided_by"))
        return render(
            request,
            "admin/learned/learned.html",
            {
                **self.admin_site.each_context(request),
                "title": _("What was learned of %(source)s") % {"source": source},
                "opts": self.opts,
                "source": source,
                "rows": [(one, self._evidence(one)) for one in learned],
                "may_decide": self.has_change_permission(request, source),
            },
        )

    def _evidence(self, learned: LearnedPlace) -> dict[str, Any]:
        """What the page shows of the evidence: figures, some of the articles, the values last seen."""
        return {
            "articles": Article.objects.filter(pk__in=learned.articles).only("headline", "address"),
            "values": learned.evidence.get("values", [])[-VALUES_SHOWN:],
            "count": learned.evidence.get("articles"),
            "of": learned.evidence.get("of"),
            "looks": learned.evidence.get("looks"),
        }

    def _decide(self, request: HttpRequest, source: Source) -> HttpResponse:
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        number = request.POST.get("place", "")
        known = LearnedPlace.objects.filter(source=source)
        learned = get_object_or_404(known, pk=int(number) if number.isascii() and number.isdigit() else 0)
        leave_out = request.POST.get("decision") == "leave-out"
        before = State(learned.state)
        if learning.decide_on_place(learned, leave_out=leave_out, person=request.user, now=timezone.now()):
            after = State(learned.state)
            audit.record(
                request,
                source,
                {"learned place": (str(before.label), str(after.label))},
                note=f"number {learned.pk}",  # no words: the log outlasts them
            )
            messages.success(request, _("Decided: %(label)s.") % {"label": after.label})
        return HttpResponseRedirect(reverse("admin:articles_source_learned", args=[source.pk]))
