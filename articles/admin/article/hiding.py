"""Taking articles down from their list, and showing them again: actions on many, with a page to say why."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST

from articles import takedown
from articles.admin.lists import QuickAdmin
from articles.models import Article, Reason, Takedown
from articles.takedown import Grounds
from articles.web.audit import record, record_many

MOST = 1000
"""Articles at once: more would be a mistake, or take minutes."""

LISTED = 20

TAKEN_DOWN = ngettext_lazy(
    "%(count)s article was taken down.", "%(count)s articles were taken down.", "count"
)
NOT_TAKEN_DOWN = ngettext_lazy(
    "Nothing was done with %(count)s article: taken down before, or deleted.",
    "Nothing was done with %(count)s articles: taken down before, or deleted.",
    "count",
)
SHOWN_AGAIN = ngettext_lazy(
    "%(count)s article was shown again.", "%(count)s articles were shown again.", "count"
)
NOT_SHOWN_AGAIN = ngettext_lazy(
    "Nothing was done with %(count)s article: not taken down, or deleted for good.",
    "Nothing was done with %(count)s articles: not taken down, or deleted for good.",
    "count",
)

STATUSES = [
    ("", gettext_lazy("as usual for the reason: 451 for a court order or another legal reason, else 410")),
    ("451", gettext_lazy("451 (unavailable for legal reasons)")),
    ("410", "410 (gone)"),
]


class GroundsForm(forms.Form):
    """Why something is taken down."""

    reason = forms.ChoiceField(
        choices=Reason.choices,
        initial=Reason.OTHER,
        help_text=gettext_lazy("Shown on the article’s pages and in the public log."),
    )
    status = forms.ChoiceField(label=gettext_lazy("The pages answer"), choices=STATUSES, required=False)
    note = forms.CharField(
        required=False,
        max_length=500,
        help_text=gettext_lazy("For the audit log alone."),
        widget=forms.TextInput({"size": 60}),
    )

    def grounds(self, asked: Takedown | None = None) -> Grounds:
        reason = Reason(self.cleaned_data["reason"])
        return Grounds(reason, int(self.cleaned_data["status"] or reason.usual_status), asked)

    def in_words(self, asked: Takedown | None = None) -> str:
        """What the audit log says of it."""
        grounds = self.grounds(asked)
        said = f"{grounds.reason.label}, {grounds.status}"
        said += _(", request %(reference)s") % {"reference": asked.reference} if asked else ""
        return f"{said}: {self.cleaned_data['note']}" if self.cleaned_data["note"] else said


class NoteForm(forms.Form):
    note = forms.CharField(
        required=False,
        max_length=500,
        help_text=gettext_lazy("For the audit log alone."),
        widget=forms.TextInput({"size": 60}),
    )


class HideActions(QuickAdmin):
    """For the articles' admin: take down and show again, and the page of a takedown for one article."""

    def has_hide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.hide_article")

    def get_urls(self) -> list[URLPattern]:
        begin = path(
            "<int:pk>/takedown/",
            self.admin_site.admin_view(require_POST(self.begin_takedown)),
            name="articles_article_takedown",
        )
        return [begin, *super().get_urls()]

    def begin_takedown(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a request of our own, as if somebody had asked: its page has all that can be decided."""
        if not self.has_hide_permission(request):
            return HttpResponse(_("You may not take articles down."), status=403)
        article = Article.objects.filter(pk=pk).first()
        if article is None:
            raise Http404
        made = Takedown.objects.create(
            article=article,
            address=article.get_absolute_url(),
            reason=Reason.OTHER,
            name=f"{request.user.get_username()}, in the administration",
        )
        record(request, made, {}, note=f"made for article {pk}")
        return HttpResponseRedirect(reverse("admin:articles_takedown_change", args=[made.pk]))

    @admin.action(description=gettext_lazy("Take down: hide from all readers…"), permissions=["hide"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        form = GroundsForm(request.POST if "confirmed" in request.POST else None)
        chosen = self._chosen(request, queryset)
        if chosen is None:
            return None
        if not form.is_valid():
            return self._ask(request, "hide", _("Take down"), chosen, form)
        changed = 0
        for some in _slices(chosen):
            with transaction.atomic():  # what is hidden is in the audit log, whatever ends this
                hidden = takedown.hide(some, form.grounds())
                record_many(request, hidden, {"hidden": (False, True)}, note=form.in_words())
            changed += len(hidden)
        self._tell(request, changed, len(chosen), TAKEN_DOWN, NOT_TAKEN_DOWN)
        return None

    @admin.action(description=gettext_lazy("Show again what was taken down…"), permissions=["hide"])
    def show_again(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        form = NoteForm(request.POST if "confirmed" in request.POST else None)
        chosen = self._chosen(request, queryset)
        if chosen is None:
            return None
        if not form.is_valid():
            return self._ask(request, "show_again", _("Show again"), chosen, form)
        changed = 0
        for some in _slices(chosen):
            with transaction.atomic():
                shown = takedown.show_again(some)
                record_many(request, shown, {"hidden": (True, False)}, note=form.cleaned_data["note"])
            changed += len(shown)
        self._tell(request, changed, len(chosen), SHOWN_AGAIN, NOT_SHOWN_AGAIN)
        return None

    def _chosen(self, request: HttpRequest, queryset: QuerySet[Article]) -> list[int] | None:
        """The articles' numbers; None, with a word to the person, where they are too many."""
        chosen = list(queryset.values_list("pk", flat=True)[: MOST + 1])
        if len(chosen) > MOST:
            messages.error(
                request,
                _("Choose at most %(most)s articles at once. Nothing was changed.") % {"most": f"{MOST:,}"},
            )
            return None
        return chosen

    def _ask(
        self, request: HttpRequest, action: str, title: str, chosen: list[int], form: forms.Form
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.model._meta,
            "action": action,
            "form": form,
            "count": len(chosen),
            "articles": Article.objects.filter(pk__in=chosen[:LISTED]).select_related("source"),
            "more": max(len(chosen) - LISTED, 0),
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
        }
        return TemplateResponse(request, "admin/takedown/confirm.html", context)

    def _tell(self, request: HttpRequest, changed: int, chosen: int, done: Any, not_done: Any) -> None:
        if changed:
            messages.success(request, done % {"count": changed})
        if left := chosen - changed:
            messages.warning(request, not_done % {"count": left})


def _slices(chosen: list[int]) -> Iterator[list[int]]:
    return (chosen[at : at + takedown.AT_ONCE] for at in range(0, len(chosen), takedown.AT_ONCE))
