"""The admin shows the names of models and fields in the language of whoever looks."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import User
from django.db.models import Field
from django.utils import translation
from django.utils.text import capfirst

from articles.models import Article, Source
from articles.models.field_names import _SHOWN_IN_THE_ADMIN

pytestmark = pytest.mark.django_db


def made_names(request) -> Iterator[str]:
    """Those of all that a superuser is shown, where the code gives none."""
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label != "articles":
            continue
        if "verbose_name" not in model._meta.original_attrs:
            yield str(model._meta.verbose_name)
        if "verbose_name_plural" not in model._meta.original_attrs:
            yield str(model._meta.verbose_name_plural)
        for one in (model_admin, *(inline(model, admin.site) for inline in model_admin.inlines)):
            shown = {*getattr(one, "list_display", ()), *one.readonly_fields}
            shown |= set(flatten_fieldsets(one.get_fieldsets(request)))
            for field in one.model._meta.get_fields():
                if isinstance(field, Field) and field.name in shown and field._verbose_name is None:
                    yield str(field.verbose_name)


def test_each_name_that_is_shown_is_there_for_translators(rf):
    request = rf.get("/admin/")
    request.user = User.objects.create_superuser("editor")
    assert sorted({*made_names(request)} - {*_SHOWN_IN_THE_ADMIN}) == []


def test_names_are_in_the_language_of_the_page():
    with translation.override("de"):
        assert Source._meta.get_field("floor_seconds").verbose_name == "Untergrenze (Sekunden)"
        assert Article._meta.verbose_name_plural == "Artikel"
        assert capfirst(Source._meta.get_field("name").formfield().label) == "Name"
    assert Source._meta.get_field("floor_seconds").verbose_name == "floor seconds"


def test_a_label_of_a_form_follows_the_language(admin_client):
    page = admin_client.get("/admin/articles/source/add/?plain=1", headers={"Accept-Language": "de"})
    assert "Startseite" in page.content.decode()
