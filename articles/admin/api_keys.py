"""Keys of the API: made here, shown once; those that readers asked for, and whether they may read texts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from articles.admin.audited import AuditedAdmin
from articles.admin.lists import QuickList
from articles.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(AuditedAdmin):
    list_display = ("name", "holder", "texts_wanted", "texts", "per_minute", "ends", "last_used")
    search_fields = ("name__startswith",)
    fields = ("holder", "texts", "per_minute", "ends")
    readonly_fields = ("name", "texts_wanted", "made_by", "created", "last_used")
    ordering = ("-pk",)
    # One field with a label of its own; Django's has two without.
    formfield_overrides = {  # noqa: RUF012 (Django's own way)
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
    }

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[QuickList]:
        return QuickList

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            self.fields
            if obj is None
            else ("name", "texts_wanted", *self.fields, "made_by", "created", "last_used")
        )

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        if not change:
            obj.made_by_id = request.user.pk
            request.issued_key = obj.issue()  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: Any = None) -> HttpResponse:
        """The page with the key, which is shown nowhere else."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The key"),
            "key": request.issued_key,  # type: ignore[attr-defined]
            "made": obj,
            "opts": self.opts,
        }
        response = TemplateResponse(request, "admin/articles/api_key_made.html", context)
        add_never_cache_headers(response)
        return response
