"""In the admin: adding articles by address or file, and what became of such files."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles.admin.choosing import SourceOfSite
from articles.admin.lists import ReadOnlyAdmin
from articles.models import Article, Batch
from articles.web import adding


class AddingArticles(admin.ModelAdmin):  # type: ignore[type-arg]
    """The admin's “Add article”: an address or a file, not Django's form of a row."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.add_article")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = adding.form_of(request)
        if request.user.has_perm("articles.view_source"):  # whom the field's own search lets in
            form.fields["source"].widget = self._source_select(form.fields["source"])
        if request.method == "POST" and form.is_valid():
            batch = adding.start(request, form)
            return redirect("admin:articles_batch_change", batch.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add articles"),
            "opts": self.model._meta,
            "form": form,
        }
        return TemplateResponse(request, "admin/adding/add.html", context)

    def _source_select(self, field: Any) -> SourceOfSite:
        """A field that finds one of very many; the page of readers lists them all."""
        return SourceOfSite(Article._meta.get_field("source"), self.admin_site, choices=field.choices)


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "user", "source", "created", "finished")
    list_select_related = ("user", "source")
    ordering = ("-id",)

    def get_urls(self) -> list[URLPattern]:
        result = path(
            "<int:pk>/result.csv",
            self.admin_site.admin_view(self.result),
            name="articles_batch_result",
        )
        return [result, *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who gave the addresses may see what became of them; the list has only his then."""
        if super().has_view_permission(request, obj):
            return True
        if obj is None:
            return request.user.has_perm("articles.add_article")
        return bool(obj.user_id == request.user.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        batches = super().get_queryset(request)
        return batches if super().has_view_permission(request) else batches.filter(user=request.user.pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        batch = self._batch(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            **adding.progress(batch),
            "title": str(batch),
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "admin/adding/batch.html", context)

    def result(self, request: HttpRequest, pk: int) -> HttpResponse:
        return adding.result(self._batch(request, str(pk)))

    def _batch(self, request: HttpRequest, pk: str) -> Batch:
        batch = self.get_object(request, pk)
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        if batch is None:
            raise Http404
        return batch  # type: ignore[no-any-return]
